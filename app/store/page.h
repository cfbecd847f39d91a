#ifndef ROLLCALL_STORE_PAGE_H
#define ROLLCALL_STORE_PAGE_H

#include <stdbool.h>
#include <stddef.h>

/* Which part of the list: the newest users, or those next to a number, which need not be a user's.
 */
enum store_from { STORE_NEWEST, STORE_OLDER_THAN, STORE_NEWER_THAN };

/* A page of the list, newest first, or of a search, in the order of names. */
struct store_page {
	size_t count;      /* users filled in */
	bool has_previous; /* there are others before the first of them */
	bool has_next;     /* and behind the last */
	size_t found;      /* of a search: as in store.h */
};

#endif
