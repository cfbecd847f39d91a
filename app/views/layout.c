/*
 * The frame of every page: head, navigation, footer. Style sheet, icon and script are named by the
 * ASSET_ macros, so that their addresses are written once.
 */
#include "views/layout.h"

#include "assets.h"

static void write_document_head(struct html *html, const char *title, enum layout_page page)
{
	html_markup(html,
		"<!doctype html>\n"
		"<html lang=\"en\">\n"
		"<head>\n"
		"<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\n"
		"<meta name=\"description\" content=\"A sign-up sheet: put your name on the list, "
		"and "
		"see who else is on it.\">\n"
		"<title>");
	html_string(html, title);
	html_markup(html, " – Rollcall</title>\n"
			  "<link rel=\"stylesheet\" href=\"" ASSET_STYLE "\">\n"
			  "<link rel=\"icon\" href=\"" ASSET_ICON "\" type=\"image/svg+xml\">\n");
	if (page == LAYOUT_USERS)
		html_markup(html, "<script type=\"module\" src=\"" ASSET_LIVE "\"></script>\n");
	html_markup(html, "</head>\n<body>\n");
}

/* Says which of the linked pages this is, to eyes and to screen readers. */
static void write_navigation(struct html *html, enum layout_page page)
{
	html_markup(html, "<header class=\"site\"><a class=\"brand\" href=\"/\">Rollcall</a>"
			  "<nav aria-label=\"Site\"><a href=\"/\"");
	if (page == LAYOUT_SIGN_UP)
		html_markup(html, " aria-current=\"page\"");
	html_markup(html, ">Sign up</a> <a href=\"/users\"");
	if (page == LAYOUT_USERS)
		html_markup(html, " aria-current=\"page\"");
	html_markup(html, ">Users</a></nav></header>\n");
}

void layout_begin(struct html *html, const char *title, enum layout_page page)
{
	write_document_head(html, title, page);
	write_navigation(html, page);
	html_markup(html, "<main>\n");
}

void layout_end(struct html *html)
{
	html_markup(html, "</main>\n"
			  "<footer>Rollcall, a sign-up sheet that never loses a name.</footer>\n"
			  "</body>\n"
			  "</html>\n");
}

void layout_user_count(struct html *html, uint64_t count)
{
	html_markup(html, "<strong class=\"count\">");
	html_count(html, count);
	if (count == 1)
		html_markup(html, " user</strong>");
	else
		html_markup(html, " users</strong>");
}
