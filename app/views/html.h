#ifndef ROLLCALL_VIEWS_HTML_H
#define ROLLCALL_VIEWS_HTML_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/*
 * Writes HTML. Text of any origin goes through html_text(), which escapes it for both places where
 * text can stand: between tags and inside a quoted attribute. Markup is a string literal of the
 * program; the macro accepts nothing else.
 */
struct html {
	struct buffer *out;
	const char *base; /* the path that the site is under; layout_begin() sets it */
};

#define html_markup(html, literal) html_literal((html), "" literal "", sizeof(literal) - 1)

void html_text(struct html *html, const char *text, size_t length);
void html_string(struct html *html, const char *text); /* html_text() of a terminated string */
void html_number(struct html *html, uint64_t number);
void html_count(struct html *html, uint64_t number);                      /* for people: 10,000 */
void html_literal(struct html *html, const char *literal, size_t length); /* use html_markup() */

/* An address within the site, such as "/users". Every link is written by this, which puts the path
 * before it that the site is under; script/layers finds those that are not. */
void html_address(struct html *html, const char *address);

/* A link there. */
void html_link(struct html *html, const char *address, const char *words);

/* A time, as in timestamp.h, with words for it. */
void html_time(struct html *html, int64_t time, const char *words);

#endif
