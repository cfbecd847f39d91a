/* A link and servers that are not well: those that are not there, say nothing, refuse, cut, or say
 * what leaves a doubt. The servers are the test's own (fake_database.h), on the link's loop. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/database/link.h"
#include "store/database/link_state.h"
#include "support/temporary_directory.h"
#include "support/test.h"
#include "support/unit/fake_database.h"
#include "support/unit/test_link.h"

#define PORT 5432

static const struct statement query_statements[] = {{"query", "SELECT 7", 0, NULL}};

struct fixture {
	struct test_link test;
	struct temporary_directory directory;
	struct fake_database servers[2];
	struct test_query first;
	struct test_query second;
};

static int set_up(void **state)
{
	struct fixture *fixture = test_calloc(1, sizeof(*fixture));

	temporary_directory_make(&fixture->directory);
	test_link_begin(&fixture->test);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	fake_database_close(&fixture->servers[0]);
	fake_database_close(&fixture->servers[1]);
	test_link_end(&fixture->test);
	parameters_free(&fixture->first.query.parameters);
	temporary_directory_remove(&fixture->directory);
	test_free(fixture);
	return 0;
}

static void open_server(struct fixture *fixture, int number, enum fake_welcome welcome)
{
	fixture->servers[number].welcome = welcome;
	fake_database_open(&fixture->servers[number], &fixture->test.loop, fixture->directory.path,
		PORT + number);
}

/* To as many servers, which need not be there. */
static void open_link(struct fixture *fixture, int servers, bool is_reader)
{
	const char *path = fixture->directory.path;
	char url[256];

	if (servers == 1)
		snprintf(url, sizeof(url), "user=x dbname=x host=%s port=%d", path, PORT);
	else
		snprintf(url, sizeof(url), "user=x dbname=x host=%s,%s port=%d,%d", path, path,
			PORT, PORT + 1);
	test_link_open(&fixture->test, url, query_statements, 1, is_reader);
}

/* A link to one server, whose first queries end so. */
static void connect_link_to(
	struct fixture *fixture, const struct fake_step *steps, size_t count, bool is_reader)
{
	fixture->servers[0].steps = steps;
	fixture->servers[0].step_count = count;
	open_server(fixture, 0, WELCOME_WELL);
	open_link(fixture, 1, is_reader);
	test_link_wait_ready(&fixture->test);
}

static void send_first(struct fixture *fixture)
{
	test_query_send(&fixture->test, &fixture->first, query_statements);
}

/* The link is of use again, or still. */
static void expect_to_go_on(struct fixture *fixture)
{
	test_link_wait_ready(&fixture->test);
	fixture->second.answers = 0;
	test_query_send(&fixture->test, &fixture->second, query_statements);
	test_query_wait(&fixture->second);
	assert_int_equal(fixture->second.outcome, LINK_DONE);
	assert_int_equal(fixture->second.number, 7);
}

FIXTURE_TEST(a_server_that_is_not_there_is_waited_for)
{
	open_link(fixture, 1, false);
	test_link_wait_reason(&fixture->test, "No such file or directory");
	open_server(fixture, 0, WELCOME_WELL);
	expect_to_go_on(fixture);
	captured_log_expect(&fixture->test.log, "event=store-unreachable");
	captured_log_expect(&fixture->test.log, "event=store-connected");
}

FIXTURE_TEST(a_reason_is_logged_once)
{
	open_link(fixture, 1, false);
	test_link_wait_reason(&fixture->test, "No such file or directory");
	while (fixture->test.link->failures < 4)
		uv_run(&fixture->test.loop, UV_RUN_ONCE);
	assert_int_equal(captured_log_count(&fixture->test.log, "store-unreachable"), 1);
	assert_int_equal(fixture->test.changes, 1);
}

struct bad_welcome {
	enum fake_welcome welcome;
	const char *reason;
};

static const struct bad_welcome bad_welcomes[] = {
	{WELCOME_CUT, "server closed the connection unexpectedly"},
	{WELCOME_REFUSAL, "a fault of the test"},
	{WELCOME_STANDBY, "read-only"},
	{WELCOME_GARBAGE, "connection to server"},
	{WELCOME_CUT_STATEMENTS, "server closed the connection unexpectedly"},
	{WELCOME_FAIL_STATEMENTS, "rollcall migrate"},
};

