#ifndef ROLLCALL_STORE_NAME_ORDER_H
#define ROLLCALL_STORE_NAME_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/entries.h"

/*
 * The positions of entries in the order of their keys, as memcmp() has it; of two with the same key
 * the one with the smaller position comes first. A B+ tree over positions alone, 4 to 6 bytes each:
 * keys are worked out from the names. Adding one and finding a place compare with as many names as
 * the number of users has bits, and an addition changes a few nodes at most.
 */
struct name_order;

/* Of these entries, of which it knows none yet. They have to outlive it. */
struct name_order *name_order_open(const struct entries *entries);
void name_order_close(struct name_order *order);

/* `key` is that of the entry. */
void name_order_add(struct name_order *order, size_t position, const char *key, size_t key_length);

/* Forgets what it knows, and takes all entries there are, none of them removed: much faster than
 * adding one after the other. Until it is done, it takes 16 bytes more for each of them. */
void name_order_load(struct name_order *order);

/* Between two neighbours in the order, before the first, or behind the last. Valid until something
 * is added. */
struct name_place {
	const struct name_leaf *leaf;
	size_t index;
};

/* Before all keys that are not less than this one. */
struct name_place name_order_seek(
	const struct name_order *order, const char *key, size_t key_length);

/* Before the entry at a position. */
struct name_place name_order_seek_entry(const struct name_order *order, size_t position);

/* Before all keys that are greater than this one and do not begin with it. */
struct name_place name_order_seek_past(
	const struct name_order *order, const char *key, size_t key_length);

/* Goes over the next entry, or back over the previous one, and tells its position; false: there is
 * none. */
bool name_order_next(struct name_place *place, size_t *position);
bool name_order_previous(struct name_place *place, size_t *position);

#endif
