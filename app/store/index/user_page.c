/*
 * Pages of the list in the order of numbers. Positions count from the oldest user, and a page
 * begins with its newest: so a page is read backwards from its end.
 */
#include "store/index/user_page.h"

struct store_page user_page(const struct user_index *users, enum store_from from, uint64_t number,
	struct user *found, size_t most)
{
	size_t all = user_index_count(users);
	size_t start = 0, end = all; /* of the page, and one past its end */

	if (from == STORE_NEWER_THAN) {
		start = number < UINT64_MAX ? user_index_position(users, number + 1) : all;
		end = all - start > most ? start + most : all;
	} else {
		if (from == STORE_OLDER_THAN)
			end = user_index_position(users, number);
		start = end > most ? end - most : 0;
	}
	for (size_t i = 0; i < end - start; i++)
		found[i] = user_index_at(users, end - 1 - i);
	return (struct store_page){
		.count = end - start, .has_previous = end<all, .has_next = start> 0};
}
