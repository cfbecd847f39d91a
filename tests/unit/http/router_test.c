#include "http/router.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "routes/site.h"
#include "support/test.h"
#include "support/unit/captured_log.h"
#include "support/unit/memory_gateway.h"

/* What the last request came to. */
static const char *reached;
static unsigned refused;
static struct response *held;
static struct site site;

static void answer(struct response *response, const char *name)
{
	assert_null(reached);
	reached = name;
	response_send(response);
}

static void get_both(struct site *given, struct request *request, struct response *response)
{
	assert_ptr_equal(given, &site);
	assert_ptr_equal(response_request(response), request);
	answer(response, "get both");
}

static void post_both(struct site *given, struct request *request, struct response *response)
{
	(void)given;
	(void)request;
	answer(response, "post both");
}

static void get_only(struct site *given, struct request *request, struct response *response)
{
	(void)given;
	(void)request;
	answer(response, "get");
}

static void put_change(struct site *given, struct request *request, struct response *response)
{
	(void)given;
	(void)request;
	answer(response, "put");
}

static void patch_change(struct site *given, struct request *request, struct response *response)
{
	(void)given;
	(void)request;
	answer(response, "patch");
}

static void delete_change(struct site *given, struct request *request, struct response *response)
{
	(void)given;
	(void)request;
	answer(response, "delete");
}

static void numbered(struct site *given, struct request *request, struct response *response)
{
	static char name[64];

	(void)given;
	snprintf(name, sizeof(name), "number %" PRIu64, request_number(request));
	answer(response, name);
}

static void post_only(struct site *given, struct request *request, struct response *response)
{
	(void)given;
	(void)request;
	answer(response, "post");
}

static void never(struct site *given, struct request *request, struct response *response)
{
	(void)given;
	(void)request;
	(void)response;
	reached = "never";
}

static void later(struct site *given, struct request *request, struct response *response)
{
	(void)given;
	(void)request;
	reached = "later";
	held = response;
	response_hold(response);
}

static void now_and_later(struct site *given, struct request *request, struct response *response)
{
	(void)given;
	(void)request;
	held = response;
	response_hold(response);
	answer(response, "now and later");
}

static void refuse(struct request *request, struct response *response, unsigned status)
{
	assert_ptr_equal(response_request(response), request);
	refused = status;
	response_status(response, status);
	response_send(response);
}

static const struct route both = {.path = "/both", .get = get_both, .post = post_both};
static const struct route root = {.path = "/", .get = get_only};
static const struct route form = {.path = "/form", .post = post_only};
static const struct route one = {.path = "/one/" ROUTE_NUMBER, .get = numbered};
static const struct route amid = {.path = "/amid/" ROUTE_NUMBER "/x", .get = numbered};
static const struct route changes = {.path = "/changes",
	.get = get_only,
	.post = post_only,
	.put = put_change,
	.patch = patch_change,
	.delete = delete_change};
static const struct route removal = {.path = "/removal", .delete = delete_change};
static const struct route silent = {.path = "/never", .get = never};
static const struct route waiting = {.path = "/later", .get = later};
static const struct route lingering = {.path = "/now-and-later", .get = now_and_later};
static const struct route *const routes[] = {
	&both, &root, &form, &one, &amid, &changes, &removal, &silent, &waiting, &lingering, NULL};

static const char *base_path;

/* The outcome of one request. */
struct outcome {
	struct captured_log log;
	struct memory_gateway *memory;
	struct response *pending;
};

static void dispatch(struct outcome *outcome, const struct memory_request *asked)
{
	captured_log_open(&outcome->log, LOG_DEBUG);
	const struct router router = {.routes = routes,
		.site = &site,
		.log = outcome->log.log,
		.base_path = base_path,
		.refuse = refuse};

	reached = NULL;
	refused = 0;
	held = NULL;
	outcome->memory = memory_gateway_open(asked);
	outcome->pending = router_dispatch(&router, memory_gateway_of(outcome->memory));
	memory_gateway_forget(outcome->memory);
}

