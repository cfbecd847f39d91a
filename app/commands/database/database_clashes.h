#ifndef ROLLCALL_COMMANDS_DATABASE_DATABASE_CLASHES_H
#define ROLLCALL_COMMANDS_DATABASE_DATABASE_CLASHES_H

#include "base/result.h"
#include "commands/database/database_session.h"
#include "commands/database/listed_users.h"

/* So many users are asked about in one query. */
#define CLASHES_AT_ONCE 5000

/*
 * Refuses those users of the list, at CLASHES_AT_ONCE places from `first` on, whose names the
 * database has, or which look like one that it has. Those that are refused already are not asked
 * about. An exit status; what went wrong was said.
 */
int database_clashes_find(
	struct database_session *session, struct listed_users *users, size_t first) MUST_CHECK;

#endif
