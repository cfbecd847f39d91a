/* GET /metrics: the format that is preferred, and what has been counted. The meters are the
 * process's, so each test compares before and after. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/meters/meters.h"
#include "store/flat_file/flat_file_store.h"
#include "support/test.h"
#include "support/unit/test_site.h"

#define TEXT        "text/plain; version=0.0.4; charset=utf-8"
#define OPENMETRICS "application/openmetrics-text; version=1.0.0; charset=utf-8"

static struct memory_gateway *scrape(struct test_site *site, const char *accept)
{
	struct memory_gateway *memory = test_site_ask(site,
		&(struct memory_request){.method = "GET", .path = "/metrics", .accept = accept});

	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect_field(memory, "Cache-Control", "no-cache");
	memory_gateway_expect_field(memory, "Vary", "Accept");
	return memory;
}

/* The value of a sample, with all its labels; 0 if it is not there. */
static double sample(struct test_site *site, const char *name)
{
	struct memory_gateway *memory = scrape(site, NULL);
	const char *body = memory_gateway_body(memory);
	char line[256];
	double value = 0;

	snprintf(line, sizeof(line), "\n%s ", name);
	const char *found = strstr(body, line);
	if (found != NULL)
		value = strtod(found + strlen(line), NULL);
	memory_gateway_close(memory);
	return value;
}

static void expect_type(struct test_site *site, const char *accept, const char *type)
{
	struct memory_gateway *memory = scrape(site, accept);
	const char *body = memory_gateway_body(memory);
	bool is_openmetrics = strcmp(type, OPENMETRICS) == 0;
	const char *end = strstr(body, "\n# EOF\n");

	memory_gateway_expect_field(memory, "Content-Type", type);
	assert_true((end != NULL && strcmp(end, "\n# EOF\n") == 0) == is_openmetrics);
	memory_gateway_close(memory);
}

SITE_TEST(the_format_that_is_preferred)
{
	expect_type(site, NULL, TEXT);
	expect_type(site, "*/*", TEXT);
	expect_type(site, "text/html", TEXT);
	expect_type(site, "image/png;q=0.5, x", TEXT);
	expect_type(site, "application/openmetrics-text; version=0.0.1", TEXT);
	expect_type(site, "application/openmetrics-text; version=1.0.0", OPENMETRICS);
	expect_type(site,
		"application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
		"text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
		OPENMETRICS);
	expect_type(site, "application/openmetrics-text;q=0.2, text/plain;version=0.0.4", TEXT);
}

/* What a GET brings along is not read. */
SITE_TEST(a_body_does_not_matter)
{
	struct memory_gateway *memory =
		test_site_ask(site, &(struct memory_request){.method = "GET",
					    .path = "/metrics",
					    .content_type = "text/plain",
					    .body = "rollcall_users 5"});

	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect(memory, "\nrollcall_users 0\n");
	memory_gateway_close(memory);
}

SITE_TEST(head_has_no_body)
{
	struct memory_gateway *memory =
		test_site_ask(site, &(struct memory_request){.method = "HEAD", .path = "/metrics"});

	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect_field(memory, "Content-Type", TEXT);
	assert_non_null(memory_gateway_field(memory, "Content-Length"));
	assert_int_equal(memory_gateway_body_length(memory), 0);
	memory_gateway_close(memory);
}

SITE_TEST(other_methods_are_refused)
{
	struct memory_gateway *memory =
		test_site_ask(site, &(struct memory_request){.method = "POST", .path = "/metrics"});

	assert_int_equal(memory_gateway_status(memory), 405);
	memory_gateway_expect_field(memory, "Allow", "GET, HEAD");
	memory_gateway_close(memory);
}

static void expect_counted(struct test_site *site, const char *method, const char *path,
	const char *name, unsigned status)
{
	double before = sample(site, name);
	struct memory_gateway *memory =
		test_site_ask(site, &(struct memory_request){.method = method, .path = path});

	assert_int_equal(memory_gateway_status(memory), status);
	memory_gateway_close(memory);
	assert_true(sample(site, name) == before + 1);
}

