#include "support/unit/database_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/database/node/database_store.h"
#include "support/test.h"

static const char *environment(const char *variable)
{
	const char *text = getenv(variable);

	if (text == NULL)
		fail_msg("%s is not set: run it by tests/support/with-postgres", variable);
	return text;
}

static void run_at(const struct database_place *place, const char *database, const char *sql)
{
	const char *const keywords[] = {"host", "user", "dbname", NULL};
	const char *const values[] = {environment("DATABASE_SOCKETS"), "postgres", database, NULL};
	PGconn *connection = place->libpq.PQconnectdbParams(keywords, values, 0);
	PGresult *result = place->libpq.PQexec(connection, sql);
	ExecStatusType status = place->libpq.PQresultStatus(result);

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		fail_msg("%s: %s", sql, place->libpq.PQerrorMessage(connection));
	place->libpq.PQclear(result);
	place->libpq.PQfinish(connection);
}

void database_place_run(const struct database_place *place, const char *sql)
{
	run_at(place, place->name, sql);
}

void database_place_make(struct database_place *place)
{
	static unsigned made;
	struct reason reason;
	char sql[200];

	*place = (struct database_place){.store = NULL};
	if (libpq_open(&place->libpq, &reason) != RESULT_OK)
		fail_msg("%s", reason.text);
	captured_log_open(&place->log, LOG_WARN);
	snprintf(place->name, sizeof(place->name), "place_%ld_%u", (long)getpid(), ++made);
	snprintf(sql, sizeof(sql), "CREATE DATABASE %s TEMPLATE %s", place->name,
		environment("DATABASE_TEMPLATE"));
	run_at(place, "postgres", sql);
}

void database_place_remove(struct database_place *place)
{
	char sql[200];

	snprintf(sql, sizeof(sql), "DROP DATABASE %s WITH (FORCE)", place->name);
	run_at(place, "postgres", sql);
	captured_log_close(&place->log);
	libpq_close(&place->libpq);
}

static enum result open_as(struct database_place *place, uv_loop_t *loop, const char *user,
	const struct store_limits *limits, struct reason *reason)
{
	char url[300];

	snprintf(url, sizeof(url), "postgresql://%s@/%s?host=%s", user, place->name,
		environment("DATABASE_SOCKETS"));
	return database_store_open(
		&(struct database_store_settings){
			.loop = loop, .log = place->log.log, .url = url, .limits = *limits},
		&place->store, reason);
}

enum result database_place_open_as(
	struct database_place *place, uv_loop_t *loop, const char *user, struct reason *reason)
{
	return open_as(place, loop, user, &(struct store_limits){.max_users = 1000}, reason);
}

struct store *database_place_open(
	struct database_place *place, uv_loop_t *loop, const struct store_limits *limits)
{
	struct reason reason;
	const char *text;

	if (open_as(place, loop, "rollcall_app", limits, &reason) != RESULT_OK)
		fail_msg("%s", reason.text);
	/* On a busy machine it may have begun without its server. */
	while (store_ready(place->store, &text) == RESULT_UNAVAILABLE)
		uv_run(loop, UV_RUN_ONCE);
	return place->store;
}
