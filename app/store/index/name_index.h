#ifndef ROLLCALL_STORE_INDEX_NAME_INDEX_H
#define ROLLCALL_STORE_INDEX_NAME_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/index/user_table.h"

/*
 * The positions of users in the order of their keys, as memcmp() has it; of two with the same key
 * the one with the smaller position comes first. 4 to 8 bytes a user. Adding one and finding a
 * place compare with as many names as the number of users has bits; an addition changes a few nodes
 * at most.
 */
struct name_index;

/* An order of the users in `table`, empty at first. The table has to outlive it. */
struct name_index *name_index_open(const struct user_table *table);
void name_index_close(struct name_index *order);

/* Adds the user at a position; `key` is the user's. */
void name_index_add(struct name_index *order, size_t position, const char *key, size_t key_length);

/* Replaces what the order has by all users in the table, none of them removed: much faster than
 * adding one after the other. Takes 16 bytes more for each of them until it returns. */
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

/* Before the user at a position. */
struct name_place name_index_seek_position(const struct name_index *order, size_t position);

/* Before all keys that are greater than this one and do not begin with it. */
struct name_place name_index_seek_past(
	const struct name_index *order, const char *key, size_t key_length);

/* Moves over the next user, or back over the previous one, and sets its position; false if there is
 * none. */
bool name_index_next(struct name_place *place, size_t *position);
bool name_index_previous(struct name_place *place, size_t *position);

#endif
