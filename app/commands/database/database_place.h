#ifndef ROLLCALL_COMMANDS_DATABASE_DATABASE_PLACE_H
#define ROLLCALL_COMMANDS_DATABASE_DATABASE_PLACE_H

#include <stdbool.h>

/* Which database a command is about. */
struct database_place {
	const char *url;  /* --store */
	bool is_insecure; /* --store-insecure */
};

#endif
