#include "support/unit/test_link.h"

#include <stdlib.h>
#include <string.h>

#include "support/patience.h"
#include "support/test.h"

static void on_impatience(uv_timer_t *timer)
{
	(void)timer;
	fail_msg("the link did not do what the test waits for");
}

void test_link_begin(struct test_link *test)
{
	struct reason reason = {0};

	*test = (struct test_link){0};
	assert_int_equal(uv_loop_init(&test->loop), 0);
	assert_int_equal(uv_timer_init(&test->loop, &test->patience), 0);
	uv_unref((uv_handle_t *)&test->patience);
	if (libpq_open(&test->libpq, &reason) != RESULT_OK)
		fail_msg("%s", reason.text);
	captured_log_open(&test->log, LOG_DEBUG);
}

static void on_link_changed(void *argument)
{
	struct test_link *test = argument;

	test->changes++;
	uv_stop(&test->loop); /* so that a wait sees it before the loop does */
}

void test_link_open(struct test_link *test, const char *url, const struct statement *statements,
	size_t count, bool is_reader)
{
	struct reason reason = {0};
	struct link_settings settings = {
		.loop = &test->loop,
		.log = test->log.log,
		.libpq = &test->libpq,
		.address = &test->address,
		.statements = statements,
		.statement_count = count,
		.is_reader = is_reader,
		.changed = on_link_changed,
		.argument = test,
	};

	if (database_address_parse(&test->libpq, url, true, &test->address, &reason) != RESULT_OK)
		fail_msg("%s: %s", url, reason.text);
	test->link = link_open(&settings);
	assert_int_equal(test->changes, 0);
}

void test_link_end(struct test_link *test)
{
	link_stop(test->link);
	uv_close((uv_handle_t *)&test->patience, NULL);
	uv_run(&test->loop, UV_RUN_DEFAULT);
	link_close(test->link);
	assert_int_equal(uv_loop_close(&test->loop), 0);
	database_address_free(&test->address);
	libpq_close(&test->libpq);
	captured_log_close(&test->log);
}

void test_link_wait(struct test_link *test, test_link_held *held, void *argument)
{
	uv_timer_start(&test->patience, on_impatience, PATIENCE_MS, 0);
	while (!held(argument))
		uv_run(&test->loop, UV_RUN_ONCE);
	uv_timer_stop(&test->patience);
}

static bool link_became_ready(void *argument)
{
	const struct test_link *test = argument;

	return link_is_ready(test->link);
}

void test_link_wait_ready(struct test_link *test)
{
	test_link_wait(test, link_became_ready, test);
	assert_string_equal(link_reason(test->link), "");
}

struct awaited_reason {
	const struct test_link *test;
	const char *words;
};

static bool reason_came(void *argument)
{
	const struct awaited_reason *awaited = argument;

	return !link_is_ready(awaited->test->link) &&
	       strstr(link_reason(awaited->test->link), awaited->words) != NULL;
}

void test_link_wait_reason(struct test_link *test, const char *words)
{
	struct awaited_reason awaited = {test, words};

	test_link_wait(test, reason_came, &awaited);
}

static void on_query_answered(
	void *argument, enum link_outcome outcome, const struct rows *rows, const char *sqlstate)
{
	struct test_query *query = argument;

	assert_true((rows != NULL) == (outcome == LINK_DONE));
	query->answers++;
	query->place = ++query->test->last;
	query->outcome = outcome;
	strncpy(query->sqlstate, sqlstate, sizeof(query->sqlstate) - 1);
	query->was_ready = link_is_ready(query->test->link);
	if (outcome != LINK_DONE)
		strncpy(query->said, link_said(query->test->link), sizeof(query->said) - 1);
	query->rows = rows != NULL ? rows_count(rows) : 0;
	query->number = rows != NULL ? rows_number(rows, 0, 0) : 0;
	uv_stop(&query->test->loop);
}

void test_query_send(
	struct test_link *test, struct test_query *query, const struct statement *statement)
{
	query->test = test;
	query->query.statement = statement;
	query->query.answered = on_query_answered;
	query->query.argument = query;
	if (query->query.timeout_ms == 0)
		query->query.timeout_ms = PATIENCE_MS;
	unsigned answers = query->answers;
	link_send(test->link, &query->query);
	assert_int_equal(query->answers, answers);
}

static bool query_was_answered(void *argument)
{
	const struct test_query *query = argument;

	return query->answers > 0;
}

void test_query_wait(struct test_query *query)
{
	test_link_wait(query->test, query_was_answered, query);
}
