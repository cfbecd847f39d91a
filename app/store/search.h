#ifndef ROLLCALL_STORE_SEARCH_H
#define ROLLCALL_STORE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/names/username.h"

/*
 * Users by the beginning of any word of their names, a page at a time. Words are in the order of
 * what name_entry.h compares: their text up to the end of the name, byte by byte, in its base form,
 * or of a search with an accent in its key. So a user whose whole name was typed comes before all
 * whose word goes on; of those whose last word was typed, before or behind more words, a user whose
 * whole name it is comes first. A user with several such words is shown once, at the first of them.
 *
 * A page is the first one, or the one that is next to a user in that order; a number that no user
 * has leads to the first one.
 */
enum search_from { SEARCH_FIRST, SEARCH_AFTER, SEARCH_BEFORE };

struct search {
	struct username_beginning beginning;
	enum search_from from;
	/* Of the user that the page is next to. The search need not find that user: then the place
	 * is that of the whole name. */
	uint64_t number;
};

#endif
