/* The store in a database: a place is a database of the server that tests/support/with-postgres has
 * started, copied from its template. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "store/database/libpq.h"
#include "store/database/node/database_store.h"
#include "store/subject.h"
#include "support/unit/captured_log.h"

struct place {
	struct libpq libpq;
	char name[64];
	struct captured_log log;
	struct store *store;
};

static const char *environment(const char *variable)
{
	const char *text = getenv(variable);

	if (text == NULL)
		fail_msg("%s is not set: run it by tests/support/with-postgres", variable);
	return text;
}

static void run_sql(const struct place *place, const char *sql)
{
	const char *const keywords[] = {"dbname", NULL};
	const char *const values[] = {environment("DATABASE_ADMIN_URL"), NULL};
	PGconn *connection = place->libpq.PQconnectdbParams(keywords, values, 1);
	PGresult *result = place->libpq.PQexec(connection, sql);

	if (place->libpq.PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", sql, place->libpq.PQerrorMessage(connection));
	place->libpq.PQclear(result);
	place->libpq.PQfinish(connection);
}

static void *make_place(void)
{
	static unsigned made;
	struct place *place = memory_zeroed(sizeof(*place));
	struct reason reason;
	char sql[200];

	if (libpq_open(&place->libpq, &reason) != RESULT_OK)
		fail_msg("%s", reason.text);
	captured_log_open(&place->log, LOG_WARN);
	snprintf(place->name, sizeof(place->name), "conformance_%ld_%u", (long)getpid(), ++made);
	snprintf(sql, sizeof(sql), "CREATE DATABASE %s TEMPLATE %s", place->name,
		environment("DATABASE_TEMPLATE"));
	run_sql(place, sql);
	return place;
}

static void remove_place(void *argument)
{
	struct place *place = argument;
	char sql[200];

	snprintf(sql, sizeof(sql), "DROP DATABASE %s WITH (FORCE)", place->name);
	run_sql(place, sql);
	captured_log_close(&place->log);
	libpq_close(&place->libpq);
	free(place);
}

static struct store *open_database_store(
	void *argument, uv_loop_t *loop, uint64_t max_users, uint64_t seed)
{
	struct place *place = argument;
	char url[300];
	struct reason reason;

	(void)seed;
	snprintf(url, sizeof(url), "postgresql://rollcall_app@/%s?host=%s", place->name,
		environment("DATABASE_SOCKETS"));
	const struct database_store_settings settings = {.loop = loop,
		.log = place->log.log,
		.url = url,
		.limits = {.max_users = max_users}};
	if (database_store_open(&settings, &place->store, &reason) != RESULT_OK)
		fail_msg("%s", reason.text);
	return place->store;
}

static void stop_database(void *argument)
{
	struct place *place = argument;

	store_stop(place->store);
}

static void close_database(void *argument)
{
	struct place *place = argument;

	store_close(place->store);
}

const struct subject subject = {
	.make_place = make_place,
	.remove_place = remove_place,
	.open = open_database_store,
	.stop = stop_database,
	.close = close_database,
};
