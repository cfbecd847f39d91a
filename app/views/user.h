#ifndef ROLLCALL_VIEWS_USER_H
#define ROLLCALL_VIEWS_USER_H

#include <stdint.h>

#include "base/buffer.h"
#include "store/user.h"
#include "views/sheet_text.h"

/* A user, the place in the list, and the users beside it. */
struct user_view {
	const struct sheet_text *sheet;
	const struct user *user;
	uint64_t total;     /* users there are */
	uint64_t last_seat; /* as in store.h */
	uint64_t newer;     /* the number of the next user that signed up; 0: there is none */
	uint64_t older;     /* the number of the one before, or 0 */
};

/* The page of one user. */
void user_view(struct buffer *out, const struct user_view *view);

#endif
