#ifndef ROLLCALL_COMMANDS_DATABASE_DATABASE_IMPORT_H
#define ROLLCALL_COMMANDS_DATABASE_DATABASE_IMPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/result.h"
#include "commands/database/database_place.h"
#include "commands/database/listed_users.h"
#include "formats/format.h"

/*
 * An import into a database: all users of a list or none. Functions return an exit status of
 * sysexits(3); what is wrong was said. In this order: open, add and refuse for each row, finish,
 * commit, close.
 */
struct database_import;

/* Connects. `opened` is to be closed, also after a failure. */
int database_import_open(
	const struct database_place *place, struct database_import **opened) MUST_CHECK;

void database_import_add(struct database_import *import, const struct entry *entry);

/* For a row that is no user. */
void database_import_refuse(struct database_import *import, uint64_t line, const char *reason);

/* Checks all users, against each other and those of the database, and tells of each row that is
 * refused, in the order of the lines. */
int database_import_finish(
	struct database_import *import, listed_refused_cb *refused, void *argument) MUST_CHECK;

/* Stores those that were not refused. If the database has had no user yet, they keep the numbers
 * of the list, if it has them; else they get the next ones. `imported` gets how many. */
int database_import_commit(
	struct database_import *import, const char *list, uint64_t *imported) MUST_CHECK;

void database_import_close(struct database_import *import); /* NULL is fine */

#endif
