/*
 * Each query of each command fails once, on a real server: the command says so, ends with the exit
 * status that goes with it, and has changed nothing. Then it does what it is for.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "commands/database/database_check.h"
#include "commands/database/database_export.h"
#include "commands/database/database_import.h"
#include "commands/database/database_migrate.h"
#include "commands/database/database_users.h"
#include "store/names/username.h"
#include "support/test.h"
#include "support/unit/captured_output.h"
#include "support/unit/test_database.h"

/* Calls of libpq, of which the one with that number fails. */
static struct {
	struct libpq libpq; /* the real one */
	unsigned calls, failing;
	bool is_armed;
	/* Somebody else's change, before queries with that text, so many times. */
	const struct test_database *database;
	const char *before, *change;
	unsigned times;
} faults;

static bool has_to_fail(void)
{
	return faults.is_armed && ++faults.calls == faults.failing;
}

static void change_beside(const char *sql)
{
	if (!faults.is_armed || faults.times == 0 || strstr(sql, faults.before) == NULL)
		return;
	faults.times--;
	faults.is_armed = false;
	test_database_run(faults.database, faults.change);
	faults.is_armed = true;
}

static PGresult *failing_execute(PGconn *connection, const char *sql)
{
	change_beside(sql);
	return faults.libpq.PQexec(connection, has_to_fail() ? "SELECT 1 / 0" : sql);
}

static PGresult *failing_execute_with(PGconn *connection, const char *sql, int count,
	const Oid *types, const char *const *values, const int *lengths, const int *formats,
	int format)
{
	change_beside(sql);
	if (has_to_fail())
		return faults.libpq.PQexec(connection, "SELECT 1 / 0");
	return faults.libpq.PQexecParams(
		connection, sql, count, types, values, lengths, formats, format);
}

static int failing_put(PGconn *connection, const char *bytes, int length)
{
	return has_to_fail() ? -1 : faults.libpq.PQputCopyData(connection, bytes, length);
}

/* It fails, or what was sent turns out to be wrong. */
static int failing_put_end(PGconn *connection, const char *error)
{
	if (has_to_fail())
		return -1;
	return faults.libpq.PQputCopyEnd(connection, has_to_fail() ? "a fault" : error);
}

enum result __wrap_libpq_open(struct libpq *libpq, struct reason *reason);
enum result __real_libpq_open(struct libpq *libpq, struct reason *reason);

enum result __wrap_libpq_open(struct libpq *libpq, struct reason *reason)
{
	enum result result = __real_libpq_open(libpq, reason);

	faults.libpq = *libpq;
	libpq->PQexec = failing_execute;
	libpq->PQexecParams = failing_execute_with;
	libpq->PQputCopyData = failing_put;
	libpq->PQputCopyEnd = failing_put_end;
	return result;
}

struct fixture {
	struct test_database database;
	struct database_place place;
	struct captured_output out, errors;
	char before[4096];
};

static int set_up(void **state)
{
	struct fixture *fixture = test_calloc(1, sizeof(*fixture));

	test_database_make(&fixture->database);
	faults.database = &fixture->database;
	fixture->place.url = fixture->database.url;
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	test_database_remove(&fixture->database);
	test_free(fixture);
	return 0;
}

static int add_user(const struct database_place *place, const char *name)
{
	struct database_user user = {.number = 0};
	int status = database_add(place, name, &user);

	buffer_free(&user.name);
	return status;
}

static int run_add(const struct database_place *place)
{
	return add_user(place, "Sigma");
}

static int run_remove(const struct database_place *place)
{
	struct database_user user = {.number = 0};
	int status = database_remove(place, "ann", 0, &user);

	buffer_free(&user.name);
	return status;
}

static int run_rename(const struct database_place *place)
{
	struct database_user user = {.number = 0}, renamed = {.number = 0};
	int status = database_rename(place, "ann", 0, "\u03a3\u03c9\u03ba", &user, &renamed);

	if (status == EX_OK)
		printf("%" PRIu64 " %s\n", renamed.number, database_user_name(&renamed));
	buffer_free(&user.name);
	buffer_free(&renamed.name);
	return status;
}