FIXTURE_TEST(a_server_that_is_not_well_is_tried_again)
{
	open_server(fixture, 0, WELCOME_SILENCE);
	open_link(fixture, 1, false);
	for (size_t i = 0; i < sizeof(bad_welcomes) / sizeof(*bad_welcomes); i++) {
		fixture->servers[0].welcome = bad_welcomes[i].welcome;
		test_link_wait_reason(&fixture->test, bad_welcomes[i].reason);
	}
	fixture->servers[0].welcome = WELCOME_WELL;
	expect_to_go_on(fixture);
}

/* Whatever of the program's is not there, or may not be used by it. */
FIXTURE_TEST(a_database_without_its_tables)
{
	static const char *const lacking[] = {"3F000", "42P01", "42883", "42703", "42704", "42501"};
	char reason[80];

	open_server(fixture, 0, WELCOME_FAIL_STATEMENTS);
	open_link(fixture, 1, false);
	for (size_t i = 0; i < sizeof(lacking) / sizeof(*lacking); i++) {
		fixture->servers[0].lacking = lacking[i];
		snprintf(reason, sizeof(reason), "(rollcall migrate makes them): %s", lacking[i]);
		test_link_wait_reason(&fixture->test, reason);
	}
}

FIXTURE_TEST(the_next_host_is_taken)
{
	open_server(fixture, 0, WELCOME_STANDBY);
	open_server(fixture, 1, WELCOME_WELL);
	open_link(fixture, 2, false);
	expect_to_go_on(fixture);
	assert_int_equal(fixture->servers[0].connections, 1);
	assert_int_equal(fixture->servers[1].connections, 1);
	assert_non_null(strstr(link_host(fixture->test.link), ":5433"));
	assert_int_equal(captured_log_count(&fixture->test.log, "store-unreachable"), 0);
}

static void wait_rounds(struct fixture *fixture, unsigned count)
{
	while (fixture->test.link->failures < count)
		uv_run(&fixture->test.loop, UV_RUN_ONCE);
}

FIXTURE_TEST(a_program_is_refused_when_each_host_of_a_round_refuses_it)
{
	open_server(fixture, 0, WELCOME_LOCKED_OUT);
	open_link(fixture, 2, false);
	wait_rounds(fixture, 1);
	assert_false(link_is_refused(fixture->test.link));
	open_server(fixture, 1, WELCOME_FAIL_STATEMENTS);
	wait_rounds(fixture, 3);
	assert_true(link_is_refused(fixture->test.link));
	fixture->servers[0].welcome = WELCOME_REFUSAL;
	wait_rounds(fixture, 5);
	assert_false(link_is_refused(fixture->test.link));
	fixture->servers[1].welcome = WELCOME_WELL;
	expect_to_go_on(fixture);
}

FIXTURE_TEST(a_host_that_refuses_is_left)
{
	open_server(fixture, 0, WELCOME_LOCKED_OUT);
	open_server(fixture, 1, WELCOME_WELL);
	open_link(fixture, 2, false);
	expect_to_go_on(fixture);
	assert_false(link_is_refused(fixture->test.link));
}

/* Within the link's 2 s. */
FIXTURE_TEST(a_silent_host_is_left)
{
	open_server(fixture, 0, WELCOME_SILENCE);
	open_server(fixture, 1, WELCOME_WELL);
	open_link(fixture, 2, false);
	test_link_wait_reason(&fixture->test, "no answer within 2000 ms");
	expect_to_go_on(fixture);
}

FIXTURE_TEST(a_server_that_becomes_a_standby_is_left)
{
	static const struct fake_step steps[] = {{ANSWER_ERROR, "25006"}};

	open_server(fixture, 1, WELCOME_WELL);
	fixture->servers[0].steps = steps;
	fixture->servers[0].step_count = 1;
	open_server(fixture, 0, WELCOME_WELL);
	open_link(fixture, 2, false);
	test_link_wait_ready(&fixture->test);
	send_first(fixture);
	test_query_wait(&fixture->first);
	assert_int_equal(fixture->first.outcome, LINK_LOST);
	expect_to_go_on(fixture);
	assert_int_equal(fixture->servers[1].queries, 1);
}

