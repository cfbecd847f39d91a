#ifndef ROLLCALL_COMMANDS_DATABASE_NAME_TABLES_H
#define ROLLCALL_COMMANDS_DATABASE_NAME_TABLES_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "commands/database/database_copy.h"
#include "commands/database/database_session.h"
#include "store/database/name_rows.h"
#include "store/names/lookalike.h"
#include "store/user.h"

/*
 * What the tables words and looks, and the letters of the state, are to have of many users. The
 * rows are collected and sent into temporary tables, which are this session's own and are written
 * to no log; and then moved to where they belong. Functions that return an int return an exit
 * status; what went wrong was said.
 */
struct name_tables {
	struct name_rows rows; /* not yet sent; the place is that in `numbers` */
	int64_t *numbers;
	size_t count, room;
	struct database_copy words, looks;
	struct buffer letters; /* of all, each behind its length, some of them several times */
};

/* Makes the temporary tables. A zeroed struct has no rows. */
int name_tables_begin(struct database_session *session) MUST_CHECK;
void name_tables_free(struct name_tables *tables);

/* Adds a user. Its number may be another in the end: name_tables_move(). */
void name_tables_add(struct name_tables *tables, const struct user *user, const char *key,
	size_t key_length, enum lookalike lookalike);

/* Sends what was added since the last time. */
int name_tables_send(struct name_tables *tables, struct database_session *session) MUST_CHECK;

/* Moves all that was sent into words and looks. Numbers become higher by `more`. */
int name_tables_move(struct database_session *session, int64_t more) MUST_CHECK;

/* Adds the letters as a parameter, text[]. */
void name_tables_put_letters(const struct name_tables *tables, struct parameters *parameters);

#endif
