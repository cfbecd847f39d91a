/*
 * What the pages about users share: a name, its times, a list, links to the pages beside it. A name
 * can be of either direction of text, and stands in <bdi> wherever it is shown.
 */
#include "views/user_parts.h"

#include <stdbool.h>

#include "base/timestamp.h"
#include "views/relative_time.h"

void html_user_name(struct html *html, const struct user *user)
{
	html_markup(html, "<bdi>");
	html_text(html, user->name, user->name_length);
	html_markup(html, "</bdi>");
}

void html_user_date(struct html *html, const struct user *user)
{
	char exact[TIMESTAMP_SIZE], date[RELATIVE_TIME_SIZE];

	timestamp_format(user->created, exact);
	relative_time_date(user->created, date);
	html_markup(html, "<time datetime=\"");
	html_literal(html, exact, TIMESTAMP_LENGTH);
	html_markup(html, "\">");
	html_string(html, date);
	html_markup(html, "</time>");
}

static void write_time(struct html *html, const struct user *user, int64_t now)
{
	char exact[TIMESTAMP_SIZE], date[RELATIVE_TIME_SIZE], words[RELATIVE_TIME_SIZE];

	timestamp_format(user->created, exact);
	relative_time_date(user->created, date);
	relative_time_format(user->created, now, words);
	html_markup(html, "<time datetime=\"");
	html_literal(html, exact, TIMESTAMP_LENGTH);
	html_markup(html, "\" title=\"");
	html_string(html, date);
	html_markup(html, "\">");
	html_string(html, words);
	html_markup(html, "</time></li>\n");
}

static void write_item(struct html *html, const struct user *user, bool is_new)
{
	html_markup(html, "<li id=\"user-");
	html_number(html, user->number);
	if (is_new)
		html_markup(html, "\" class=\"new\"><bdi>");
	else
		html_markup(html, "\"><bdi>");
	html_text(html, user->name, user->name_length);
	if (is_new)
		html_markup(html, "</bdi> <span class=\"tag\">New</span> ");
	else
		html_markup(html, "</bdi> ");
}

void html_user_list(struct html *html, const struct user_list *list)
{
	if (list->live_most > 0 && list->count > 0) {
		html_markup(html, "<ol class=\"users\" data-live=\"/users/events?after=");
		html_number(html, list->users[0].number);
		html_markup(html, "\" data-most=\"");
		html_number(html, list->live_most);
		html_markup(html, "\">\n");
	} else {
		html_markup(html, "<ol class=\"users\">\n");
	}
	for (size_t i = 0; i < list->count; i++) {
		write_item(html, &list->users[i], list->users[i].number == list->created);
		write_time(html, &list->users[i], list->now);
	}
	html_markup(html, "</ol>\n");
}

static void write_page_link(
	struct html *html, const char *rel, const char *address, const char *name)
{
	html_markup(html, "<a rel=\"");
	html_string(html, rel);
	html_markup(html, "\" href=\"");
	html_string(html, address);
	html_markup(html, "\">");
	html_string(html, name);
	html_markup(html, "</a>");
}

void html_pages(struct html *html, const char *previous, const char *previous_name,
	const char *next, const char *next_name)
{
	if (previous == NULL && next == NULL)
		return;
	html_markup(html, "<nav class=\"pages\" aria-label=\"Pages\">");
	if (previous != NULL)
		write_page_link(html, "prev", previous, previous_name);
	if (previous != NULL && next != NULL)
		html_markup(html, " ");
	if (next != NULL)
		write_page_link(html, "next", next, next_name);
	html_markup(html, "</nav>\n");
}
