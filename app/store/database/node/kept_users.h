#ifndef ROLLCALL_STORE_DATABASE_NODE_KEPT_USERS_H
#define ROLLCALL_STORE_DATABASE_NODE_KEPT_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/user.h"

/* The newest users, oldest of them first: all that there are with numbers above `floor`. Names are
 * copied, and stay where they are until the user is removed, renamed or has become too old. */
#define KEPT_USERS 2048 /* and so the limit of READING_HEAD */

struct kept_user;

struct kept_users {
	uint64_t floor;
	size_t count;
	struct kept_user *users[KEPT_USERS];
};

/* Forgets all; those above the floor are to be added. */
void kept_users_clear(struct kept_users *kept, uint64_t floor);

/* The number is above all others. The oldest one goes when there are too many. */
void kept_users_add(struct kept_users *kept, const struct user *user);

/* One that is not there is fine. */
void kept_users_remove(struct kept_users *kept, uint64_t number);
void kept_users_rename(struct kept_users *kept, const struct user *user);

/* The place of the first user with a number of at least `number`; the count if there is none. */
size_t kept_users_seek(const struct kept_users *kept, uint64_t number);

struct user kept_users_at(const struct kept_users *kept, size_t place);

bool kept_users_find(const struct kept_users *kept, uint64_t number, struct user *user);

/* A user by itself, to be freed. */
struct kept_user *kept_user_copy(const struct user *user);
struct user kept_user_of(const struct kept_user *user);

#endif
