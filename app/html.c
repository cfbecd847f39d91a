#include "html.h"

#include <inttypes.h>
#include <string.h>

void html_literal(struct html *html, const char *literal, size_t length)
{
	buffer_append(html->out, literal, length);
}

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void html_text(struct html *html, const char *text, size_t length)
{
	size_t plain = 0;

	for (size_t i = 0; i < length; i++) {
		const char *escaped = entity(text[i]);
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

void html_number(struct html *html, uint64_t number)
{
	buffer_printf(html->out, "%" PRIu64, number);
}
