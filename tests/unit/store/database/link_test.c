/* A link to a real server, of tests/support/with-postgres. What servers do that are not well is in
 * link_faults_test.c. */
#include "store/database/link.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "store/database/link_state.h"
#include "support/patience.h"
#include "support/test.h"
#include "support/unit/test_link.h"

enum { ADD, DIVIDE, SLEEP, NUMBERS, END_SELF, WARN, COMMIT, ROLL_BACK, SETTING, STATEMENTS };

static const Oid number_types[] = {TYPE_NUMBER, TYPE_NUMBER};
static const Oid text_types[] = {TYPE_TEXT};

static const struct statement statements[STATEMENTS] = {
	[ADD] = {"add", "SELECT $1 + $2", 2, number_types},
	[DIVIDE] = {"divide", "SELECT $1 / $2", 2, number_types},
	[SLEEP] = {"sleep", "SELECT pg_sleep($1)", 1, number_types},
	[NUMBERS] = {"numbers", "SELECT generate_series($1, $2)", 2, number_types},
	[END_SELF] = {"end_self", "SELECT pg_terminate_backend(pg_backend_pid())", 0, NULL},
	[WARN] = {"warn", "DO $$ BEGIN RAISE WARNING 'cut short'; END $$", 0, NULL},
	[COMMIT] = {"commit", "COMMIT", 0, NULL},
	[ROLL_BACK] = {"roll_back", "ROLLBACK", 0, NULL},
	[SETTING] = {"setting", "SELECT length(current_setting($1))::bigint", 1, text_types},
};

struct fixture {
	struct test_link test;
	struct test_query queries[8];
	struct test_query *first;
	struct test_query *second;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	*state = fixture;
	fixture->first = &fixture->queries[0];
	fixture->second = &fixture->queries[1];
	test_link_begin(&fixture->test);
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	test_link_end(&fixture->test);
	for (size_t i = 0; i < sizeof(fixture->queries) / sizeof(*fixture->queries); i++)
		parameters_free(&fixture->queries[i].query.parameters);
	free(fixture);
	return 0;
}

static void connect_to_server(struct fixture *fixture, bool is_reader)
{
	const char *url = getenv("DATABASE_ADMIN_URL");

	assert_non_null(url);
	test_link_open(&fixture->test, url, statements, STATEMENTS, is_reader);
	assert_false(link_is_ready(fixture->test.link));
	test_link_wait_ready(&fixture->test);
	assert_int_equal(fixture->test.changes, 1);
}

static void send_numbers(struct fixture *fixture, struct test_query *query, int statement,
	int64_t one, int64_t other)
{
	parameters_clear(&query->query.parameters);
	if (statements[statement].parameters > 0)
		parameters_number(&query->query.parameters, one);
	if (statements[statement].parameters > 1)
		parameters_number(&query->query.parameters, other);
	test_query_send(&fixture->test, query, &statements[statement]);
}

FIXTURE_TEST(answers_come_in_the_order_of_the_queries)
{
	connect_to_server(fixture, false);
	for (int i = 0; i < 8; i++)
		send_numbers(fixture, &fixture->queries[i], ADD, i, 1000);
	test_query_wait(&fixture->queries[7]);
	for (unsigned i = 0; i < 8; i++) {
		assert_int_equal(fixture->queries[i].outcome, LINK_DONE);
		assert_int_equal(fixture->queries[i].place, i + 1);
		assert_int_equal(fixture->queries[i].number, 1000 + i);
	}
}

FIXTURE_TEST(a_query_that_is_refused_leaves_the_others_alone)
{
	connect_to_server(fixture, false);
	send_numbers(fixture, fixture->first, DIVIDE, 1, 0);
	send_numbers(fixture, fixture->second, DIVIDE, 6, 2);
	test_query_wait(fixture->second);
	assert_int_equal(fixture->first->outcome, LINK_REFUSED);
	assert_string_equal(fixture->first->sqlstate, "22012");
	assert_string_equal(fixture->first->said, "division by zero");
	assert_int_equal(fixture->second->outcome, LINK_DONE);
	assert_int_equal(fixture->second->number, 3);
	assert_true(link_is_ready(fixture->test.link));
}

