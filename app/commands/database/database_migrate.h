#ifndef ROLLCALL_COMMANDS_DATABASE_DATABASE_MIGRATE_H
#define ROLLCALL_COMMANDS_DATABASE_DATABASE_MIGRATE_H

#include <stdbool.h>

#include "base/result.h"
#include "commands/database/database_place.h"

/* Makes an empty list in the database, or brings the one that is there to what this program needs.
 * `makes_site`: it was put back from a copy, so what was told of it since does not count any more.
 * An exit status of sysexits(3). */
int database_migrate(const struct database_place *place, bool makes_site) MUST_CHECK;

/* Prints the SQL that makes a list, for operators who apply it by hand. */
void database_print_schema(void);

#endif
