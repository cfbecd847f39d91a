/* The pages of errors, as every route and the router send them. */
#include "routes/answer.h"

#include <stdio.h>
#include <string.h>

#include "captured_log.h"
#include "cmocka_all.h"
#include "memory_gateway.h"

/* A response to nobody in particular. */
static struct response *open_response(struct memory_gateway *memory, struct captured_log *log)
{
	struct gateway *gateway = memory_gateway_of(memory);

	captured_log_open(log, LOG_DEBUG);
	return response_open(gateway, request_open(gateway), log->log);
}

static void close_response(struct response *response, struct captured_log *log)
{
	assert_true(response_release(response));
	captured_log_close(log);
}

static struct memory_gateway *answer_with(unsigned status)
{
	struct memory_gateway *memory =
		memory_gateway_open(&(struct memory_request){.method = "GET", .path = "/"});
	struct captured_log log;
	struct response *response = open_response(memory, &log);

	answer_problem(response_request(response), response, status);
	close_response(response, &log);
	assert_int_equal(memory_gateway_status(memory), status);
	return memory;
}

static void expect_problem(unsigned status, const char *title)
{
	struct memory_gateway *memory = answer_with(status);
	char heading[128];

	snprintf(heading, sizeof(heading), "<h1>%s</h1>", title);
	memory_gateway_expect(memory, heading);
	snprintf(heading, sizeof(heading), "<title>%s", title);
	memory_gateway_expect(memory, heading);
	memory_gateway_expect(memory, "<a href=\"/\">");
	memory_gateway_expect_field(memory, "Content-Type", "text/html; charset=utf-8");
	memory_gateway_expect_field(memory, "Cache-Control", "no-store");
	memory_gateway_expect_field(memory, "Retry-After", status == 503 ? "5" : NULL);
	memory_gateway_close(memory);
}

static void test_a_page_for_each_problem(void **state)
{
	(void)state;
	expect_problem(400, "Bad request");
	expect_problem(403, "Not allowed from there");
	expect_problem(404, "Not found");
	expect_problem(405, "Not possible here");
	expect_problem(413, "Too much");
	expect_problem(415, "Not a form");
	expect_problem(431, "Too much");
	expect_problem(500, "Something went wrong");
	expect_problem(503, "Not possible now");
}

/* One that nobody has thought of has the words of HTTP. */
static void test_another_problem(void **state)
{
	(void)state;
	expect_problem(409, "Conflict");
}

static void test_text_for_programs(void **state)
{
	struct memory_gateway *memory =
		memory_gateway_open(&(struct memory_request){.method = "GET", .path = "/"});
	struct captured_log log;
	struct response *response = open_response(memory, &log);

	(void)state;
	answer_text(response, 200, "ok");
	close_response(response, &log);
	assert_string_equal(memory_gateway_body(memory), "ok\n");
	memory_gateway_expect_field(memory, "Content-Type", "text/plain; charset=utf-8");
	memory_gateway_expect_field(memory, "Cache-Control", "no-cache");
	memory_gateway_close(memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_page_for_each_problem),
		cmocka_unit_test(test_another_problem),
		cmocka_unit_test(test_text_for_programs),
	};

	return cmocka_run_group_tests_name("answer", tests, NULL, NULL);
}
