/*
 * A list in a database in a few figures, as the database has them at hand: none of them is counted.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "base/printable.h"
#include "commands/database/database_check.h"
#include "commands/database/database_session.h"

struct database_figures {
	struct database_state state;
	int64_t writers; /* that stored something in the last minute: servers, CGI requests,
			    commands */
	int64_t bytes;   /* of the tables and their indexes */
	int server;      /* 150018: 15.18 */
};

static int read_figures(struct database_session *session, struct database_figures *figures)
{
	struct rows rows;
	int status = database_session_state(session, false, &figures->state);

	if (status == EX_OK)
		status = database_session_ask(session,
			"SELECT (SELECT count(*) FROM rollcall.nodes "
			"WHERE changed > extract(epoch FROM clock_timestamp()) * 1000 - 60000), "
			"(SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class "
			"WHERE relnamespace = 'rollcall'::regnamespace AND relkind = 'r')",
			NULL, &rows);
	if (status != EX_OK)
		return status;
	figures->writers = rows_number(&rows, 0, 0);
	figures->bytes = rows_number(&rows, 0, 1);
	figures->server = session->libpq.PQserverVersion(session->connection);
	return EX_OK;
}

static void print_figures(const struct database_figures *figures)
{
	printf("%" PRId64 " users; the last number given is %" PRId64 "\n", figures->state.users,
		figures->state.next_number - 1);
	printf("writers (servers, CGI requests, commands) in the last minute: %" PRId64 "\n",
		figures->writers);
	printf("%.1f MB; PostgreSQL %d.%d, schema %" PRId64 ", Unicode %s\n",
		(double)figures->bytes / 1e6, figures->server / 10000, figures->server % 10000,
		figures->state.schema, PRINTABLE(figures->state.unicode));
}

static int print_figures_as_json(const struct database_figures *figures)
{
	json_t *object = json_pack("{s:I, s:I, s:I, s:I, s:i, s:I, s:s}", "users",
		(json_int_t)figures->state.users, "last_number",
		(json_int_t)figures->state.next_number - 1, "writers_last_minute",
		(json_int_t)figures->writers, "bytes", (json_int_t)figures->bytes, "server_version",
		figures->server, "schema", (json_int_t)figures->state.schema, "unicode",
		figures->state.unicode);
	char *text = object != NULL ? json_dumps(object, JSON_COMPACT) : NULL;

	if (text != NULL)
		puts(text);
	json_decref(object);
	free(text);
	return text != NULL ? EX_OK : EX_SOFTWARE;
}

int database_status(const struct database_place *place, bool in_json)
{
	struct database_session session;
	struct database_figures figures = {.writers = 0};
	int status = database_session_open(&session, place);

	if (status == EX_OK)
		status = read_figures(&session, &figures);
	if (status == EX_OK && in_json)
		status = print_figures_as_json(&figures);
	else if (status == EX_OK)
		print_figures(&figures);
	database_session_close(&session);
	return status;
}
