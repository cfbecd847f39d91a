#ifndef ROLLCALL_VIEWS_HOME_H
#define ROLLCALL_VIEWS_HOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "store/names/username.h"
#include "store/user.h"
#include "views/sheet_status.h"
#include "views/sheet_text.h"

/* The home page: greeting, number of users, the form, and the latest few users; after a failed
 * create, with the value and the reason. */
struct home_view {
	const struct sheet_text *sheet;
	struct sheet_status status; /* without the form, unless it is open */
	uint64_t users;
	const char *typed; /* NULL for an empty form */
	size_t typed_length;
	const char *problem;               /* in words, NULL if there is none */
	const struct user *holder;         /* the user who has the name, for a 409; else NULL */
	bool is_alike;                     /* not this name, but one that looks like it */
	const struct username *suggestion; /* a name that would be accepted, or NULL */
	const struct user *latest;         /* the latest users, newest first */
	size_t latest_count;
	uint64_t last_seat; /* as in store.h */
	int64_t now;        /* as in timestamp.h */
};

void home_view(struct buffer *out, const struct home_view *view);

#endif
