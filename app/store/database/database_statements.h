#ifndef ROLLCALL_STORE_DATABASE_DATABASE_STATEMENTS_H
#define ROLLCALL_STORE_DATABASE_DATABASE_STATEMENTS_H

#include <stddef.h>

struct statement;

/*
 * What a node asks the database: each a single SELECT, so of one snapshot, and each with the row of
 * the state in it. Every row has the same columns in all of them, of which most are NULL:
 */
enum reading_column {
	READING_KIND,           /* smallint: enum reading_row */
	READING_PLACE,          /* bigint: what rows of a kind are ordered by */
	READING_NUMBER,         /* bigint: of a user */
	READING_CREATED,        /* bigint: in milliseconds */
	READING_NAME,           /* text: of a user; value of a setting; letters of the state */
	READING_FIRST_OF_STATE, /* what only the state has begins here */
	READING_VERSION = READING_FIRST_OF_STATE,
	READING_REVISION,
	READING_SITE,
	READING_LAST, /* the last number that was given */
	READING_USERS,
	READING_NEWEST,
	READING_LAST_SEAT, /* for the limits in the parameters */
	READING_CHANGE,
	READING_SHEET,
	READING_COLUMNS
};

enum reading_row {
	READING_STATE,   /* the first row, always there */
	READING_USER,    /* in order of the answer */
	READING_BESIDE,  /* the user that is wanted as well; of a search, the one that it is next to
			  */
	READING_FOUND,   /* place: how many users a search finds, as far as they are counted */
	READING_RENAMED, /* place: the number of the change; the user as it is now, or without a
			    name */
	READING_REMOVED,
	READING_SETTING, /* place: enum sheet_setting; number: the revision that has it so; no name:
			    given back */
};

/* What is new since a head: head_ask(). */
extern const struct statement statement_head;

/* For a link of each kind: what it prepares. */
extern const struct statement *const reader_statements[];
extern const size_t reader_statement_count;

#endif
