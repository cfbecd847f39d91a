#ifndef ROLLCALL_COMMANDS_DATABASE_DATABASE_PLACE_H
#define ROLLCALL_COMMANDS_DATABASE_DATABASE_PLACE_H

#include <stdbool.h>

/* Which database a command is about. */
struct database_place {
	const char *url;  /* --store */
	bool is_insecure; /* --store-insecure */
};

/* Says that --new makes no sense for a database; returns the exit status. */
int database_has_no_new(void);

/* Says that a command is for the file, and what to use in place of it; returns the exit status. */
int database_has_no_command(const char *name, const char *instead);

#endif
