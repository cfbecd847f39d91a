/*
 * The list. Only its newest page is live: data-live tells www/live.js where to follow it.
 */
#include "views/users.h"

#include <stdbool.h>

#include "views/layout.h"
#include "views/letters.h"
#include "views/relative_time.h"
#include "views/search.h"
#include "views/user_parts.h"

/* The address of the page names a user, and can be kept, sent to others, or made up. Only a user
 * that has just signed up is likely to read it. */
static bool is_for_new_user(const struct users_view *view)
{
	return view->created != NULL &&
	       relative_time_is_just_now(view->created->created, view->now);
}

/* 1st, 2nd, 3rd, 4th, 11th, 21st. */
static void write_ordinal(struct html *html, uint64_t place)
{
	bool is_teen = place % 100 >= 11 && place % 100 <= 13;

	html_count(html, place);
	if (place % 10 == 1 && !is_teen)
		html_markup(html, "st");
	else if (place % 10 == 2 && !is_teen)
		html_markup(html, "nd");
	else if (place % 10 == 3 && !is_teen)
		html_markup(html, "rd");
	else
		html_markup(html, "th");
}

static void write_you_are_on_list(struct html *html, const struct users_view *view)
{
	if (view->last_seat == 0 || view->created->number <= view->last_seat) {
		html_markup(html, "You are on the list, number ");
		html_count(html, view->created->number);
		return;
	}
	html_markup(html, "You are on the waiting list");
	if (view->in_line == 0)
		return;
	html_markup(html, ", ");
	write_ordinal(html, view->in_line);
	html_markup(html, " in line");
}

static void begin_page(struct html *html, const struct users_view *view)
{
	struct buffer title = {0};

	if (!is_for_new_user(view)) {
		layout_begin(html, view->sheet, "Users", LAYOUT_USERS);
		return;
	}
	write_you_are_on_list(&(struct html){.out = &title}, view);
	buffer_append(&title, "", 1);
	layout_begin(html, view->sheet, title.failed ? "Users" : title.bytes,
		view->leave != NULL ? LAYOUT_CREATED : LAYOUT_USERS);
	buffer_free(&title);
}

/* Shown once, to the new user alone. Short: the new row is to be in sight on a small phone. */
static void write_way_to_leave(struct html *html, const char *leave)
{
	html_markup(html, "<p class=\"hint\">Keep this private link: ");
	html_link(html, leave, "Leave the list");
	html_markup(html, "</p>\n");
}

/* For the new user it has the focus: screen readers read it, and it is in sight. */
static void write_notice(struct html *html, const struct users_view *view)
{
	html_markup(html, "<p class=\"notice\" role=\"status\"");
	if (is_for_new_user(view)) {
		html_markup(html, " tabindex=\"-1\" autofocus><strong>");
		write_you_are_on_list(html, view);
		html_markup(html, ".</strong> ");
	} else {
		html_markup(html, ">");
	}
	html_user_name(html, view->created);
	html_markup(html, " has signed up.</p>\n");
	if (view->leave != NULL)
		write_way_to_leave(html, view->leave);
}

/* Where somebody may sign up while the page is open, this says so to screen readers. */
static void write_live_status(struct html *html)
{
	html_markup(html, "<p class=\"visually-hidden\" role=\"status\" data-live-status></p>\n");
}

/* The home page says when it opens, or that it is closed. */
static void write_empty_list(struct html *html, const struct users_view *view)
{
	html_markup(html, "<div class=\"empty\"");
	if (view->live_most > 0) {
		html_markup(html, " data-live=\"");
		html_address(html, "/users/events?after=0-");
		html_number(html, view->change);
		html_markup(html, "\" data-live-empty");
	}
	html_markup(html, ">\n<p>Nobody has signed up yet.</p>\n");
	if (view->is_open) {
		html_markup(html, "<p><a class=\"button\" href=\"");
		html_address(html, "/");
		html_markup(html, "\">Be the first</a></p>\n");
	}
	html_markup(html, "</div>\n");
}

/* "1 to 50 of ", unless the page has all users. Under a live list it stays right: the page keeps
 * its length. */
static void write_range(struct html *html, const struct users_view *view)
{
	if (view->first == 0 || view->count == 0 || view->count == view->total)
		return;
	html_count(html, view->first);
	html_markup(html, " to ");
	html_count(html, view->first + view->count - 1);
	html_markup(html, " of ");
}

/* The ends of the list are named where they are not this page. */
static void write_list_pages(struct html *html, const struct users_view *view)
{
	const struct page_link links[] = {
		{.address = view->newer != NULL ? USERS_NEWEST : NULL, .name = "Newest"},
		{.rel = "prev", .address = view->newer, .name = "Newer"},
		{.rel = "next", .address = view->older, .name = "Older"},
		{.address = view->older != NULL ? USERS_OLDEST : NULL, .name = "Oldest"},
	};

	html_pages(html, links, 4);
}

/* To paper, and to a file. */
static void write_ways_out(struct html *html, const struct users_view *view)
{
	html_markup(html, "<p class=\"print\"><a href=\"");
	html_address(html, "/users/print");
	html_markup(html, "\">");
	if (view->total <= view->print_size) {
		html_markup(html, "Print the whole list");
	} else {
		html_markup(html, "Print the list, ");
		html_count(html, view->print_size);
		html_markup(html, " users a page");
	}
	html_markup(html, "</a>");
	if (view->is_export_public) {
		html_markup(html, " ");
		html_link(html, "/users.csv", "Download the list (CSV)");
	}
	html_markup(html, "</p>\n");
}

static void write_user_list(struct html *html, const struct users_view *view)
{
	html_search_form(html, "", 0);
	html_markup(html, "<p class=\"lead\">");
	write_range(html, view);
	layout_user_count(html, view->total);
	html_markup(html, ", newest first.</p>\n");
	if (view->count > 0)
		html_user_list(
			html, &(struct user_list){.users = view->users,
				      .count = view->count,
				      .now = view->now,
				      .created = view->created != NULL ? view->created->number : 0,
				      .live_most = view->live_most,
				      .last_seat = view->last_seat,
				      .change = view->change});
	else
		html_markup(html, "<p class=\"empty\">No users here.</p>\n");
	write_list_pages(html, view);
	html_letters(html, view->letters);
	write_ways_out(html, view);
}

void users_view(struct buffer *out, const struct users_view *view)
{
	struct html html = {.out = out};

	begin_page(&html, view);
	html_markup(&html, "<h1>Users</h1>\n");
	if (view->created != NULL)
		write_notice(&html, view);
	if (view->live_most > 0)
		write_live_status(&html);
	if (view->total == 0)
		write_empty_list(&html, view);
	else
		write_user_list(&html, view);
	layout_end(&html, view->sheet);
}
