/*
 * The list by first letters, for lists of more than one page. With letters that no name begins
 * with, it would lead nowhere; so they are those of the store.
 */
#include "views/letters.h"

#include <string.h>

#include "base/utf8.h"
#include "http/form.h"

void html_letters(struct html *html, const char *letters)
{
	size_t left = letters != NULL ? strlen(letters) : 0, step;
	int32_t point;

	if (left == 0)
		return;
	html_markup(html, "<nav class=\"letters\" aria-labelledby=\"letters\">"
			  "<h2 id=\"letters\">By letter</h2>");
	for (; left > 0; letters += step, left -= step) {
		step = utf8_decode(letters, left, &point);
		step = step > 0 ? step : left;
		if (*letters == ' ') {
			html_markup(html, "<span></span>"); /* of another script: a new line */
			continue;
		}
		html_markup(html, " <a href=\"");
		html_address(html, "/users?q=");
		form_encode(html->out, letters, step); /* nothing that HTML would have escaped */
		html_markup(html, "\">");
		html_text(html, letters, step);
		html_markup(html, "</a>");
	}
	html_markup(html, "</nav>\n");
}
