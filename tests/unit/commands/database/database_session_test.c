/* What a command makes of all that a server, or the loss of one, can answer: its exit status, its
 * words, and how often it tries. */
#include "commands/database/database_session.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>

#include "store/names/username.h"
#include "support/temporary_directory.h"
#include "support/test.h"
#include "support/unit/captured_output.h"

#define ADDRESS "postgresql:///list"
#define SAID    "rollcall: postgresql:///nowhere:5432/list: "

/* A result, with the notice that comes before it. */
struct fake_answer {
	ExecStatusType status;
	const char *sqlstate;
	const char *tag;
	const char *words;
	const char *severity; /* of the notice; NULL: there is none */
	const char *class;    /* of the notice */
	bool is_lost;         /* so is the connection then */
};

/* The server, of which there is one. PGconn and PGresult are opaque, so any pointer does. */
static struct {
	const struct fake_answer *answers; /* to one query after the other; the last is repeated */
	size_t count, next;
	unsigned connections, refused, results, pauses, milliseconds;
	unsigned refuses; /* so many connections */
	const char *refusal;
	bool is_missing, is_without_memory;
	ConnStatusType status;
	PQnoticeReceiver notice;
	void *argument;
	const char *settings; /* the first query on a connection */
	const char *sql;
	int columns;
	int64_t state[6];
	const char *unicode;
} server;

static const struct fake_answer done = {PGRES_COMMAND_OK, NULL, "", "", NULL, NULL, false};

static PGconn *fake_connect(const char *const *keywords, const char *const *values, int expand)
{
	static char connection;

	(void)keywords, (void)values;
	assert_int_equal(expand, 0);
	server.connections++;
	server.settings = NULL;
	server.status = server.refuses > 0 ? CONNECTION_BAD : CONNECTION_OK;
	if (server.refuses > 0) {
		server.refuses--;
		server.refused++;
	}
	return server.is_without_memory ? NULL : (PGconn *)&connection;
}

static ConnStatusType fake_status(const PGconn *connection)
{
	return connection == NULL ? CONNECTION_BAD : server.status;
}

static char *fake_connection_words(const PGconn *connection)
{
	return connection == NULL ? "connection pointer is NULL\n"
				  : (char *)(uintptr_t)server.refusal;
}

static PQnoticeReceiver fake_set_notice(PGconn *connection, PQnoticeReceiver notice, void *argument)
{
	(void)connection;
	server.notice = notice;
	server.argument = argument;
	return NULL;
}

static void fake_finish(PGconn *connection)
{
	assert_non_null(connection);
	server.connections--;
}

static PGresult *make_answer(const struct fake_answer *answer)
{
	struct fake_answer *result = malloc(sizeof(*result));

	*result = *answer;
	server.results++;
	return (PGresult *)result;
}

static const struct fake_answer *answer_of(const PGresult *result)
{
	return (const struct fake_answer *)result;
}

static PGresult *answer_next(const char *sql)
{
	const struct fake_answer *answer = &server.answers[server.next];
	struct fake_answer notice = {.sqlstate = answer->class, .tag = answer->severity};

	server.sql = sql;
	if (server.next + 1 < server.count)
		server.next++;
	if (answer->severity != NULL)
		server.notice(server.argument, (PGresult *)&notice);
	if (answer->is_lost)
		server.status = CONNECTION_BAD;
	return answer->status == PGRES_FATAL_ERROR && answer->sqlstate == NULL && answer->is_lost
		       ? NULL
		       : make_answer(answer);
}

static PGresult *fake_execute(PGconn *connection, const char *sql)
{
	if (connection == NULL)
		return NULL;
	if (server.settings != NULL)
		return answer_next(sql);
	server.settings = sql;
	return make_answer(&done);
}

static PGresult *fake_execute_with(PGconn *connection, const char *sql, int count, const Oid *types,
	const char *const *values, const int *lengths, const int *formats, int format)
{
	(void)types, (void)values, (void)lengths, (void)formats;
	assert_int_equal(format, 1);
	assert_int_equal(count, strstr(sql, "$1") != NULL ? 1 : 0);
	return connection != NULL ? answer_next(sql) : NULL;
}

