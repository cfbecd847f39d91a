#ifndef ROLLCALL_VIEWS_USER_PARTS_H
#define ROLLCALL_VIEWS_USER_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include "store/user.h"
#include "views/html.h"

/* Parts of pages about users. A name is isolated, in either direction of text. */
void html_user_name(struct html *html, const struct user *user);
void html_user_date(struct html *html, const struct user *user); /* when they signed up */

/* A list of users on a page, with the time since sign-up of each. */
struct user_list {
	const struct user *users;
	size_t count;
	int64_t now;      /* as in timestamp.h */
	uint64_t created; /* the number of the user to mark as new, or 0 */
	size_t live_most; /* a live list shows this many users at most; 0: the list is not live */
};

void html_user_list(struct html *html, const struct user_list *list);

/* Links to the neighbouring pages, with these names; NULL: there is none. */
void html_pages(struct html *html, const char *previous, const char *previous_name,
	const char *next, const char *next_name);

#endif
