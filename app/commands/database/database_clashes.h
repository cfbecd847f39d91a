#ifndef ROLLCALL_COMMANDS_DATABASE_DATABASE_CLASHES_H
#define ROLLCALL_COMMANDS_DATABASE_DATABASE_CLASHES_H

#include "base/result.h"
#include "commands/database/database_session.h"
#include "commands/database/listed_users.h"

/*
 * Refuses those users of the list whose names the database has, or which look like one that it has:
 * as many from `place` on as one query is good for, and moves it behind them. Those that are
 * refused already are not asked about. An exit status; what went wrong was said.
 */
int database_clashes_find(
	struct database_session *session, struct listed_users *users, size_t *place) MUST_CHECK;

#endif
