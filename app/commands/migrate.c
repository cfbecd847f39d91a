/*
 * rollcall migrate: makes the list in a database, or brings it up to date.
 */
#include <sysexits.h>

#include "base/standard_error.h"
#include "commands/commands.h"
#include "commands/database/database_migrate.h"

static int run_migrate(const struct command_line *line)
{
	if (line->is_sql) {
		database_print_schema();
		return EX_OK;
	}
	if (line->store.url == NULL) {
		standard_error_say("rollcall: --store is missing");
		return EX_USAGE;
	}
	return database_migrate(&line->store, line->makes_site);
}

const struct command migrate_command = {
	.name = "migrate",
	.summary = "Makes the list in a database, or brings it up to date",
	.help = "Connect as a role that may make roles and schemas. In the database of --store it\n"
		"makes the schema rollcall, and on its server three roles, if they are not there:\n"
		"\n"
		"  rollcall_owner     owns the list; nobody can log in as it\n"
		"  rollcall_app       for servers, and for 'rollcall add', remove, rename, "
		"export,\n"
		"                     check and status\n"
		"  rollcall_operator  the same, and for 'rollcall import'\n"
		"\n"
		"It takes the rights of all other roles (PUBLIC) to connect to that database and\n"
		"to make temporary tables in it: give the list a database of its own.\n"
		"\n"
		"The roles have no passwords: give them some, or let the server know them by\n"
		"their users or certificates (pg_hba.conf). All of it is one transaction. A list\n"
		"that is up to date is left as it is. After new Unicode tables the command checks\n"
		"that all names are compared as before.\n",
	.options = (const char *const[]){STORE_OPTIONS, "sql", "new-site", NULL},
	.run = run_migrate,
};
