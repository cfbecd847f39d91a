#include "users.h"

#include <time.h>

#include "../limit.h"
#include "../timestamp.h"
#include "layout.h"

static void write_name(struct html *html, const struct user *user)
{
	html_markup(html, "<bdi>");
	html_text(html, user->name, user->name_length);
	html_markup(html, "</bdi>");
}

static void write_time(struct html *html, int64_t milliseconds)
{
	time_t seconds = (time_t)(milliseconds / 1000);
	char exact[TIMESTAMP_SIZE], shown[64];
	struct tm utc;

	timestamp_format(milliseconds, exact);
	gmtime_r(&seconds, &utc);
	strftime(shown, sizeof(shown), "%e %b %Y, %H:%M UTC", &utc);
	html_markup(html, "<time datetime=\"");
	html_string(html, exact);
	html_markup(html, "\">");
	html_string(html, shown[0] == ' ' ? shown + 1 : shown);
	html_markup(html, "</time>");
}

static void write_list(struct html *html, const struct users_view *view)
{
	html_markup(html, "<ol class=\"users\">\n");
	for (size_t i = 0; i < view->count; i++) {
		html_markup(html, "<li>");
		write_name(html, &view->users[i]);
		html_markup(html, " ");
		write_time(html, view->users[i].created);
		html_markup(html, "</li>\n");
	}
	html_markup(html, "</ol>\n");
}

/* Where the next pages begin: beside the users at the ends of this one, so that no page shifts when
 * users are added. */
static void write_pages(struct html *html, const struct users_view *view)
{
	bool is_empty = view->count == 0;

	if (!view->has_newer && !view->has_older)
		return;
	html_markup(html, "<nav class=\"pages\" aria-label=\"Pages\">");
	if (view->has_newer) {
		html_markup(html, "<a rel=\"prev\" href=\"/users?after=");
		html_number(html,
			is_empty ? view->place - (view->place > 0 ? 1 : 0) : view->users[0].number);
		html_markup(html, "\">Newer</a>");
	}
	if (view->has_newer && view->has_older)
		html_markup(html, " ");
	if (view->has_older) {
		html_markup(html, "<a rel=\"next\" href=\"/users?before=");
		html_number(html, is_empty ? view->place + (view->place < LIMIT_PLACE ? 1 : 0)
					   : view->users[view->count - 1].number);
		html_markup(html, "\">Older</a>");
	}
	html_markup(html, "</nav>\n");
}

void users_view(struct buffer *out, const struct users_view *view)
{
	struct html html = {.out = out};

	layout_begin(&html, "Users", LAYOUT_USERS);
	html_markup(&html, "<h1>Users</h1>\n");
	if (view->created != NULL) {
		html_markup(&html, "<p class=\"notice\" role=\"status\">");
		write_name(&html, view->created);
		html_markup(&html, " has signed up.</p>\n");
	}
	if (view->total == 0) {
		html_markup(&html, "<p class=\"empty\">Nobody has signed up yet. <a href=\"/\">Be "
				   "the first.</a></p>\n");
	} else {
		html_markup(&html, "<p class=\"lead\">");
		layout_user_count(&html, view->total);
		html_markup(&html, ", newest first.</p>\n");
		if (view->count > 0)
			write_list(&html, view);
		else
			html_markup(&html, "<p class=\"empty\">No users here.</p>\n");
		write_pages(&html, view);
	}
	layout_end(&html);
}
