#include "users.h"

#include "layout.h"
#include "user_parts.h"

static void write_list(struct html *html, const struct users_view *view)
{
	html_markup(html, "<ol class=\"users\">\n");
	for (size_t i = 0; i < view->count; i++) {
		html_markup(html, "<li>");
		html_user_name(html, &view->users[i]);
		html_markup(html, " ");
		html_user_time(html, &view->users[i]);
		html_markup(html, "</li>\n");
	}
	html_markup(html, "</ol>\n");
}

static void write_pages(struct html *html, const struct users_view *view)
{
	if (view->newer == NULL && view->older == NULL)
		return;
	html_markup(html, "<nav class=\"pages\" aria-label=\"Pages\">");
	if (view->newer != NULL) {
		html_markup(html, "<a rel=\"prev\" href=\"");
		html_string(html, view->newer);
		html_markup(html, "\">Newer</a>");
	}
	if (view->newer != NULL && view->older != NULL)
		html_markup(html, " ");
	if (view->older != NULL) {
		html_markup(html, "<a rel=\"next\" href=\"");
		html_string(html, view->older);
		html_markup(html, "\">Older</a>");
	}
	html_markup(html, "</nav>\n");
}

void users_view(struct buffer *out, const struct users_view *view)
{
	struct html html = {.out = out};

	layout_begin(&html, "Users", LAYOUT_USERS);
	html_markup(&html, "<h1>Users</h1>\n");
	if (view->created != NULL) {
		html_markup(&html, "<p class=\"notice\" role=\"status\">");
		html_user_name(&html, view->created);
		html_markup(&html, " has signed up.</p>\n");
	}
	if (view->total == 0) {
		html_markup(&html, "<p class=\"empty\">Nobody has signed up yet. <a href=\"/\">Be "
				   "the first.</a></p>\n");
	} else {
		html_markup(&html, "<p class=\"lead\">");
		layout_user_count(&html, view->total);
		html_markup(&html, ", newest first.</p>\n");
		if (view->count > 0)
			write_list(&html, view);
		else
			html_markup(&html, "<p class=\"empty\">No users here.</p>\n");
		write_pages(&html, view);
	}
	layout_end(&html);
}
