#ifndef ROLLCALL_VIEWS_SEARCH_H
#define ROLLCALL_VIEWS_SEARCH_H

#include <stddef.h>

#include "views/html.h"
#include "views/users.h"

/* The form for a search by the beginning of a name, with the text typed so far. */
void html_search_form(struct html *html, const char *typed, size_t length);

/* One page of the users found. */
void search_view(struct buffer *out, const struct users_view *view);

#endif
