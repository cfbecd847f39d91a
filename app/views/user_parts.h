#ifndef ROLLCALL_VIEWS_USER_PARTS_H
#define ROLLCALL_VIEWS_USER_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include "store/user.h"
#include "views/html.h"

/* What pages show of users. A name stands for itself, whichever way it is written. */
void html_user_name(struct html *html, const struct user *user);
void html_user_date(struct html *html, const struct user *user); /* when they signed up */

/* Users of whom a page shows a list, as they are at a time: for how long each has been there. */
struct user_list {
	const struct user *users;
	size_t count;
	int64_t now;      /* as in timestamp.h */
	uint64_t created; /* the number of the one to be marked as new, or 0 */
	size_t live_most; /* who signs up while the page is open comes in, up to this many; 0:
			     nobody */
};

void html_user_list(struct html *html, const struct user_list *list);

/* Links to the pages beside this one, by these names; NULL: there is none. */
void html_pages(struct html *html, const char *previous, const char *previous_name,
	const char *next, const char *next_name);

#endif
