#ifndef ROLLCALL_VIEWS_USERS_JSON_H
#define ROLLCALL_VIEWS_USERS_JSON_H

#include "views/users.h"

/* One page of the list for programs: total, users, links. It says nothing of who has just signed
 * up. */
void users_json_view(struct buffer *out, const struct users_view *view);

#endif
