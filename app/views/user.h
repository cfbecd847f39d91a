#ifndef ROLLCALL_VIEWS_USER_H
#define ROLLCALL_VIEWS_USER_H

#include "base/buffer.h"
#include "store/user.h"
#include "views/sheet_text.h"

/* The page of one user. */
void user_view(struct buffer *out, const struct sheet_text *sheet, const struct user *user);

#endif
