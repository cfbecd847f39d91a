#ifndef ROLLCALL_STORE_DIRECTORY_SEARCH_H
#define ROLLCALL_STORE_DIRECTORY_SEARCH_H

#include "store/directory.h"
#include "store/search.h"

/* Fills in up to `most` users that are searched for. Takes the time of finding a place in the order
 * or two, and of reading a page there. */
struct search_page directory_search(const struct directory *directory, const struct search *search,
	struct user *users, size_t most);

#endif
