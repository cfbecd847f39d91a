#ifndef ROLLCALL_STORE_INDEX_USER_INDEX_H
#define ROLLCALL_STORE_INDEX_USER_INDEX_H

#include <stdbool.h>
#include <stddef.h>

#include "store/index/name_index.h"
#include "store/names/username.h"
#include "store/user.h"

/*
 * The users in memory: in the order of their numbers, and found by name or by the beginning of a
 * word of it. Sized for tens of millions: 24 bytes a user, 11 to 22 of index, 6 to 12 of order for
 * each word, and what user_table.h says of names. It grows in small pieces, so that no single
 * addition is slow. Loop thread only.
 */
struct user_index;

struct user_index *user_index_open(void);
void user_index_close(struct user_index *users);

/* Keeps the words of their names in order, too, from now on. Before the first user is added it
 * takes no time, later that of sorting all. */
void user_index_keep_order(struct user_index *users);

size_t user_index_count(const struct user_index *users);

/* The greatest number; 0: there are no users. */
uint64_t user_index_newest(const struct user_index *users);

/* The number of the user that has the last of so many seats, if there are more users than seats;
 * else, and for 0 seats, 0. */
uint64_t user_index_last_seat(const struct user_index *users, uint64_t seats);

/* Copies the name. The number is above all others. `key` is name_key_fold() of the name. */
void user_index_add(
	struct user_index *users, const struct user *user, const char *key, size_t key_length);

/* Whether a user has the name with that key; `user` is filled in. */
bool user_index_find(
	const struct user_index *users, const char *key, size_t key_length, struct user *user);

/* Fills in up to `most` users whose names have that key, the oldest first; returns how many there
 * are. */
size_t user_index_find_all(const struct user_index *users, const char *key, size_t key_length,
	struct user *found, size_t most);

/* Whether there is a user with that number; `user` is filled in. */
bool user_index_user(const struct user_index *users, uint64_t number, struct user *user);

/* Removes a user; false if none has that number. There is a gap where it was, as user_table.h has
 * it. */
bool user_index_remove(struct user_index *users, uint64_t number);

/* Gives the user with the number of `user` its name, and nothing else of it; false if there is
 * none. */
bool user_index_rename(
	struct user_index *users, const struct user *user, const char *key, size_t key_length);

/* For reading a file. Until user_index_settle(), users that were loaded are not found by name. */
void user_index_load(
	struct user_index *users, const struct user *user, const char *key, size_t key_length);

/* Two users have names with the same key; `holder` came first. */
typedef void user_index_clash_cb(
	void *argument, const struct user *user, const struct user *holder);

/* Closes the gaps, and makes index and order of all users at once. Two users with the same key both
 * stay, and the first of them is found by it. `clash` may be NULL. */
void user_index_settle(struct user_index *users, user_index_clash_cb *clash, void *argument);

/* Position of the first user with a number of at least `number`, which can be a gap; behind the
 * last position if none. */
size_t user_index_position(const struct user_index *users, uint64_t number);

/* The words of all users in the order of a form; NULL if the order is not kept. Users that were
 * loaded are not in it until user_index_settle(). */
const struct name_index *user_index_order(const struct user_index *users, enum name_form form);

/* The first letters of all words (first_letters.h). Without the order, a call takes the time of
 * reading the names that were added since the last one. Valid until the index is closed. */
const char *user_index_letters(struct user_index *users);

const struct user_table *user_index_table(const struct user_index *users);

/* The user at a position; without a name if it was removed. Without gaps, as after
 * user_index_settle(), positions are those below user_index_count(). */
struct user user_index_at(const struct user_index *users, size_t position);

#endif