static int run_check(const struct database_place *place)
{
	return database_check(place);
}

static int run_status(const struct database_place *place)
{
	int status = database_status(place, false);

	return status == EX_OK ? database_status(place, true) : status;
}

static void show_count(void *argument, uint64_t users)
{
	(void)argument;
	printf("%" PRIu64 "\n", users);
}

static bool show_name(void *argument, const struct user *user)
{
	(void)argument;
	printf("%.*s\n", (int)user->name_length, user->name);
	return true;
}

static int run_export(const struct database_place *place)
{
	return database_export(
		place, &(struct database_visitor){.begin = show_count, .user = show_name});
}

static int run_migrate(const struct database_place *place)
{
	return database_migrate(place, false);
}

static int run_new_site(const struct database_place *place)
{
	return database_migrate(place, true);
}

static void on_row_refused(void *argument, uint64_t line, const char *reason)
{
	(void)argument;
	printf("%" PRIu64 ": %s\n", line, reason);
}

/* Of names that are looked for in each of the ways there are. */
static int run_import(const struct database_place *place)
{
	static const char *const names[] = {
		"Alpha", "\u041e\u0441\u0430", "ANN", "\u0421\u043e\u0440"};
	struct database_import *import;
	uint64_t imported;
	int status = database_import_open(place, &import);

	for (size_t i = 0; status == EX_OK && i < sizeof(names) / sizeof(names[0]); i++)
		database_import_add(import, &(struct entry){.line = i + 2,
						    .name = names[i],
						    .name_length = strlen(names[i]),
						    .has_created = true});
	if (status == EX_OK)
		status = database_import_finish(import, on_row_refused, NULL);
	if (status == EX_OK)
		status = database_import_commit(import, "list.csv", &imported);
	if (status == EX_OK)
		printf("%" PRIu64 "\n", imported);
	database_import_close(import);
	return status;
}

/* All that a command may change. */
static const char *text_of_list(struct fixture *fixture)
{
	if (strcmp(test_database_text(
			   &fixture->database, "SELECT to_regclass('rollcall.state') IS NULL"),
		    "t") == 0)
		return "no list";
	return test_database_text(&fixture->database,
		"SELECT s.*, (SELECT string_agg(u::text, ',' ORDER BY number) FROM rollcall.users "
		"u),"
		"(SELECT md5(string_agg(w::text, ',' ORDER BY w)) FROM rollcall.words w),"
		"(SELECT md5(string_agg(l::text, ',' ORDER BY l)) FROM rollcall.looks l) "
		"FROM rollcall.state s");
}

/* Captures all that it says. */
static int run(struct fixture *fixture, int (*command)(const struct database_place *place))
{
	captured_output_begin(&fixture->out, stdout);
	captured_output_begin(&fixture->errors, stderr);
	faults.calls = 0;
	faults.is_armed = true;
	int status = command(&fixture->place);
	faults.is_armed = false;
	captured_output_end(&fixture->errors);
	captured_output_end(&fixture->out);
	return status;
}

/* What a failure says begins so, and is one line. */
static void expect_failed(struct fixture *fixture, int status)
{
	char words[512];
	const char *said = fixture->errors.text;

	snprintf(words, sizeof(words), "rollcall: postgresql://postgres@%s:5432/%s: ",
		test_database_variable("DATABASE_SOCKETS"), fixture->database.name);
	if (status != EX_DATAERR || strncmp(said, words, strlen(words)) != 0 ||
		strchr(said, '\n') != said + strlen(said) - 1)
		fail_msg("call %u: status %d, and:\n%s", faults.failing, status, said);
	if (strcmp(text_of_list(fixture), fixture->before) != 0)
		fail_msg("call %u: it has changed\n%s\nto\n%s", faults.failing, fixture->before,
			fixture->database.text);
}

