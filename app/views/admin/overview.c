/*
 * The organiser's first page. What is done most, on the day of the event, is at hand: to find
 * somebody, to close and reopen.
 */
#include "views/admin/overview.h"

#include "base/limit.h"
#include "views/admin/frame.h"
#include "views/layout.h"
#include "views/relative_time.h"
#include "views/user_parts.h"

static void write_done(struct html *html, const struct overview_view *view)
{
	if (view->added != NULL) {
		html_markup(html, "<p class=\"notice\" role=\"status\">");
		html_user_name(html, view->added);
		html_markup(html, " is on the list, number ");
		html_count(html, view->added->number);
		html_markup(html, ".</p>\n");
	} else if (view->removed != 0) {
		html_markup(html, "<p class=\"notice\" role=\"status\">The user with the number ");
		html_count(html, view->removed);
		html_markup(html, " is no longer on the list.</p>\n");
	} else if (view->is_saved) {
		html_admin_notice(html, "The change is saved.");
	}
}

static void write_when(struct html *html, int64_t time)
{
	char words[RELATIVE_TIME_SIZE];

	relative_time_date(time, words);
	html_time(html, time, words);
}

/* In a word, and what will change it. */
static void write_state(struct html *html, const struct overview_view *view)
{
	const struct sheet_status *status = &view->status;

	if (view->is_closed_now) {
		html_markup(html, "<strong>Closed</strong> by an organiser, until one reopens it.");
		return;
	}
	switch (status->state) {
	case SHEET_OPEN:
		html_markup(html, "<strong>Open</strong>");
		if (status->closes != 0) {
			html_markup(html, " until ");
			write_when(html, status->closes);
		}
		break;
	case SHEET_NOT_YET_OPEN:
		html_markup(html, "<strong>Not yet open</strong>, until ");
		write_when(html, status->opens);
		break;
	case SHEET_CLOSED:
		html_markup(html, "<strong>Closed</strong> since ");
		write_when(html, status->closes);
		break;
	case SHEET_FULL:
		html_markup(html, "<strong>Full</strong>");
		break;
	}
	html_markup(html, ".");
}

static void write_seats(struct html *html, const struct overview_view *view)
{
	layout_user_count(html, view->total);
	if (view->status.seats != 0) {
		html_markup(html, ", ");
		html_count(html, view->status.left);
		html_markup(html, " of ");
		html_count(html, view->status.seats);
		html_markup(html, " seats left");
	}
	html_markup(html, ".");
}

static void write_switch(struct html *html, bool is_closed)
{
	html_admin_form(html, is_closed ? "/admin/reopen" : "/admin/close");
	if (is_closed)
		html_markup(html, "<button type=\"submit\">Reopen</button></form>\n");
	else
		html_markup(html,
			"<button class=\"quiet\" type=\"submit\">Close now</button></form>\n");
}

static void write_button(struct html *html, const char *address, const char *words)
{
	html_markup(html, "<a class=\"button quiet\" href=\"");
	html_address(html, address);
	html_markup(html, "\">");
	html_string(html, words);
	html_markup(html, "</a>\n");
}

/* Organisers cannot set it so, but an option can be changed beside what they have set. */
static void write_contradiction(struct html *html, const struct overview_view *view)
{
	if (!view->never_opens)
		return;
	html_markup(html, "<p class=\"warning\" role=\"alert\"><strong>Sign-up never opens:"
			  "</strong> it closes before it opens. One of the times was set here, "
			  "and the other is an option of the server. Look at the ");
	html_link(html, "/admin/sheet", "settings");
	html_markup(html, ".</p>\n");
}

static void write_sheet(struct html *html, const struct overview_view *view)
{
	html_markup(html, "<section class=\"sheet\" aria-labelledby=\"sheet\">\n"
			  "<h2 id=\"sheet\">Sign-up</h2>\n<p>");
	write_state(html, view);
	html_markup(html, " ");
	write_seats(html, view);
	html_markup(html, "</p>\n<div class=\"actions\">\n");
	write_switch(html, view->is_closed_now);
	write_button(html, "/admin/sheet", "Settings");
	write_button(html, "/admin/add", "Add somebody");
	html_markup(html, "</div>\n</section>\n");
}

