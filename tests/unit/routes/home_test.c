/* GET /: how many users there are, and the form. */
#include <string.h>

#include "support/test.h"
#include "support/unit/store_now.h"
#include "support/unit/test_site.h"

static void expect_greeting(struct test_site *site, const char *greeting)
{
	struct memory_gateway *memory = test_site_get(site, "/", NULL);

	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect(memory, greeting);
	memory_gateway_close(memory);
}

SITE_TEST(counts_users)
{
	expect_greeting(site, "Nobody has signed up yet: <strong class=\"count\">0 users</strong>");
	test_site_create(site, "username=Ada");
	expect_greeting(site, "<strong class=\"count\">1 user</strong> has signed up.");
	test_site_create(site, "username=Grace");
	expect_greeting(site, "<strong class=\"count\">2 users</strong> have signed up.");
	test_site_restart(site);
	expect_greeting(site, "<strong class=\"count\">2 users</strong> have signed up.");
}

SITE_TEST(form)
{
	struct memory_gateway *memory = test_site_get(site, "/", NULL);
	memory_gateway_expect(memory, "<!doctype html>\n<html lang=\"en\">\n");
	memory_gateway_expect(memory, "<form method=\"post\" action=\"/create-user\">");
	memory_gateway_expect(memory, "<label for=\"username\">");
	memory_gateway_expect(memory, "<input id=\"username\" name=\"username\" ");
	memory_gateway_expect(memory, " required maxlength=\"128\" autocomplete=\"name\" "
				      "autocapitalize=\"words\" spellcheck=\"false\" ");
	memory_gateway_expect(memory, " aria-describedby=\"username-hint\" value=\"\">");
	memory_gateway_expect(memory, "<button type=\"submit\">");
	memory_gateway_expect_not(memory, "Error");
	memory_gateway_expect_not(memory, "invalid");
	memory_gateway_close(memory);
}

SITE_TEST(latest)
{
	struct memory_gateway *memory = test_site_get(site, "/", NULL);
	memory_gateway_expect_not(memory, "<ol");
	memory_gateway_close(memory);
	test_site_fill(site, 7);
	memory = test_site_get(site, "/", NULL);
	memory_gateway_expect(memory,
		"<h2 id=\"latest\">Latest</h2>\n<ol class=\"users\">\n"
		"<li id=\"user-7\"><a href=\"/users/7\"><bdi>user007</bdi></a> <time datetime=\"");
	memory_gateway_expect(memory, "<bdi>user003</bdi>");
	memory_gateway_expect_not(memory, "<bdi>user002</bdi>");
	memory_gateway_expect(memory, "just now</time>");
	memory_gateway_close(memory);
}

SITE_TEST(the_page_is_kept)
{
	test_site_expect_kept(site, "/", &site->site.home);
}

SITE_TEST(header_fields)
{
	struct memory_gateway *memory = test_site_get(site, "/", NULL);
	memory_gateway_expect_field(memory, "Content-Type", "text/html; charset=utf-8");
	memory_gateway_expect_field(memory, "Cache-Control", "no-cache");
	memory_gateway_expect_field(memory, "Vary", "Accept");
	memory_gateway_expect_field(memory, "X-Content-Type-Options", "nosniff");
	memory_gateway_expect_field(memory, "Referrer-Policy", "same-origin");
	assert_non_null(memory_gateway_field(memory, "Content-Security-Policy"));
	memory_gateway_close(memory);
}

SITE_TEST(json)
{
	const struct memory_request request = {
		.method = "GET", .path = "/", .accept = "application/json"};

	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	struct memory_gateway *memory = test_site_ask(site, &request);
	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect_field(memory, "Content-Type", "application/json");
	memory_gateway_expect_field(memory, "Vary", "Accept");
	assert_string_equal(memory_gateway_body(memory),
		"{\"title\":\"Sign-up "
		"sheet\",\"state\":\"open\",\"total\":1,\"links\":{\"self\":\"/\","
		"\"users\":\"/users\",\"create\":\"/create-user\"}}");
	memory_gateway_close(memory);
}

SITE_TEST(query_is_not_shown)
{
	struct memory_gateway *plain = test_site_get(site, "/", NULL);
	struct memory_gateway *asked = test_site_get(site, "/", "username=<script>&%");
	assert_int_equal(memory_gateway_status(asked), 200);
	assert_string_equal(memory_gateway_body(asked), memory_gateway_body(plain));
	memory_gateway_close(asked);
	memory_gateway_close(plain);
}

SITE_TEST(head)
{
	struct memory_gateway *get = test_site_get(site, "/", NULL);
	struct memory_gateway *head =
		test_site_ask(site, &(struct memory_request){.method = "HEAD", .path = "/"});
	assert_string_equal(memory_gateway_head(head), memory_gateway_head(get));
	assert_int_equal(memory_gateway_body_length(head), 0);
	memory_gateway_close(head);
	memory_gateway_close(get);
}

SITE_TEST(post_is_not_taken)
{
	struct memory_request request = {TEST_SITE_POST("username=Ada")};

	request.path = "/";
	struct memory_gateway *memory = test_site_ask(site, &request);
	assert_int_equal(memory_gateway_status(memory), 405);
	memory_gateway_expect_field(memory, "Allow", "GET, HEAD");
	memory_gateway_close(memory);
	assert_int_equal(store_now_count(site->store), 0);
}

/* A link from a refusal fills the form, with a name as it is shown; the page that is kept stays as
 * it is. */
SITE_TEST(a_name_in_the_form)
{
	static const char *const queries[] = {"username=O%E2%80%99Brien+%C3%89",
		"username=++O%E2%80%99Brien++E%CC%81", "x=y&username=O%E2%80%99Brien+%C3%89"};

	test_site_create(site, "username=Ada");
	for (size_t i = 0; i < sizeof(queries) / sizeof(*queries); i++) {
		struct memory_gateway *memory = test_site_get(site, "/", queries[i]);
		assert_int_equal(memory_gateway_status(memory), 200);
		memory_gateway_expect(memory, " value=\"O\u2019Brien \u00c9\">");
		memory_gateway_expect(memory, "<bdi>Ada</bdi>");
		memory_gateway_expect_not(memory, "Error");
		memory_gateway_close(memory);
	}
	expect_greeting(site, " value=\"\">");
}

/* No other text: a link from elsewhere cannot say anything on the page. */
SITE_TEST(no_name_in_the_form)
{
	static const char *const queries[] = {"username=", "username", "username=%3Cb%3E",
		"username=call+555%21", "username=a&username=b", "username=%FF", "username=%",
		"name=Ada", ""};

	for (size_t i = 0; i < sizeof(queries) / sizeof(*queries); i++) {
		struct memory_gateway *memory = test_site_get(site, "/", queries[i]);
		assert_int_equal(memory_gateway_status(memory), 200);
		memory_gateway_expect(memory, " value=\"\">");
		memory_gateway_close(memory);
	}
}
