#ifndef ROLLCALL_STORE_ENTRIES_H
#define ROLLCALL_STORE_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>

#include "store/user.h"
#include "store/username.h"

/*
 * The users in memory, in the order of their numbers. A position counts from the oldest, 0; it is
 * less than 2^32 - 1, and stays until entries_close_gaps(). 24 bytes a user, the name, and the key
 * where that is more than the name with small ASCII letters. Grows in small pieces, so that no
 * single addition is slow.
 */
struct entries;

struct entries *entries_open(void);
void entries_close(struct entries *entries);

/* How many positions there are, and how many of them were removed. */
size_t entries_count(const struct entries *entries);
size_t entries_removed(const struct entries *entries);

/* At the end. Copies the name, which then stays where it is. `key` is name_key_fold() of it. */
void entries_add(
	struct entries *entries, const struct user *user, const char *key, size_t key_length);

/* The user at a position below the count; without a name if it was removed. */
struct user entries_at(const struct entries *entries, size_t position);

/* The key of the name there; returns its length. 0 if there is none. */
size_t entries_key(const struct entries *entries, size_t position, char key[static LIMIT_NAME_KEY]);

/* The same, as it is kept: with any ASCII letters, for name_key_compare() and name_key_lower(). */
const char *entries_kept_key(const struct entries *entries, size_t position, size_t *length);

/* For whoever will soon want many of them, from all over the memory: fetches the entry into the
 * processor's cache, or, where that is there, its name. */
void entries_fetch(const struct entries *entries, size_t position);
void entries_fetch_name(const struct entries *entries, size_t position);

/* The first position with a number of at least `number`; the count if there is none. */
size_t entries_seek(const struct entries *entries, uint64_t number);

/* Whether there is a user with that number, and where. */
bool entries_find(const struct entries *entries, uint64_t number, size_t *position);

/* Whom it takes out leaves a gap, until all gaps are closed. */
void entries_remove(struct entries *entries, size_t position);
void entries_close_gaps(struct entries *entries);

/* A mark that the caller may make of an entry, for whatever it likes. */
void entries_mark(struct entries *entries, size_t position);
bool entries_is_marked(const struct entries *entries, size_t position);

#endif
