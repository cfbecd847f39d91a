#ifndef ROLLCALL_ROUTES_ANSWER_LIST_H
#define ROLLCALL_ROUTES_ANSWER_LIST_H

#include <stdbool.h>

#include "http/response.h"
#include "views/users.h"

/* Sends a page of users, of the list or of a search, as a page or as JSON. */
void answer_list(struct response *response, const struct users_view *view, bool in_json);

#endif
