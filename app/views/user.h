#ifndef ROLLCALL_USER_VIEW_H
#define ROLLCALL_USER_VIEW_H

#include "../buffer.h"
#include "../store/user.h"

/* The page of one user. */
void user_view(struct buffer *out, const struct user *user);

#endif
