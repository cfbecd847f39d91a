/*
 * The users of an import, before they are stored: checked against the rules for names, the users of
 * the file, and each other. Nothing is written here; the records are collected, and go into the
 * file in one step.
 */
#include "commands/intake.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limit.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "store/names/username_text.h"

#define FIRST_CAPACITY 1024

void intake_open(struct intake *intake, struct replay *replay)
{
	*intake = (struct intake){
		.replay = replay, .first_number = replay->next_number, .now = timestamp_now()};
}

void intake_close(struct intake *intake)
{
	buffer_free(&intake->records);
	free(intake->origins);
	intake->origins = NULL;
}

/* `why` goes before the user that it is because of. */
static void refuse_for(const struct intake *intake, const char *why, const struct user *holder,
	struct reason *reason)
{
	int length = (int)holder->name_length;

	if (holder->number < intake->first_number)
		reason_set(reason, "username: %s user %" PRIu64 ", %.*s", why, holder->number,
			length, holder->name);
	else
		reason_set(reason, "username: %s %.*s on line %" PRIu64, why, length, holder->name,
			intake->origins[holder->number - intake->first_number]);
}

/* Whether another user has the name, or one that looks like it. */
static enum result check_others(
	const struct intake *intake, const struct username *username, struct reason *reason)
{
	const struct replay *replay = intake->replay;
	struct user holder;

	if (user_index_find(replay->users, username->key, username->key_length, &holder)) {
		refuse_for(intake, "taken by", &holder, reason);
		return RESULT_TAKEN;
	}
	if (lookalikes_find(replay->lookalikes, username, 0, &holder)) {
		refuse_for(intake, "looks like that of", &holder, reason);
		return RESULT_ALIKE;
	}
	return RESULT_OK;
}

static void remember_origin(struct intake *intake, uint64_t line)
{
	if (intake->count == intake->capacity) {
		intake->capacity = intake->capacity > 0 ? intake->capacity * 2 : FIRST_CAPACITY;
		intake->origins =
			memory_resized(intake->origins, intake->capacity, sizeof(*intake->origins));
	}
	intake->origins[intake->count++] = line;
}

static void append_user(
	struct intake *intake, const struct entry *entry, const struct username *username)
{
	const struct user user = {.number = intake->replay->next_number++,
		.created = entry->has_created ? entry->created : intake->now,
		.name = username->text,
		.name_length = username->length};

	const struct record record = record_of_user(&user);

	record_append(&intake->records, &record);
	user_index_add(intake->replay->users, &user, username->key, username->key_length);
	lookalikes_add(intake->replay->lookalikes, &user, username->key, username->key_length);
	remember_origin(intake, entry->line);
}

static enum result refuse_username(
	enum username_problem problem, const struct username *username, struct reason *reason)
{
	char fault[USERNAME_TEXT_SIZE];

	username_fault(problem, username, fault);
	return reason_fail(reason, RESULT_MALFORMED, "username: %s", fault);
}

enum result intake_add(struct intake *intake, const struct entry *entry, struct reason *reason)
{
	struct username username;
	enum username_problem problem = username_parse(entry->name, entry->name_length, &username);

	if (problem != USERNAME_FINE)
		return refuse_username(problem, &username, reason);
	enum result result = check_others(intake, &username, reason);
	if (result != RESULT_OK)
		return result;
	if (intake->replay->next_number > LIMIT_PLACE)
		return reason_fail(reason, RESULT_MALFORMED, "number: there is none left");
	if (!entry->has_created && intake->now > TIMESTAMP_LAST)
		return reason_fail(
			reason, RESULT_MALFORMED, "created: the clock is past the year 9999");
	append_user(intake, entry, &username);
	return RESULT_OK;
}