static void fake_clear(PGresult *result)
{
	if (result != NULL)
		server.results--;
	free(result);
}

static ExecStatusType fake_result_status(const PGresult *result)
{
	return result != NULL ? answer_of(result)->status : PGRES_FATAL_ERROR;
}

static char *fake_field(const PGresult *result, int field)
{
	if (result == NULL)
		return NULL;
	return (char *)(uintptr_t)(field == PG_DIAG_SQLSTATE ? answer_of(result)->sqlstate
							     : answer_of(result)->tag);
}

static char *fake_words(const PGresult *result)
{
	return result != NULL ? (char *)(uintptr_t)answer_of(result)->words : "";
}

static char *fake_tag(PGresult *result)
{
	return result != NULL ? (char *)(uintptr_t)answer_of(result)->tag : NULL;
}

/* One row, of rollcall.state. */
static int fake_rows(const PGresult *result)
{
	return result != NULL && answer_of(result)->status == PGRES_TUPLES_OK ? 1 : 0;
}

static int fake_columns(const PGresult *result)
{
	(void)result;
	return 6;
}

static int fake_binary(const PGresult *result)
{
	(void)result;
	return 1;
}

static int fake_is_null(const PGresult *result, int row, int column)
{
	(void)result, (void)row, (void)column;
	return 0;
}

static char *fake_value(const PGresult *result, int row, int column)
{
	static uint64_t sent;

	(void)result, (void)row;
	sent = htobe64((uint64_t)server.state[column]);
	return column == 1 ? (char *)(uintptr_t)server.unicode : (char *)&sent;
}

static int fake_length(const PGresult *result, int row, int column)
{
	(void)result, (void)row;
	return column == 1 ? (int)strlen(server.unicode) : 8;
}

/* The rest of the results, each of which is asked for. */
static PGresult *fake_next(PGconn *connection)
{
	assert_non_null(connection);
	return server.next < server.count ? make_answer(&server.answers[server.next++]) : NULL;
}

enum result __wrap_libpq_open(struct libpq *libpq, struct reason *reason);
enum result __real_libpq_open(struct libpq *libpq, struct reason *reason);

/* It reads addresses with libpq's own functions. */
enum result __wrap_libpq_open(struct libpq *libpq, struct reason *reason)
{
	*libpq = (struct libpq){0};
	if (server.is_missing)
		return reason_fail(reason, RESULT_MISSING, "no libpq");
	enum result result = __real_libpq_open(libpq, reason);
	libpq->PQconnectdbParams = fake_connect;
	libpq->PQstatus = fake_status;
	libpq->PQerrorMessage = fake_connection_words;
	libpq->PQsetNoticeReceiver = fake_set_notice;
	libpq->PQfinish = fake_finish;
	libpq->PQexec = fake_execute;
	libpq->PQexecParams = fake_execute_with;
	libpq->PQclear = fake_clear;
	libpq->PQresultStatus = fake_result_status;
	libpq->PQresultErrorField = fake_field;
	libpq->PQresultErrorMessage = fake_words;
	libpq->PQcmdStatus = fake_tag;
	libpq->PQntuples = fake_rows;
	libpq->PQnfields = fake_columns;
	libpq->PQbinaryTuples = fake_binary;
	libpq->PQgetisnull = fake_is_null;
	libpq->PQgetvalue = fake_value;
	libpq->PQgetlength = fake_length;
	libpq->PQgetResult = fake_next;
	return result;
}

/* The clock goes on while the program sleeps. */
int64_t __wrap_progress_clock(void);
int __wrap_nanosleep(const struct timespec *pause, struct timespec *left);

int64_t __wrap_progress_clock(void)
{
	return 1000 + (int64_t)server.milliseconds;
}

int __wrap_nanosleep(const struct timespec *pause, struct timespec *left)
{
	assert_null(left);
	assert_int_equal(pause->tv_sec, 0);
	server.milliseconds += (unsigned)(pause->tv_nsec / 1000000);
	server.pauses++;
	return 0;
}

struct fixture {
	struct database_session session;
	struct captured_output errors;
};

