/*
 * The page of a search, which has three forms: users that were found, none, and a text that no word
 * can begin with.
 */
#include "views/search.h"

#include "base/limit.h"
#include "views/layout.h"
#include "views/user_parts.h"

void html_search_form(struct html *html, const char *typed, size_t length)
{
	html_markup(html, "<form role=\"search\" class=\"search\" action=\"");
	html_address(html, "/users");
	html_markup(html, "\" method=\"get\">\n"
			  "<label for=\"q\">Find a name</label>\n"
			  "<input id=\"q\" name=\"q\" type=\"search\" autocomplete=\"off\""
			  " autocapitalize=\"none\" spellcheck=\"false\" dir=\"auto\" value=\"");
	html_text(html, typed, length);
	html_markup(html, "\">\n"
			  "<button type=\"submit\">Search</button>\n"
			  "</form>\n");
}

static void write_typed(struct html *html, const struct users_view *view)
{
	html_markup(html, " “<bdi>");
	html_text(html, view->typed, view->typed_length);
	html_markup(html, "</bdi>”");
}

static void write_how_many(struct html *html, size_t found)
{
	if (found > LIMIT_FOUND)
		html_markup(html, "More than ");
	html_markup(html, "<strong class=\"count\">");
	html_count(html, found > LIMIT_FOUND ? LIMIT_FOUND : found);
	if (found == 1)
		html_markup(html, " name</strong> has a word that begins with");
	else
		html_markup(html, " names</strong> have a word that begins with");
}

static void write_found(struct html *html, const struct users_view *view)
{
	html_markup(html, "<p class=\"lead\">");
	write_how_many(html, view->found);
	write_typed(html, view);
	html_markup(html, ", in alphabetical order. ");
	html_link(html, "/users", "All users");
	html_markup(html, "</p>\n");
	if (view->count > 0)
		html_user_list(html, &(struct user_list){.last_seat = view->last_seat,

					     .users = view->users,
					     .count = view->count,
					     .now = view->now});
	else
		html_markup(html, "<p class=\"empty\">No more users here.</p>\n");
	const struct page_link links[] = {
		{.rel = "prev", .address = view->newer, .name = "Previous"},
		{.rel = "next", .address = view->older, .name = "Next"},
	};
	html_pages(html, links, 2);
}

static void write_no_match(struct html *html, const struct users_view *view)
{
	html_markup(html, "<p class=\"empty\">No name has a word that begins with");
	write_typed(html, view);
	html_markup(html, ". Try its first letters alone, or look through ");
	html_link(html, "/users", "all users");
	html_markup(html, ".</p>\n");
}

void search_view(struct buffer *out, const struct users_view *view)
{
	struct html html = {.out = out};

	layout_begin(&html, view->sheet, "Search", LAYOUT_USERS);
	html_markup(&html, "<h1>Users</h1>\n");
	html_search_form(&html, view->typed, view->typed_length);
	if (view->count > 0 || view->newer != NULL || view->older != NULL)
		write_found(&html, view);
	else
		write_no_match(&html, view);
	layout_end(&html, view->sheet);
}
