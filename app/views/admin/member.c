/*
 * The organiser's pages about one user. A removal is asked about on a page of its own: it cannot be
 * taken back, and the question works without a script.
 */
#include "views/admin/member.h"

#include <stdio.h>

#include "base/limit.h"
#include "views/admin/frame.h"
#include "views/layout.h"
#include "views/relative_time.h"
#include "views/user_parts.h"

#define ADDRESS_SIZE 64

/* `before` stands before the name, in the title of the page. */
static void begin_member_page(struct html *html, const struct sheet_text *sheet, const char *before,
	const struct user *user)
{
	char title[LIMIT_NAME + 32];

	snprintf(title, sizeof(title), "%s%.*s", before, (int)user->name_length, user->name);
	layout_begin(html, sheet, title, LAYOUT_ORGANISER);
}

static void write_facts(struct html *html, const struct member_view *view)
{
	char exact[RELATIVE_TIME_SIZE];

	relative_time_exact(view->user->created, exact);
	html_markup(html, "<dl class=\"facts\">\n<div><dt>Number</dt><dd>");
	html_count(html, view->user->number);
	html_markup(html, "</dd></div>\n<div><dt>Signed up</dt><dd>");
	html_time(html, view->user->created, exact);
	html_markup(html, "</dd></div>\n");
	if (view->is_waiting)
		html_markup(html, "<div><dt>Seat</dt><dd>Waiting for one</dd></div>\n");
	html_markup(html, "</dl>\n");
}

static void write_rename_form(struct html *html, const struct member_view *view)
{
	const struct user *user = view->user;
	const struct problem_json *problem = view->problem;
	char action[ADDRESS_SIZE];

	snprintf(action, sizeof(action), "/admin/users/%llu/rename",
		(unsigned long long)user->number);
	html_name_form(html, &(struct name_form){.action = action,
				     .label = "Name",
				     .button = "Rename",
				     .typed = view->typed != NULL ? view->typed : user->name,
				     .typed_length = view->typed != NULL ? view->typed_length
									 : user->name_length,
				     .was = user->name,
				     .was_length = user->name_length,
				     .problem = problem != NULL ? problem->detail : NULL,
				     .holder = problem != NULL ? problem->holder : NULL,
				     .suggestion = problem != NULL ? problem->suggestion : NULL});
	html_markup(html, "<p class=\"hint\">Number and time stay.</p>\n");
}

static void write_way_to_removal(struct html *html, const struct user *user)
{
	html_markup(html, "<section class=\"danger\" aria-labelledby=\"remove\">\n"
			  "<h2 id=\"remove\">Remove</h2>\n"
			  "<p>The name can be taken again; the number is never used again.</p>\n"
			  "<p><a class=\"button dangerous\" href=\"");
	html_admin_user_address(html, user->number, "/remove");
	html_markup(html, "\">Remove this user …</a></p>\n</section>\n");
}

void member_view(struct buffer *out, const struct member_view *view)
{
	struct html html = {.out = out};
	const struct problem_json *problem = view->problem;

	begin_member_page(&html, view->sheet, problem != NULL ? "Error: " : "", view->user);
	if (problem != NULL)
		html_admin_summary(&html, problem->detail, problem->holder, "username");
	html_admin_back(&html);
	html_markup(&html, "<h1>");
	html_user_name(&html, view->user);
	html_markup(&html, "</h1>\n");
	if (view->is_renamed)
		html_admin_notice(&html, "The name is changed.");
	write_facts(&html, view);
	write_rename_form(&html, view);
	write_way_to_removal(&html, view->user);
	layout_end(&html, view->sheet);
}

void member_removal_view(
	struct buffer *out, const struct sheet_text *sheet, const struct user *user)
{
	struct html html = {.out = out};

	begin_member_page(&html, sheet, "Remove ", user);
	html_admin_back(&html);
	html_markup(&html, "<h1>Remove ");
	html_user_name(&html, user);
	html_markup(&html, "?</h1>\n<p class=\"lead\">Number ");
	html_count(&html, user->number);
	html_markup(&html, " leaves the list at once. This cannot be undone: if the same person "
			   "signs up again, it is with a new number, at the end of the list.</p>\n"
			   "<div class=\"actions\">\n<form method=\"post\" action=\"");
	html_admin_user_address(&html, user->number, "/remove");
	html_markup(&html, "\"><button class=\"dangerous\" type=\"submit\">Remove</button>"
			   "</form>\n<a class=\"button quiet\" href=\"");
	html_admin_user_address(&html, user->number, "");
	html_markup(&html, "\">Keep</a>\n</div>\n");
	layout_end(&html, sheet);
}

void add_view(struct buffer *out, const struct add_view *view)
{
	const struct problem_json *problem = view->problem;
	struct html html = {.out = out};

	layout_begin(&html, view->sheet, problem != NULL ? "Error: Add somebody" : "Add somebody",
		LAYOUT_ORGANISER);
	if (problem != NULL)
		html_admin_summary(&html, problem->detail, problem->holder, "username");
	html_admin_back(&html);
	html_markup(&html, "<h1>Add somebody</h1>\n"
			   "<p class=\"lead\">An organiser can add a name while sign-up is closed. "
			   "The seats count all the same.</p>\n");
	html_name_form(&html, &(struct name_form){.action = "/admin/add",
				      .label = "Name",
				      .button = "Add",
				      .typed = view->typed != NULL ? view->typed : "",
				      .typed_length = view->typed != NULL ? view->typed_length : 0,
				      .problem = problem != NULL ? problem->detail : NULL,
				      .holder = problem != NULL ? problem->holder : NULL,
				      .suggestion = problem != NULL ? problem->suggestion : NULL});
	layout_end(&html, view->sheet);
}