static void open_session(struct fixture *fixture)
{
	assert_int_equal(
		database_session_open(&fixture->session,
			&(struct database_place){.url = "postgresql:///list?host=/nowhere"}),
		EX_OK);
}

static int set_up(void **state)
{
	struct fixture *fixture = test_calloc(1, sizeof(*fixture));

	memset(&server, 0, sizeof(server));
	server.answers = &done;
	server.count = 1;
	server.refusal = "";
	server.unicode = "";
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	database_session_close(&fixture->session);
	assert_int_equal(server.connections, 0);
	assert_int_equal(server.results, 0);
	test_free(fixture);
	return 0;
}

static void answer_with(const struct fake_answer *answers, size_t count)
{
	server.answers = answers;
	server.count = count;
	server.next = 0;
}

/* Ends what was captured. */
static void expect_ended(struct fixture *fixture, int status, int expected, const char *words)
{
	const char *said = captured_output_end(&fixture->errors);

	if (status != expected || strcmp(said, words) != 0)
		fail_msg("status %d, not %d:\n%s--\n%s", status, expected, said, words);
}

static void expect_opened(struct fixture *fixture, const char *url, int expected, const char *words)
{
	const struct database_place place = {.url = url};

	captured_output_begin(&fixture->errors, stderr);
	int status = database_session_open(&fixture->session, &place);
	expect_ended(fixture, status, expected, words);
	database_session_close(&fixture->session);
}

FIXTURE_TEST(a_session_that_cannot_be_opened)
{
	static const struct {
		const char *refusal;
		int status;
		const char *words;
	} refusals[] = {
		{"connection to server failed: no such file\nIs it there?\n", EX_TEMPFAIL,
			SAID "connection to server failed: no such file\n"},
		{"connection to server failed: FATAL:  role \"x\" does not exist\n", EX_NOPERM,
			SAID "connection to server failed: FATAL:  role \"x\" does not exist\n"},
	};

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		server.refuses = 1;
		server.refusal = refusals[i].refusal;
		expect_opened(fixture, "postgresql:///list?host=/nowhere", refusals[i].status,
			refusals[i].words);
	}
	server.is_without_memory = true;
	server.connections = 0;
	expect_opened(fixture, "postgresql:///list?host=/nowhere", EX_OSERR,
		"rollcall: Cannot allocate memory\n");
	server.connections = 0;
}

FIXTURE_TEST(an_address_that_is_none_and_a_library_that_is_not_there)
{
	struct temporary_directory directory;
	char path[128], words[256];

	expect_opened(fixture, "host=/nowhere port=x", EX_USAGE,
		"rollcall: a port that is not a number\n");
	temporary_directory_make(&directory);
	snprintf(path, sizeof(path), "%s/database-password/", directory.path);
	assert_int_equal(mkdir(path, 0700), 0);
	path[strlen(path) - 1] = '\0';
	setenv("CREDENTIALS_DIRECTORY", directory.path, 1);
	snprintf(words, sizeof(words), "rollcall: %s: Is a directory\n", path);
	expect_opened(fixture, "postgresql:///list?host=/nowhere", EX_IOERR, words);
	unsetenv("CREDENTIALS_DIRECTORY");
	temporary_directory_remove(&directory);
	server.is_missing = true;
	expect_opened(fixture, "postgresql:///list?host=/nowhere", EX_UNAVAILABLE,
		"rollcall: no libpq\n");
}

FIXTURE_TEST(a_session_is_as_this_program_needs_it_whatever_the_role_has_set)
{
	static const char *const settings[] = {"jit = off", "statement_timeout = 0",
		"lock_timeout = 0", "idle_in_transaction_session_timeout = 0",
		"synchronous_commit = on", "client_min_messages = warning",
		"search_path = pg_catalog, pg_temp"};

	open_session(fixture);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		assert_non_null(strstr(server.settings, settings[i]));
}

