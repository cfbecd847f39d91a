#ifndef ROLLCALL_COMMANDS_DATABASE_DATABASE_COPY_H
#define ROLLCALL_COMMANDS_DATABASE_DATABASE_COPY_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "commands/database/database_session.h"

/* Rows on their way into a table by COPY, in PostgreSQL's binary form, which is the quickest way
 * in. A zeroed struct has none. */
struct database_copy {
	struct buffer rows; /* with the head of the form, unless it is empty */
};

/* Begins a row of so many columns, whose values follow. */
void database_copy_row(struct database_copy *copy, int columns);

void database_copy_number(struct database_copy *copy, int64_t number); /* bigint */
void database_copy_integer(struct database_copy *copy, int32_t number);
void database_copy_small(struct database_copy *copy, int16_t number);
void database_copy_boolean(struct database_copy *copy, bool value);
void database_copy_bytes(
	struct database_copy *copy, const void *bytes, size_t length); /* or text */

/* Sends the rows: `sql` is COPY … FROM STDIN BINARY. No rows: nothing. An exit status; what went
 * wrong was said. */
int database_copy_send(
	struct database_copy *copy, struct database_session *session, const char *sql) MUST_CHECK;

void database_copy_free(struct database_copy *copy);

#endif
