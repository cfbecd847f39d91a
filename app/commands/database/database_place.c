/*
 * Refusals of what makes no sense for a list in a database: --new, and the commands for the file
 * alone. Each message names what does the same for a database, because an operator who moves a list
 * has scripts from before.
 */
#include "commands/database/database_place.h"

#include <sysexits.h>

#include "base/standard_error.h"

int database_has_no_new(void)
{
	standard_error_say("rollcall: --new is for a data directory; 'rollcall migrate' "
			   "makes a list in a database");
	return EX_USAGE;
}

int database_has_no_command(const char *name, const char *instead)
{
	standard_error_say("rollcall: %s is for a data directory: %s", name, instead);
	return EX_UNAVAILABLE;
}
