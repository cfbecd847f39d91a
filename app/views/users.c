/*
 * The list. Only its newest page is live: data-live tells www/live.js where to follow it.
 */
#include "views/users.h"

#include <stdbool.h>

#include "views/layout.h"
#include "views/search.h"
#include "views/user_parts.h"

static void write_notice(struct html *html, const struct user *created)
{
	html_markup(html, "<p class=\"notice\" role=\"status\">");
	html_user_name(html, created);
	html_markup(html, " has signed up.</p>\n");
}

/* Where somebody may sign up while the page is open, this says so to screen readers. */
static void write_live_status(struct html *html)
{
	html_markup(html, "<p class=\"visually-hidden\" role=\"status\" data-live-status></p>\n");
}

static void write_empty_list(struct html *html, bool is_live)
{
	if (is_live)
		html_markup(html, "<div class=\"empty\" data-live=\"/users/events?after=0\" "
				  "data-live-empty>\n");
	else
		html_markup(html, "<div class=\"empty\">\n");
	html_markup(html, "<p>Nobody has signed up yet.</p>\n"
			  "<p><a class=\"button\" href=\"/\">Be the first</a></p>\n</div>\n");
}

static void write_user_list(struct html *html, const struct users_view *view)
{
	html_search_form(html, "", 0);
	html_markup(html, "<p class=\"lead\">");
	layout_user_count(html, view->total);
	html_markup(html, ", newest first.</p>\n");
	if (view->count > 0)
		html_user_list(
			html, &(struct user_list){.users = view->users,
				      .count = view->count,
				      .now = view->now,
				      .created = view->created != NULL ? view->created->number : 0,
				      .live_most = view->live_most});
	else
		html_markup(html, "<p class=\"empty\">No users here.</p>\n");
	html_pages(html, view->newer, "Newer", view->older, "Older");
}

void users_view(struct buffer *out, const struct users_view *view)
{
	struct html html = {.out = out};

	layout_begin(&html, "Users", LAYOUT_USERS);
	html_markup(&html, "<h1>Users</h1>\n");
	if (view->created != NULL)
		write_notice(&html, view->created);
	if (view->live_most > 0)
		write_live_status(&html);
	if (view->total == 0)
		write_empty_list(&html, view->live_most > 0);
	else
		write_user_list(&html, view);
	layout_end(&html);
}
