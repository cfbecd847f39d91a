/* Takes what the server says. With a pipeline, what a query gives comes before its transaction has
 * been committed: so it is kept until the query's own PGRES_PIPELINE_SYNC, and nobody is told of
 * anything before. Where what the server said leaves a doubt about the commit, the query counts as
 * lost, and is for its sender to repeat. */
#include <stdio.h>
#include <string.h>

#include "base/meters/loop_span.h"
#include "store/database/link_state.h"
#include "store/database/refusal.h"

/* Of these the connection is of no use any more: it has failed (08), the server is going down (57P)
 * or out of something (53), has become a standby (25006), or has other statements than were
 * prepared (26000, 0A000: the schema was changed). */
static bool costs_connection(const char *sqlstate)
{
	static const char *const prefixes[] = {"08", "57P", "53", "25006", "26000", "0A000"};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		if (strncmp(sqlstate, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return *sqlstate == '\0';
}

static const char *error_field(const struct libpq *libpq, const PGresult *result, int field)
{
	const char *text = libpq->PQresultErrorField(result, field);

	return text != NULL ? text : "";
}

/* In no language but this. */
static bool is_severity(const struct libpq *libpq, const PGresult *result, const char *severity)
{
	return strcmp(error_field(libpq, result, PG_DIAG_SEVERITY_NONLOCALIZED), severity) == 0;
}

static bool ends_session(const struct libpq *libpq, const PGresult *result)
{
	return is_severity(libpq, result, "FATAL") || is_severity(libpq, result, "PANIC");
}

static void set_said(struct link *link, const PGresult *result)
{
	const char *message = error_field(link->settings.libpq, result, PG_DIAG_MESSAGE_PRIMARY);

	if (*message == '\0')
		message = link->settings.libpq->PQresultErrorMessage(result);
	reason_set(&link->said, "%.*s", (int)strcspn(message, "\n"), message);
}

/* A commit whose wait for a standby was cut short succeeds with a warning of class 01. What ends
 * the session while nothing is under way comes as a notice, too. */
void link_on_notice(void *argument, const PGresult *notice)
{
	struct link *link = argument;
	const struct libpq *libpq = link->settings.libpq;
	struct link_flight *flight = TAILQ_FIRST(&link->flights);

	if (ends_session(libpq, notice)) {
		set_said(link, notice);
		link->ended = link->said;
	} else if (flight != NULL && flight->kind == FLIGHT_QUERY && !link->settings.is_reader &&
		   is_severity(libpq, notice, "WARNING") &&
		   strncmp(error_field(libpq, notice, PG_DIAG_SQLSTATE), "01", 2) == 0) {
		set_said(link, notice);
		flight->is_doubtful = true;
		snprintf(flight->sqlstate, sizeof(flight->sqlstate), "%s",
			error_field(libpq, notice, PG_DIAG_SQLSTATE));
	}
}

/* What is missing, or may not be used, is for the operator to mend. */
static void lose_by_statement(struct link *link, const struct link_flight *flight)
{
	static const char *const states[] = {"3F000", "42P01", "42883", "42703", "42704", "42501"};
	struct reason reason = link->said;

	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
		if (strcmp(flight->sqlstate, states[i]) == 0)
			reason_set(&reason,
				"the database lacks the program's tables and functions, or has "
				"others (rollcall migrate makes them): %s",
				link->said.text);
	}
	link_lose(link, reason.text);
}

/* An error of a setting is no matter; one of a query is answered when the server is through with
 * it. */
static void take_failure(struct link *link, struct link_flight *flight, const PGresult *result)
{
	const struct libpq *libpq = link->settings.libpq;
	struct reason reason;

	set_said(link, result);
	snprintf(flight->sqlstate, sizeof(flight->sqlstate), "%s",
		error_field(libpq, result, PG_DIAG_SQLSTATE));
	flight->has_failed = true;
	link->is_final = link->state == LINK_PREPARING &&
			 refusal_is_final(flight->sqlstate, link->said.text);
	if (ends_session(libpq, result) || *flight->sqlstate == '\0' ||
		(flight->kind == FLIGHT_QUERY && costs_connection(flight->sqlstate))) {
		reason = link->said;
		link_lose(link, reason.text);
	} else if (flight->kind == FLIGHT_STATEMENT) {
		lose_by_statement(link, flight);
	}
}

static void finish_flight(struct link *link, struct link_flight *flight)
{
	TAILQ_REMOVE(&link->flights, flight, next);
	link_watch_oldest(link);
	if (flight->has_failed) {
		bool is_unknown = strcmp(flight->sqlstate, "40003") == 0;
		link_answer(link, flight, is_unknown ? LINK_LOST : LINK_REFUSED);
	} else if (flight->is_doubtful) {
		link_answer(link, flight, LINK_LOST);
	} else {
		if (flight->kind == FLIGHT_QUERY)
			link->failures = 0;
		link_answer(link, flight, LINK_DONE);
	}
	if (link->state == LINK_PREPARING && TAILQ_EMPTY(&link->flights))
		link_prepared(link);
}

/* Takes the result over. */
static void take_result(struct link *link, PGresult *result)
{
	const struct libpq *libpq = link->settings.libpq;
	struct link_flight *flight = TAILQ_FIRST(&link->flights);

	switch (libpq->PQresultStatus(result)) {
	case PGRES_TUPLES_OK:
	case PGRES_COMMAND_OK:
		/* A COMMIT can end so, as a success. */
		if (strcmp(libpq->PQcmdStatus(result), "ROLLBACK") == 0) {
			reason_set(&link->said, "the server rolled it back");
			flight->is_doubtful = true;
		}
		libpq->PQclear(flight->result);
		flight->result = result;
		return;
	case PGRES_PIPELINE_SYNC:
		libpq->PQclear(result);
		finish_flight(link, flight);
		return;
	default:
		take_failure(link, flight, result);
		libpq->PQclear(result);
	}
}

/* Up to what has not arrived, or the end of the connection. There is a NULL behind the results of
 * each query. */
static void take_results(struct link *link)
{
	const struct libpq *libpq = link->settings.libpq;
	bool was_end = false;

	while (link->connection != NULL && !libpq->PQisBusy(link->connection) &&
		!TAILQ_EMPTY(&link->flights)) {
		PGresult *result = libpq->PQgetResult(link->connection);
		if (result != NULL)
			take_result(link, result);
		else if (was_end)
			return;
		was_end = result == NULL;
	}
}

/* What came before the end of the connection is taken before that. */
void link_receive(struct link *link)
{
	const struct libpq *libpq = link->settings.libpq;
	bool is_open = libpq->PQconsumeInput(link->connection) == 1;
	struct reason end = {0};

	if (!is_open)
		reason_set(&end, "%s", libpq->PQerrorMessage(link->connection));
	take_results(link);
	if (link->connection != NULL && link->ended.text[0] != '\0') {
		end = link->ended;
		is_open = false;
	}
	if (link->connection != NULL && !is_open)
		link_lose(link, end.text);
}

/* libuv has stopped the handle if there is an error, which libpq notices as it reads. */
void link_on_socket(uv_poll_t *poll, int status, int events)
{
	struct link *link = poll->data;

	(void)events;
	loop_span_begin(PHASE_POLL, __func__);
	if (link->state == LINK_BROKEN)
		return;
	link_receive(link);
	if (link->connection == NULL || link->state == LINK_BROKEN)
		return;
	if (status < 0)
		link_lose(link, uv_strerror(status));
	else if (!link_flush(link))
		link_lose_by_error(link);
}
