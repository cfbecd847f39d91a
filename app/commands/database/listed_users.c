/*
 * Names, users and refusals of a list, in three arrays that grow; and the index of those that
 * passed, which is the same that the server finds users by, so that what clashes is decided as
 * everywhere.
 */
#include "commands/database/listed_users.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "base/memory.h"
#include "base/reason.h"
#include "base/timestamp.h"
#include "store/index/name_holder.h"
#include "store/names/username.h"
#include "store/refused_row.h"

void listed_users_open(struct listed_users *users)
{
	*users = (struct listed_users){.now = timestamp_now()};
	users->index = user_index_open();
	users->lookalikes = lookalikes_open(users->index);
}

static void forget_refusals(struct listed_users *users)
{
	for (size_t i = 0; i < users->refusal_count; i++)
		free(users->refusals[i].reason);
	users->refusal_count = 0;
}

void listed_users_close(struct listed_users *users)
{
	forget_refusals(users);
	free(users->refusals);
	free(users->users);
	buffer_free(&users->names);
	lookalikes_close(users->lookalikes);
	user_index_close(users->index);
	*users = (struct listed_users){0};
}

void listed_users_refuse(struct listed_users *users, uint64_t line, const char *reason)
{
	users->refusals = memory_with_room(users->refusals, users->refusal_count,
		&users->refusal_room, sizeof(*users->refusals));
	users->refusals[users->refusal_count] = (struct listed_refusal){
		.line = line, .order = users->refusal_count, .reason = memory_printf("%s", reason)};
	users->refusal_count++;
}

static void append_listed(
	struct listed_users *users, const struct entry *entry, const struct username *username)
{
	users->users =
		memory_with_room(users->users, users->count, &users->room, sizeof(*users->users));
	users->users[users->count++] = (struct listed_user){.line = entry->line,
		.number = entry->number,
		.created = entry->has_created ? entry->created : users->now,
		.offset = users->names.length,
		.length = (uint32_t)username->length};
	buffer_append(&users->names, username->text, username->length);
}

void listed_users_add(struct listed_users *users, const struct entry *entry)
{
	struct username username;
	struct reason reason;
	enum username_problem problem = username_parse(entry->name, entry->name_length, &username);

	if (problem != USERNAME_FINE) {
		refused_row_name(&reason, problem, &username);
		listed_users_refuse(users, entry->line, reason.text);
	} else if (!entry->has_created && users->now > TIMESTAMP_LAST) {
		listed_users_refuse(users, entry->line, "created: the clock is past the year 9999");
	} else {
		append_listed(users, entry, &username);
	}
}

struct user listed_users_at(const struct listed_users *users, size_t place)
{
	const struct listed_user *listed = &users->users[place];

	return (struct user){.number = listed->number,
		.created = listed->created,
		.name = users->names.bytes + listed->offset,
		.name_length = listed->length};
}

static bool may_be_taken_in(const struct listed_users *users, const struct listed_user *listed,
	const struct username *username, bool keeps_numbers, struct reason *reason)
{
	struct user holder;
	enum result result =
		name_holder_find(users->index, users->lookalikes, username, 0, &holder);

	if (result != RESULT_OK) {
		uint64_t line = users->users[holder.number - 1].line;
		holder.number = 0;
		refused_row_held(reason, result, &holder, line);
		return false;
	}
	if (keeps_numbers && listed->number != 0 && listed->number <= users->last_number) {
		reason_set(reason, "number: expected one above %" PRIu64 ", which comes before it",
			users->last_number);
		return false;
	}
	if (users->last_number >= LIMIT_PLACE) {
		reason_set(reason, "number: there is none left");
		return false;
	}
	return true;
}

void listed_users_check(struct listed_users *users, size_t place, bool keeps_numbers)
{
	struct listed_user *listed = &users->users[place];
	struct user user = listed_users_at(users, place);
	struct username username;
	struct reason reason;

	if (listed->is_refused ||
		username_parse(user.name, user.name_length, &username) != USERNAME_FINE)
		return;
	if (!may_be_taken_in(users, listed, &username, keeps_numbers, &reason)) {
		listed->is_refused = true;
		listed_users_refuse(users, listed->line, reason.text);
		return;
	}
	if (!keeps_numbers || listed->number == 0)
		listed->number = users->last_number + 1;
	users->last_number = listed->number;
	users->accepted++;
	user.number = place + 1;
	user_index_add(users->index, &user, username.key, username.key_length);
	lookalikes_add(users->lookalikes, &user, username.key, username.key_length);
}

static int compare_refusals(const void *a, const void *b)
{
	const struct listed_refusal *one = a, *other = b;

	if (one->line != other->line)
		return one->line < other->line ? -1 : 1;
	return one->order < other->order ? -1 : one->order > other->order;
}

void listed_users_tell(struct listed_users *users, listed_refused_cb *refused, void *argument)
{
	if (users->refusal_count > 0)
		qsort(users->refusals, users->refusal_count, sizeof(*users->refusals),
			compare_refusals);
	for (size_t i = 0; i < users->refusal_count; i++)
		refused(argument, users->refusals[i].line, users->refusals[i].reason);
	forget_refusals(users);
}
