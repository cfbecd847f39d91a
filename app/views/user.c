/*
 * One user has a page of its own, which a link can lead to: the name, the number, the date.
 */
#include "views/user.h"

#include <stdio.h>

#include "base/limit.h"
#include "views/layout.h"
#include "views/user_parts.h"

void user_view(struct buffer *out, const struct sheet_text *sheet, const struct user *user)
{
	struct html html = {.out = out};
	char title[LIMIT_NAME + 1];

	snprintf(title, sizeof(title), "%.*s", (int)user->name_length, user->name);
	layout_begin(&html, sheet, title, LAYOUT_OTHER);
	html_markup(&html, "<h1>");
	html_user_name(&html, user);
	html_markup(&html, "</h1>\n<p class=\"lead\">User ");
	html_count(&html, user->number);
	html_markup(&html, ", signed up on ");
	html_user_date(&html, user);
	html_markup(&html, ".</p>\n<p><a href=\"/users\">See the list</a></p>\n");
	layout_end(&html, sheet);
}
