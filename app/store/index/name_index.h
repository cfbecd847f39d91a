#ifndef ROLLCALL_STORE_INDEX_NAME_INDEX_H
#define ROLLCALL_STORE_INDEX_NAME_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/index/name_entry.h"
#include "store/index/name_place.h"
#include "store/index/user_table.h"

/*
 * The words of the users' names in order (name_entry.h): of all names by their base forms, or by
 * their keys of those words alone that have an accent from there on. 6 to 12 bytes a word. Adding
 * one and finding a place compare with as many names as the number of words has bits; an addition
 * or a removal changes a few nodes at most. A node that loses its entries is merged with a
 * neighbour, so that removals do not leave memory behind.
 */
struct name_index;

/* An order of the users in `table`, empty at first. The table has to outlive it. */
struct name_index *name_index_open(const struct user_table *table, enum name_form form);
void name_index_close(struct name_index *order);

/* Adds the words of the user at a position. */
void name_index_add(struct name_index *order, size_t position);

/* Removes the words of the user at a position, whose name the table has to have still. */
void name_index_remove(struct name_index *order, size_t position);

/* The user at a position is at another one from now on, between the same users. The table has it at
 * both. */
void name_index_move(struct name_index *order, size_t from, size_t to);

/* Replaces what the order has by all users in the table, none of them removed: much faster than
 * adding one after the other. Takes 16 bytes more for each word until it returns. */
void name_index_load(struct name_index *order);

/* The first letters of all words (first_letters.h); valid as long as the order is open. */
const char *name_index_letters(const struct name_index *order);

/* Before all words that are not less than this text. */
struct name_place name_index_seek(const struct name_index *order, const char *text, size_t length);

/* Before all words that are greater than this text and do not begin with it. */
struct name_place name_index_seek_past(
	const struct name_index *order, const char *text, size_t length);

/* Before an entry. */
struct name_place name_index_seek_entry(
	const struct name_index *order, const struct name_entry *entry);

#endif
