/*
 * Commands wait for each query, so libpq's blocking functions do: a command has nothing else to do.
 * The rules for the address are those of the server (database_address.h); so is the rule that a
 * change whose answer was lost is sent again with its id, and never looked up.
 */
#include "commands/database/database_session.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "base/printable.h"
#include "base/progress.h"
#include "base/standard_error.h"
#include "store/database/refusal.h"
#include "store/database/schema_version.h"
#include "store/names/username.h"

/* Whatever the server, the database or the role has set. A warning tells of a commit that was not
 * waited for. */
#define SESSION_SETTINGS                                                                           \
	"SET jit = off; SET statement_timeout = 0; SET lock_timeout = 0; "                         \
	"SET idle_in_transaction_session_timeout = 0; SET synchronous_commit = on; "               \
	"SET client_min_messages = warning; "                                                      \
	"SET search_path = pg_catalog, pg_temp"

#define PAUSE_MS 200

/* Of a connection or a result that is NULL, for want of memory, libpq's functions say that it is a
 * bad one. */

/* What the server's words say is shown with them, on further lines; one is enough. */
static void say_said(const struct database_session *session, const char *text)
{
	size_t length = strcspn(text, "\n");

	if (session->is_quiet)
		return;
	standard_error_say("rollcall: %s: %s", PRINTABLE(session->address.text),
		PRINTABLE_BYTES(text, length));
}

/* Notices are for people at psql; a warning of class 01 can mean that a commit was not waited for.
 */
static void on_notice(void *argument, const PGresult *result)
{
	struct database_session *session = argument;
	const struct libpq *libpq = &session->libpq;
	const char *severity = libpq->PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char *sqlstate = libpq->PQresultErrorField(result, PG_DIAG_SQLSTATE);

	session->is_warned |= severity != NULL && strcmp(severity, "WARNING") == 0 &&
			      sqlstate != NULL && strncmp(sqlstate, "01", 2) == 0;
}

static int connect_session(struct database_session *session)
{
	const struct libpq *libpq = &session->libpq;
	struct database_words words;

	database_address_words(&session->address, DATABASE_ALL_HOSTS, NULL, &words);
	session->connection = libpq->PQconnectdbParams(words.keywords, words.values, 0);
	if (session->connection == NULL)
		return database_session_is_short();
	if (libpq->PQstatus(session->connection) != CONNECTION_OK) {
		const char *said = libpq->PQerrorMessage(session->connection);
		say_said(session, said);
		return refusal_is_of_all(said) ? EX_NOPERM : EX_TEMPFAIL;
	}
	libpq->PQsetNoticeReceiver(session->connection, on_notice, session);
	return database_session_run(session, SESSION_SETTINGS);
}

/* Without libpq there is neither. */
static void disconnect_session(struct database_session *session)
{
	if (session->connection == NULL)
		return;
	session->libpq.PQclear(session->result);
	session->libpq.PQfinish(session->connection);
	session->result = NULL;
	session->connection = NULL;
}

int database_session_open(struct database_session *session, const struct database_place *place)
{
	struct reason reason;

	memset(session, 0, sizeof(*session));
	enum result result = libpq_open(&session->libpq, &reason);
	if (result == RESULT_OK)
		result = database_address_parse(&session->libpq, place->url, place->is_insecure,
			&session->address, &reason);
	if (result == RESULT_OK)
		return connect_session(session);
	standard_error_say("rollcall: %s", PRINTABLE(reason.text));
	return result == RESULT_MALFORMED ? EX_USAGE
	       : result == RESULT_MISSING ? EX_UNAVAILABLE
					  : EX_IOERR;
}

void database_session_close(struct database_session *session)
{
	disconnect_session(session);
	database_address_free(&session->address);
	libpq_close(&session->libpq);
}

static const char *sqlstate_of(const struct database_session *session)
{
	const char *state = session->libpq.PQresultErrorField(session->result, PG_DIAG_SQLSTATE);

	return state != NULL ? state : "";
}

