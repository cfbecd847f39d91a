#ifndef ROLLCALL_STORE_DIRECTORY_PAGE_H
#define ROLLCALL_STORE_DIRECTORY_PAGE_H

#include "store/directory.h"
#include "store/page.h"

/* Fills in up to `most` users that are next to the place asked for. Takes the time of finding one
 * number, and of reading a page there. */
struct store_page directory_page(const struct directory *directory, enum store_from from,
	uint64_t number, struct user *users, size_t most);

#endif
