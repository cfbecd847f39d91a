#ifndef ROLLCALL_COMMANDS_DATABASE_DATABASE_USERS_H
#define ROLLCALL_COMMANDS_DATABASE_DATABASE_USERS_H

#include <stdint.h>

#include "base/buffer.h"
#include "base/result.h"
#include "commands/database/database_place.h"

/*
 * Changes of one user in a database, by the same functions of the schema as those of a server: it
 * needs none, and those that there are show the change. Functions return an exit status of
 * sysexits(3), EX_OK when the change is as durable as the database makes it; what is wrong was
 * said.
 */

/* A user, as it was before the change; a new one, as it is. The caller frees the name, which is
 * terminated. */
struct database_user {
	uint64_t number;
	struct buffer name;
};

/* "" if there is none. */
static inline const char *database_user_name(const struct database_user *user)
{
	return user->name.bytes != NULL ? user->name.bytes : "";
}

int database_add(const struct database_place *place, const char *name,
	struct database_user *user) MUST_CHECK;

/* The user is found by its name, in any spelling that counts as the same, by its number, or by
 * both; NULL and 0: not given. */
int database_remove(const struct database_place *place, const char *name, uint64_t number,
	struct database_user *user) MUST_CHECK;

/* `renamed` gets the user as it is then. */
int database_rename(const struct database_place *place, const char *name, uint64_t number,
	const char *new_name, struct database_user *user, struct database_user *renamed) MUST_CHECK;

#endif
