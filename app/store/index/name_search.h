#ifndef ROLLCALL_STORE_INDEX_NAME_SEARCH_H
#define ROLLCALL_STORE_INDEX_NAME_SEARCH_H

#include "store/index/user_index.h"
#include "store/page.h"
#include "store/search.h"

/* Fills in up to `most` users that are searched for. Takes the time of finding a place in the order
 * once or twice, and of reading a page there. */
struct store_page name_search(const struct user_index *users, const struct search *search,
	struct user *found, size_t most);

#endif