FIXTURE_TEST(another_engine_does_not_know_the_settings)
{
	open_server(fixture, 0, WELCOME_STRANGER);
	open_link(fixture, 1, false);
	expect_to_go_on(fixture);
}

FIXTURE_TEST(a_server_that_cannot_promise_a_commit_is_left)
{
	open_server(fixture, 0, WELCOME_CARELESS);
	open_server(fixture, 1, WELCOME_WELL);
	open_link(fixture, 2, false);
	expect_to_go_on(fixture);
	assert_int_equal(fixture->servers[0].queries, 0);
}

/* Whether the link lasts, and what the query is told. */
struct expected_end {
	struct fake_step step;
	enum link_outcome outcome;
	const char *sqlstate;
	bool is_lasting;
};

static const struct expected_end expected_ends[] = {
	{{ANSWER_CUT, NULL}, LINK_LOST, "", false},
	{{ANSWER_HALF, NULL}, LINK_LOST, "", false},
	{{ANSWER_ROWS_AND_CUT, NULL}, LINK_LOST, "", false},
	{{ANSWER_GARBAGE, NULL}, LINK_LOST, "", false},
	{{ANSWER_FATAL, "57P01"}, LINK_LOST, "57P01", false},
	{{ANSWER_FATAL, "25P03"}, LINK_LOST, "25P03", false},
	{{ANSWER_ERROR, "08006"}, LINK_LOST, "08006", false},
	{{ANSWER_ERROR, "57P02"}, LINK_LOST, "57P02", false},
	{{ANSWER_ERROR, "53100"}, LINK_LOST, "53100", false},
	{{ANSWER_ERROR, "25006"}, LINK_LOST, "25006", false},
	{{ANSWER_ERROR, "26000"}, LINK_LOST, "26000", false},
	{{ANSWER_ERROR, "0A000"}, LINK_LOST, "0A000", false},
	{{ANSWER_ERROR, "40003"}, LINK_LOST, "40003", true},
	{{ANSWER_ERROR, "40001"}, LINK_REFUSED, "40001", true},
	{{ANSWER_ERROR, "23505"}, LINK_REFUSED, "23505", true},
	{{ANSWER_ERROR, "57014"}, LINK_REFUSED, "57014", true},
	{{ANSWER_WARNING, NULL}, LINK_LOST, "01000", true},
	{{ANSWER_ROLLBACK, NULL}, LINK_LOST, "", true},
	{{ANSWER_WELL_AND_CUT, NULL}, LINK_DONE, "", false},
	{{ANSWER_WELL_AND_FATAL, NULL}, LINK_DONE, "", false},
};

static void expect_end(struct fixture *fixture, const struct expected_end *end)
{
	unsigned connections = fixture->servers[0].connections;

	fixture->servers[0].steps = &end->step;
	fixture->servers[0].step_count = 1;
	fixture->servers[0].queries = 0;
	fixture->first = (struct test_query){0};
	send_first(fixture);
	test_query_wait(&fixture->first);
	if (fixture->first.outcome != end->outcome ||
		strcmp(fixture->first.sqlstate, end->sqlstate) != 0)
		fail_msg("answer %d %s: outcome %d %s", end->step.answer,
			end->step.sqlstate != NULL ? end->step.sqlstate : "",
			fixture->first.outcome, fixture->first.sqlstate);
	assert_true(end->outcome == LINK_DONE || fixture->first.said[0] != '\0');
	assert_int_equal(fixture->first.was_ready, end->is_lasting || end->outcome == LINK_DONE);
	if (!end->is_lasting && end->outcome == LINK_DONE)
		test_link_wait_reason(&fixture->test, end->step.answer == ANSWER_WELL_AND_FATAL
							      ? "a fault of the test"
							      : "server closed");
	expect_to_go_on(fixture);
	assert_int_equal(fixture->servers[0].connections - connections, end->is_lasting ? 0 : 1);
}

FIXTURE_TEST(every_end_of_a_query)
{
	connect_link_to(fixture, NULL, 0, false);
	for (size_t i = 0; i < sizeof(expected_ends) / sizeof(*expected_ends); i++)
		expect_end(fixture, &expected_ends[i]);
}

FIXTURE_TEST(a_reader_has_nothing_to_lose_by_a_warning)
{
	static const struct fake_step steps[] = {{ANSWER_WARNING, NULL}};

	connect_link_to(fixture, steps, 1, true);
	send_first(fixture);
	test_query_wait(&fixture->first);
	assert_int_equal(fixture->first.outcome, LINK_DONE);
}

