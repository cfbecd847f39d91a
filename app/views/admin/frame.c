/*
 * What the organiser's pages have in common. They work without a script, and each form leads to an
 * address of its own, which sends the browser on to a page: loading that anew changes nothing.
 */
#include "views/admin/frame.h"

#include "views/user_parts.h"

void html_admin_user_address(struct html *html, uint64_t number, const char *below)
{
	html_address(html, "/admin/users/");
	html_number(html, number);
	html_string(html, below);
}

void html_admin_form(struct html *html, const char *address)
{
	html_markup(html, "<form method=\"post\" action=\"");
	html_address(html, address);
	html_markup(html, "\">\n");
}

void html_admin_back(struct html *html)
{
	html_markup(html, "<p class=\"back\">");
	html_link(html, "/admin", "Back to the list");
	html_markup(html, "</p>\n");
}

static void write_why(struct html *html, const char *problem, const struct user *holder)
{
	html_string(html, problem);
	if (holder == NULL)
		return;
	html_markup(html, " <a href=\"");
	html_admin_user_address(html, holder->number, "");
	html_markup(html, "\">");
	html_user_name(html, holder);
	html_markup(html, "</a>");
	html_string(html, user_full_stop(holder));
}

void html_admin_summary(
	struct html *html, const char *problem, const struct user *holder, const char *field)
{
	html_markup(html, "<div class=\"summary\" role=\"alert\" tabindex=\"-1\" autofocus>\n"
			  "<h2>There is a problem</h2>\n<p><a href=\"#");
	html_string(html, field);
	html_markup(html, "\">");
	html_string(html, problem);
	if (holder != NULL) {
		html_markup(html, " ");
		html_user_name(html, holder);
		html_string(html, user_full_stop(holder));
	}
	html_markup(html, "</a></p>\n</div>\n");
}

static void write_form_problem(struct html *html, const struct name_form *form)
{
	html_markup(html, "<p class=\"error\" id=\"username-error\"><span>Error:</span> ");
	write_why(html, form->problem, form->holder);
	if (form->suggestion != NULL) {
		html_markup(html, " This would do: <bdi>");
		html_text(html, form->suggestion->text, form->suggestion->length);
		html_markup(html, "</bdi>");
	}
	html_markup(html, "</p>\n");
}

static void write_name_input(struct html *html, const struct name_form *form)
{
	html_markup(html, "<input id=\"username\" name=\"username\" type=\"text\" required "
			  "maxlength=\"128\" autocomplete=\"off\" autocapitalize=\"words\" "
			  "spellcheck=\"false\" dir=\"auto\"");
	if (form->problem != NULL)
		html_markup(html, " aria-invalid=\"true\" aria-describedby=\"username-error\"");
	html_markup(html, " value=\"");
	html_text(html, form->typed, form->typed_length);
	html_markup(html, "\">\n");
}

void html_name_form(struct html *html, const struct name_form *form)
{
	html_admin_form(html, form->action);
	if (form->problem != NULL)
		html_markup(html, "<div class=\"field invalid\">\n");
	else
		html_markup(html, "<div class=\"field\">\n");
	html_markup(html, "<label for=\"username\">");
	html_string(html, form->label);
	html_markup(html, "</label>\n");
	if (form->problem != NULL)
		write_form_problem(html, form);
	write_name_input(html, form);
	if (form->was != NULL) {
		html_markup(html, "<input type=\"hidden\" name=\"was\" value=\"");
		html_text(html, form->was, form->was_length);
		html_markup(html, "\">\n");
	}
	html_markup(html, "<button type=\"submit\">");
	html_string(html, form->button);
	html_markup(html, "</button>\n</div>\n</form>\n");
}
