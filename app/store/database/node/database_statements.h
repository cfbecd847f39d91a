#ifndef ROLLCALL_STORE_DATABASE_NODE_DATABASE_STATEMENTS_H
#define ROLLCALL_STORE_DATABASE_NODE_DATABASE_STATEMENTS_H

#include "store/database/link.h"

/*
 * What a node asks the database: each a single SELECT, so of one snapshot, with the row of the
 * state in it. All give the same columns, of which most are NULL in most rows, in the order of kind
 * and place.
 */
enum reading_column {
	READING_KIND,    /* smallint: enum reading_row */
	READING_PLACE,   /* bigint */
	READING_NUMBER,  /* bigint: of a user */
	READING_CREATED, /* bigint: in milliseconds */
	READING_NAME,    /* text: of a user; the value of a setting; the letters of the state */
	/* The rest is of the state alone. */
	READING_VERSION,
	READING_REVISION,
	READING_SITE,
	READING_LAST, /* the last number that was given */
	READING_USERS,
	READING_NEWEST,
	READING_LAST_SEAT, /* for the limits in the parameters */
	READING_CHANGE,
	READING_SHEET,
	READING_SCHEMA,
	READING_UNICODE,  /* text: the version of the tables that keys were made with; empty: any */
	READING_TIMELINE, /* of the server: another one after each failover and restore */
};

enum reading_row {
	READING_STATE, /* one, always there; the letters are NULL if the version is the one known */
	/* In order, and counted from a position in it: those before it have -1, -2 and so on, those
	 * behind it 1, 2 and so on. */
	READING_USER,
	READING_BESIDE, /* the user that is wanted as well */
	READING_MARK,   /* the user that a search is next to */
	READING_FOUND,  /* place: how many users a search finds, as far as they are counted */
	/* Place: the number of the change. The user is as it is now; one that was renamed and then
	 * removed has no name. */
	READING_RENAMED,
	READING_REMOVED,
	READING_SETTING, /* place: enum sheet_setting; number: the revision that has it so. No name:
			    it is given back. */
	READING_LEAVE_KEY, /* name: in hexadecimal */
};

/* Every one of these has, as its first three parameters, what head_limits_parameters() writes:
 * seats, whether there is a waiting list, and the version that is known. */
enum reading {
	/* What is new: the last number, the last change and the sheet's revision that are known. */
	READING_HEAD,
	/* Part of the list, by numbers: the position, how many below it, how many from it on, a
	 * user beside (0: none). */
	READING_PAGE,
	/* Users with one key: the key, a user beside. */
	READING_NAMED,
	/* Part of a search: a user beside, the mark, the form, the first text, the end of texts,
	 * the length that must not be shared, the position (text, rank, number), how many before
	 * it, how many from it on, how many to count. */
	READING_SEARCH,
	READINGS
};

/* A link that asks one of these has it among its statements: the whole array, or a copy of one. */
extern const struct statement reading_statements[READINGS];

#endif
