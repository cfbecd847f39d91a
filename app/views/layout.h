#ifndef ROLLCALL_LAYOUT_H
#define ROLLCALL_LAYOUT_H

#include "../html.h"

/* What every page has around it. The error pages that nginx serves by itself, in www/errors, look
 * the same. */
void layout_begin(struct html *html, const char *title);
void layout_end(struct html *html);

/* "1 user", "2 users". */
void layout_user_count(struct html *html, uint64_t count);

#endif
