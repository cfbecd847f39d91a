/*
 * One user has a page of its own, to which lists lead, and links from elsewhere: the name, the
 * number, the exact time, and ways back to the list and on to the users beside this one.
 */
#include "views/user.h"

#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "base/limit.h"
#include "views/layout.h"
#include "views/relative_time.h"
#include "views/user_parts.h"

#define ADDRESS_SIZE (sizeof("/users?before=") + DECIMAL_LENGTH)

/* Numbers are never used twice: after a removal the last one is above the count. */
static void write_number(struct html *html, const struct user_view *view)
{
	html_markup(html, "<div><dt>Number</dt><dd>");
	html_count(html, view->user->number);
	html_markup(html, ", on a list of ");
	layout_user_count(html, view->total);
	html_markup(html, "</dd></div>\n");
}

/* www/times.js shows the time in the zone of the device. */
static void write_exact_time(struct html *html, int64_t created)
{
	char exact[RELATIVE_TIME_SIZE];

	relative_time_exact(created, exact);
	html_markup(html, "<div><dt>Signed up</dt><dd>");
	html_time(html, created, exact);
	html_markup(html, "</dd></div>\n");
}

/* To the page of the list with this user at its top. The newest user has the page that is live. */
static void write_way_to_list(struct html *html, const struct user_view *view)
{
	html_markup(html, "<p><a href=\"");
	html_address(html, "/users");
	if (view->newer > 0) {
		html_markup(html, "?before=");
		html_number(html, view->user->number + 1);
	}
	html_markup(html, "\">Show in the list</a></p>\n");
}

static const char *write_address(char address[static ADDRESS_SIZE], uint64_t number)
{
	if (number == 0)
		return NULL;
	char *end = stpcpy(address, "/users/");
	end[decimal_write(number, end)] = '\0';
	return address;
}

static void write_neighbours(struct html *html, const struct user_view *view)
{
	char newer[ADDRESS_SIZE], older[ADDRESS_SIZE];
	const struct page_link links[] = {
		{.rel = "prev", .address = write_address(newer, view->newer), .name = "Newer"},
		{.rel = "next", .address = write_address(older, view->older), .name = "Older"},
	};

	html_pages(html, links, 2);
}

void user_view(struct buffer *out, const struct user_view *view)
{
	const struct user *user = view->user;
	struct html html = {.out = out};
	char title[LIMIT_NAME + 1];

	snprintf(title, sizeof(title), "%.*s", (int)user->name_length, user->name);
	layout_begin(&html, view->sheet, title, LAYOUT_USER);
	html_markup(&html, "<h1>");
	html_user_name(&html, user);
	html_markup(&html, "</h1>\n<dl class=\"facts\">\n");
	write_number(&html, view);
	if (view->last_seat != 0 && user->number > view->last_seat)
		html_markup(&html, "<div><dt>Seat</dt><dd>On the waiting list</dd></div>\n");
	write_exact_time(&html, user->created);
	html_markup(&html, "</dl>\n");
	write_way_to_list(&html, view);
	write_neighbours(&html, view);
	layout_end(&html, view->sheet);
}
