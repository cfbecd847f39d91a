/*
 * Taking oneself off the list. The code of the link is its fragment, which the server never sees:
 * www/leave.js puts it into the form. Without scripts, people paste the link.
 */
#include "views/leave.h"

#include "views/layout.h"
#include "views/user_parts.h"

#define WRONG "This is not the link that you were shown when you signed up."

static void write_who(struct html *html, const struct user *user)
{
	html_markup(html, "<p class=\"lead\">");
	html_user_name(html, user);
	html_markup(html, " is on the list, number ");
	html_count(html, user->number);
	html_markup(html, ". You can sign up again later, at the end of the list.</p>\n");
}

static void write_refusal(struct html *html)
{
	html_markup(html, "<div class=\"summary\" role=\"alert\" tabindex=\"-1\" autofocus>\n"
			  "<h2>There is a problem</h2>\n<p><a href=\"#key\">" WRONG "</a></p>\n"
			  "</div>\n");
}

static void write_key_field(struct html *html, bool is_refused)
{
	if (is_refused)
		html_markup(html, "<div class=\"field invalid\">\n");
	else
		html_markup(html, "<div class=\"field\">\n");
	html_markup(html, "<label for=\"key\">Your link</label>\n<p class=\"hint\" id=\"key-hint\">"
			  "The whole link that you were shown when you signed up.</p>\n");
	if (is_refused)
		html_markup(html,
			"<p class=\"error\" id=\"key-error\"><span>Error:</span> " WRONG "</p>\n");
	html_markup(html, "<input id=\"key\" name=\"key\" type=\"text\" required "
			  "autocomplete=\"off\" autocapitalize=\"none\" spellcheck=\"false\"");
	if (is_refused)
		html_markup(
			html, " aria-invalid=\"true\" aria-describedby=\"key-hint key-error\">\n");
	else
		html_markup(html, " aria-describedby=\"key-hint\">\n");
	html_markup(html, "</div>\n");
}

void leave_view(struct buffer *out, const struct sheet_text *sheet, const struct user *user,
	bool is_refused)
{
	struct html html = {.out = out};

	layout_begin(&html, sheet,
		is_refused ? "Error: Take your name off the list" : "Take your name off the list",
		LAYOUT_LEAVE);
	if (is_refused)
		write_refusal(&html);
	html_markup(&html, "<h1>Take your name off the list?</h1>\n");
	write_who(&html, user);
	html_markup(&html, "<form class=\"leave\" method=\"post\" action=\"");
	html_address(&html, "/leave/");
	html_number(&html, user->number);
	html_markup(&html, "\">\n");
	write_key_field(&html, is_refused);
	html_markup(&html, "<button type=\"submit\">Take my name off</button>\n</form>\n<p>");
	html_link(&html, "/users", "No, keep it on the list");
	html_markup(&html, "</p>\n");
	layout_end(&html, sheet);
}

void left_view(struct buffer *out, const struct sheet_text *sheet, const struct user *user)
{
	struct html html = {.out = out};

	layout_begin(&html, sheet, "You are off the list", LAYOUT_OTHER);
	html_markup(&html, "<h1>You are off the list</h1>\n<p class=\"lead\">");
	html_user_name(&html, user);
	html_markup(&html, " was taken off. The link to do so is used up.</p>\n<p>");
	html_link(&html, "/users", "See the list");
	html_markup(&html, "</p>\n");
	layout_end(&html, sheet);
}
