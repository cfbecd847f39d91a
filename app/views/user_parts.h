#ifndef ROLLCALL_VIEWS_USER_PARTS_H
#define ROLLCALL_VIEWS_USER_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include "store/user.h"
#include "views/html.h"

/* Parts of pages about users. A name is isolated, in either direction of text. */
void html_user_name(struct html *html, const struct user *user);

/* A list of users on a page, with the time since sign-up of each. A name links to the page of the
 * user. */
struct user_list {
	const struct user *users;
	size_t count;
	int64_t now;        /* as in timestamp.h */
	uint64_t created;   /* the number of the user to mark as new, or 0 */
	size_t live_most;   /* a live list shows this many users at most; 0: the list is not live */
	uint64_t last_seat; /* as in store.h: users behind it are waiting */
	uint64_t change;    /* of a live list: as in store.h */
};

void html_user_list(struct html *html, const struct user_list *list);

/* A link to another page of the same list. */
struct page_link {
	const char *rel; /* "prev" or "next"; NULL: neither */
	const char
		*address; /* as html_address() has it. NULL: there is no such page, and no link */
	const char *name;
};

void html_pages(struct html *html, const struct page_link *links, size_t count);

#endif
