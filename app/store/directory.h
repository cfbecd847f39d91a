#ifndef ROLLCALL_STORE_DIRECTORY_H
#define ROLLCALL_STORE_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "store/name_order.h"
#include "store/user.h"
#include "store/username.h"

/*
 * The users in memory: in the order of their numbers, and found by name, or by its
 * beginning. Sized for tens of millions: 24 bytes a user, 11 to 22 of index, 4 to 6 of order, the
 * name, and its key where that is more than the name with small ASCII letters. It grows in small
 * pieces, so that no single addition is slow. Loop thread only.
 */
struct directory;

struct directory *directory_open(void);
void directory_close(struct directory *directory);

/* Keeps the users in the order of their names, too. Before the first one; what needs no order is
 * spared the work. */
void directory_keep_order(struct directory *directory);

size_t directory_count(const struct directory *directory);

/* Copies the name. The number is above all there are. `key` is name_key_fold() of the name. */
void directory_add(
	struct directory *directory, const struct user *user, const char *key, size_t key_length);

/* Whether somebody holds the name with that key, and who. */
bool directory_find(
	const struct directory *directory, const char *key, size_t key_length, struct user *user);

/* Whether there is a user with that number, and who. */
bool directory_user(const struct directory *directory, uint64_t number, struct user *user);

/*
 * For reading a file: adds without looking at who is there, and takes out. Both leave something to
 * be done until directory_settle(): nobody who was loaded is found by name, and there is a gap
 * where somebody was removed.
 */
void directory_load(
	struct directory *directory, const struct user *user, const char *key, size_t key_length);
bool directory_remove(struct directory *directory, uint64_t number);

/* Tells of two users whose names have the same key; `holder` came first. */
typedef void directory_clash(void *argument, const struct user *user, const struct user *holder);

/* Does what was left, for all users at once. Both of two with the same key stay, and the first of
 * them is found by it. `clash` may be NULL. */
void directory_settle(struct directory *directory, directory_clash *clash, void *argument);

/* Position of the first user with a number of at least `number`, counted from the oldest, 0;
 * directory_count() if none. */
size_t directory_position(const struct directory *directory, uint64_t number);

/* All users in the order of their names' keys, by their positions, in a directory that keeps it.
 * Without those who were loaded, and with those who were removed, until directory_settle(). */
const struct name_order *directory_order(const struct directory *directory);

/* The user at a position below directory_count(). */
struct user directory_at(const struct directory *directory, size_t position);

#endif
