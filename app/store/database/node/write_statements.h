#ifndef ROLLCALL_STORE_DATABASE_NODE_WRITE_STATEMENTS_H
#define ROLLCALL_STORE_DATABASE_NODE_WRITE_STATEMENTS_H

#include "store/database/link.h"
#include "store/database/name_rows.h"
#include "store/pending.h"
#include "store/store.h"

/* The calls of the functions of schema.sql that change something: what they are given, and what
 * they tell. */
enum write { WRITE_CREATE, WRITE_REMOVE, WRITE_RENAME, WRITE_SHEET, WRITE_HEAD, WRITES };

/* All that a writer sends; WRITE_HEAD is READING_HEAD of database_statements.h. */
void write_statements_fill(struct statement statements[static WRITES]);

/* What all of them are given. */
struct write_terms {
	uint64_t node; /* these two below 2^63 */
	uint64_t batch;
	const struct store_limits *limits;
};

/* A user's name as far as the caller knows it, and the rows of it, without looks. */
struct known_name {
	size_t length; /* 0: it is not known */
	char text[LIMIT_NAME];
	struct name_rows rows;
};

/* Sets the parameters anew. The rows of the creates have their places, from 1. */
void write_creates(struct parameters *parameters, const struct write_terms *terms,
	const struct pending_batch *creates, const struct name_rows *rows);
void write_removal(struct parameters *parameters, const struct write_terms *terms, uint64_t number,
	const struct known_name *known);
void write_renaming(struct parameters *parameters, const struct write_terms *terms, uint64_t number,
	const struct known_name *known, const struct username *username,
	const struct name_rows *rows);
void write_sheet(struct parameters *parameters, const struct write_terms *terms,
	const struct sheet_settings *changes);

/* How something of a batch ended. */
struct write_outcome {
	bool is_told;       /* there is a row for it */
	enum result result; /* as in store.h; RESULT_BUSY: the user has another name than the caller
			       knew */
	struct user user;   /* number 0: there is none */
	size_t name_offset; /* for write_statements.c */
};

/* By places, of which others than creates have 0 alone. Of creates place 0 has the number of the
 * first, and the time of all; those that are not told of were created, and have the numbers from
 * there on, in order. A zeroed struct has none. */
struct write_outcomes {
	struct write_outcome *list;
	size_t count, room;
	struct buffer names;
};

/* Copies them, for places up to `most`. Places beyond that are passed over. */
void write_outcomes_read(struct write_outcomes *outcomes, const struct rows *rows, size_t most);
void write_outcomes_free(struct write_outcomes *outcomes);

#endif
