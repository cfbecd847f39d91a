#ifndef ROLLCALL_VIEWS_LEAVE_H
#define ROLLCALL_VIEWS_LEAVE_H

#include <stdbool.h>

#include "base/buffer.h"
#include "store/user.h"
#include "views/sheet_text.h"

/* The page that asks whether a user is to be taken off the list, and for the code of their link.
 * `is_refused`: the one that was sent is not the right one. */
void leave_view(struct buffer *out, const struct sheet_text *sheet, const struct user *user,
	bool is_refused);

/* The one that says that it was done. */
void left_view(struct buffer *out, const struct sheet_text *sheet, const struct user *user);

#endif