/* By route: many paths are one. */
SITE_TEST(requests_are_counted)
{
	expect_counted(site, "GET", "/",
		"rollcall_requests_total{route=\"/\",method=\"GET\",status=\"200\"}", 200);
	expect_counted(site, "HEAD", "/users",
		"rollcall_requests_total{route=\"/users\",method=\"HEAD\",status=\"200\"}", 200);
	expect_counted(site, "GET", "/users/3",
		"rollcall_requests_total{route=\"/users/{number}\",method=\"GET\",status=\"404\"}",
		404);
	expect_counted(site, "GET", "/users/4",
		"rollcall_requests_total{route=\"/users/{number}\",method=\"GET\",status=\"404\"}",
		404);
	expect_counted(site, "GET", "/nowhere",
		"rollcall_requests_total{route=\"none\",method=\"GET\",status=\"404\"}", 404);
	expect_counted(site, "BREW", "/",
		"rollcall_requests_total{route=\"/\",method=\"other\",status=\"405\"}", 405);
}

/* A route's own, not those of the others. */
SITE_TEST(the_times_of_requests_are_by_route)
{
	static const char home[] = "rollcall_request_duration_seconds_count{route=\"/\"}";
	static const char users[] = "rollcall_request_duration_seconds_count{route=\"/users\"}";
	double before = sample(site, users);

	expect_counted(site, "GET", "/", home, 200);
	assert_true(sample(site, users) == before);
	expect_counted(site, "GET", "/users", users, 200);
}

/* Before and after: whether a sample has grown by that much. */
struct growth {
	const char *name;
	double by;
	double before;
};

static void take_before(struct test_site *site, struct growth *growths)
{
	for (; growths->name != NULL; growths++)
		growths->before = sample(site, growths->name);
}

static void expect_growth(struct test_site *site, const struct growth *growths)
{
	for (; growths->name != NULL; growths++) {
		double after = sample(site, growths->name);
		if (after != growths->before + growths->by)
			fail_msg("%s: %g, then %g", growths->name, growths->before, after);
	}
}

#define OUTCOME(outcome) "rollcall_sign_ups_total{outcome=\"" outcome "\"}"
#define REFUSED(reason)  "rollcall_requests_refused_total{reason=\"" reason "\"}"

SITE_TEST(sign_ups_by_outcome)
{
	struct growth growths[] = {{OUTCOME("created"), 2, 0}, {OUTCOME("taken"), 2, 0},
		{OUTCOME("refused"), 2, 0}, {OUTCOME("unavailable"), 1, 0}, {OUTCOME("full"), 0, 0},
		{OUTCOME("closed"), 0, 0}, {REFUSED("store"), 1, 0},
		{"rollcall_store_batches_total", 2, 0},
		{"rollcall_store_batches_failed_total", 1, 0}, {"rollcall_users", 2, 0},
		{"rollcall_store_batch_size_count", 3, 0}, {"rollcall_store_batch_size_sum", 3, 0},
		{"rollcall_store_write_seconds_count", 2, 0},
		{"rollcall_store_sync_seconds_count", 2, 0},
		{"rollcall_request_bodies_bytes_total", 75, 0}, {NULL, 0, 0}};

	take_before(site, growths);
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	assert_int_equal(test_site_create(site, "username=Bob"), 303);
	assert_int_equal(test_site_create(site, "username=ada"), 409);
	assert_int_equal(test_site_create(site, "username=BOB"), 409);
	assert_int_equal(test_site_create(site, "username=%00"), 400);
	assert_int_equal(test_site_create(site, "x=y"), 422);
	assert_true(sample(site, "rollcall_store_failing") == 0);
	fake_disk_fail(site->disk, VFS_SYNC, 0, ALWAYS, EIO);
	assert_int_equal(test_site_create(site, "username=Cyd"), 503);
	assert_true(sample(site, "rollcall_store_failing") == 1);
	assert_true(sample(site, "rollcall_store_ready") == 0);
	assert_true(sample(site, "rollcall_store_changes_waiting") == 0);
	assert_true(sample(site, "rollcall_store_changes_writing") == 0);
	expect_growth(site, growths);
}

