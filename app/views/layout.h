#ifndef ROLLCALL_VIEWS_LAYOUT_H
#define ROLLCALL_VIEWS_LAYOUT_H

#include "views/html.h"

/* The pages that the header links to. The list has a script, which keeps it up to date. */
enum layout_page { LAYOUT_SIGN_UP, LAYOUT_USERS, LAYOUT_OTHER };

/* The frame of every page. nginx's own error pages, in www/errors, look the same. */
void layout_begin(struct html *html, const char *title, enum layout_page page);
void layout_end(struct html *html);

/* "1 user", "10,000 users". */
void layout_user_count(struct html *html, uint64_t count);

#endif
