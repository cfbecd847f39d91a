/*
 * Text is copied up to the next byte that has an entity, so that a name, which seldom has one, is
 * one copy. The buffer remembers the first failure (buffer.h): views do not check.
 */
#include "views/html.h"

#include <limits.h>
#include <string.h>

#include "base/decimal.h"
#include "base/timestamp.h"

void html_literal(struct html *html, const char *literal, size_t length)
{
	buffer_append(html->out, literal, length);
}

static const char *const entities[UCHAR_MAX + 1] = {
	['&'] = "&amp;",
	['<'] = "&lt;",
	['>'] = "&gt;",
	['"'] = "&quot;",
	['\''] = "&#39;",
};

void html_text(struct html *html, const char *text, size_t length)
{
	size_t plain = 0;

	if (length == 0)
		return; /* an empty buffer has no bytes to count from */
	for (size_t i = 0; i < length; i++) {
		const char *escaped = entities[(unsigned char)text[i]];
		if (escaped == NULL)
			continue;
		buffer_append(html->out, text + plain, i - plain);
		buffer_string(html->out, escaped);
		plain = i + 1;
	}
	buffer_append(html->out, text + plain, length - plain);
}

void html_string(struct html *html, const char *text)
{
	html_text(html, text, strlen(text));
}

void html_address(struct html *html, const char *address)
{
	if (html->base != NULL)
		buffer_string(html->out, html->base); /* has nothing to escape */
	html_string(html, address);
}

void html_link(struct html *html, const char *address, const char *words)
{
	html_markup(html, "<a href=\"");
	html_address(html, address);
	html_markup(html, "\">");
	html_string(html, words);
	html_markup(html, "</a>");
}

void html_number(struct html *html, uint64_t number)
{
	buffer_number(html->out, number);
}

void html_count(struct html *html, uint64_t number)
{
	char digits[DECIMAL_LENGTH];
	size_t length = decimal_write(number, digits);
	size_t first = (length - 1) % 3 + 1; /* digits of the first group */

	buffer_append(html->out, digits, first);
	for (size_t i = first; i < length; i += 3) {
		buffer_append(html->out, ",", 1);
		buffer_append(html->out, digits + i, 3);
	}
}

void html_time(struct html *html, int64_t time, const char *words)
{
	char exact[TIMESTAMP_SIZE];

	timestamp_format(time, exact);
	html_markup(html, "<time datetime=\"");
	html_literal(html, exact, TIMESTAMP_LENGTH);
	html_markup(html, "\">");
	html_string(html, words);
	html_markup(html, "</time>");
}
