/*
 * The list on paper: numbers, names, days. The browser counts the rows, so a number is written only
 * where one is missing before it. Rows have no identifiers and no links: of 5,000 users each byte
 * is 5 KB.
 */
#include "views/users_print.h"

#include <string.h>

#include "base/decimal.h"
#include "views/layout.h"
#include "views/relative_time.h"
#include "views/user_parts.h"

#define ADDRESS      "/users/print"
#define ADDRESS_SIZE (sizeof(ADDRESS "?after=") + DECIMAL_LENGTH)

/* "60 users", "The first 5,000 of 25,000 users", "Up to 5,000 of 25,000 users, after number
 * 5,000". */
static void write_which(struct html *html, const struct users_print_view *view)
{
	bool is_whole = view->after == 0 && view->total <= view->most;

	if (!is_whole) {
		if (view->after == 0)
			html_markup(html, "The first ");
		else
			html_markup(html, "Up to ");
		html_count(html, view->most);
		html_markup(html, " of ");
	}
	layout_user_count(html, view->total);
	if (view->after > 0) {
		html_markup(html, ", after number ");
		html_count(html, view->after);
	}
}

void users_print_begin(struct buffer *out, const struct users_print_view *view)
{
	struct html html = {.out = out};
	char date[RELATIVE_TIME_SIZE];

	relative_time_date(view->now, date);
	layout_begin(&html, view->sheet, "All users", LAYOUT_OTHER);
	html_markup(&html, "<h1>All users</h1>\n<p class=\"lead\">");
	write_which(&html, view);
	html_markup(&html, ", oldest first. ");
	html_string(&html, date);
	html_markup(&html, ".</p>\n<p class=\"screen\">Print this page from your browser. ");
	html_link(&html, "/users", "Back to the list");
	html_markup(&html, "</p>\n"
			   "<ol class=\"roll\">\n");
}

void users_print_user(struct buffer *out, struct users_print_view *view, const struct user *user)
{
	struct html html = {.out = out};
	char day[RELATIVE_TIME_SIZE];

	relative_time_day(user->created, day);
	if (user->number == view->previous + 1) {
		html_markup(&html, "<li>");
	} else {
		html_markup(&html, "<li value=\"");
		html_number(&html, user->number);
		html_markup(&html, "\">");
	}
	view->previous = user->number;
	html_user_name(&html, user);
	html_markup(&html, " <span>");
	html_string(&html, day);
	if (view->last_seat != 0 && user->number > view->last_seat)
		html_markup(&html, ", waiting");
	html_markup(&html, "</span></li>\n");
}

void users_print_end(struct buffer *out, const struct users_print_view *view, uint64_t next)
{
	struct html html = {.out = out, .base = view->sheet->base_path};
	char address[ADDRESS_SIZE];
	const struct page_link links[] = {
		{.address = view->after > 0 ? ADDRESS : NULL, .name = "First users"},
		{.rel = "next", .address = next > 0 ? address : NULL, .name = "Next users"},
	};

	char *end = stpcpy(address, ADDRESS "?after=");
	end[decimal_write(next, end)] = '\0';
	html_markup(&html, "</ol>\n");
	html_pages(&html, links, 2);
	layout_end(&html, view->sheet);
}