static void close_outcome(struct outcome *outcome)
{
	memory_gateway_close(outcome->memory);
	captured_log_close(&outcome->log);
}

static void expect_reached(const char *method, const char *path, const char *name)
{
	struct outcome o;

	dispatch(&o, &(struct memory_request){.method = method, .path = path});
	assert_string_equal(reached, name);
	assert_int_equal(refused, 0);
	assert_null(o.pending);
	assert_int_equal(memory_gateway_status(o.memory), 200);
	close_outcome(&o);
}

static void expect_refused(const struct memory_request *asked, unsigned status, const char *allow)
{
	struct outcome o;

	dispatch(&o, asked);
	assert_null(reached);
	assert_null(o.pending);
	assert_int_equal(refused, status);
	assert_int_equal(memory_gateway_status(o.memory), status);
	const char *actual = memory_gateway_field(o.memory, "Allow");
	if (allow == NULL)
		assert_null(actual);
	else
		assert_string_equal(actual, allow);
	close_outcome(&o);
}

TEST(method_and_path_find_the_handler)
{
	expect_reached("GET", "/both", "get both");
	expect_reached("HEAD", "/both", "get both");
	expect_reached("POST", "/both", "post both");
	expect_reached("GET", "/", "get");
	expect_reached("POST", "/form", "post");
}

TEST(methods_that_change_something)
{
	expect_reached("GET", "/changes", "get");
	expect_reached("POST", "/changes", "post");
	expect_reached("PUT", "/changes", "put");
	expect_reached("PATCH", "/changes", "patch");
	expect_reached("DELETE", "/changes", "delete");
	expect_reached("DELETE", "/removal", "delete");
	expect_refused(&(struct memory_request){.method = "OPTIONS", .path = "/changes"}, 405,
		"GET, HEAD, POST, PUT, PATCH, DELETE");
	expect_refused(
		&(struct memory_request){.method = "PUT", .path = "/removal"}, 405, "DELETE");
}

TEST(a_number_in_the_path)
{
	static const char *const others[] = {"/one/", "/one/0", "/one/01", "/one/-1", "/one/+1",
		"/one/1.0", "/one/1x", "/one/x1", "/one/1/", "/one/ 1", "/one/18446744073709551616",
		"/one/{number}", "/on/1", "/amid/1", "/amid//x", "/amid/1/", "/amid/1/xx",
		"/amid/1x"};

	expect_reached("GET", "/one/1", "number 1");
	expect_reached("HEAD", "/one/7090", "number 7090");
	expect_reached("GET", "/one/18446744073709551615", "number 18446744073709551615");
	expect_reached("GET", "/amid/23/x", "number 23");
	expect_reached("GET", "/both", "get both");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		expect_refused(
			&(struct memory_request){.method = "GET", .path = others[i]}, 404, NULL);
	expect_refused(
		&(struct memory_request){.method = "POST", .path = "/one/1"}, 405, "GET, HEAD");
}

TEST(a_site_under_a_path_takes_requests_with_and_without_it)
{
	static const char *const others[] = {"/base", "/base/paths", "/base/path/nowhere",
		"/base/path//", "/base/pathboth", "/base/path/base/path/both"};

	base_path = "/base/path";
	expect_reached("GET", "/base/path", "get");
	expect_reached("GET", "/base/path/", "get");
	expect_reached("POST", "/base/path/both", "post both");
	expect_reached("GET", "/base/path/one/7", "number 7");
	expect_reached("GET", "/both", "get both");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		expect_refused(
			&(struct memory_request){.method = "GET", .path = others[i]}, 404, NULL);
	base_path = NULL;
}

TEST(no_such_path)
{
	static const char *const paths[] = {"/nowhere", "/both/", "/bot", "/bothh", "//", "both",
		"/BOTH", "/both?x", "/both%00", "*"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		expect_refused(
			&(struct memory_request){.method = "GET", .path = paths[i]}, 404, NULL);
		expect_refused(
			&(struct memory_request){.method = "POST", .path = paths[i]}, 404, NULL);
		expect_refused(
			&(struct memory_request){.method = "BREW", .path = paths[i]}, 404, NULL);
	}
}

