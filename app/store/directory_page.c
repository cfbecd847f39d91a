/* The list in the order of numbers, a page at a time. Positions count from the oldest user, and a
 * page begins with its newest. */
#include "store/directory_page.h"

struct store_page directory_page(const struct directory *directory, enum store_from from,
	uint64_t number, struct user *users, size_t most)
{
	size_t all = directory_count(directory);
	size_t start = 0, end = all; /* of the page, and one past its end */

	if (from == STORE_NEWER_THAN) {
		start = number < UINT64_MAX ? directory_position(directory, number + 1) : all;
		end = all - start > most ? start + most : all;
	} else {
		if (from == STORE_OLDER_THAN)
			end = directory_position(directory, number);
		start = end > most ? end - most : 0;
	}
	for (size_t i = 0; i < end - start; i++)
		users[i] = directory_at(directory, end - 1 - i);
	return (struct store_page){
		.count = end - start, .has_older = start > 0, .has_newer = end < all};
}
