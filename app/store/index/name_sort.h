#ifndef ROLLCALL_STORE_INDEX_NAME_SORT_H
#define ROLLCALL_STORE_INDEX_NAME_SORT_H

#include <stddef.h>
#include <stdint.h>

#include "store/index/user_table.h"

/* An entry, and the part of its key that is compared now. There is one for every user while names
 * are sorted: 16 bytes. */
struct name_item {
	uint64_t piece;
	uint32_t position;
};

/* The item of an entry, with the beginning of its key. */
struct name_item name_item(const struct user_table *table, size_t position);

/* Puts the entries into the order of their keys, as memcmp() has it; those with the same key into
 * that of their positions. Each item is as name_item() makes it. In place. */
void name_sort(const struct user_table *table, struct name_item *items, size_t count);

#endif
