#ifndef ROLLCALL_USERS_VIEW_H
#define ROLLCALL_USERS_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../buffer.h"
#include "../store/user.h"

/* One page of the list. */
struct users_view {
	uint64_t total;
	const struct user *users; /* newest first */
	size_t count;
	bool has_newer;
	bool has_older;
	uint64_t place; /* the number that the page was asked for by, to lead back from an empty one
			 */
	const struct user *created; /* who has just signed up, or NULL */
};

void users_view(struct buffer *out, const struct users_view *view);

#endif
