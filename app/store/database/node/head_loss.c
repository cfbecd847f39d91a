/*
 * What a database has lost: by a failover to a server that lacked the last commits, or when a
 * backup was put back. Numbers of users and of changes are given again then, to others, and a
 * client that follows the list would never hear of those that are below its position. So it is
 * compared what the head has and what the new server says; and all numbers of changes that clients
 * know get out of reach, by which they are told to read the list anew.
 *
 * A node that was started since has nothing to compare. The server's timeline tells it, which
 * PostgreSQL counts up whenever a standby is promoted, and whenever a server is recovered to an
 * earlier moment. A dump that is put back is for `migrate --new-site`, which has changes numbered
 * anew.
 */
#include <string.h>

#include "base/limit.h"
#include "store/database/node/database_statements.h"
#include "store/database/node/head_state.h"
#include "store/database/node/reading_page.h"

/* The database's own numbers are below six tenths of LIMIT_PLACE; those of a loss add a tenth. */
#define TIMELINES_MOST (LIMIT_PLACE / 5)

/* Successive timelines are far from each other. */
uint64_t head_shift(const struct head *head, int64_t timeline)
{
	uint64_t steps = timeline > 1 ? (uint64_t)timeline - 1 : 0;

	return head->shift + steps * UINT64_C(0x9e3779b97f4a7c15) % TIMELINES_MOST;
}

bool head_is_rename(const struct rows *rows, size_t row)
{
	return rows_number(rows, row, READING_KIND) == READING_RENAMED &&
	       !rows_is_null(rows, row, READING_NAME);
}

static bool is_renamed_since(const struct head *head, const struct rows *rows, uint64_t number)
{
	for (size_t row = 0; row < rows_count(rows); row++) {
		if (head_is_rename(rows, row) &&
			(uint64_t)rows_number(rows, row, READING_NUMBER) == number &&
			(uint64_t)rows_number(rows, row, READING_PLACE) > head->history.last)
			return true;
	}
	return false;
}

/* Nobody comes back, and no number is given twice. */
static bool is_other_user(const struct head *head, const struct rows *rows, size_t row)
{
	const struct user user = reading_user(rows, row);
	struct user kept;

	if (user.number <= head->users.floor || user.number > head->view.last)
		return false;
	if (!head_user(head, user.number, &kept) || kept.created != user.created)
		return true;
	return (kept.name_length != user.name_length ||
		       memcmp(kept.name, user.name, kept.name_length) != 0) &&
	       !is_renamed_since(head, rows, user.number);
}

/* A rename of a user who was removed later is kept as a removal. */
static bool is_other_change(const struct head *head, const struct rows *rows, size_t row)
{
	const struct history *history = &head->history;
	uint64_t change = (uint64_t)rows_number(rows, row, READING_PLACE);
	size_t place = change % LIMIT_HISTORY;
	bool was_rename = history->changes[place].kind == STORE_RENAMED;

	if (change <= history->first || change > history->last ||
		history->last - change >= LIMIT_HISTORY)
		return false;
	return history->changes[place].user != (uint64_t)rows_number(rows, row, READING_NUMBER) ||
	       (was_rename ? rows_number(rows, row, READING_KIND) == READING_REMOVED
			   : head_is_rename(rows, row));
}

static bool is_other_row(const struct head *head, const struct rows *rows, size_t row)
{
	switch (rows_number(rows, row, READING_KIND)) {
	case READING_USER:
		return is_other_user(head, rows, row);
	case READING_RENAMED:
	case READING_REMOVED:
		return is_other_change(head, rows, row);
	default:
		return false;
	}
}

static bool is_earlier_state(const struct head *head, const struct rows *rows)
{
	int64_t version = rows_number(rows, 0, READING_VERSION);

	return version < head->version ||
	       (version == head->version &&
		       rows_number(rows, 0, READING_REVISION) != head->revision) ||
	       rows_number(rows, 0, READING_SITE) != head->site ||
	       (uint64_t)rows_number(rows, 0, READING_LAST) < head->view.last ||
	       (uint64_t)rows_number(rows, 0, READING_CHANGE) < head->history.last;
}

/* What was told before is out of reach as it is. */
static bool is_numbered_anew(const struct head *head, const struct rows *rows)
{
	uint64_t change = (uint64_t)rows_number(rows, 0, READING_CHANGE);
	uint64_t last = head->history.last;
	uint64_t distance = change > last ? change - last : last - change;

	return rows_number(rows, 0, READING_TIMELINE) != head->timeline ||
	       distance > (uint64_t)1000 * LIMIT_HISTORY;
}

bool head_finds_loss(const struct head *head, const struct rows *rows)
{
	if (is_numbered_anew(head, rows))
		return false;
	if (is_earlier_state(head, rows))
		return true;
	for (size_t row = 0; row < rows_count(rows); row++) {
		if (is_other_row(head, rows, row))
			return true;
	}
	return false;
}
