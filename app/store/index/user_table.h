#ifndef ROLLCALL_STORE_INDEX_USER_TABLE_H
#define ROLLCALL_STORE_INDEX_USER_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "store/names/username.h"
#include "store/user.h"

/*
 * The users in memory, in the order of their numbers. A position counts from the oldest, 0; it is
 * less than 2^32 - 1, and holds until gaps are closed. 24 bytes a user, the name, the key
 * where that is more than the name with small ASCII letters, and its base form where that is not
 * the key. Grows in pieces of 12 and 16 MB, so that no addition is slow.
 */
struct user_table;

/* The two forms of a name that searches compare: its key, and the base form of that. */
enum name_form { NAME_BASE, NAME_KEY };

struct user_table *user_table_open(void);
void user_table_close(struct user_table *table);

/* How many positions there are, and at how many of them the user was removed. */
size_t user_table_count(const struct user_table *table);
size_t user_table_removed(const struct user_table *table);

/* Adds a user at the end. Copies the name, which then stays where it is. `key` is name_key_fold()
 * of the name. */
void user_table_add(
	struct user_table *table, const struct user *user, const char *key, size_t key_length);

/* The user at a position below the count; without a name if it was removed. */
struct user user_table_at(const struct user_table *table, size_t position);

/* Writes the key of the user at a position. Returns its length; 0 if the user was removed. */
size_t user_table_key(
	const struct user_table *table, size_t position, char key[static LIMIT_NAME_KEY]);

/* The same key without a copy, with capital ASCII letters where the name has them: for
 * name_key_compare() and name_key_lower(). */
const char *user_table_kept_key(const struct user_table *table, size_t position, size_t *length);

/* Likewise in either form. */
const char *user_table_kept_form(
	const struct user_table *table, size_t position, enum name_form form, size_t *length);

/* Whether the base form of a user's key differs from it. */
bool user_table_has_base(const struct user_table *table, size_t position);

/* Fetches an entry, or the name of a fetched entry, into the processor's cache before it is needed.
 * For sorting, which reads entries from all over memory; name_sort.c has the gain. */
void user_table_fetch(const struct user_table *table, size_t position);
void user_table_fetch_name(const struct user_table *table, size_t position);

/* The first position with a number of at least `number`; the count if there is none. */
size_t user_table_seek(const struct user_table *table, uint64_t number);

/* Whether there is a user with that number, and where. */
bool user_table_find(const struct user_table *table, uint64_t number, size_t *position);

/* The first position from `position` on that has a user, or the count; and one past the last before
 * it that has one, or 0. Long gaps are passed over fast. */
size_t user_table_next(const struct user_table *table, size_t position);
size_t user_table_behind_previous(const struct user_table *table, size_t position);

/* The position of the user that has `before` users before it; the count, if there is none. */
size_t user_table_select(const struct user_table *table, size_t before);

/* Replaces the user at a position, by one with the same number. */
void user_table_replace(struct user_table *table, size_t position, const struct user *user,
	const char *key, size_t key_length);

/* Whether many of the positions are gaps, or these are being closed. */
bool user_table_is_sparse(const struct user_table *table);

/* Closes gaps, a user at a time. False: there is nothing to move now. From the beginning of a move
 * to its end the user is at both positions; then only at `to`, which is the same or less. */
struct user_move {
	size_t from;
	size_t to;
};

bool user_table_begin_move(struct user_table *table, struct user_move *move);
void user_table_end_move(struct user_table *table, const struct user_move *move);

/* Removing a user leaves a gap. Closing all gaps changes positions. */
void user_table_remove(struct user_table *table, size_t position);
void user_table_close_gaps(struct user_table *table);

/* A mark on an entry, for the caller's purposes. */
void user_table_mark(struct user_table *table, size_t position);
bool user_table_is_marked(const struct user_table *table, size_t position);

#endif