static bool is_of_class(const char *sqlstate, const char *beginning)
{
	return strncmp(sqlstate, beginning, strlen(beginning)) == 0;
}

/* Whether the outcome is not known, or another server is to be asked. */
static bool is_lost(const struct database_session *session)
{
	const char *sqlstate = sqlstate_of(session);

	return session->libpq.PQstatus(session->connection) != CONNECTION_OK ||
	       is_of_class(sqlstate, "08") || is_of_class(sqlstate, "57P") ||
	       is_of_class(sqlstate, "53") || is_of_class(sqlstate, "40") ||
	       strcmp(sqlstate, "25006") == 0;
}

static int status_of_state(const struct database_session *session)
{
	const char *sqlstate = sqlstate_of(session);

	if (strcmp(sqlstate, "3F000") == 0 || strcmp(sqlstate, "42P01") == 0)
		return EX_NOINPUT;
	if (strcmp(sqlstate, "42501") == 0 || is_of_class(sqlstate, "28"))
		return EX_NOPERM;
	if (strcmp(sqlstate, "UNI01") == 0)
		return EX_UNAVAILABLE; /* migrated since it was looked at */
	return is_lost(session) ? EX_TEMPFAIL : EX_DATAERR;
}

int database_session_failed(struct database_session *session)
{
	const char *text = session->libpq.PQresultErrorMessage(session->result);

	if (*text == '\0')
		text = session->libpq.PQerrorMessage(session->connection);
	int status = status_of_state(session);
	if (status == EX_NOINPUT)
		standard_error_say(
			"rollcall: %s: there is no list yet; 'rollcall migrate' makes one",
			PRINTABLE(session->address.text));
	else
		say_said(session, text);
	return status;
}

int database_session_is_short(void)
{
	standard_error_say("rollcall: %s", strerror(ENOMEM));
	return EX_OSERR;
}

/* Whether the last query did what was asked. */
static bool is_done(const struct database_session *session)
{
	ExecStatusType status = session->libpq.PQresultStatus(session->result);

	return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_COPY_IN;
}

static void keep_result(struct database_session *session, PGresult *result)
{
	session->libpq.PQclear(session->result);
	session->result = result;
}

int database_session_run(struct database_session *session, const char *sql)
{
	keep_result(session, session->libpq.PQexec(session->connection, sql));
	return is_done(session) ? EX_OK : database_session_failed(session);
}

/* What the server says that it did. */
static bool has_tag(const struct database_session *session, const char *tag)
{
	const char *done = session->libpq.PQcmdStatus(session->result);

	return done != NULL && strcmp(done, tag) == 0;
}

static int say_doubt(const char *words)
{
	standard_error_say("rollcall: %s", words);
	return EX_TEMPFAIL;
}

int database_session_commit(struct database_session *session)
{
	session->is_warned = false;
	int status = database_session_run(session, "COMMIT");

	if (status != EX_OK && is_lost(session))
		return say_doubt(
			"the change may have been made, or not: look before you repeat it");
	if (status == EX_OK && !has_tag(session, "COMMIT"))
		return say_doubt("the server has undone the change");
	if (status == EX_OK && session->is_warned)
		return say_doubt("the change was made, but no standby has confirmed it");
	return status;
}

int database_session_end_copy(struct database_session *session)
{
	const struct libpq *libpq = &session->libpq;
	PGresult *result = libpq->PQgetResult(session->connection);

	keep_result(session, result);
	int status = is_done(session) ? EX_OK : database_session_failed(session);
	while ((result = libpq->PQgetResult(session->connection)) != NULL)
		libpq->PQclear(result);
	return status;
}

/* Binary both ways. */
static void execute(struct database_session *session, const char *sql, const Oid *types,
	const struct parameters *parameters)
{
	struct parameter_list list;

	if (parameters != NULL)
		parameters_list(parameters, &list);
	keep_result(session, session->libpq.PQexecParams(session->connection, sql,
				     parameters != NULL ? parameters->count : 0, types, list.values,
				     list.lengths, list.formats, 1));
}

