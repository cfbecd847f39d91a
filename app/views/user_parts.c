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

static void write_item(struct html *html, const struct user *user, bool is_new, bool is_waiting)
{
	html_markup(html, "<li id=\"user-");
	html_number(html, user->number);
	if (is_new)
		html_markup(html, "\" class=\"new\"><a href=\"");
	else
		html_markup(html, "\"><a href=\"");
	html_address(html, "/users/");
	html_number(html, user->number);
	html_markup(html, "\"><bdi>");
	html_text(html, user->name, user->name_length);
	if (is_new)
		html_markup(html, "</bdi></a> <span class=\"tag\">New</span> ");
	else
		html_markup(html, "</bdi></a> ");
	if (is_waiting)
		html_markup(html, "<span class=\"tag waiting\">Waiting</span> ");
}

void html_user_list(struct html *html, const struct user_list *list)
{
	if (list->live_most > 0 && list->count > 0) {
		html_markup(html, "<ol class=\"users\" data-live=\"");
		html_address(html, "/users/events?after=");
		html_number(html, list->users[0].number);
		html_markup(html, "-");
		html_number(html, list->change);
		html_markup(html, "\" data-most=\"");
		html_number(html, list->live_most);
		html_markup(html, "\">\n");
	} else {
		html_markup(html, "<ol class=\"users\">\n");
	}
	for (size_t i = 0; i < list->count; i++) {
		const struct user *user = &list->users[i];
		write_item(html, user, user->number == list->created,
			list->last_seat != 0 && user->number > list->last_seat);
		write_time(html, &list->users[i], list->now);
	}
	html_markup(html, "</ol>\n");
}

static void write_page_link(struct html *html, const struct page_link *link)
{
	html_markup(html, "<a");
	if (link->rel != NULL) {
		html_markup(html, " rel=\"");
		html_string(html, link->rel);
		html_markup(html, "\"");
	}
	html_markup(html, " href=\"");
	html_address(html, link->address);
	html_markup(html, "\">");
	html_string(html, link->name);
	html_markup(html, "</a>");
}

void html_pages(struct html *html, const struct page_link *links, size_t count)
{
	bool is_begun = false;

	for (size_t i = 0; i < count; i++) {
		if (links[i].address == NULL)
			continue;
		if (is_begun)
			html_markup(html, " ");
		else
			html_markup(html, "<nav class=\"pages\" aria-label=\"Pages\">");
		is_begun = true;
		write_page_link(html, &links[i]);
	}
	if (is_begun)
		html_markup(html, "</nav>\n");
}
