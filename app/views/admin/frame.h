#ifndef ROLLCALL_VIEWS_ADMIN_FRAME_H
#define ROLLCALL_VIEWS_ADMIN_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "store/names/username.h"
#include "store/user.h"
#include "views/html.h"

/* Parts that the organiser's pages share. */

/* The address of a user's page here, or of one below it. */
void html_admin_user_address(struct html *html, uint64_t number, const char *below);

/* The beginning of a form that posts to the address. */
void html_admin_form(struct html *html, const char *address);

/* Above the heading: the way back to the first of these pages. */
void html_admin_back(struct html *html);

/* What was done, where the page leads on: for screen readers, too. `words` are markup. */
#define html_admin_notice(html, literal)                                                           \
	html_markup(html, "<p class=\"notice\" role=\"status\">" literal "</p>\n")

/* A form with one field for a name. Strings are borrowed; NULL: there is none. */
struct name_form {
	const char *action;
	const char *label;
	const char *button;
	const char *typed; /* what is in the field */
	size_t typed_length;
	const char *was; /* the name as it is, in a hidden field */
	size_t was_length;
	const char *problem;               /* why it was refused, in words */
	const struct user *holder;         /* which ends the problem */
	const struct username *suggestion; /* a name that would be accepted */
};

void html_name_form(struct html *html, const struct name_form *form);

/* At the top of a page whose form was refused; the link leads to the field. */
void html_admin_summary(
	struct html *html, const char *problem, const struct user *holder, const char *field);

#endif
