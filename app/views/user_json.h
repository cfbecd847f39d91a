#ifndef ROLLCALL_VIEWS_USER_JSON_H
#define ROLLCALL_VIEWS_USER_JSON_H

#include "base/buffer.h"
#include "store/user.h"

/* A user for programs: number, username, created. */
void user_json_view(struct buffer *out, const struct user *user);

#endif
