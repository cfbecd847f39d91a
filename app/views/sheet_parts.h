#ifndef ROLLCALL_VIEWS_SHEET_PARTS_H
#define ROLLCALL_VIEWS_SHEET_PARTS_H

#include "views/html.h"
#include "views/sheet_text.h"

/* Parts of pages that say what the sheet is for. */

/* One sentence or two for search engines and previews of links: the beginning of the introduction,
 * or general words. Text of an attribute. */
void html_sheet_description(struct html *html, const struct sheet_text *sheet);

/* The introduction, in paragraphs. */
void html_sheet_intro(struct html *html, const struct sheet_text *sheet);

/* The person to ask, and what happens to the names: lines of the footer. */
void html_sheet_notes(struct html *html, const struct sheet_text *sheet);

#endif