FIXTURE_TEST(what_the_server_says_to_a_query_is_an_exit_status)
{
	static const struct {
		const char *sqlstate;
		int status;
	} states[] = {{"3F000", EX_NOINPUT}, {"42P01", EX_NOINPUT}, {"42P02", EX_DATAERR},
		{"42501", EX_NOPERM}, {"42502", EX_DATAERR}, {"28000", EX_NOPERM},
		{"28P01", EX_NOPERM}, {"UNI01", EX_UNAVAILABLE}, {"UNI02", EX_DATAERR},
		{"08006", EX_TEMPFAIL}, {"57P01", EX_TEMPFAIL}, {"57014", EX_DATAERR},
		{"53300", EX_TEMPFAIL}, {"40001", EX_TEMPFAIL}, {"25006", EX_TEMPFAIL},
		{"25007", EX_DATAERR}, {"22012", EX_DATAERR}, {NULL, EX_DATAERR}};

	open_session(fixture);
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		const struct fake_answer answer = {.status = PGRES_FATAL_ERROR,
			.sqlstate = states[i].sqlstate,
			.words = "ERROR:  what it said\nDETAIL:  more of it\n"};
		answer_with(&answer, 1);
		captured_output_begin(&fixture->errors, stderr);
		int status = database_session_run(&fixture->session, "SELECT");
		expect_ended(fixture, status, states[i].status,
			states[i].status == EX_NOINPUT ? SAID
				"there is no list yet; 'rollcall migrate' makes one\n"
						       : SAID "ERROR:  what it said\n");
	}
}

FIXTURE_TEST(a_query_on_a_connection_that_is_lost)
{
	static const struct fake_answer lost = {.status = PGRES_FATAL_ERROR, .is_lost = true};

	open_session(fixture);
	answer_with(&lost, 1);
	server.refusal = "the connection is gone\n";
	captured_output_begin(&fixture->errors, stderr);
	int status = database_session_run(&fixture->session, "SELECT");
	expect_ended(fixture, status, EX_TEMPFAIL, SAID "the connection is gone\n");
}

FIXTURE_TEST(only_these_results_are_none_of_failures)
{
	static const struct {
		ExecStatusType result;
		int status;
	} results[] = {{PGRES_COMMAND_OK, EX_OK}, {PGRES_TUPLES_OK, EX_OK}, {PGRES_COPY_IN, EX_OK},
		{PGRES_COPY_OUT, EX_DATAERR}, {PGRES_EMPTY_QUERY, EX_DATAERR},
		{PGRES_NONFATAL_ERROR, EX_DATAERR}};

	open_session(fixture);
	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
		const struct fake_answer answer = {.status = results[i].result, .words = "so"};
		answer_with(&answer, 1);
		captured_output_begin(&fixture->errors, stderr);
		int status = database_session_run(&fixture->session, "SELECT");
		expect_ended(fixture, status, results[i].status,
			results[i].status == EX_OK ? "" : SAID "so\n");
	}
}

FIXTURE_TEST(a_commit)
{
#define DOUBT "rollcall: the change may have been made, or not: look before you repeat it\n"
	static const struct {
		struct fake_answer answer;
		int status;
		const char *words;
	} cases[] = {
		{{.status = PGRES_COMMAND_OK, .tag = "COMMIT"}, EX_OK, ""},
		{{.status = PGRES_COMMAND_OK, .tag = "ROLLBACK"}, EX_TEMPFAIL,
			"rollcall: the server has undone the change\n"},
		{{.status = PGRES_COMMAND_OK,
			 .tag = "COMMIT",
			 .severity = "WARNING",
			 .class = "01000"},
			EX_TEMPFAIL,
			"rollcall: the change was made, but no standby has confirmed it\n"},
		{{.status = PGRES_COMMAND_OK,
			 .tag = "COMMIT",
			 .severity = "NOTICE",
			 .class = "01000"},
			EX_OK, ""},
		{{.status = PGRES_COMMAND_OK,
			 .tag = "COMMIT",
			 .severity = "WARNING",
			 .class = "25P01"},
			EX_OK, ""},
		{{.status = PGRES_COMMAND_OK, .tag = "COMMIT", .severity = "WARNING"}, EX_OK, ""},
		{{.status = PGRES_FATAL_ERROR, .tag = "", .sqlstate = "57P01", .words = "it ends"},
			EX_TEMPFAIL, SAID "it ends\n" DOUBT},
		{{.status = PGRES_FATAL_ERROR, .tag = "", .sqlstate = "23505", .words = "twice"},
			EX_DATAERR, SAID "twice\n"},
	};

	open_session(fixture);
	/* A warning of a query before it means nothing. */
	answer_with(
		&(struct fake_answer){
			.status = PGRES_TUPLES_OK, .severity = "WARNING", .class = "01000"},
		1);
	assert_int_equal(database_session_run(&fixture->session, "SELECT"), EX_OK);
	assert_true(fixture->session.is_warned);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		answer_with(&cases[i].answer, 1);
		captured_output_begin(&fixture->errors, stderr);
		int status = database_session_commit(&fixture->session);
		expect_ended(fixture, status, cases[i].status, cases[i].words);
		assert_string_equal(server.sql, "COMMIT");
	}
}

