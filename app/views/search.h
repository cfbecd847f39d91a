#ifndef ROLLCALL_VIEWS_SEARCH_H
#define ROLLCALL_VIEWS_SEARCH_H

#include <stddef.h>

#include "views/html.h"
#include "views/users.h"

/* The form that looks for users by the beginning of their names, with what was typed, if anything.
 */
void html_search_form(struct html *html, const char *typed, size_t length);

/* One page of those who were found. */
void search_view(struct buffer *out, const struct users_view *view);

#endif
