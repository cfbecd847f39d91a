#include "support/unit/test_database.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/test.h"

const char *test_database_variable(const char *variable)
{
	const char *text = getenv(variable);

	if (text == NULL)
		fail_msg("%s is not set: run it by tests/support/with-postgres", variable);
	return text;
}

static void write_text(const struct libpq *libpq, const PGresult *result, char *text, size_t size)
{
	size_t length = 0;

	for (int i = 0; i < libpq->PQntuples(result); i++) {
		for (int j = 0; j < libpq->PQnfields(result); j++)
			length += (size_t)snprintf(text + length, size - length, "%s%s",
				j > 0   ? "|"
				: i > 0 ? "\n"
					: "",
				libpq->PQgetvalue(result, i, j));
		assert_true(length < size);
	}
}

/* `text`: what it gives, or NULL. */
static void run_at(
	const struct libpq *libpq, const char *name, const char *sql, char *text, size_t size)
{
	const char *const keywords[] = {"host", "user", "dbname", NULL};
	const char *const values[] = {
		test_database_variable("DATABASE_SOCKETS"), "postgres", name, NULL};
	PGconn *connection = libpq->PQconnectdbParams(keywords, values, 0);
	PGresult *result = libpq->PQexec(connection, sql);
	ExecStatusType status = libpq->PQresultStatus(result);

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		fail_msg("%s: %s", sql, libpq->PQerrorMessage(connection));
	if (text != NULL)
		write_text(libpq, result, text, size);
	libpq->PQclear(result);
	libpq->PQfinish(connection);
}

void test_database_run(const struct test_database *database, const char *sql)
{
	run_at(&database->libpq, database->name, sql, NULL, 0);
}

const char *test_database_text(struct test_database *database, const char *sql)
{
	database->text[0] = '\0';
	run_at(&database->libpq, database->name, sql, database->text, sizeof(database->text));
	return database->text;
}

void test_database_make(struct test_database *database)
{
	static unsigned made;
	struct reason reason;
	char sql[200];

	*database = (struct test_database){.name = ""};
	if (libpq_open(&database->libpq, &reason) != RESULT_OK)
		fail_msg("%s", reason.text);
	snprintf(database->name, sizeof(database->name), "place_%ld_%u", (long)getpid(), ++made);
	snprintf(sql, sizeof(sql), "CREATE DATABASE %s TEMPLATE %s", database->name,
		test_database_variable("DATABASE_TEMPLATE"));
	snprintf(database->url, sizeof(database->url), "postgresql://postgres@/%s?host=%s",
		database->name, test_database_variable("DATABASE_SOCKETS"));
	run_at(&database->libpq, "postgres", sql, NULL, 0);
}

void test_database_remove(struct test_database *database)
{
	char sql[200];

	snprintf(sql, sizeof(sql), "DROP DATABASE %s WITH (FORCE)", database->name);
	run_at(&database->libpq, "postgres", sql, NULL, 0);
	libpq_close(&database->libpq);
}
