#include "support/unit/database_place.h"

#include <stdio.h>

#include "store/database/node/database_store.h"
#include "support/test.h"

void database_place_run(const struct database_place *place, const char *sql)
{
	test_database_run(&place->database, sql);
}

void database_place_make(struct database_place *place)
{
	*place = (struct database_place){.store = NULL};
	test_database_make(&place->database);
	captured_log_open(&place->log, LOG_WARN);
}

void database_place_remove(struct database_place *place)
{
	captured_log_close(&place->log);
	test_database_remove(&place->database);
}

static enum result open_as(struct database_place *place, uv_loop_t *loop, const char *user,
	const struct store_limits *limits, struct reason *reason)
{
	char url[300];

	snprintf(url, sizeof(url), "postgresql://%s@/%s?host=%s", user, place->database.name,
		test_database_variable("DATABASE_SOCKETS"));
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
