#ifndef ROLLCALL_COMMANDS_COMMAND_H
#define ROLLCALL_COMMANDS_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "commands/database/database_place.h"
#include "formats/format.h"

/* What was asked for on the command line of a command. Strings are borrowed from there, or from the
 * environment. */
struct command_line {
	const char *data;            /* --data: the data directory */
	struct database_place store; /* --store: a database in place of that; without a URL: none */
	bool is_data_given;          /* on the command line, not in the environment; */
	bool is_store_given;         /* so for the other */
	const char *listen;          /* --listen: where a server is asked */
	const char *operand;         /* or NULL */
	const char *second;          /* the operand after it, or NULL */
	const struct format *format; /* --format, or NULL */
	uint64_t number;             /* --number, or 0 */
	bool is_lenient;             /* --skip-invalid */
	bool makes_list;             /* --new */
	bool is_live;                /* --live: the last of it and --ready counts */
	bool is_json;                /* --json */
	bool is_sql;                 /* --sql */
	bool makes_site;             /* --new-site */
};

/* The options of a command that knows databases, among its `options`. */
#define STORE_OPTIONS "store", "store-insecure"

/* What an operator can ask for besides serving: `rollcall NAME`. One file each, like a route. */
struct command {
	const char *name;
	/* What --help calls its operands, two at most: "FILE", "[FILE]" if it may be missing; or
	 * NULL. */
	const char *operand;
	bool reads_file;            /* the operand is the path of a users.log */
	const char *summary;        /* a line, without a full stop */
	const char *help;           /* more of it, in lines; or NULL */
	const char *const *options; /* names of those it takes, NULL after the last */

	/* Returns an exit status of sysexits(3). */
	int (*run)(const struct command_line *line);
};

#endif
