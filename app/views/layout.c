/*
 * The frame of every page: head, navigation, footer. The build has made the ASSET_ macros: the
 * icon, and the addresses of style sheet, scripts and the icon for phones.
 *
 * Previews of links take what they show from the og: properties (ogp.me). There is neither og:url
 * nor og:image: both need the address of the site, which a request may misstate behind a proxy, and
 * pages are kept for all clients.
 */
#include "views/layout.h"

#include "assets.h"
#include "views/sheet_parts.h"

static void write_stylesheet(struct html *html, const char *address)
{
	html_markup(html, "<link rel=\"stylesheet\" href=\"");
	html_address(html, address);
	html_markup(html, "\">\n");
}

static void write_script(struct html *html, const char *address)
{
	html_markup(html, "<script type=\"module\" src=\"");
	html_address(html, address);
	html_markup(html, "\"></script>\n");
}

/* The one of the sheet's own comes last, and can change what the others say. */
static void write_stylesheets(
	struct html *html, const struct sheet_text *sheet, enum layout_page page)
{
	write_stylesheet(html, ASSET_STYLE);
	if (page == LAYOUT_ORGANISER)
		write_stylesheet(html, ASSET_ORGANISER);
	if (page == LAYOUT_LOOP)
		write_stylesheet(html, ASSET_LOOP);
	if (*sheet->style != '\0')
		write_stylesheet(html, sheet->style);
}

/* What the page is to browsers and search engines. */
static void write_meta(struct html *html, const struct sheet_text *sheet, const char *title)
{
	html_markup(html,
		"<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\n"
		"<meta name=\"description\" content=\"");
	html_sheet_description(html, sheet);
	html_markup(html, "\">\n<title>");
	if (title != NULL) {
		html_string(html, title);
		html_markup(html, " – ");
	}
	html_string(html, sheet->title);
	html_markup(html, "</title>\n");
}

static void write_assets(struct html *html, const struct sheet_text *sheet, enum layout_page page)
{
	write_stylesheets(html, sheet, page);
	html_markup(html, "<link rel=\"icon\" href=\"" ASSET_ICON "\" type=\"image/svg+xml\">\n");
	if (page == LAYOUT_SIGN_UP)
		write_script(html, ASSET_FORM);
	else if (page == LAYOUT_USERS || page == LAYOUT_CREATED)
		write_script(html, ASSET_LIVE);
	else if (page == LAYOUT_LEAVE)
		write_script(html, ASSET_LEAVE);
	else if (page == LAYOUT_USER)
		write_script(html, ASSET_TIMES);
	else if (page == LAYOUT_LOOP)
		write_script(html, ASSET_WATCH);
}

/* What it is elsewhere: in the preview of a link, on the home screen of a phone. */
static void write_preview(struct html *html, const struct sheet_text *sheet, const char *title)
{
	html_markup(html, "<link rel=\"apple-touch-icon\" href=\"");
	html_address(html, ASSET_APPLE_TOUCH_ICON);
	html_markup(html, "\">\n"
			  "<meta property=\"og:type\" content=\"website\">\n"
			  "<meta property=\"og:site_name\" content=\"");
	html_string(html, sheet->title);
	html_markup(html, "\">\n<meta property=\"og:title\" content=\"");
	html_string(html, title != NULL ? title : sheet->title);
	html_markup(html, "\">\n<meta property=\"og:description\" content=\"");
	html_sheet_description(html, sheet);
	html_markup(html, "\">\n");
}

static void write_document_head(
	struct html *html, const struct sheet_text *sheet, const char *title, enum layout_page page)
{
	html_markup(html, "<!doctype html>\n<html lang=\"en\">\n<head>\n");
	if (page == LAYOUT_CREATED)
		html_markup(html, "<meta name=\"referrer\" content=\"no-referrer\">\n");
	write_meta(html, sheet, title);
	write_assets(html, sheet, page);
	if (page != LAYOUT_ERROR && page != LAYOUT_ORGANISER && page != LAYOUT_LOOP)
		write_preview(html, sheet, title);
	html_markup(html, "</head>\n<body>\n");
}

/* Says which of the linked pages this is, to eyes and to screen readers. */
static void write_navigation(
	struct html *html, const struct sheet_text *sheet, enum layout_page page)
{
	html_markup(html, "<header class=\"site\"><a class=\"brand\" href=\"");
	html_address(html, "/");
	html_markup(html, "\"><bdi>");
	html_string(html, sheet->title);
	html_markup(html, "</bdi></a><nav aria-label=\"Site\"><a href=\"");
	html_address(html, "/");
	html_markup(html, "\"");
	if (page == LAYOUT_SIGN_UP)
		html_markup(html, " aria-current=\"page\"");
	html_markup(html, ">Sign up</a> <a href=\"");
	html_address(html, "/users");
	html_markup(html, "\"");
	if (page == LAYOUT_USERS || page == LAYOUT_CREATED)
		html_markup(html, " aria-current=\"page\"");
	html_markup(html, ">Users</a>");
	if (page == LAYOUT_ORGANISER) {
		html_markup(html, " <a href=\"");
		html_address(html, "/admin");
		html_markup(html, "\" aria-current=\"page\">Organise</a>");
	}
	html_markup(html, "</nav></header>\n");
}

void layout_begin(
	struct html *html, const struct sheet_text *sheet, const char *title, enum layout_page page)
{
	html->base = sheet->base_path;
	write_document_head(html, sheet, title, page);
	write_navigation(html, sheet, page);
	html_markup(html, "<main>\n");
}

void layout_end(struct html *html, const struct sheet_text *sheet)
{
	html_markup(html, "</main>\n<footer>\n");
	html_sheet_notes(html, sheet);
	html_markup(html, "<p>Rollcall, a sign-up sheet that never loses a name.</p>\n"
			  "</footer>\n"
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
