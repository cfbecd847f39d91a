#ifndef ROLLCALL_STORE_INDEX_USER_INDEX_H
#define ROLLCALL_STORE_INDEX_USER_INDEX_H

#include <stdbool.h>
#include <stddef.h>

#include "store/index/name_index.h"
#include "store/names/username.h"
#include "store/user.h"

/*
 * The users in memory: in the order of their numbers, and found by name, or by its
 * beginning. Sized for tens of millions: 24 bytes a user, 11 to 22 of index, 4 to 6 of order, the
 * name, and its key where that is more than the name with small ASCII letters. It grows in small
 * pieces, so that no single addition is slow. Loop thread only.
 */
struct user_index;

struct user_index *user_index_open(void);
void user_index_close(struct user_index *users);

/* Keeps the users in the order of their names, too. Before the first one; what needs no order is
 * spared the work. */
void user_index_keep_order(struct user_index *users);

size_t user_index_count(const struct user_index *users);

/* Copies the name. The number is above all there are. `key` is name_key_fold() of the name. */
void user_index_add(
	struct user_index *users, const struct user *user, const char *key, size_t key_length);

/* Whether somebody holds the name with that key, and who. */
bool user_index_find(
	const struct user_index *users, const char *key, size_t key_length, struct user *user);

/* Whether there is a user with that number, and who. */
bool user_index_user(const struct user_index *users, uint64_t number, struct user *user);

/*
 * For reading a file: adds without looking at who is there, and takes out. Both leave something to
 * be done until user_index_settle(): nobody who was loaded is found by name, and there is a gap
 * where somebody was removed.
 */
void user_index_load(
	struct user_index *users, const struct user *user, const char *key, size_t key_length);
bool user_index_remove(struct user_index *users, uint64_t number);

/* Tells of two users whose names have the same key; `holder` came first. */
typedef void user_index_clash(void *argument, const struct user *user, const struct user *holder);

/* Does what was left, for all users at once. Both of two with the same key stay, and the first of
 * them is found by it. `clash` may be NULL. */
void user_index_settle(struct user_index *users, user_index_clash *clash, void *argument);

/* Position of the first user with a number of at least `number`, counted from the oldest, 0;
 * user_index_count() if none. */
size_t user_index_position(const struct user_index *users, uint64_t number);

/* All users in the order of their names' keys, by their positions, in a directory that keeps it.
 * Without those who were loaded, and with those who were removed, until user_index_settle(). */
const struct name_index *user_index_order(const struct user_index *users);

/* The user at a position below user_index_count(). */
struct user user_index_at(const struct user_index *users, size_t position);

#endif
