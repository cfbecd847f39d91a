#ifndef ROLLCALL_VIEWS_USERS_JSON_H
#define ROLLCALL_VIEWS_USERS_JSON_H

#include "views/users.h"

/* One page of the list for programs: total, users, links; without a notice for a new user. */
void users_json_view(struct buffer *out, const struct users_view *view);

#endif
