#ifndef ROLLCALL_STORE_INDEX_NAME_SEARCH_H
#define ROLLCALL_STORE_INDEX_NAME_SEARCH_H

#include "store/index/user_index.h"
#include "store/page.h"
#include "store/search.h"

/* Fills in up to `most` users that are searched for, and counts them. Takes the time of finding
 * three places in an order, of reading a page there, and of counting LIMIT_FOUND users. Names made
 * for it can add up to 64,000 entries at which nobody is shown, or, if several words are searched
 * for and one has an accent, 6,400 names that have another: 10 ms. */
struct store_page name_search(const struct user_index *users, const struct search *search,
	struct user *found, size_t most);

#endif
