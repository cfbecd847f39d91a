#include "views/problem.h"

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
		"Check the address, or begin again from here."},
	{403, "Not allowed from there",
		"This was sent from another site. Names are taken only from the form here.",
		"To sign up, enter your name in that form."},
	{404, "Not found", "There is nothing at this address.",
		"Check it for typing errors, or begin again from here."},
	{405, "Not possible here", "This address does not answer requests of that kind.",
		"Begin again from here."},
	{413, "Too much", "What was sent is larger than a username can be.",
		"Go back and enter a shorter name."},
	{415, "Not understood",
		"What was sent is not of a type that is understood here: it must be a form, or "
		"JSON.",
		"To sign up, use the form here."},
	{431, "Too much", "The header of the request is larger than is accepted here.",
		"Delete the cookies of this site in your browser, then load this page again."},
	{500, "Something went wrong",
		"The request could not be answered. The fault is on this side.",
		"Wait a few seconds, then try again. If you were signing up, look first whether "
		"your name is there already."},
	{503, "Not possible now",
		"This cannot be done at the moment. Please try again in a little while.",
		"If you were signing up, look first whether your name is there already."},
};

static struct problem problem_of(unsigned status)
{
	for (size_t i = 0; i < sizeof(problems) / sizeof(problems[0]); i++) {
		if (problems[i].status == status)
			return problems[i];
	}
	return (struct problem){status, http_reason(status), "The request could not be answered.",
		"Begin again from here."};
}

const char *problem_words(unsigned status)
{
	return problem_of(status).what;
}

void problem_view(struct buffer *out, unsigned status, const char *detail)
{
	struct html html = {.out = out};
	const struct problem problem = problem_of(status);

	layout_begin(&html, problem.title, LAYOUT_OTHER);
	html_markup(&html, "<h1>");
	html_string(&html, problem.title);
	html_markup(&html, "</h1>\n<p>");
	html_string(&html, detail);
	html_markup(&html, "</p>\n<p>");
	html_string(&html, problem.next);
	html_markup(&html, "</p>\n<p><a href=\"/\">Go to the sign-up form</a> or <a "
			   "href=\"/users\">see who has signed"
			   " up</a>.</p>\n");
	layout_end(&html);
}
