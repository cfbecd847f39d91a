#ifndef ROLLCALL_STORE_INDEX_NAME_INDEX_H
#define ROLLCALL_STORE_INDEX_NAME_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/index/user_table.h"

/*
 * The positions of entries in the order of their keys, as memcmp() has it; of two with the same key
 * the one with the smaller position comes first. A B+ tree over positions alone, 4 to 6 bytes each:
 * keys are worked out from the names. Adding one and finding a place compare with as many names as
 * the number of users has bits, and an addition changes a few nodes at most.
 */
struct name_index;

/* Of these entries, of which it knows none yet. They have to outlive it. */
struct name_index *name_index_open(const struct user_table *table);
void name_index_close(struct name_index *order);

/* `key` is that of the entry. */
void name_index_add(struct name_index *order, size_t position, const char *key, size_t key_length);

/* Forgets what it knows, and takes all entries there are, none of them removed: much faster than
 * adding one after the other. Until it is done, it takes 16 bytes more for each of them. */
void name_index_load(struct name_index *order);

/* Between two neighbours in the order, before the first, or behind the last. Valid until something
 * is added. */
struct name_place {
	const struct name_leaf *leaf;
	size_t index;
};

/* Before all keys that are not less than this one. */
struct name_place name_index_seek(
	const struct name_index *order, const char *key, size_t key_length);

/* Before the entry at a position. */
struct name_place name_index_seek_entry(const struct name_index *order, size_t position);

/* Before all keys that are greater than this one and do not begin with it. */
struct name_place name_index_seek_past(
	const struct name_index *order, const char *key, size_t key_length);

/* Goes over the next entry, or back over the previous one, and tells its position; false: there is
 * none. */
bool name_index_next(struct name_place *place, size_t *position);
bool name_index_previous(struct name_place *place, size_t *position);

#endif
