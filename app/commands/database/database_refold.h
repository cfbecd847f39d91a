#ifndef ROLLCALL_COMMANDS_DATABASE_DATABASE_REFOLD_H
#define ROLLCALL_COMMANDS_DATABASE_DATABASE_REFOLD_H

#include "commands/database/database_session.h"

/* For a list whose names were compared by other Unicode tables than this program's: checks that
 * all are compared as before, makes anew what searches and the comparison of looks need, and has
 * the list be one of these tables. Sign-ups wait meanwhile. EX_DATAERR: some names are compared
 * otherwise, which are told of on standard error; nothing was changed. */
int database_refold(struct database_session *session) MUST_CHECK;

#endif
