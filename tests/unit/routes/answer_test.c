/* The pages of errors, as every route and the router send them. */
#include "routes/answer.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "routes/site.h"
#include "support/test.h"
#include "support/unit/captured_log.h"
#include "support/unit/memory_gateway.h"

static struct site site = {
	.sheet = {
		.text = {
			.title = "Sheet", .intro = "", .contact = "", .privacy = "", .style = ""}}};

/* A response to nobody in particular. */
static struct response *open_response(struct memory_gateway *memory, struct captured_log *log)
{
	struct gateway *gateway = memory_gateway_of(memory);

	struct request *request = request_open(gateway);

	captured_log_open(log, LOG_DEBUG);
	request_set_site(request, &site);
	return response_open(gateway, request, log->log);
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
	memory_gateway_expect_field(memory, "Vary", "Accept");
	memory_gateway_expect_field(memory, "Retry-After", status == 503 ? "5" : NULL);
	memory_gateway_close(memory);
}

TEST(a_page_for_each_problem)
{
	expect_problem(400, "Bad request");
	expect_problem(403, "Not allowed from another site");
	expect_problem(404, "Not found");
	expect_problem(405, "Method not allowed");
	expect_problem(413, "Request too large");
	expect_problem(415, "Unsupported format");
	expect_problem(431, "Request too large");
	expect_problem(500, "Something went wrong");
	expect_problem(503, "Temporarily unavailable");
}

/* One that nobody has thought of has the words of HTTP. */
TEST(another_problem)
{
	expect_problem(409, "Conflict");
}

static struct memory_gateway *refuse(const struct memory_request *request, unsigned status)
{
	struct memory_gateway *memory = memory_gateway_open(request);
	struct captured_log log;
	struct response *response = open_response(memory, &log);

	answer_problem(response_request(response), response, status);
	close_response(response, &log);
	return memory;
}

TEST(problems_for_programs)
{
	const struct memory_request request = {
		.method = "GET", .path = "/", .id = "4c6cA", .accept = "application/json"};
	struct memory_gateway *memory = refuse(&request, 404);

	assert_string_equal(memory_gateway_body(memory),
		"{\"type\":\"about:blank\",\"title\":\"Not "
		"Found\",\"status\":404,\"detail\":\"There is nothing at this "
		"address.\",\"instance\":\"#4c6cA\"}");
	memory_gateway_expect_field(memory, "Content-Type", "application/problem+json");
	memory_gateway_expect_field(memory, "Cache-Control", "no-store");
	memory_gateway_expect_field(memory, "Vary", "Accept");
	memory_gateway_expect_field(memory, "Retry-After", NULL);
	memory_gateway_close(memory);
	memory = refuse(&request, 503);
	memory_gateway_expect_field(memory, "Retry-After", "5");
	memory_gateway_close(memory);
}

/* An identifier that is none, or that could not stand in an address. */
TEST(a_problem_without_an_instance)
{
	static const char *const ids[] = {NULL, "a b", "a\"", "a%", "\u00e9"};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct memory_gateway *memory =
			refuse(&(struct memory_request){.method = "GET",
				       .path = "/",
				       .id = ids[i],
				       .accept = "application/problem+json"},
				400);
		memory_gateway_expect(memory, "\"status\":400");
		memory_gateway_expect_not(memory, "instance");
		memory_gateway_close(memory);
	}
}

struct wish {
	const char *method;
	const char *content_type;
	const char *accept;
	bool in_json;
};

/* What was sent decides where Accept does not. */
static const struct wish wishes[] = {
	{"GET", NULL, NULL, false},
	{"GET", NULL, "*/*", false},
	{"GET", NULL, "application/json", true},
	{"GET", NULL, "application/problem+json", true},
	{"GET", NULL, "application/problem+json;q=0.1, text/html;q=0.2", false},
	{"GET", "application/json", "*/*", false},
	{"HEAD", NULL, "application/json", true},
	{"POST", "application/json", NULL, true},
	{"POST", "Application/JSON; charset=utf-8", "*/*", true},
	{"POST", "application/json", "text/csv", true},
	{"POST", "application/json", "text/html", false},
	{"POST", "application/json", "text/html,application/xml;q=0.9,*/*;q=0.8", false},
	{"POST", "application/jsonx", "*/*", false},
	{"POST", "application/x-www-form-urlencoded", "*/*", false},
	{"POST", "application/x-www-form-urlencoded", "application/json", true},
	{NULL, NULL, "application/json", true},
};

TEST(who_gets_json)
{
	for (size_t i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++) {
		const struct wish *wish = &wishes[i];
		struct memory_gateway *memory =
			refuse(&(struct memory_request){.method = wish->method,
				       .content_type = wish->content_type,
				       .accept = wish->accept},
				400);
		const char *type = memory_gateway_field(memory, "Content-Type");
		if ((strcmp(type, "application/problem+json") == 0) != wish->in_json)
			fail_msg("%s for row %zu", type, i);
		memory_gateway_close(memory);
	}
}

TEST(text_for_programs)
{
	struct memory_gateway *memory =
		memory_gateway_open(&(struct memory_request){.method = "GET", .path = "/"});
	struct captured_log log;
	struct response *response = open_response(memory, &log);

	answer_text(response, 200, "ok");
	close_response(response, &log);
	assert_string_equal(memory_gateway_body(memory), "ok\n");
	memory_gateway_expect_field(memory, "Content-Type", "text/plain; charset=utf-8");
	memory_gateway_expect_field(memory, "Cache-Control", "no-cache");
	memory_gateway_close(memory);
}