SITE_TEST(a_sheet_that_takes_no_names)
{
	struct growth growths[] = {
		{OUTCOME("full"), 1, 0}, {OUTCOME("closed"), 1, 0}, {NULL, 0, 0}};

	take_before(site, growths);
	site->site.sheet.is_closed = true;
	assert_int_equal(test_site_create(site, "username=Ada"), 403);
	site->site.sheet.is_closed = false;
	const struct store_limits one = {.max_users = 10, .seats = 1};
	store_set_limits(site->store, &one);
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	assert_int_equal(test_site_create(site, "username=Bob"), 409);
	expect_growth(site, growths);
}

/* What waits and what is on its way, while it is. */
SITE_TEST(a_batch_on_its_way)
{
	struct memory_gateway *one, *two;

	one = test_site_begin(site, &(struct memory_request){TEST_SITE_POST("username=Ada")}, NULL);
	two = test_site_begin(site, &(struct memory_request){TEST_SITE_POST("username=Bob")}, NULL);
	assert_true(meters.disk.pending == 2);
	assert_true(meters.disk.under_way == 0);
	test_site_turn(site);
	assert_true(meters.disk.pending == 0);
	assert_true(meters.disk.under_way == 2);
	test_site_settle(site);
	assert_true(meters.disk.under_way == 0);
	memory_gateway_close(one);
	memory_gateway_close(two);
}

SITE_TEST(the_file)
{
	double before = sample(site, "rollcall_store_file_bytes");

	assert_true(before > 0);
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	assert_true(sample(site, "rollcall_store_file_bytes") > before + 3);
}

static void expect_refused(
	struct test_site *site, const char *name, const struct memory_request *request)
{
	struct growth growths[] = {{name, 1, 0}, {NULL, 0, 0}};

	take_before(site, growths);
	memory_gateway_close(test_site_ask(site, request));
	expect_growth(site, growths);
}

SITE_TEST(refusals_by_reason)
{
	expect_refused(site, REFUSED("limit"),
		&(struct memory_request){.method = "POST", .path = "/", .refused = 413});
	expect_refused(site, REFUSED("limit"),
		&(struct memory_request){.method = "GET", .path = "/", .refused = 431});
	expect_refused(site, REFUSED("framing"),
		&(struct memory_request){.method = "GET", .path = "/", .refused = 400});
	expect_refused(site, REFUSED("framing"), &(struct memory_request){.method = "GET"});
	expect_refused(site, REFUSED("memory"),
		&(struct memory_request){.method = "GET", .path = "/", .refused = 503});
	expect_refused(site, REFUSED("path"),
		&(struct memory_request){.method = "GET", .path = "/nowhere"});
	expect_refused(
		site, REFUSED("path"), &(struct memory_request){.method = "PUT", .path = "/users"});
	expect_refused(site, REFUSED("cross_site"),
		&(struct memory_request){
			TEST_SITE_POST("username=Ada"), .fetch_site = "cross-site"});
}

SITE_TEST(the_process)
{
	assert_true(sample(site, "process_resident_memory_bytes") > 100000);
	assert_true(sample(site, "process_virtual_memory_bytes") >
		    sample(site, "process_resident_memory_bytes"));
	assert_true(sample(site, "process_cpu_seconds_total") > 0);
	assert_true(sample(site, "process_open_fds") >= 3);
	assert_true(sample(site, "process_max_fds") >= sample(site, "process_open_fds"));
	assert_true(sample(site, "process_start_time_seconds") > 1700000000);
}