FIXTURE_TEST(many_rows_and_many_bytes)
{
	connect_to_server(fixture, false);
	send_numbers(fixture, fixture->first, NUMBERS, 1, 100000);
	parameters_clear(&fixture->second->query.parameters);
	char *name = calloc(1, 4000000);
	assert_non_null(name);
	memset(name, 'x', 4000000);
	parameters_text(&fixture->second->query.parameters, name, 4000000);
	free(name);
	test_query_send(&fixture->test, fixture->second, &statements[SETTING]);
	test_query_wait(fixture->second);
	assert_int_equal(fixture->first->rows, 100000);
	assert_int_equal(fixture->first->number, 1);
	assert_int_equal(fixture->second->outcome, LINK_REFUSED);
	assert_string_equal(fixture->second->sqlstate, "42704");
}

FIXTURE_TEST(a_query_can_be_sent_again_and_is_forgotten)
{
	connect_to_server(fixture, false);
	send_numbers(fixture, fixture->first, ADD, 1, 2);
	link_forget(fixture->test.link, &fixture->first->query);
	link_forget(fixture->test.link, &fixture->first->query);
	send_numbers(fixture, fixture->second, ADD, 3, 4);
	test_query_wait(fixture->second);
	assert_int_equal(fixture->first->answers, 0);
	send_numbers(fixture, fixture->first, ADD, 5, 6);
	test_query_wait(fixture->first);
	assert_int_equal(fixture->first->number, 11);
}

FIXTURE_TEST(a_late_answer_costs_the_connection_and_all_that_is_under_way)
{
	connect_to_server(fixture, false);
	fixture->first->query.timeout_ms = 50;
	send_numbers(fixture, fixture->first, SLEEP, 3600, 0);
	send_numbers(fixture, fixture->second, ADD, 1, 2);
	test_query_wait(fixture->second);
	assert_int_equal(fixture->first->outcome, LINK_LOST);
	assert_string_equal(fixture->first->sqlstate, "");
	assert_non_null(strstr(fixture->first->said, "no answer within 50 ms"));
	assert_int_equal(fixture->second->outcome, LINK_LOST);
	assert_false(fixture->second->was_ready);
	test_link_wait_ready(&fixture->test);
	assert_int_equal(fixture->test.changes, 3);
	captured_log_expect(&fixture->test.log, "event=store-disconnected");
	assert_int_equal(captured_log_count(&fixture->test.log, "store-connected"), 2);
}

/* The time is over when the loop looks again, and the answer is there. */
FIXTURE_TEST(a_program_that_stood_still_takes_what_came_meanwhile)
{
	connect_to_server(fixture, false);
	fixture->first->query.timeout_ms = 20;
	send_numbers(fixture, fixture->first, ADD, 1, 2);
	patience_poll(fixture->test.libpq.PQsocket(fixture->test.link->connection), POLLIN,
		patience_begin(), "an answer");
	patience_let_pass(40);
	test_query_wait(fixture->first);
	assert_int_equal(fixture->first->outcome, LINK_DONE);
}

/* Many at once are not late because there are many. */
FIXTURE_TEST(the_time_of_a_query_begins_when_those_before_it_are_answered)
{
	struct test_query *third = &fixture->queries[2];

	connect_to_server(fixture, false);
	send_numbers(fixture, fixture->first, SLEEP, 1, 0);
	fixture->second->query.timeout_ms = third->query.timeout_ms = 500;
	send_numbers(fixture, fixture->second, ADD, 1, 2);
	send_numbers(fixture, third, SLEEP, 3600, 0);
	test_query_wait(third);
	assert_int_equal(fixture->first->outcome, LINK_DONE);
	assert_int_equal(fixture->second->outcome, LINK_DONE);
	assert_int_equal(third->outcome, LINK_LOST);
}

FIXTURE_TEST(a_server_that_ends_the_session_says_why)
{
	connect_to_server(fixture, false);
	send_numbers(fixture, fixture->first, END_SELF, 0, 0);
	test_query_wait(fixture->first);
	assert_int_equal(fixture->first->outcome, LINK_LOST);
	assert_string_equal(fixture->first->sqlstate, "57P01");
	test_link_wait_ready(&fixture->test);
	send_numbers(fixture, fixture->second, ADD, 1, 2);
	test_query_wait(fixture->second);
	assert_int_equal(fixture->second->number, 3);
}

FIXTURE_TEST(a_warning_makes_a_commit_doubtful_and_leaves_the_link)
{
	connect_to_server(fixture, false);
	send_numbers(fixture, fixture->first, WARN, 0, 0);
	send_numbers(fixture, fixture->second, ADD, 1, 2);
	test_query_wait(fixture->second);
	assert_int_equal(fixture->first->outcome, LINK_LOST);
	assert_string_equal(fixture->first->sqlstate, "01000");
	assert_true(fixture->first->was_ready);
	assert_int_equal(fixture->second->outcome, LINK_DONE);
}

