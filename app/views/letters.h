#ifndef ROLLCALL_VIEWS_LETTERS_H
#define ROLLCALL_VIEWS_LETTERS_H

#include "views/html.h"

/* A way into a long list: links to searches for each of these letters (store.h). NULL, or empty:
 * there is none. */
void html_letters(struct html *html, const char *letters);

#endif
