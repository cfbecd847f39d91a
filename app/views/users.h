#ifndef ROLLCALL_VIEWS_USERS_H
#define ROLLCALL_VIEWS_USERS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "store/user.h"

/* One page of the list. */
struct users_view {
	uint64_t total;
	const struct user *users; /* newest first */
	size_t count;
	const char *self;  /* where this page is, and where those beside it are; NULL: there is */
	const char *newer; /* none; in a search, the previous page */
	const char *older; /* and the next one */
	const struct user *created; /* who has just signed up, or NULL */
	int64_t now;                /* as in timestamp.h */
	size_t live_most;           /* as in user_parts.h */
	const char *typed;          /* what was searched for; NULL: it is the list of all users */
	size_t typed_length;
};

void users_view(struct buffer *out, const struct users_view *view);

#endif
