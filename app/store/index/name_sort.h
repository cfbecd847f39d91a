#ifndef ROLLCALL_STORE_INDEX_NAME_SORT_H
#define ROLLCALL_STORE_INDEX_NAME_SORT_H

#include <stddef.h>
#include <stdint.h>

#include "store/index/name_entry.h"

/* A word, and the part of its text that is compared now. There is one for every word while names
 * are sorted: 16 bytes. */
struct name_item {
	uint64_t piece;
	struct name_entry entry;
};

/* The item of a word, with the beginning of its text; `name` is all of the user's. */
struct name_item name_item(const struct name_entry *entry, const char *name, size_t length);

/* Sorts words in place, as name_entry.h orders them. Each item is as name_item() makes it. */
void name_sort(
	const struct user_table *table, enum name_form form, struct name_item *items, size_t count);

#endif