static void write_finder(struct html *html, const struct overview_view *view)
{
	html_markup(html, "<form role=\"search\" class=\"search\" method=\"get\" action=\"");
	html_address(html, "/admin");
	html_markup(html, "\">\n"
			  "<label for=\"q\">Find a name</label>\n"
			  "<input id=\"q\" name=\"q\" type=\"search\" autocomplete=\"off\""
			  " autocapitalize=\"none\" spellcheck=\"false\" dir=\"auto\" value=\"");
	html_text(html, view->typed, view->typed != NULL ? view->typed_length : 0);
	html_markup(html, "\">\n<button type=\"submit\">Search</button>\n</form>\n");
}

static void write_member(
	struct html *html, const struct overview_view *view, const struct user *user)
{
	char words[RELATIVE_TIME_SIZE];

	html_markup(html, "<li><span class=\"number\">");
	html_number(html, user->number);
	html_markup(html, "</span> <a href=\"");
	html_admin_user_address(html, user->number, "");
	html_markup(html, "\">");
	html_user_name(html, user);
	html_markup(html, "</a> ");
	if (view->last_seat != 0 && user->number > view->last_seat)
		html_markup(html, "<span class=\"tag\">Waiting</span> ");
	relative_time_format(user->created, view->now, words);
	html_time(html, user->created, words);
	html_markup(html, "</li>\n");
}

static void write_members(struct html *html, const struct overview_view *view)
{
	const struct page_link links[] = {
		{.rel = "prev", .address = view->newer, .name = "Previous"},
		{.rel = "next", .address = view->older, .name = "Next"},
	};

	if (view->count > 0)
		html_markup(html, "<ol class=\"users\">\n");
	for (size_t i = 0; i < view->count; i++)
		write_member(html, view, &view->users[i]);
	if (view->count > 0)
		html_markup(html, "</ol>\n");
	html_pages(html, links, 2);
}

static void write_matches(struct html *html, const struct overview_view *view)
{
	html_markup(html, "<p class=\"lead\">");
	if (view->found > LIMIT_FOUND)
		html_markup(html, "More than ");
	html_count(html, view->found > LIMIT_FOUND ? LIMIT_FOUND : view->found);
	html_string(html, view->found == 1 ? " user" : " users");
	html_markup(html, " with a word that begins with “<bdi>");
	html_text(html, view->typed, view->typed_length);
	html_markup(html, "</bdi>”. ");
	html_link(html, "/admin", "All users");
	html_markup(html, "</p>\n");
}

static void write_downloads(struct html *html)
{
	html_markup(html, "<section class=\"take\" aria-labelledby=\"take\">\n"
			  "<h2 id=\"take\">Take the list along</h2>\n"
			  "<p>");
	html_link(html, "/users.csv", "For a spreadsheet (CSV)");
	html_markup(html, ", ");
	html_link(html, "/users.jsonl", "for programs (JSON Lines)");
	html_markup(html, ", or ");
	html_link(html, "/users/print", "to print");
	html_markup(html, ".</p>\n</section>\n");
}

void overview_view(struct buffer *out, const struct overview_view *view)
{
	struct html html = {.out = out};

	layout_begin(&html, view->sheet, "Organise", LAYOUT_ORGANISER);
	html_markup(&html, "<h1>Organise</h1>\n");
	write_done(&html, view);
	write_contradiction(&html, view);
	write_sheet(&html, view);
	html_markup(&html, "<section aria-labelledby=\"list\">\n<h2 id=\"list\">The list</h2>\n");
	if (view->total > 0)
		write_finder(&html, view);
	if (view->typed != NULL)
		write_matches(&html, view);
	else if (view->total == 0)
		html_markup(&html, "<p class=\"empty\">Nobody has signed up yet.</p>\n");
	write_members(&html, view);
	html_markup(&html, "</section>\n");
	write_downloads(&html);
	html_markup(&html, "<p class=\"who\">You are <bdi>");
	html_string(&html, view->organiser);
	html_markup(&html, "</bdi>. What you change is in the log under this name.</p>\n"
			   "<p class=\"who\">How the server is doing: ");
	html_link(&html, "/loop", "the event loop at work");
	html_markup(&html, ". It is a page for the machine of the server: a browser elsewhere "
			   "is refused.</p>\n");
	layout_end(&html, view->sheet);
}
