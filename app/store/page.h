#ifndef ROLLCALL_STORE_PAGE_H
#define ROLLCALL_STORE_PAGE_H

#include <stdbool.h>
#include <stddef.h>

/* Which part of the list: the newest users, or those next to a number, which need not be a user's.
 */
enum store_from { STORE_NEWEST, STORE_OLDER_THAN, STORE_NEWER_THAN };

struct store_page {
	size_t count;   /* users filled in, newest first */
	bool has_newer; /* there are users newer than the first */
	bool has_older; /* there are users older than the last */
};

#endif