static int ask_typed(struct database_session *session, const char *sql, const Oid *types,
	const struct parameters *parameters, struct rows *rows)
{
	if (parameters != NULL && parameters->bytes.failed)
		return database_session_is_short();
	execute(session, sql, types, parameters);
	*rows = (struct rows){.libpq = &session->libpq, .result = session->result};
	return is_done(session) ? EX_OK : database_session_failed(session);
}

int database_session_ask(struct database_session *session, const char *sql,
	const struct parameters *parameters, struct rows *rows)
{
	return ask_typed(session, sql, NULL, parameters, rows);
}

static void pause_before_next(void)
{
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};

	nanosleep(&pause, NULL);
}

/* Whether it is not known if the last query was done, or how durably. */
static bool is_doubtful(const struct database_session *session)
{
	return is_lost(session) || (session->is_warned && is_done(session)) ||
	       has_tag(session, "ROLLBACK");
}

/* On a new connection unless `is_first`. */
static int try_change(struct database_session *session, bool is_first,
	const struct statement *statement, const struct parameters *parameters, struct rows *rows)
{
	if (!is_first) {
		pause_before_next();
		disconnect_session(session);
		int status = connect_session(session);
		if (status != EX_OK)
			return status;
	}
	session->is_warned = false;
	return ask_typed(session, statement->sql, statement->types, parameters, rows);
}

int database_session_change(struct database_session *session, const struct statement *statement,
	const struct parameters *parameters, struct rows *rows)
{
	int64_t late = progress_clock() + DATABASE_PATIENCE_MS;
	bool is_first = true, is_unknown = false;
	int status;

	session->is_quiet = true;
	do {
		status = try_change(session, is_first, statement, parameters, rows);
		is_first = false;
		/* A refusal says nothing of the tries before. */
		is_unknown = is_doubtful(session) || (is_unknown && status != EX_OK);
	} while (is_doubtful(session) && progress_clock() < late);
	session->is_quiet = false;
	if (status != EX_OK)
		status = database_session_failed(session);
	return is_unknown
		       ? say_doubt(
				 "the change may have been made, or not: look before you repeat it")
		       : status;
}

static int refuse_schema(const struct database_session *session, int64_t schema)
{
	standard_error_say("rollcall: %s: the schema has version %" PRId64
			   ", and this program needs %d%s",
		PRINTABLE(session->address.text), schema, DATABASE_SCHEMA,
		schema < DATABASE_SCHEMA ? ": run 'rollcall migrate'" : "");
	return EX_UNAVAILABLE;
}

int database_session_state(
	struct database_session *session, bool locks, struct database_state *state)
{
	struct rows rows;
	size_t length;
	int status = database_session_ask(session,
		locks ? "SELECT schema, unicode, version, next_number, users, seats "
			"FROM rollcall.state WHERE id = 1 FOR UPDATE"
		      : "SELECT schema, unicode, version, next_number, users, seats "
			"FROM rollcall.state WHERE id = 1",
		NULL, &rows);

	if (status != EX_OK)
		return status;
	*state = (struct database_state){.schema = rows_number(&rows, 0, 0),
		.version = rows_number(&rows, 0, 2),
		.next_number = rows_number(&rows, 0, 3),
		.users = rows_number(&rows, 0, 4),
		.seats = rows_number(&rows, 0, 5)};
	snprintf(state->unicode, sizeof(state->unicode), "%s", rows_bytes(&rows, 0, 1, &length));
	return state->schema == DATABASE_SCHEMA ? EX_OK : refuse_schema(session, state->schema);
}

int database_session_can_name(const struct database_state *state)
{
	if (*state->unicode == '\0' || strcmp(state->unicode, username_unicode_version()) == 0)
		return EX_OK;
	standard_error_say(
		"rollcall: the names in the database are compared by Unicode %s, this program has "
		"%s: run 'rollcall migrate'",
		PRINTABLE(state->unicode), username_unicode_version());
	return EX_UNAVAILABLE;
}
