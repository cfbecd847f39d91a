#ifndef ROLLCALL_COMMANDS_DATABASE_DATABASE_EXPORT_H
#define ROLLCALL_COMMANDS_DATABASE_DATABASE_EXPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/result.h"
#include "commands/database/database_place.h"
#include "store/user.h"

struct database_visitor {
	void (*begin)(void *argument, uint64_t users);         /* so many are to come, about */
	bool (*user)(void *argument, const struct user *user); /* false: no further one */
	void *argument;
};

/* Shows all users, the oldest first. EX_OK also if the visitor wanted no more. Users who are added
 * meanwhile are shown, those who are removed before their turn are not: one snapshot of a long list
 * would keep the database from cleaning up behind all changes. */
int database_export(
	const struct database_place *place, const struct database_visitor *visitor) MUST_CHECK;

#endif
