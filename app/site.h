#ifndef ROLLCALL_SITE_H
#define ROLLCALL_SITE_H

#include <stdbool.h>
#include <stddef.h>

struct store;

/* What the routes work with. */
struct site {
	struct store *store;
	size_t page_size; /* users on a page of the list, LIMIT_PAGE_MOST at most */
	bool is_stopping; /* whoever asks whether to send more is told not to */
};

#endif