/* 25P01: there is no transaction. */
FIXTURE_TEST(a_warning_of_another_class_is_none_of_the_commit)
{
	connect_to_server(fixture, false);
	send_numbers(fixture, fixture->first, COMMIT, 0, 0);
	test_query_wait(fixture->first);
	assert_int_equal(fixture->first->outcome, LINK_DONE);
}

FIXTURE_TEST(what_was_rolled_back_is_not_done)
{
	connect_to_server(fixture, true);
	send_numbers(fixture, fixture->first, ROLL_BACK, 0, 0);
	test_query_wait(fixture->first);
	assert_int_equal(fixture->first->outcome, LINK_LOST);
	assert_string_equal(fixture->first->said, "the server rolled it back");
}

static int64_t length_of_setting(struct fixture *fixture, const char *name)
{
	struct test_query *query = fixture->first;

	parameters_clear(&query->query.parameters);
	parameters_text(&query->query.parameters, name, strlen(name));
	query->answers = 0;
	test_query_send(&fixture->test, query, &statements[SETTING]);
	test_query_wait(query);
	assert_int_equal(query->outcome, LINK_DONE);
	return query->number;
}

FIXTURE_TEST(a_reader_cannot_change_anything)
{
	connect_to_server(fixture, true);
	assert_int_equal(length_of_setting(fixture, "jit"), strlen("off"));
	assert_int_equal(length_of_setting(fixture, "statement_timeout"), strlen("2s"));
	assert_int_equal(length_of_setting(fixture, "default_transaction_read_only"), strlen("on"));
	assert_int_equal(length_of_setting(fixture, "application_name"), strlen("rollcall"));
	assert_int_equal(length_of_setting(fixture, "synchronous_commit"), strlen("on"));
	assert_int_equal(
		length_of_setting(fixture, "plan_cache_mode"), strlen("force_generic_plan"));
	assert_int_equal(length_of_setting(fixture, "enable_memoize"), strlen("off"));
	send_numbers(fixture, fixture->second, SLEEP, 3600, 0);
	test_query_wait(fixture->second);
	assert_int_equal(fixture->second->outcome, LINK_REFUSED);
	assert_string_equal(fixture->second->sqlstate, "57014");
	captured_log_expect(&fixture->test.log, "link=reader");
}

FIXTURE_TEST(a_database_without_the_tables_is_told_of)
{
	static const struct statement missing[] = {
		{"missing", "SELECT 1 FROM rollcall.nothing", 0, NULL},
	};

	test_link_open(&fixture->test, getenv("DATABASE_ADMIN_URL"), missing, 1, false);
	test_link_wait_reason(&fixture->test, "rollcall migrate");
	assert_non_null(strstr(link_reason(fixture->test.link), "rollcall.nothing"));
	captured_log_expect(&fixture->test.log, "event=store-unreachable");
}

FIXTURE_TEST(a_role_that_is_not_there_is_told_of)
{
	char url[512];

	snprintf(url, sizeof(url), "postgresql://nobody_of_that_name@/x?host=%s",
		getenv("DATABASE_SOCKETS"));
	test_link_open(&fixture->test, url, statements, STATEMENTS, false);
	test_link_wait_reason(&fixture->test, "nobody_of_that_name");
	assert_non_null(strstr(link_host(fixture->test.link), getenv("DATABASE_SOCKETS")));
}

FIXTURE_TEST(a_link_that_is_stopped_calls_nobody)
{
	connect_to_server(fixture, false);
	send_numbers(fixture, fixture->first, SLEEP, 3600, 0);
	send_numbers(fixture, fixture->second, ADD, 1, 2);
	link_stop(fixture->test.link);
	assert_null(fixture->first->query.flight);
	uv_run(&fixture->test.loop, UV_RUN_DEFAULT);
	assert_int_equal(fixture->first->answers + fixture->second->answers, 0);
	assert_int_equal(fixture->test.changes, 1);
}

FIXTURE_TEST(a_link_can_be_stopped_while_it_connects)
{
	test_link_open(&fixture->test, getenv("DATABASE_ADMIN_URL"), statements, STATEMENTS, false);
	for (int i = 0; i < 3; i++)
		uv_run(&fixture->test.loop, UV_RUN_ONCE);
	link_stop(fixture->test.link);
}
