/* Every route with each allocation failing in turn: one response, which is right or says that it is
 * not. */
#include "support/test.h"
#include "support/unit/short_memory.h"
#include "support/unit/test_site.h"

#define JSON "application/json"

static const struct {
	struct memory_request request;
	unsigned status;
} rows[] = {
	{{.method = "GET", .path = "/"}, 200},
	{{.method = "GET", .path = "/", .accept = JSON}, 200},
	{{.method = "GET", .script_name = "/us", .path_info = "ers"}, 200},
	{{.method = "GET", .path = "/users", .query = "before=9&created=7", .accept = JSON}, 200},
	{{.method = "GET", .path = "/users", .query = "q=gr", .if_none_match = "W/\"1\""}, 200},
	{{.method = "GET", .path = "/users", .query = "before=x"}, 400},
	{{.method = "GET", .path = "/users/1"}, 200},
	{{.method = "GET", .path = "/readyz", .id = "1"}, 200},
	{{.method = "GET", .path = "/loop"}, 200},
	{{.method = "GET", .path = "/loop", .accept = JSON}, 200},
	{{.method = "GET", .path = "/nothing", .accept = JSON}, 404},
	{{TEST_SITE_POST("username=Ada+Lovelace")}, 303},
	{{TEST_SITE_POST("username=grace")}, 409},
	{{TEST_SITE_POST("username=%")}, 400},
	{{.method = "POST",
		 .path = "/create-user",
		 .content_type = JSON,
		 .body = "{\"a\":1,\"username\":\"Ada\"}"},
		201},
};

/* To a site that has one user and nothing in its caches. Returns whether an allocation has failed.
 */
static bool ask_short(
	const struct memory_request *request, unsigned status, size_t after, size_t *length)
{
	struct test_site site;

	test_site_open(&site);
	test_site_create(&site, "username=Grace");
	page_cache_free(&site.site.home);
	struct memory_gateway *memory = memory_gateway_open(request);
	short_memory_begin(after, 1);
	router_dispatch(&site.router, memory_gateway_of(memory));
	memory_gateway_forget(memory);
	if (memory_gateway_responds(memory) == 0)
		test_site_settle(&site);
	bool has_failed = short_memory_end();
	unsigned got = memory_gateway_status(memory);
	if (got != status && got != 500)
		assert_int_equal(got, 503);
	if (got == status && status == 200 && *length > 0)
		assert_int_equal(memory_gateway_body_length(memory), *length);
	if (got == 201 || got == 303)
		assert_int_equal(test_site_users(&site), 2);
	else if (got != 500) /* after which it is not known */
		assert_int_equal(test_site_users(&site), 1);
	if (!has_failed)
		assert_int_equal(got, status);
	if (*length == 0)
		*length = memory_gateway_body_length(memory);
	memory_gateway_close(memory);
	test_site_close(&site);
	return has_failed;
}

TEST(memory_runs_out)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t length = 0, tried = 0;
		assert_false(ask_short(&rows[i].request, rows[i].status, 1000000, &length));
		while (ask_short(&rows[i].request, rows[i].status, tried, &length))
			tried++;
		assert_true(tried > 0);
	}
}
