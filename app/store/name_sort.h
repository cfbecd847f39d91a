#ifndef ROLLCALL_NAME_SORT_H
#define ROLLCALL_NAME_SORT_H

#include <stddef.h>
#include <stdint.h>

#include "entries.h"

/* An entry, and that part of its key that is being looked at: two times eight bytes, the first of
 * each the most significant, so that chunks are in the order of the keys. What is behind the end of
 * the key counts as 0. */
struct name_item {
	uint64_t chunks[2];
	uint32_t position;
};

/* The item of an entry, with the beginning of its key. */
struct name_item name_item(size_t position, const char *key, size_t key_length);

/* Puts the entries into the order of their keys, as memcmp() has it; those with the same key into
 * that of their positions. Each item is as name_item() makes it. In place; no names but those that
 * have chunks in common are folded. */
void name_sort(const struct entries *entries, struct name_item *items, size_t count);

#endif