TEST(methods_that_are_not_allowed)
{
	static const char *const others[] = {"PUT", "DELETE", "OPTIONS", "PATCH", "get", "X"};

	expect_refused(&(struct memory_request){.method = "POST", .path = "/"}, 405, "GET, HEAD");
	expect_refused(&(struct memory_request){.method = "GET", .path = "/form"}, 405, "POST");
	expect_refused(&(struct memory_request){.method = "HEAD", .path = "/form"}, 405, "POST");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		expect_refused(&(struct memory_request){.method = others[i], .path = "/both"}, 405,
			"GET, HEAD, POST");
		expect_refused(&(struct memory_request){.method = others[i], .path = "/"}, 405,
			"GET, HEAD");
		expect_refused(&(struct memory_request){.method = others[i], .path = "/form"}, 405,
			"POST");
	}
}

TEST(without_method_or_path)
{
	expect_refused(&(struct memory_request){0}, 400, NULL);
	expect_refused(&(struct memory_request){.method = "GET"}, 400, NULL);
	expect_refused(&(struct memory_request){.method = "GET", .path = ""}, 400, NULL);
	expect_refused(&(struct memory_request){.path = "/both"}, 400, NULL);
	expect_refused(&(struct memory_request){.method = "", .path = "/both"}, 400, NULL);
	expect_refused(&(struct memory_request){.path = "/nowhere"}, 400, NULL);
}

/* Whatever else is wrong with it: of such a request nothing else can be trusted. */
TEST(what_the_gateway_refuses)
{
	static const unsigned statuses[] = {413, 431};

	for (size_t i = 0; i < 2; i++) {
		unsigned status = statuses[i];
		expect_refused(&(struct memory_request){.refused = status}, status, NULL);
		expect_refused(
			&(struct memory_request){
				.method = "POST", .path = "/both", .refused = status},
			status, NULL);
		expect_refused(
			&(struct memory_request){
				.method = "GET", .path = "/nowhere", .refused = status},
			status, NULL);
		expect_refused(
			&(struct memory_request){
				.method = "PUT", .path = "/both", .refused = status},
			status, NULL);
	}
}

TEST(a_route_that_does_not_answer)
{
	struct outcome o;

	dispatch(&o, &(struct memory_request){.method = "GET", .path = "/never", .id = "n"});
	assert_string_equal(reached, "never");
	assert_null(o.pending);
	assert_int_equal(memory_gateway_status(o.memory), 500);
	assert_int_equal(captured_log_count(&o.log, "unanswered"), 1);
	close_outcome(&o);
}

TEST(a_route_that_answers_later)
{
	struct outcome o;

	dispatch(&o, &(struct memory_request){.method = "GET", .path = "/later"});
	assert_non_null(o.pending);
	assert_ptr_equal(o.pending, held);
	assert_int_equal(memory_gateway_responds(o.memory), 0);
	assert_true(memory_gateway_is_settled(o.memory));
	assert_true(response_send(held));
	assert_true(response_release(held));
	assert_int_equal(memory_gateway_status(o.memory), 200);
	close_outcome(&o);
}

/* There is nothing to wait for any more; but what it does with it is still logged. */
TEST(a_route_that_holds_what_it_has_sent)
{
	struct outcome o;

	dispatch(&o, &(struct memory_request){.method = "GET", .path = "/now-and-later"});
	assert_null(o.pending);
	assert_int_equal(memory_gateway_responds(o.memory), 1);
	assert_int_equal(memory_gateway_releases(o.memory), 0);
	assert_true(memory_gateway_is_settled(o.memory));
	assert_false(response_send(held));
	assert_int_equal(captured_log_count(&o.log, "second-response"), 1);
	assert_true(strstr(captured_log_text(&o.log), "path=/now-and-later") != NULL);
	assert_true(response_release(held));
	close_outcome(&o);
}
