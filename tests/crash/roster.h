#ifndef ROLLCALL_TESTS_CRASH_ROSTER_H
#define ROLLCALL_TESTS_CRASH_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/names/username.h"
#include "store/user.h"

/* What was asked of the store and what it promised: which users must be there, which may, and which
 * must not, whatever happened to the machine. */
enum roster_state {
	ROSTER_NOBODY,  /* refused, removed or lost before anybody saw it: must not be there */
	ROSTER_ASKED,   /* may be there */
	ROSTER_THERE,   /* acknowledged, or seen in the list: must be there */
	ROSTER_LEAVING, /* its removal was asked for: may be there */
	ROSTER_COMING,  /* a user was to get this name: is there, or is there with the old one */
};

struct roster_entry {
	struct username username;
	enum roster_state state;
	uint64_t number; /* THERE, LEAVING, COMING */
	int64_t time;
	uint64_t since; /* version of the roster when it was asked for */
	uint64_t floor; /* ASKED: the numbers up to this one are others' */
	unsigned group; /* ASKED: all of the same group, or none; 0: alone */
	size_t old;     /* COMING: the position of the old name, which is LEAVING */
};

struct roster {
	struct roster_entry *entries;
	size_t count;
	uint64_t highest;     /* number that anybody was ever told */
	uint64_t version;     /* counts changes */
	uint64_t seats;       /* that were set, and everybody was told; 0: none */
	uint64_t seats_asked; /* that may be set in their place; 0: none */
};

#define ROSTER_WHY_SIZE 1024

void roster_free(struct roster *roster);

/* The entry of the name, which is ROSTER_NOBODY's if it is new. Valid until the next call. */
struct roster_entry *roster_name(struct roster *roster, const struct username *username);

/* A position that stays valid. */
size_t roster_position(const struct roster *roster, const struct roster_entry *entry);

void roster_ask(struct roster *roster, struct roster_entry *entry, unsigned group);

/* What was asked for is done, and the caller is told so. */
void roster_promise(struct roster *roster, struct roster_entry *entry, const struct user *user);
void roster_leave(struct roster *roster, struct roster_entry *entry);

/* Nothing of what was asked for is done, and never will be. */
void roster_refuse(struct roster *roster, struct roster_entry *entry);

/* Of a removal: done, or refused. */
void roster_gone(struct roster *roster, struct roster_entry *entry);
void roster_stay(struct roster *roster, struct roster_entry *entry);

/* A user is to get another name: asked for, done, or refused. */
void roster_rename(struct roster *roster, size_t old, size_t new);
void roster_renamed(struct roster *roster, size_t old, size_t new, const struct user *user);
void roster_keep_name(struct roster *roster, size_t old, size_t new);

/* Of the seats that are set: asked for; and that they are these. */
void roster_ask_seats(struct roster *roster, uint64_t seats);
void roster_promise_seats(struct roster *roster, uint64_t seats);

/* What is shown. */
struct roster_view {
	const struct user *users;
	size_t count;
	uint64_t next_number; /* to give, or 0: not known */
	uint64_t seats;       /* that are set, or 0 */
};

/* Whether that is what was promised; if not, why. */
bool roster_check(const struct roster *roster, const struct roster_view *view,
	char why[static ROSTER_WHY_SIZE]);

/* Every caller sees those users: from now on, what is there stays, and what is not
 * there never comes. */
void roster_settle(struct roster *roster, const struct roster_view *view);

#endif
