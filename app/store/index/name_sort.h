#ifndef ROLLCALL_STORE_INDEX_NAME_SORT_H
#define ROLLCALL_STORE_INDEX_NAME_SORT_H

#include <stddef.h>
#include <stdint.h>

#include "store/index/user_table.h"

/* A user, and the part of its key that is compared now. There is one for every user while names are
 * sorted: 16 bytes. */
struct name_item {
	uint64_t piece;
	uint32_t position;
};

/* The item of the user at a position, with the beginning of its key. */
struct name_item name_item(const struct user_table *table, size_t position);

/* Sorts users in place by their keys, as memcmp() compares them; those with the same key by their
 * positions. Each item is as name_item() makes it. */
void name_sort(const struct user_table *table, struct name_item *items, size_t count);

#endif
