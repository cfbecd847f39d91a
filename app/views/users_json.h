#ifndef ROLLCALL_USERS_JSON_VIEW_H
#define ROLLCALL_USERS_JSON_VIEW_H

#include "users.h"

/* One page of the list for programs: total, users, links. It says nothing of who has just signed
 * up. */
void users_json_view(struct buffer *out, const struct users_view *view);

#endif
