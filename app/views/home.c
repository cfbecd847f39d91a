/*
 * The home page. After a failed create it shows the form again, with what was typed and why it was
 * refused: at the field, and at the top for readers that do not see the field.
 */
#include "views/home.h"

#include <stdbool.h>

#include "http/form.h"
#include "views/layout.h"
#include "views/relative_time.h"
#include "views/sheet_parts.h"
#include "views/user_parts.h"

static void write_greeting(struct html *html, const struct sheet_text *sheet)
{
	html_markup(html, "<h1><bdi>");
	html_string(html, sheet->title);
	html_markup(html, "</bdi></h1>\n");
	html_sheet_intro(html, sheet);
}

static void write_user_count(struct html *html, uint64_t users, bool is_open)
{
	html_markup(html, "<p class=\"lead\">");
	if (users == 0) {
		html_markup(html, "Nobody has signed up yet: ");
		layout_user_count(html, users);
		if (is_open)
			html_markup(html, ". Be the first.</p>\n");
		else
			html_markup(html, ".</p>\n");
		return;
	}
	layout_user_count(html, users);
	if (users == 1)
		html_markup(html, " has");
	else
		html_markup(html, " have");
	if (is_open)
		html_markup(html, " signed up. Put your name on ");
	else
		html_markup(html, " signed up. See ");
	html_link(html, "/users", "the list");
	html_markup(html, ".</p>\n");
}

static void write_problem_reason(struct html *html, const struct home_view *view)
{
	html_string(html, view->problem);
	if (view->holder != NULL) {
		html_markup(html, " ");
		html_user_name(html, view->holder);
		html_string(html, user_full_stop(view->holder));
	}
}

/* At the top of the page, for readers that do not see the field: screen readers, zoomed pages. It
 * has the focus, and not the field, which would scroll the summary away. */
static void write_summary(struct html *html, const struct home_view *view)
{
	html_markup(html, "<div class=\"summary\" role=\"alert\" tabindex=\"-1\" autofocus>\n"
			  "<h2>There is a problem</h2>\n"
			  "<p>");
	if (view->status.state == SHEET_OPEN)
		html_markup(html, "<a href=\"#username\">");
	write_problem_reason(html, view);
	if (view->status.state == SHEET_OPEN)
		html_markup(html, "</a>");
	html_markup(html, "</p>\n</div>\n");
}

/* A visitor that pressed the button twice, or lost the response, has the name already. */
static bool may_be_held_by_asker(const struct home_view *view)
{
	return view->holder != NULL && !view->is_alike &&
	       relative_time_is_just_now(view->holder->created, view->now);
}

/* The link fills the field. */
static void write_suggestion(struct html *html, const struct username *suggestion)
{
	html_markup(html, " Try <a href=\"");
	html_address(html, "/?username=");
	form_encode(html->out, suggestion->text, suggestion->length);
	html_markup(html, "\"><bdi>");
	html_text(html, suggestion->text, suggestion->length);
	html_markup(html, "</bdi></a>.");
}

static void write_problem(struct html *html, const struct home_view *view)
{
	html_markup(html, "<p class=\"error\" id=\"username-error\"><span>Error:</span> ");
	write_problem_reason(html, view);
	if (may_be_held_by_asker(view)) {
		html_markup(html, " If that was you, a moment ago, you are on ");
		html_link(html, "/users", "the list");
		html_markup(html, ".");
	}
	if (view->suggestion != NULL)
		write_suggestion(html, view->suggestion);
	html_markup(html, "</p>\n");
}

/* maxlength counts UTF-16 units, and the rule code points, of which each is two units at most: no
 * name that would be taken is cut short. */
static void write_input(struct html *html, const struct home_view *view)
{
	html_markup(html, "<input id=\"username\" name=\"username\" type=\"text\" required "
			  "maxlength=\"128\" autocomplete=\"name\" autocapitalize=\"words\" "
			  "spellcheck=\"false\" dir=\"auto\"");
	if (view->problem != NULL)
		html_markup(html, " aria-invalid=\"true\" aria-describedby=\"username-hint "
				  "username-error\"");
	else
		html_markup(html, " aria-describedby=\"username-hint\"");
	html_markup(html, " value=\"");
	if (view->typed != NULL)
		html_text(html, view->typed, view->typed_length);
	html_markup(html, "\">\n");
}

static void write_form(struct html *html, const struct home_view *view)
{
	html_markup(html, "<form method=\"post\" action=\"");
	html_address(html, "/create-user");
	html_markup(html, "\">\n");
	if (view->problem != NULL)
		html_markup(html, "<div class=\"field invalid\">\n");
	else
		html_markup(html, "<div class=\"field\">\n");
	html_markup(html,
		"<label for=\"username\">Your name</label>\n"
		"<p class=\"hint\" id=\"username-hint\">Up to 64 letters and digits, with "
		"spaces, hyphens, apostrophes, full stops or underscores.</p>\n");
	if (view->problem != NULL)
		write_problem(html, view);
	write_input(html, view);
	html_markup(html, "<button type=\"submit\">Sign up</button>\n</div>\n</form>\n");
}

static void write_latest(struct html *html, const struct home_view *view)
{
	html_markup(html, "<section class=\"latest\" aria-labelledby=\"latest\">\n"
			  "<h2 id=\"latest\">Latest</h2>\n");
	html_user_list(html, &(struct user_list){.last_seat = view->last_seat,
				     .users = view->latest,
				     .count = view->latest_count,
				     .now = view->now});
	html_markup(html, "<p>");
	html_link(html, "/users", "See all users");
	html_markup(html, "</p>\n</section>\n");
}

void home_view(struct buffer *out, const struct home_view *view)
{
	struct html html = {.out = out};
	bool is_open = view->status.state == SHEET_OPEN;

	layout_begin(&html, view->sheet, view->problem != NULL ? "Error: Sign up" : NULL,
		LAYOUT_SIGN_UP);
	if (view->problem != NULL)
		write_summary(&html, view);
	write_greeting(&html, view->sheet);
	if (view->users > 0 || view->status.state != SHEET_NOT_YET_OPEN)
		write_user_count(&html, view->users, is_open);
	if (is_open) {
		html_sheet_terms(&html, &view->status, view->now);
		write_form(&html, view);
	} else {
		html_sheet_notice(&html, &view->status, view->now);
	}
	if (view->latest_count > 0)
		write_latest(&html, view);
	layout_end(&html, view->sheet);
}
