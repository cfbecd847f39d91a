#ifndef ROLLCALL_VIEWS_LAYOUT_H
#define ROLLCALL_VIEWS_LAYOUT_H

#include "views/html.h"
#include "views/sheet_text.h"

/* The pages that the header links to. The list has a script, which keeps it up to date. */
enum layout_page { LAYOUT_SIGN_UP, LAYOUT_USERS, LAYOUT_OTHER };

/* The frame of every page. `title` is that of the page; NULL: it has the sheet's alone. nginx's own
 * error pages, in www/errors, look the same. */
void layout_begin(struct html *html, const struct sheet_text *sheet, const char *title,
	enum layout_page page);
void layout_end(struct html *html, const struct sheet_text *sheet);

/* "1 user", "10,000 users". */
void layout_user_count(struct html *html, uint64_t count);

#endif
