/*
 * What operators are told who ask of a database what only the file needs.
 */
#include "commands/database/database_place.h"

#include <sysexits.h>

#include "base/standard_error.h"

int database_has_no_new(void)
{
	standard_error_say(LOG_ERROR, "rollcall: --new is for a data directory; 'rollcall migrate' "
				      "makes a list in a database");
	return EX_USAGE;
}

int database_has_no_command(const char *name, const char *instead)
{
	standard_error_say(LOG_ERROR, "rollcall: %s is for a data directory: %s", name, instead);
	return EX_UNAVAILABLE;
}
