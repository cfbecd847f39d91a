#ifndef ROLLCALL_STORE_USER_H
#define ROLLCALL_STORE_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A user as the store knows it. The name is the store's: it is valid until the caller returns to
 * the loop, and within a callback of the store until that returns. */
struct user {
	uint64_t number;  /* counts up from 1, never used twice */
	int64_t created;  /* milliseconds, as in timestamp.h */
	const char *name; /* UTF-8, as it was entered; not terminated */
	size_t name_length;
};

/* What ends a sentence behind the name: a name can end with a full stop itself. */
static inline const char *user_full_stop(const struct user *user)
{
	return user->name_length > 0 && user->name[user->name_length - 1] == '.' ? "" : ".";
}

/* Whether its name is spelt just so. */
static inline bool user_is_called(const struct user *user, const char *name, size_t length)
{
	return user->name_length == length && memcmp(user->name, name, length) == 0;
}

#endif
