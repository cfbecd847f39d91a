/*
 * A table of what can go wrong, by status: a title, what happened, what to do next. JSON takes its
 * details from the same table (problem_json.h), so that both say the same.
 */
#include "views/problems/problem.h"

#include <stddef.h>

#include "http/http.h"
#include "views/layout.h"

struct problem {
	unsigned status;
	const char *title;
	const char *what;
	const char *next; /* what to do, before the links that every page has */
};

static const struct problem problems[] = {
	{400, "Bad request", "The request could not be read.",
		"Check the address, or use one of these links."},
	{403, "Not allowed from another site",
		"The form was sent from another site. Only the form of this site is accepted.",
		"To sign up, use the form here."},
	{404, "Not found", "There is nothing at this address.",
		"Check it for typing errors, or use one of these links."},
	{405, "Method not allowed", "This address does not accept requests of that kind.",
		"Use one of these links."},
	{413, "Request too large", "The request is larger than the server accepts.",
		"Go back and enter less. If you were signing up, enter a shorter name."},
	{415, "Unsupported format", "The body of the request must be a form or JSON.",
		"To sign up, use the form here."},
	{431, "Request too large", "The header of the request is larger than the server accepts.",
		"Delete the cookies of this site in your browser, then load this page again."},
	{500, "Something went wrong",
		"The request could not be completed, because of a fault on the server.",
		"Wait a few seconds, then try again. If you were signing up, first check the list: "
		"your name may be there already."},
	{503, "Temporarily unavailable",
		"This cannot be done at the moment. Please try again in a few minutes.",
		"If you were signing up, first check the list: your name may be there already."},
};

/* A 403 with words of its own. */
static const struct problem for_organiser = {
	403, "For the organiser only", "", "Everybody can use these links."};

static struct problem problem_of(unsigned status)
{
	for (size_t i = 0; i < sizeof(problems) / sizeof(problems[0]); i++) {
		if (problems[i].status == status)
			return problems[i];
	}
	return (struct problem){status, http_reason(status), "The request could not be completed.",
		"Use one of these links."};
}

const char *problem_words(unsigned status)
{
	return problem_of(status).what;
}

static void write_links(struct html *html, bool leads_to_admin)
{
	html_markup(html, "<p>");
	if (leads_to_admin) {
		html_link(html, "/admin", "Go to the organiser’s page");
		html_markup(html, ", ");
		html_link(html, "/", "to the sign-up form");
	} else {
		html_link(html, "/", "Go to the sign-up form");
	}
	html_markup(html, " or ");
	html_link(html, "/users", "to the list");
	html_markup(html, ".</p>\n");
}

void problem_view(
	struct buffer *out, const struct sheet_text *sheet, const struct problem_view *view)
{
	struct html html = {.out = out};
	const struct problem usual = problem_of(view->status);
	bool is_for_organiser = view->status == 403 && view->detail != usual.what;
	const struct problem problem = is_for_organiser ? for_organiser : usual;

	layout_begin(&html, sheet, problem.title, LAYOUT_ERROR);
	html_markup(&html, "<h1>");
	html_string(&html, problem.title);
	html_markup(&html, "</h1>\n<p>");
	html_string(&html, view->detail);
	html_markup(&html, "</p>\n<p>");
	html_string(&html, problem.next);
	html_markup(&html, "</p>\n");
	write_links(&html, view->has_admin && (is_for_organiser || view->is_below_admin));
	layout_end(&html, sheet);
}
