#include "crash/roster.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void roster_free(struct roster *roster)
{
	free(roster->entries);
	*roster = (struct roster){0};
}

struct roster_entry *roster_name(struct roster *roster, const struct username *username)
{
	for (size_t i = 0; i < roster->count; i++) {
		struct roster_entry *entry = &roster->entries[i];
		if (entry->username.key_length == username->key_length &&
			memcmp(entry->username.key, username->key, username->key_length) == 0)
			return entry;
	}
	roster->entries =
		memory_resized(roster->entries, roster->count + 1, sizeof(*roster->entries));
	struct roster_entry *entry = &roster->entries[roster->count++];
	*entry = (struct roster_entry){.username = *username};
	return entry;
}

size_t roster_position(const struct roster *roster, const struct roster_entry *entry)
{
	return (size_t)(entry - roster->entries);
}

static void enter(struct roster *roster, struct roster_entry *entry, enum roster_state state)
{
	entry->state = state;
	roster->version++;
}

void roster_ask(struct roster *roster, struct roster_entry *entry, unsigned group)
{
	entry->floor = roster->highest;
	entry->group = group;
	enter(roster, entry, ROSTER_ASKED);
	entry->since = roster->version;
}

void roster_promise(struct roster *roster, struct roster_entry *entry, const struct user *user)
{
	entry->number = user->number;
	entry->time = user->created;
	if (user->number > roster->highest)
		roster->highest = user->number;
	enter(roster, entry, ROSTER_THERE);
}

void roster_leave(struct roster *roster, struct roster_entry *entry)
{
	enter(roster, entry, ROSTER_LEAVING);
}

void roster_refuse(struct roster *roster, struct roster_entry *entry)
{
	enter(roster, entry, ROSTER_NOBODY);
}

void roster_gone(struct roster *roster, struct roster_entry *entry)
{
	enter(roster, entry, ROSTER_NOBODY);
}

void roster_stay(struct roster *roster, struct roster_entry *entry)
{
	enter(roster, entry, ROSTER_THERE);
}

void roster_rename(struct roster *roster, size_t old, size_t new)
{
	struct roster_entry *entry = &roster->entries[new];

	roster_leave(roster, &roster->entries[old]);
	entry->number = roster->entries[old].number;
	entry->time = roster->entries[old].time;
	entry->old = old;
	enter(roster, entry, ROSTER_COMING);
}

void roster_renamed(struct roster *roster, size_t old, size_t new, const struct user *user)
{
	roster_gone(roster, &roster->entries[old]);
	roster_promise(roster, &roster->entries[new], user);
}

void roster_keep_name(struct roster *roster, size_t old, size_t new)
{
	roster_stay(roster, &roster->entries[old]);
	roster_refuse(roster, &roster->entries[new]);
}

void roster_ask_seats(struct roster *roster, uint64_t seats)
{
	roster->seats_asked = seats;
	roster->version++;
}

void roster_promise_seats(struct roster *roster, uint64_t seats)
{
	roster->seats = seats;
	roster_ask_seats(roster, 0);
}

static const struct user *find(
	const struct roster_entry *entry, const struct user *users, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (users[i].name_length == entry->username.length &&
			memcmp(users[i].name, entry->username.text, users[i].name_length) == 0)
			return &users[i];
	return NULL;
}

static bool fail(char why[static ROSTER_WHY_SIZE], const struct roster_entry *entry,
	const struct user *user, const char *what)
{
	snprintf(why, ROSTER_WHY_SIZE, "%s: %.*s, promised as %" PRIu64 ", found as %" PRIu64, what,
		(int)entry->username.length, entry->username.text, entry->number,
		user != NULL ? user->number : 0);
	return false;
}

static bool is_same(const struct roster_entry *entry, const struct user *user)
{
	return user->number == entry->number && user->created == entry->time;
}

static bool check_entry(
	const struct roster_entry *entry, const struct user *user, char why[static ROSTER_WHY_SIZE])
{
	switch (entry->state) {
	case ROSTER_NOBODY:
		return user == NULL || fail(why, entry, user, "was refused or removed, is there");
	case ROSTER_ASKED:
		return user == NULL || user->number > entry->floor ||
		       fail(why, entry, user, "has the number of somebody before");
	case ROSTER_THERE:
		if (user == NULL)
			return fail(why, entry, user, "was acknowledged, is not there");
		return is_same(entry, user) || fail(why, entry, user, "is another");
	case ROSTER_LEAVING:
	case ROSTER_COMING:
		return user == NULL || is_same(entry, user) || fail(why, entry, user, "is another");
	}
	return false;
}

/* With the new name or the old one, and not with both. */
static bool is_there_once(const struct roster *roster, const struct roster_entry *entry,
	bool is_there, const struct roster_view *view)
{
	const struct roster_entry *old = &roster->entries[entry->old];

	return entry->state != ROSTER_COMING ||
	       is_there == (find(old, view->users, view->count) == NULL);
}

/* Those of one group follow one another. */
static bool is_whole(const struct roster *roster, size_t i, bool is_there, bool was_there)
{
	const struct roster_entry *entry = &roster->entries[i];

	return i == 0 || entry->state != ROSTER_ASKED || entry->group == 0 ||
	       entry[-1].state != ROSTER_ASKED || entry[-1].group != entry->group ||
	       is_there == was_there;
}

bool roster_check(const struct roster *roster, const struct roster_view *view,
	char why[static ROSTER_WHY_SIZE])
{
	size_t count = view->count;
	size_t there = 0;
	bool was_there = false;

	for (size_t i = 0; i < roster->count; i++) {
		const struct roster_entry *entry = &roster->entries[i];
		const struct user *user = find(entry, view->users, count);
		if (!check_entry(entry, user, why))
			return false;
		if (!is_there_once(roster, entry, user != NULL, view))
			return fail(why, entry, user, "was renamed, has two names or none");
		if (!is_whole(roster, i, user != NULL, was_there))
			return fail(why, entry, user, "of an import there is a part");
		was_there = user != NULL;
		there += was_there;
	}
	if (there != count) {
		snprintf(why, ROSTER_WHY_SIZE, "%zu users are there, %zu of them were asked for",
			count, there);
		return false;
	}
	if (view->next_number != 0 && view->next_number <= roster->highest) {
		snprintf(why, ROSTER_WHY_SIZE,
			"the next number would be %" PRIu64 ", but %" PRIu64 " was given before",
			view->next_number, roster->highest);
		return false;
	}
	if (view->seats != roster->seats &&
		(roster->seats_asked == 0 || view->seats != roster->seats_asked)) {
		snprintf(why, ROSTER_WHY_SIZE,
			"%" PRIu64 " seats are set, and %" PRIu64 " were promised", view->seats,
			roster->seats);
		return false;
	}
	return true;
}

void roster_settle(struct roster *roster, const struct roster_view *view)
{
	for (size_t i = 0; i < roster->count; i++) {
		struct roster_entry *entry = &roster->entries[i];
		const struct user *user = find(entry, view->users, view->count);
		if (user != NULL)
			roster_promise(roster, entry, user);
		else if (entry->state != ROSTER_NOBODY)
			roster_gone(roster, entry);
	}
	roster_promise_seats(roster, view->seats);
}
