/* GET /users/{number}. */
#include <stdio.h>
#include <string.h>

#include "base/timestamp.h"
#include "support/test.h"
#include "support/unit/store_now.h"
#include "support/unit/test_site.h"

static struct memory_gateway *ask(struct test_site *site, const char *path, const char *accept)
{
	return test_site_ask(
		site, &(struct memory_request){.method = "GET", .path = path, .accept = accept});
}

static void expect_created_time(struct test_site *site, uint64_t number, char time[TIMESTAMP_SIZE])
{
	struct user user;

	assert_true(store_now_user(site->store, number, &user));
	timestamp_format(user.created, time);
}

SITE_TEST(page)
{
	char time[TIMESTAMP_SIZE];

	assert_int_equal(test_site_create(site, "username=Grace"), 303);
	assert_int_equal(test_site_create(site, "username=Ren%C3%A9"), 303);
	expect_created_time(site, 2, time);
	struct memory_gateway *memory = ask(site, "/users/2", NULL);
	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect_field(memory, "Content-Type", "text/html; charset=utf-8");
	memory_gateway_expect_field(memory, "Cache-Control", "no-cache");
	memory_gateway_expect_field(memory, "Vary", "Accept");
	memory_gateway_expect(memory, "<h1><bdi>Ren\u00e9</bdi></h1>");
	memory_gateway_expect(memory, "<title>Ren\u00e9 ");
	memory_gateway_expect(
		memory, "<dd>2, on a list of <strong class=\"count\">2 users</strong></dd>");
	memory_gateway_expect(memory, time);
	memory_gateway_expect(memory, "<script type=\"module\" src=\"/assets/times.");
	memory_gateway_close(memory);
}

static void expect_ways(
	struct test_site *site, const char *path, const char *list, const char *neighbours)
{
	struct memory_gateway *memory = ask(site, path, NULL);

	memory_gateway_expect(memory, list);
	if (neighbours != NULL)
		memory_gateway_expect(memory, neighbours);
	else
		memory_gateway_expect_not(memory, "<nav class=\"pages\"");
	memory_gateway_close(memory);
}

SITE_TEST(ways_to_the_list_and_to_the_users_beside)
{
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	expect_ways(site, "/users/1", "<a href=\"/users\">Show in the list</a>", NULL);
	test_site_fill(site, 2);
	expect_ways(site, "/users/1", "<a href=\"/users?before=2\">Show in the list</a>",
		"Pages\"><a rel=\"prev\" href=\"/users/2\">Newer</a></nav>");
	expect_ways(site, "/users/2", "<a href=\"/users?before=3\">Show in the list</a>",
		"<a rel=\"prev\" href=\"/users/3\">Newer</a> <a rel=\"next\" "
		"href=\"/users/1\">Older</a></nav>");
	expect_ways(site, "/users/3", "<a href=\"/users\">Show in the list</a>",
		"Pages\"><a rel=\"next\" href=\"/users/2\">Older</a></nav>");
}

SITE_TEST(json)
{
	char time[TIMESTAMP_SIZE], expected[128];

	assert_int_equal(test_site_create(site, "username=Ren%C3%A9"), 303);
	expect_created_time(site, 1, time);
	struct memory_gateway *memory = ask(site, "/users/1", "application/json");
	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect_field(memory, "Content-Type", "application/json");
	memory_gateway_expect_field(memory, "Cache-Control", "no-cache");
	memory_gateway_expect_field(memory, "Vary", "Accept");
	snprintf(expected, sizeof(expected),
		"{\"number\":1,\"username\":\"Ren\u00e9\",\"created\":\"%s\"}", time);
	assert_string_equal(memory_gateway_body(memory), expected);
	memory_gateway_close(memory);
}

SITE_TEST(nobody)
{
	static const char *const paths[] = {"/users/2", "/users/0", "/users/01", "/users/-1",
		"/users/+1", "/users/1x", "/users/1/", "/users/1/1", "/users/", "/users//1",
		"/users/18446744073709551615", "/users/18446744073709551616",
		"/users/99999999999999999999999", "/users/{number}", "/users/x"};

	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct memory_gateway *memory = ask(site, paths[i], NULL);
		if (memory_gateway_status(memory) != 404)
			fail_msg("%u for %s", memory_gateway_status(memory), paths[i]);
		memory_gateway_expect(memory, "<h1>Not found</h1>");
		memory_gateway_close(memory);
	}
	struct memory_gateway *memory = ask(site, "/users/2", "application/json");
	memory_gateway_expect_field(memory, "Content-Type", "application/problem+json");
	memory_gateway_expect(
		memory, "\"status\":404,\"detail\":\"There is no user with that number.\"");
	memory_gateway_close(memory);
}
