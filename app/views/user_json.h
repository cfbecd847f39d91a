#ifndef ROLLCALL_VIEWS_USER_JSON_H
#define ROLLCALL_VIEWS_USER_JSON_H

#include "base/buffer.h"
#include "store/user.h"

/* A user for programs: number, username, created. */
void user_json_view(struct buffer *out, const struct user *user);

/* The same, with `waiting` if the user has no seat: `last_seat` as in store.h. */
void user_json_view_seated(struct buffer *out, const struct user *user, uint64_t last_seat);

/* The same for the user alone, with the address at which it can take itself off the list, under the
 * path of the site; NULL: there is none. */
void created_json_view(struct buffer *out, const struct user *user, uint64_t last_seat,
	const char *base_path, const char *leave);

#endif