FIXTURE_TEST(the_end_of_a_copy_is_what_the_first_result_says)
{
	static const struct fake_answer good[] = {
		{.status = PGRES_COMMAND_OK}, {.status = PGRES_FATAL_ERROR, .words = "not told"}};
	static const struct fake_answer bad[] = {
		{.status = PGRES_FATAL_ERROR, .sqlstate = "22P04", .words = "no such row"},
		{.status = PGRES_COMMAND_OK}, {.status = PGRES_COMMAND_OK}};

	open_session(fixture);
	answer_with(good, 2);
	captured_output_begin(&fixture->errors, stderr);
	int status = database_session_end_copy(&fixture->session);
	expect_ended(fixture, status, EX_OK, "");
	assert_int_equal(server.next, 2);
	answer_with(bad, 3);
	captured_output_begin(&fixture->errors, stderr);
	status = database_session_end_copy(&fixture->session);
	expect_ended(fixture, status, EX_DATAERR, SAID "no such row\n");
	assert_int_equal(server.next, 3);
}

static const struct statement statement = {.sql = "SELECT change($1)"};

static int change(struct fixture *fixture)
{
	struct parameters parameters = {0};
	struct rows rows;

	parameters_number(&parameters, 1);
	captured_output_begin(&fixture->errors, stderr);
	int status = database_session_change(&fixture->session, &statement, &parameters, &rows);
	parameters_free(&parameters);
	return status;
}

#define LOST                                                                                       \
	{                                                                                          \
		.status = PGRES_FATAL_ERROR, .is_lost = true                                       \
	}
#define DONE                                                                                       \
	{                                                                                          \
		.status = PGRES_TUPLES_OK, .tag = "SELECT 1"                                       \
	}
#define UNDONE                                                                                     \
	{                                                                                          \
		.status = PGRES_COMMAND_OK, .tag = "ROLLBACK"                                      \
	}
#define WARNED                                                                                     \
	{                                                                                          \
		.status = PGRES_TUPLES_OK, .tag = "SELECT 1", .severity = "WARNING",               \
		.class = "01000"                                                                   \
	}
#define REFUSED                                                                                    \
	{                                                                                          \
		.status = PGRES_FATAL_ERROR, .tag = "", .sqlstate = "42501", .words = "denied"     \
	}
#define REPEATED                                                                                   \
	{                                                                                          \
		.status = PGRES_FATAL_ERROR, .tag = "", .sqlstate = "40001", .words = "again"      \
	}

FIXTURE_TEST(a_change_is_made_again_until_its_outcome_is_known)
{
	static const struct {
		struct fake_answer answers[3];
		size_t count; /* of tries */
		int status;
		const char *words;
	} cases[] = {
		{{DONE}, 1, EX_OK, ""},
		{{LOST, DONE}, 2, EX_OK, ""},
		{{LOST, LOST, DONE}, 3, EX_OK, ""},
		{{UNDONE, DONE}, 2, EX_OK, ""},
		{{WARNED, DONE}, 2, EX_OK, ""},
		{{REPEATED, DONE}, 2, EX_OK, ""},
		{{REFUSED}, 1, EX_NOPERM, SAID "denied\n"},
		{{LOST, REFUSED}, 2, EX_TEMPFAIL, SAID "denied\n" DOUBT},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		open_session(fixture);
		server.pauses = server.milliseconds = 0;
		answer_with(cases[i].answers, cases[i].count);
		int status = change(fixture);
		expect_ended(fixture, status, cases[i].status, cases[i].words);
		assert_int_equal(server.pauses, cases[i].count - 1);
		assert_int_equal(server.milliseconds, 200 * (cases[i].count - 1));
		assert_int_equal(server.connections, 1);
		assert_false(fixture->session.is_quiet);
		database_session_close(&fixture->session);
	}
}

