#ifndef ROLLCALL_STORE_INDEX_USER_PAGE_H
#define ROLLCALL_STORE_INDEX_USER_PAGE_H

#include "store/index/user_index.h"
#include "store/page.h"

/* Fills in up to `most` users next to the place asked for. Takes the time of finding one number,
 * and of reading a page there. */
struct store_page user_page(const struct user_index *users, enum store_from from, uint64_t number,
	struct user *found, size_t most);

#endif