FIXTURE_TEST(a_doubt_is_of_one_query)
{
	static const struct fake_step steps[] = {{ANSWER_WELL, NULL}, {ANSWER_WARNING, NULL}};

	connect_link_to(fixture, steps, 2, false);
	send_first(fixture);
	test_query_send(&fixture->test, &fixture->second, query_statements);
	struct test_query third = {0};
	test_query_send(&fixture->test, &third, query_statements);
	test_query_wait(&third);
	assert_int_equal(fixture->first.outcome, LINK_DONE);
	assert_int_equal(fixture->second.outcome, LINK_LOST);
	assert_int_equal(third.outcome, LINK_DONE);
}

FIXTURE_TEST(an_idle_link_hears_that_the_server_goes_down)
{
	connect_link_to(fixture, NULL, 0, false);
	fake_database_end_sessions(&fixture->servers[0]);
	test_link_wait_reason(&fixture->test, "a fault of the test");
	expect_to_go_on(fixture);
}

/* Nobody waits, and the server is asked with pauses. */
FIXTURE_TEST(a_server_that_is_of_no_use_is_not_asked_without_end)
{
	static const struct fake_step steps[] = {
		{ANSWER_CUT, NULL},
		{ANSWER_CUT, NULL},
		{ANSWER_CUT, NULL},
	};

	connect_link_to(fixture, steps, 3, false);
	for (unsigned i = 0; i < 3; i++) {
		test_link_wait_ready(&fixture->test);
		fixture->first.answers = 0;
		send_first(fixture);
		test_query_wait(&fixture->first);
		assert_int_equal(fixture->first.outcome, LINK_LOST);
		assert_int_equal(fixture->test.link->failures, i + 1);
		/* When a short pause has passed already, the next attempt has two seconds. */
		uint64_t left = uv_timer_get_due_in(&fixture->test.link->timer);
		assert_true(left >= (i == 0 ? 0 : 25));
		assert_true(left <= UINT64_C(100) * i || left > 1000);
	}
	expect_to_go_on(fixture);
	assert_int_equal(fixture->test.link->failures, 0);
}

FIXTURE_TEST(a_query_without_an_answer_costs_the_connection)
{
	static const struct fake_step steps[] = {{ANSWER_NEVER, NULL}};

	connect_link_to(fixture, steps, 1, false);
	fixture->first.query.timeout_ms = 20;
	send_first(fixture);
	test_query_wait(&fixture->first);
	assert_int_equal(fixture->first.outcome, LINK_LOST);
	assert_non_null(strstr(fixture->first.said, "no answer within 20 ms"));
	expect_to_go_on(fixture);
	assert_int_equal(fixture->servers[0].connections, 2);
}

/* Another one before it had less time, and that has not passed when it is answered. */
FIXTURE_TEST(a_query_has_its_own_time)
{
	static const struct fake_step steps[] = {{ANSWER_WELL, NULL}, {ANSWER_NEVER, NULL}};

	connect_link_to(fixture, steps, 2, false);
	fixture->first.query.timeout_ms = 3000;
	send_first(fixture);
	test_query_wait(&fixture->first);
	assert_int_equal(fixture->first.outcome, LINK_DONE);
	fixture->second.query.timeout_ms = 3100;
	test_query_send(&fixture->test, &fixture->second, query_statements);
	test_query_wait(&fixture->second);
	assert_int_equal(fixture->second.outcome, LINK_LOST);
	assert_non_null(strstr(fixture->second.said, "no answer within 3100 ms"));
}

FIXTURE_TEST(parameters_without_memory_cost_the_connection)
{
	connect_link_to(fixture, NULL, 0, false);
	fixture->first.query.parameters.bytes.failed = true;
	send_first(fixture);
	assert_false(link_is_ready(fixture->test.link));
	test_query_wait(&fixture->first);
	assert_int_equal(fixture->first.outcome, LINK_LOST);
	assert_int_equal(fixture->test.changes, 2);
	expect_to_go_on(fixture);
}

