#ifndef ROLLCALL_COMMANDS_DATABASE_DATABASE_CHECK_H
#define ROLLCALL_COMMANDS_DATABASE_DATABASE_CHECK_H

#include <stdbool.h>

#include "base/result.h"
#include "commands/database/database_place.h"

/* Reads all of a list in a database, in one snapshot, and reports on standard output what is wrong
 * with it, and what the server is not set to do for it. An exit status of sysexits(3): EX_DATAERR
 * if something is wrong. */
int database_check(const struct database_place *place) MUST_CHECK;

/* Prints how many users there are, and of the database what an operator asks first; as JSON or in
 * lines. An exit status. */
int database_status(const struct database_place *place, bool in_json) MUST_CHECK;

#endif
