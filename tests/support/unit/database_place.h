#ifndef ROLLCALL_TESTS_SUPPORT_UNIT_DATABASE_PLACE_H
#define ROLLCALL_TESTS_SUPPORT_UNIT_DATABASE_PLACE_H

#include <uv.h>

#include "store/store.h"
#include "support/unit/captured_log.h"
#include "support/unit/test_database.h"

/* A database for one test, on the server of tests/support/with-postgres; and the store in it, which
 * is the test's to stop and to close. */
struct database_place {
	struct test_database database;
	struct captured_log log;
	struct store *store;
};

/* Of the template, so without users. */
void database_place_make(struct database_place *place);
void database_place_remove(struct database_place *place);

/* Fails the test if it cannot. */
struct store *database_place_open(
	struct database_place *place, uv_loop_t *loop, const struct store_limits *limits);

/* The store is opened by that user, whatever comes of it. */
enum result database_place_open_as(
	struct database_place *place, uv_loop_t *loop, const char *user, struct reason *reason);

/* Runs one statement as the superuser, in the database of the place. */
void database_place_run(const struct database_place *place, const char *sql);

#endif
