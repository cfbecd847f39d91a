/*
 * The users of an import, before they are stored: checked against the rules for names, the users of
 * the file, and each other. Nothing is written here; the records are collected, and go into the
 * file in one step.
 */
#include "commands/intake.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/limit.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "store/refused_row.h"

void intake_open(struct intake *intake, struct replay *replay)
{
	*intake = (struct intake){.replay = replay,
		.before = user_index_count(replay->users),
		.keeps_numbers = replay->next_number == 1,
		.now = timestamp_now()};
}

void intake_close(struct intake *intake)
{
	buffer_free(&intake->records);
	free(intake->origins);
	intake->origins = NULL;
}

/* The holder may be a user of this list, whose number is none yet. */
static enum result refuse_for(const struct intake *intake, enum result result,
	const struct user *holder, struct reason *reason)
{
	size_t position = user_index_position(intake->replay->users, holder->number);
	bool is_of_list = position >= intake->before;
	struct user shown = *holder;

	if (is_of_list)
		shown.number = 0;
	refused_row_held(reason, result, &shown,
		is_of_list ? intake->origins[position - intake->before] : 0);
	return result;
}

/* Whether another user has the name, or one that looks like it. */
static enum result check_others(
	const struct intake *intake, const struct username *username, struct reason *reason)
{
	const struct replay *replay = intake->replay;
	struct user holder;

	if (user_index_find(replay->users, username->key, username->key_length, &holder))
		return refuse_for(intake, RESULT_TAKEN, &holder, reason);
	if (lookalikes_find(replay->lookalikes, username, 0, &holder))
		return refuse_for(intake, RESULT_ALIKE, &holder, reason);
	return RESULT_OK;
}

static void remember_origin(struct intake *intake, uint64_t line)
{
	intake->origins = memory_with_room(
		intake->origins, intake->count, &intake->capacity, sizeof(*intake->origins));
	intake->origins[intake->count++] = line;
}

static uint64_t number_of(const struct intake *intake, const struct entry *entry)
{
	return intake->keeps_numbers && entry->number != 0 ? entry->number
							   : intake->replay->next_number;
}

static void append_user(
	struct intake *intake, const struct entry *entry, const struct username *username)
{
	const struct user user = {.number = number_of(intake, entry),
		.created = entry->has_created ? entry->created : intake->now,
		.name = username->text,
		.name_length = username->length};

	intake->replay->next_number = user.number + 1;
	const struct record record = record_of_user(&user);

	record_append(&intake->records, &record);
	user_index_add(intake->replay->users, &user, username->key, username->key_length);
	lookalikes_add(intake->replay->lookalikes, &user, username->key, username->key_length);
	remember_origin(intake, entry->line);
}

enum result intake_add(struct intake *intake, const struct entry *entry, struct reason *reason)
{
	struct username username;
	enum username_problem problem = username_parse(entry->name, entry->name_length, &username);

	if (problem != USERNAME_FINE) {
		refused_row_name(reason, problem, &username);
		return RESULT_MALFORMED;
	}
	enum result result = check_others(intake, &username, reason);
	if (result != RESULT_OK)
		return result;
	if (number_of(intake, entry) < intake->replay->next_number)
		return reason_fail(reason, RESULT_MALFORMED,
			"number: expected one above %" PRIu64 ", which comes before it",
			intake->replay->next_number - 1);
	if (intake->replay->next_number > LIMIT_PLACE)
		return reason_fail(reason, RESULT_MALFORMED, "number: there is none left");
	if (!entry->has_created && intake->now > TIMESTAMP_LAST)
		return reason_fail(
			reason, RESULT_MALFORMED, "created: the clock is past the year 9999");
	append_user(intake, entry, &username);
	return RESULT_OK;
}
