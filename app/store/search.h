#ifndef ROLLCALL_STORE_SEARCH_H
#define ROLLCALL_STORE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/names/username.h"

/*
 * Users by the beginning of any word of their names, a page at a time. The order is that of the
 * words that are found:
 *
 * 1. By their text, from the word up to the end of the name, byte by byte: in its base form; in its
 *    key if the search has an accent. A text comes before all that begin with it.
 * 2. Of words with the same text: by how many bytes of the name stand before them, so that a whole
 *    name is the first; then those of names without accents, then the older users.
 * 3. A user with several such words is shown once, at the first of them.
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
