#ifndef ROLLCALL_VIEWS_USERS_H
#define ROLLCALL_VIEWS_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "store/user.h"
#include "views/sheet_text.h"

/* The pages at both ends of the list. */
#define USERS_NEWEST "/users"
#define USERS_OLDEST "/users?after=0"

/* One page of the list. */
struct users_view {
	const struct sheet_text *sheet;
	uint64_t total;
	uint64_t first; /* place of the first user in the list, from 1 on; 0 if that is not known */
	const struct user *users; /* newest first */
	size_t count;
	const char *self; /* the address of this page */
	const char *
		newer; /* of the newer page, or the previous one of a search; NULL: there is none */
	const char *older; /* of the older page, or the next one of a search; NULL: there is none */
	const struct user *created; /* the new user to show a notice for, or NULL */
	const char *leave;          /* the address at which that user can leave; NULL: not shown */
	int64_t now;                /* as in timestamp.h */
	size_t live_most;           /* as in user_parts.h */
	uint64_t change;            /* the same */
	uint64_t last_seat;         /* as in store.h */
	uint64_t in_line;  /* the place of the new user among those who wait; 0: it has a seat, or
			       the place is not known */
	size_t print_size; /* users on a page to print */
	bool is_open;      /* the sheet takes names */
	bool is_export_public; /* anybody may download the list */
	const char *typed;     /* the text searched for; NULL: the list of all users */
	size_t typed_length;
	const char *letters; /* as in letters.h: for the list of all users */
	size_t found;        /* by the search; LIMIT_FOUND + 1: more than LIMIT_FOUND */
};

void users_view(struct buffer *out, const struct users_view *view);

#endif