FIXTURE_TEST(a_forgotten_query_is_not_told_of_a_loss)
{
	static const struct fake_step steps[] = {{ANSWER_WELL, NULL}, {ANSWER_CUT, NULL}};

	connect_link_to(fixture, steps, 2, false);
	send_first(fixture);
	test_query_send(&fixture->test, &fixture->second, query_statements);
	link_forget(fixture->test.link, &fixture->first.query);
	test_query_wait(&fixture->second);
	assert_int_equal(fixture->first.answers, 0);
	assert_int_equal(fixture->second.outcome, LINK_LOST);
}

/* Answers that stop the link, or send the query again. */
struct meddler {
	struct link_query query;
	struct fixture *fixture;
	unsigned answers;
	bool is_to_stop;
};

static void on_meddler_answered(
	void *argument, enum link_outcome outcome, const struct rows *rows, const char *sqlstate)
{
	struct meddler *meddler = argument;

	(void)outcome;
	(void)rows;
	(void)sqlstate;
	meddler->answers++;
	if (meddler->is_to_stop)
		link_stop(meddler->fixture->test.link);
	else if (meddler->answers < 3)
		link_send(meddler->fixture->test.link, &meddler->query);
}

static void send_meddler(struct fixture *fixture, struct meddler *meddler)
{
	meddler->fixture = fixture;
	meddler->query.statement = query_statements;
	meddler->query.answered = on_meddler_answered;
	meddler->query.argument = meddler;
	meddler->query.timeout_ms = 60000;
	link_send(fixture->test.link, &meddler->query);
}

static bool meddler_was_answered(void *argument)
{
	const struct meddler *meddler = argument;

	return meddler->answers >= (meddler->is_to_stop ? 1 : 3);
}

FIXTURE_TEST(an_answer_sends_the_query_again)
{
	struct meddler meddler = {0};

	connect_link_to(fixture, NULL, 0, false);
	send_meddler(fixture, &meddler);
	test_link_wait(&fixture->test, meddler_was_answered, &meddler);
	assert_int_equal(fixture->servers[0].queries, 3);
}

FIXTURE_TEST(an_answer_stops_the_link)
{
	struct meddler meddler = {.is_to_stop = true};

	connect_link_to(fixture, NULL, 0, false);
	send_meddler(fixture, &meddler);
	send_first(fixture);
	test_link_wait(&fixture->test, meddler_was_answered, &meddler);
	assert_int_equal(fixture->first.answers, 0);
	assert_null(fixture->first.query.flight);
	assert_int_equal(fixture->test.changes, 1);
}

FIXTURE_TEST(a_loss_stops_the_link)
{
	static const struct fake_step steps[] = {{ANSWER_CUT, NULL}};
	struct meddler meddler = {.is_to_stop = true};

	connect_link_to(fixture, steps, 1, false);
	send_meddler(fixture, &meddler);
	send_first(fixture);
	test_link_wait(&fixture->test, meddler_was_answered, &meddler);
	assert_int_equal(fixture->first.answers, 0);
	assert_int_equal(fixture->test.changes, 1);
}

/* A name of more than 63 characters is not asked for anywhere. */
FIXTURE_TEST(names_are_looked_up)
{
	static const char long_name[] =
		"x123456789x123456789x123456789x123456789x123456789x123456789x123456789";
	char url[256];

	fake_database_open_tcp(&fixture->servers[0], &fixture->test.loop);
	snprintf(url, sizeof(url), "user=x dbname=x sslmode=disable host=%s,localhost port=%d",
		long_name, fixture->servers[0].port);
	test_link_open(&fixture->test, url, query_statements, 1, false);
	test_link_wait_reason(&fixture->test, long_name);
	expect_to_go_on(fixture);
	assert_non_null(strstr(link_host(fixture->test.link), "localhost"));
	assert_non_null(strstr(link_host(fixture->test.link), "(127.0.0.1)"));
}

FIXTURE_TEST(a_port_that_refuses_is_told_of)
{
	char url[256];

	fake_database_open_tcp(&fixture->servers[0], &fixture->test.loop);
	snprintf(url, sizeof(url), "user=x dbname=x sslmode=disable hostaddr=127.0.0.1 port=%d",
		fixture->servers[0].port);
	fake_database_close(&fixture->servers[0]);
	test_link_open(&fixture->test, url, query_statements, 1, false);
	test_link_wait_reason(&fixture->test, "Connection refused");
}
