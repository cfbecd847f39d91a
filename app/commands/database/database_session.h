#ifndef ROLLCALL_COMMANDS_DATABASE_DATABASE_SESSION_H
#define ROLLCALL_COMMANDS_DATABASE_DATABASE_SESSION_H

#include <stdint.h>

#include "base/result.h"
#include "commands/database/database_place.h"
#include "store/database/database_address.h"
#include "store/database/libpq.h"
#include "store/database/link.h"
#include "store/database/parameters.h"
#include "store/database/rows.h"

/*
 * A connection to the database as commands have it: one, on which each query is waited for. What
 * goes wrong is said on standard error; functions return an exit status of sysexits(3), EX_OK if
 * all went well:
 *
 *	EX_USAGE        64   the URL is wrong, or would be unsafe
 *	EX_DATAERR      65   the database refuses what it was given
 *	EX_NOINPUT      66   there is no list in the database: rollcall migrate makes one
 *	EX_UNAVAILABLE  69   libpq is missing, or the schema is of another version
 *	EX_OSERR        71   memory is short
 *	EX_TEMPFAIL     75   no server takes writes, or the connection was lost
 *	EX_NOPERM       77   the role may not, or every server refuses it, or has no such database
 */
struct database_session {
	struct libpq libpq;
	struct database_address address;
	PGconn *connection; /* NULL while there is none */
	PGresult *result;   /* of the last query: what `rows` of it point to */
	bool is_warned;     /* the server has said a warning to it */
	bool is_quiet;      /* what fails is tried again */
};

/* Must be closed, also after a failure. */
int database_session_open(
	struct database_session *session, const struct database_place *place) MUST_CHECK;
void database_session_close(struct database_session *session);

/* A query without parameters, or several with semicolons between them. */
int database_session_run(struct database_session *session, const char *sql) MUST_CHECK;

/*
 * One query with parameters, whose types the SQL has ($1::bigint); NULL: none. `rows` gets what it
 * gives, until the next query.
 */
int database_session_ask(struct database_session *session, const char *sql,
	const struct parameters *parameters, struct rows *rows) MUST_CHECK;

/*
 * The same for a change that does no harm when it is made twice: if the connection is lost, so that
 * nobody knows whether it was made, it is made again on another one, until one answers or
 * DATABASE_PATIENCE_MS have passed.
 */
#define DATABASE_PATIENCE_MS 15000

int database_session_change(struct database_session *session, const struct statement *statement,
	const struct parameters *parameters, struct rows *rows) MUST_CHECK;

/* Ends a transaction. If it is not known whether that was done, or how durably, it says so. */
int database_session_commit(struct database_session *session) MUST_CHECK;

/* After all data of a COPY was sent: what the server says to it. */
int database_session_end_copy(struct database_session *session) MUST_CHECK;

/* Says the text of the last failure of libpq, and returns the exit status that goes with it. */
int database_session_failed(struct database_session *session) MUST_CHECK;

/* Says that memory is short, and returns the exit status that goes with that. */
int database_session_is_short(void) MUST_CHECK;

/* The one row of rollcall.state. */
struct database_state {
	int64_t schema;
	char unicode[32];
	int64_t version;
	int64_t next_number;
	int64_t users;
	int64_t seats;
};

/* EX_NOINPUT: there is none. EX_UNAVAILABLE: the schema is not this program's. `locks`: nobody else
 * changes anything until the transaction ends. */
int database_session_state(
	struct database_session *session, bool locks, struct database_state *state) MUST_CHECK;

/* EX_UNAVAILABLE if names would be compared by other tables of Unicode than those before: for
 * whatever adds names. */
int database_session_can_name(const struct database_state *state) MUST_CHECK;

#endif