FIXTURE_TEST(a_change_that_no_try_makes_is_given_up)
{
	static const struct fake_answer answers[] = {REPEATED};

	open_session(fixture);
	answer_with(answers, 1);
	int status = change(fixture);
	expect_ended(fixture, status, EX_TEMPFAIL, SAID "again\n" DOUBT);
	assert_int_equal(server.milliseconds, DATABASE_PATIENCE_MS);
}

/* Nothing of a connection that is refused meanwhile is said, but at the end. */
FIXTURE_TEST(a_server_that_is_away_while_a_change_is_made_again)
{
	static const struct fake_answer answers[] = {LOST, DONE};

	open_session(fixture);
	answer_with(answers, 2);
	server.refuses = 3;
	server.refusal = "no server\n";
	int status = change(fixture);
	expect_ended(fixture, status, EX_OK, "");
	assert_int_equal(server.pauses, 4);
	answer_with(answers, 1);
	server.refuses = 1000;
	status = change(fixture);
	expect_ended(fixture, status, EX_TEMPFAIL, SAID "no server\n" DOUBT);
}

FIXTURE_TEST(parameters_without_memory_are_not_sent)
{
	struct parameters parameters = {.bytes = {.failed = true}, .count = 1};
	struct rows rows;

	open_session(fixture);
	captured_output_begin(&fixture->errors, stderr);
	int status = database_session_ask(&fixture->session, "SELECT $1::text", &parameters, &rows);
	expect_ended(fixture, status, EX_OSERR, "rollcall: Cannot allocate memory\n");
	assert_null(server.sql);
}

FIXTURE_TEST(the_state_and_its_schema)
{
	static const struct fake_answer row = {.status = PGRES_TUPLES_OK};
	static const struct {
		int64_t schema;
		int status;
		const char *words;
	} cases[] = {
		{1, EX_OK, ""},
		{0, EX_UNAVAILABLE,
			SAID "the schema has version 0, and this program needs 1: run "
			     "'rollcall migrate'\n"},
		{2, EX_UNAVAILABLE, SAID "the schema has version 2, and this program needs 1\n"},
	};
	struct database_state state;

	open_session(fixture);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const int64_t columns[] = {cases[i].schema, 0, 12, 13, 14, 15};
		memcpy(server.state, columns, sizeof(columns));
		server.unicode = "15.0.0";
		answer_with(&row, 1);
		captured_output_begin(&fixture->errors, stderr);
		int status = database_session_state(&fixture->session, i == 1, &state);
		expect_ended(fixture, status, cases[i].status, cases[i].words);
		assert_int_equal(strstr(server.sql, "FOR UPDATE") != NULL, i == 1);
		assert_int_equal(state.version, 12);
		assert_int_equal(state.next_number, 13);
		assert_int_equal(state.users, 14);
		assert_int_equal(state.seats, 15);
		assert_string_equal(state.unicode, "15.0.0");
	}
}

FIXTURE_TEST(names_are_compared_by_one_version_of_unicode)
{
	struct database_state state = {.unicode = ""};
	char words[256];

	assert_int_equal(database_session_can_name(&state), EX_OK);
	snprintf(state.unicode, sizeof(state.unicode), "%s", username_unicode_version());
	assert_int_equal(database_session_can_name(&state), EX_OK);
	snprintf(state.unicode, sizeof(state.unicode), "3.0.0");
	snprintf(words, sizeof(words),
		"rollcall: the names in the database are compared by Unicode 3.0.0, this program "
		"has %s: run 'rollcall migrate'\n",
		username_unicode_version());
	captured_output_begin(&fixture->errors, stderr);
	int status = database_session_can_name(&state);
	expect_ended(fixture, status, EX_UNAVAILABLE, words);
}
