#ifndef ROLLCALL_TESTS_SUPPORT_UNIT_TEST_DATABASE_H
#define ROLLCALL_TESTS_SUPPORT_UNIT_TEST_DATABASE_H

#include "store/database/libpq.h"

/* A database for one test, on the server of tests/support/with-postgres, that has an empty list. */
struct test_database {
	struct libpq libpq;
	char name[64];
	char url[256]; /* as the superuser, through the socket */
	char text[4096];
};

void test_database_make(struct test_database *database);
void test_database_remove(struct test_database *database);

/* Runs statements as the superuser. */
void test_database_run(const struct test_database *database, const char *sql);

/* What a query gives: columns and rows behind each other, with | and line feeds between them. Valid
 * until the next. */
const char *test_database_text(struct test_database *database, const char *sql);

/* A variable of with-postgres. */
const char *test_database_variable(const char *variable);

#endif
