#ifndef ROLLCALL_STORE_SEARCH_H
#define ROLLCALL_STORE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/names/username.h"

/*
 * Users by the beginning of their names, a page at a time, in the order of the folded names byte by
 * byte: a user whose whole name was typed comes first. A page is the first one, or the one that
 * is next to a user in that order; a number that no user has leads to the first one.
 */
enum search_from { SEARCH_FIRST, SEARCH_AFTER, SEARCH_BEFORE };

struct search {
	struct username_beginning beginning;
	enum search_from from;
	uint64_t number; /* of the user that the page is next to: the search need not find that user
			  */
};

#endif
