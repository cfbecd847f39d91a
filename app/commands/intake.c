#include "commands/intake.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limit.h"
#include "base/memory.h"
#include "base/timestamp.h"

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

static const char *describe(enum username_problem problem)
{
	switch (problem) {
	case USERNAME_EMPTY:
		return "it is empty";
	case USERNAME_TOO_LONG:
		return "it is longer than 64 characters";
	case USERNAME_CHARACTER:
		return "it has a character that names do not have";
	case USERNAME_SEPARATOR:
		return "a separator is at an end, or beside another";
	case USERNAME_MARK:
		return "a mark has no letter before it";
	case USERNAME_MARKS:
		return "more than 4 marks follow a letter";
	case USERNAME_DIRECTION:
		return "it mixes left-to-right and right-to-left";
	case USERNAME_DIGITS:
		return "it has Arabic-Indic digits of two kinds";
	case USERNAME_FINE:
		break;
	}
	return NULL;
}

static enum result refuse_taken(
	const struct intake *intake, const struct user *holder, struct reason *reason)
{
	int length = (int)holder->name_length;

	if (holder->number < intake->first_number)
		reason_set(reason, "username: taken by user %" PRIu64 ", %.*s", holder->number,
			length, holder->name);
	else
		reason_set(reason, "username: taken by %.*s on line %" PRIu64, length, holder->name,
			intake->origins[holder->number - intake->first_number]);
	return RESULT_TAKEN;
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

static void take_in(
	struct intake *intake, const struct entry *entry, const struct username *username)
{
	const struct user user = {.number = intake->replay->next_number++,
		.created = entry->has_created ? entry->created : intake->now,
		.name = username->text,
		.name_length = username->length};

	record_append(&intake->records, &(struct record){.operation = OPERATION_CREATED,
						.number = user.number,
						.time = user.created,
						.name = user.name,
						.name_length = user.name_length});
	user_index_add(intake->replay->users, &user, username->key, username->key_length);
	remember_origin(intake, entry->line);
}

enum result intake_add(struct intake *intake, const struct entry *entry, struct reason *reason)
{
	struct username username;
	struct user holder;
	enum username_problem problem = username_parse(entry->name, entry->name_length, &username);

	if (problem != USERNAME_FINE)
		return reason_fail(reason, RESULT_MALFORMED, "username: %s", describe(problem));
	if (user_index_find(intake->replay->users, username.key, username.key_length, &holder))
		return refuse_taken(intake, &holder, reason);
	if (intake->replay->next_number > LIMIT_PLACE)
		return reason_fail(reason, RESULT_MALFORMED, "number: there is none left");
	if (!entry->has_created && intake->now > TIMESTAMP_LAST)
		return reason_fail(
			reason, RESULT_MALFORMED, "created: the clock is past the year 9999");
	take_in(intake, entry, &username);
	return RESULT_OK;
}
