/*
 * Pages of the list in the order of numbers. Positions count from the oldest user, and a page
 * begins with its newest: so a page is read backwards from its end. Gaps, where users were removed,
 * are passed over.
 */
#include "store/index/user_page.h"

#include "store/index/user_table.h"

/* The end of the page of the users next after a number. Returns how many they are. */
static size_t find_newer(const struct user_table *table, uint64_t number, size_t most, size_t *end)
{
	size_t all = user_table_count(table), count = 0;

	*end = number < UINT64_MAX ? user_table_seek(table, number + 1) : all;
	for (size_t next; count < most && (next = user_table_next(table, *end)) < all; count++)
		*end = next + 1;
	return count;
}

struct store_page user_page(const struct user_index *users, enum store_from from, uint64_t number,
	struct user *found, size_t most)
{
	const struct user_table *table = user_index_table(users);
	size_t all = user_table_count(table), end = all; /* one past the end of the page */
	struct store_page page = {0};

	if (from == STORE_OLDER_THAN)
		end = user_table_seek(table, number);
	if (from == STORE_NEWER_THAN)
		most = find_newer(table, number, most, &end);
	page.has_previous = user_table_next(table, end) < all;
	while (page.count < most && (end = user_table_behind_previous(table, end)) > 0)
		found[page.count++] = user_table_at(table, --end);
	page.has_next = user_table_behind_previous(table, end) > 0;
	return page;
}
