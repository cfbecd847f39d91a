#ifndef ROLLCALL_VIEWS_LAYOUT_H
#define ROLLCALL_VIEWS_LAYOUT_H

#include "views/html.h"
#include "views/sheet_text.h"

/* The pages that the header links to, and those with a script: the list is kept up to date by one,
 * the page of a user shows the time of the device, that to leave reads its own address.
 * LAYOUT_CREATED is the list with a claim in its address, which is passed on to nobody. The
 * organiser's and that of the loop have stylesheets of their own, and are linked to from no other.
 * An error is no page to link to. */
enum layout_page {
	LAYOUT_SIGN_UP,
	LAYOUT_CREATED,
	LAYOUT_USERS,
	LAYOUT_USER,
	LAYOUT_LEAVE,
	LAYOUT_ORGANISER,
	LAYOUT_LOOP,
	LAYOUT_OTHER,
	LAYOUT_ERROR
};

/* The frame of every page. `title` is that of the page; NULL: it has the sheet's alone. nginx's own
 * error pages, in www/errors, look the same. */
void layout_begin(struct html *html, const struct sheet_text *sheet, const char *title,
	enum layout_page page);
void layout_end(struct html *html, const struct sheet_text *sheet);

/* "1 user", "10,000 users". */
void layout_user_count(struct html *html, uint64_t count);

#endif