static void add_users(struct fixture *fixture)
{
	static const char *const names[] = {"Ann", "Cop", "\u03a3\u03c9\u03ba\u03c1", "Zo\u00eb"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(add_user(&fixture->place, names[i]), EX_OK);
}

/* Runs it with one failing call after the other, until none fails. */
static void try_command(struct fixture *fixture, int (*command)(const struct database_place *place))
{
	int status;

	snprintf(fixture->before, sizeof(fixture->before), "%s", text_of_list(fixture));
	for (faults.failing = 1;; faults.failing++) {
		status = run(fixture, command);
		if (faults.calls < faults.failing)
			break;
		expect_failed(fixture, status);
	}
	if (status != EX_OK || fixture->errors.text[0] != '\0')
		fail_msg("status %d, and:\n%s", status, fixture->errors.text);
	assert_true(faults.failing > 1);
}

static void expect_good(struct fixture *fixture)
{
	faults.failing = 0;
	if (run(fixture, run_check) != EX_OK)
		fail_msg("%s%s", fixture->out.text, fixture->errors.text);
}

FIXTURE_TEST(one_user_is_changed)
{
	add_users(fixture);
	try_command(fixture, run_add);
	assert_string_equal(fixture->out.text, "");
	try_command(fixture, run_rename);
	assert_string_equal(fixture->out.text, "1 \u03a3\u03c9\u03ba\n");
	assert_int_equal(add_user(&fixture->place, "Ann"), EX_OK);
	try_command(fixture, run_remove);
	assert_string_equal(test_database_text(&fixture->database,
				    "SELECT number FROM rollcall.users ORDER BY 1"),
		"1\n2\n3\n4\n5");
}

FIXTURE_TEST(a_list_is_read)
{
	add_users(fixture);
	try_command(fixture, run_check);
	try_command(fixture, run_status);
	try_command(fixture, run_export);
	assert_string_equal(fixture->out.text, "4\nAnn\nCop\n\u03a3\u03c9\u03ba\u03c1\nZo\u00eb\n");
}

FIXTURE_TEST(users_are_imported)
{
	add_users(fixture);
	try_command(fixture, run_import);
	assert_string_equal(fixture->out.text, "4: username: taken by user 1, Ann\n5: username: "
					       "looks like that of user 2, Cop\n2\n");
	expect_good(fixture);
}

/* Whatever of rollcall.state has to be another one then. */
static void expect_new_site(struct fixture *fixture)
{
	static const char sql[] = "SELECT site, revision, change, version - 1 FROM rollcall.state";
	int64_t before[4], after[4];

	sscanf(test_database_text(&fixture->database, sql),
		"%" SCNd64 "|%" SCNd64 "|%" SCNd64 "|%" SCNd64, &before[0], &before[1], &before[2],
		&before[3]);
	try_command(fixture, run_new_site);
	sscanf(test_database_text(&fixture->database, sql),
		"%" SCNd64 "|%" SCNd64 "|%" SCNd64 "|%" SCNd64, &after[0], &after[1], &after[2],
		&after[3]);
	for (size_t i = 0; i < 4; i++)
		assert_int_not_equal(before[i], after[i]);
	assert_true(after[0] > 0 && after[1] > 0);
	assert_true(after[2] >= INT64_C(100000000000000000));
	assert_int_equal(after[3], before[3] + 1);
}

FIXTURE_TEST(a_list_is_made_and_migrated)
{
	test_database_run(&fixture->database,
		"SET client_min_messages = error; DROP SCHEMA rollcall CASCADE");
	try_command(fixture, run_migrate);
	expect_good(fixture);
	add_users(fixture);
	test_database_run(&fixture->database, "UPDATE rollcall.state SET unicode = ''");
	try_command(fixture, run_migrate);
	test_database_run(&fixture->database, "UPDATE rollcall.state SET unicode = '3.0.0'");
	try_command(fixture, run_migrate);
	expect_new_site(fixture);
	expect_good(fixture);
}

/* What is changed beside a command, before queries with that text; and how it ends. */
static void expect_beside(struct fixture *fixture, int (*command)(const struct database_place *),
	const char *before, const char *change, unsigned times, int status, const char *words)
{
	faults.failing = 0;
	faults.before = before;
	faults.change = change;
	faults.times = times;
	int ended = run(fixture, command);
	if (ended != status || strcmp(fixture->errors.text, words) != 0 || faults.times != 0)
		fail_msg("status %d, not %d:\n%s", ended, status, fixture->errors.text);
}

FIXTURE_TEST(what_others_change_while_an_import_is_checked)
{
	char words[512];

	expect_beside(fixture, run_import, "BEGIN",
		"UPDATE rollcall.state SET next_number = 2, version = version + 1", 1, EX_TEMPFAIL,
		"rollcall: a user has signed up meanwhile; nothing was imported\n");
	test_database_run(&fixture->database, "UPDATE rollcall.state SET next_number = 1");
	add_users(fixture);
	expect_beside(fixture, run_import, "BEGIN",
		"UPDATE rollcall.state SET version = version + 1; "
		"UPDATE rollcall.users SET name = 'ALPHA', key = 'alpha' WHERE number = 4",
		1, EX_DATAERR,
		"list.csv:2: username: taken by user 4, ALPHA\n"
		"rollcall: these names were taken meanwhile; nothing was imported\n");
	snprintf(words, sizeof(words),
		"rollcall: the names in the database are compared by Unicode 3.0.0, this program "
		"has %s: run 'rollcall migrate'\n",
		username_unicode_version());
	expect_beside(fixture, run_import, "BEGIN", "UPDATE rollcall.state SET unicode = '3.0.0'",
		1, EX_UNAVAILABLE, words);
	assert_string_equal(
		test_database_text(&fixture->database, "SELECT count(*) FROM rollcall.users"), "4");
}

#define RENAME                                                                                     \
	"UPDATE rollcall.users SET name = name || 'x', "                                           \
	"key = key || convert_to('x', 'UTF8') WHERE number = 1"

FIXTURE_TEST(a_user_who_is_renamed_again_and_again)
{
	add_users(fixture);
	expect_beside(fixture, run_remove, "remove_user", RENAME, 10, EX_TEMPFAIL,
		"rollcall: the user is being renamed by others\n");
	test_database_run(&fixture->database,
		"UPDATE rollcall.users SET name = 'Ann', key = 'ann' WHERE number = 1");
	expect_beside(fixture, run_rename, "rename_user", RENAME, 9, EX_OK, "");
	assert_string_equal(fixture->out.text, "1 \u03a3\u03c9\u03ba\n");
	test_database_run(&fixture->database,
		"UPDATE rollcall.users SET name = 'Ann', key = 'ann' WHERE number = 1");
	expect_beside(fixture, run_remove, "remove_user", RENAME, 9, EX_OK, "");
	assert_string_equal(test_database_text(&fixture->database,
				    "SELECT number FROM rollcall.users ORDER BY 1"),
		"2\n3\n4");
}

/* In more than one query for its names, and more than one COPY. */
FIXTURE_TEST(a_long_list_is_imported)
{
	enum { USERS = 20001 };
	struct database_import *import;
	char name[32];
	uint64_t imported;

	add_users(fixture);
	assert_int_equal(database_import_open(&fixture->place, &import), EX_OK);
	for (int i = 0; i < USERS; i++) {
		snprintf(name, sizeof(name), "user %d", i == 19999 ? 7 : i);
		database_import_add(import, &(struct entry){.line = (uint64_t)i + 2,
						    .name = i == 10000 ? "ann" : name,
						    .name_length = i == 10000 ? 3 : strlen(name),
						    .has_created = true});
	}
	captured_output_begin(&fixture->out, stdout);
	int status = database_import_finish(import, on_row_refused, NULL);
	captured_output_end(&fixture->out);
	assert_int_equal(status, EX_OK);
	assert_string_equal(fixture->out.text, "10002: username: taken by user 1, Ann\n"
					       "20001: username: taken by user 7 on line 9\n");
	assert_int_equal(database_import_commit(import, "list.csv", &imported), EX_OK);
	database_import_close(import);
	assert_int_equal(imported, USERS - 2);
	expect_good(fixture);
	assert_string_equal(test_database_text(&fixture->database,
				    "SELECT count(*), max(number), min(name), max(name) "
				    "FROM rollcall.users WHERE number > 4"),
		"19999|20003|user 0|user 9999");
}
