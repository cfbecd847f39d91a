/* Taking oneself off the list: the code, who is shown it, and what it does. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/timestamp.h"
#include "http/response.h"
#include "routes/leave/leave_link.h"
#include "support/disk/fake_disk.h"
#include "support/test.h"
#include "support/unit/test_site.h"

#define LINK_ADA  "/leave/1#VHlExzjp69iurEENxPgxQQ"
#define CODE_ADA  "VHlExzjp69iurEENxPgxQQ"
#define CODE_SIZE (LEAVE_CODE_SIZE - 1)

static const unsigned char key[LEAVE_KEY_BYTES] = {1, 2, 3};

/* Signs a first user up, as a program, and returns the code that it gets. */
static void sign_up_ada(struct test_site *site, char code[static LEAVE_CODE_SIZE])
{
	memcpy(site->site.leave_key, key, sizeof(key));
	site->site.has_leave_key = true;
	struct memory_gateway *memory =
		test_site_ask(site, &(struct memory_request){TEST_SITE_POST("username=Ada"),
					    .accept = "application/json"});
	assert_int_equal(memory_gateway_status(memory), 201);
	const char *link = strstr(memory_gateway_body(memory), "\"leave\":\"/leave/1#");
	assert_non_null(link);
	snprintf(code, LEAVE_CODE_SIZE, "%s", strchr(link, '#') + 1);
	assert_int_equal(strlen(code), CODE_SIZE);
	memory_gateway_close(memory);
}

static struct memory_gateway *send_key(
	struct test_site *site, const char *path, const char *code, const char *accept)
{
	char form[256];

	snprintf(form, sizeof(form), "key=%s", code);
	return test_site_ask(site, &(struct memory_request){.method = "POST",
					   .path = path,
					   .content_type = "application/x-www-form-urlencoded",
					   .accept = accept,
					   .body = form});
}

static void expect_status(struct memory_gateway *memory, unsigned status, const char *text)
{
	memory_gateway_expect_field(memory, "Cache-Control", "no-store");
	memory_gateway_end(memory, status, text);
}

/* The same for ever: links that were shown have to go on working. */
TEST(codes)
{
	const struct user user = {.number = 1, .created = INT64_C(1764000000000)};
	char code[LEAVE_CODE_SIZE], link[LEAVE_LINK_SIZE];

	leave_code_make(key, LEAVE_FOREVER, &user, code);
	assert_string_equal(code, CODE_ADA);
	leave_link_make(key, &user, link);
	assert_string_equal(link, LINK_ADA);
	assert_true(leave_code_fits(key, LEAVE_FOREVER, &user, code, CODE_SIZE));
	assert_false(leave_code_fits(key, LEAVE_FOREVER, &user, code, CODE_SIZE - 1));
	assert_false(leave_code_fits(key, LEAVE_CLAIM, &user, code, CODE_SIZE));
	assert_false(leave_code_fits(key, LEAVE_FOREVER,
		&(struct user){.number = 2, .created = user.created}, code, CODE_SIZE));
	assert_false(leave_code_fits(key, LEAVE_FOREVER,
		&(struct user){.number = 1, .created = user.created + 1}, code, CODE_SIZE));
	code[0] = 'G';
	assert_false(leave_code_fits(key, LEAVE_FOREVER, &user, code, CODE_SIZE));
}

SITE_TEST(a_user_leaves)
{
	char code[LEAVE_CODE_SIZE];

	sign_up_ada(site, code);
	struct memory_gateway *memory = test_site_get(site, "/leave/1", NULL);
	memory_gateway_expect(memory, "<bdi>Ada</bdi> is on the list, number 1.");
	expect_status(memory, 200, "<form class=\"leave\" method=\"post\" action=\"/leave/1\">");
	expect_status(send_key(site, "/leave/1", code, NULL), 200, "<bdi>Ada</bdi> was taken off.");
	captured_log_expect(&site->log, "event=user-left number=1 id=");
	expect_status(
		send_key(site, "/leave/1", code, NULL), 404, "the link may have been used before");
	expect_status(
		test_site_get(site, "/leave/1", NULL), 404, "the link may have been used before");
	memory = test_site_get(site, "/users", NULL);
	memory_gateway_expect(memory, "Nobody has signed up yet.");
	memory_gateway_close(memory);
}

SITE_TEST(the_whole_link_is_fine_too)
{
	char code[LEAVE_CODE_SIZE], link[128];

	sign_up_ada(site, code);
	snprintf(link, sizeof(link), "+https://example.org/leave/1%%23%s+", code);
	expect_status(send_key(site, "/leave/1", link, NULL), 200, "was taken off.");
}

SITE_TEST(programs)
{
	char code[LEAVE_CODE_SIZE];

	sign_up_ada(site, code);
	struct memory_gateway *asked = test_site_ask(
		site, &(struct memory_request){
			      .method = "GET", .path = "/leave/1", .accept = "application/json"});
	assert_int_equal(memory_gateway_status(asked), 200);
	memory_gateway_expect_field(asked, "Content-Type", "application/json");
	memory_gateway_expect(asked, "{\"number\":1,\"username\":\"Ada\",");
	memory_gateway_close(asked);
	expect_status(send_key(site, "/leave/1", "wrong", "application/json"), 403,
		"This is not the link that was shown at the sign-up.");
	struct memory_gateway *memory = send_key(site, "/leave/1", code, "application/json");
	assert_int_equal(memory_gateway_status(memory), 204);
	memory_gateway_close(memory);
	expect_status(send_key(site, "/leave/1", code, "application/json"), 404, "not any more");
	assert_int_equal(captured_log_count(&site->log, "user-left"), 1);
}

SITE_TEST(codes_that_are_not_right)
{
	char code[LEAVE_CODE_SIZE];

	sign_up_ada(site, code);
	assert_int_equal(test_site_create(site, "username=Bob"), 303);
	expect_status(send_key(site, "/leave/2", code, NULL), 403, "not the link that you were");
	expect_status(send_key(site, "/leave/1", "", NULL), 403, "not the link that you were");
	expect_status(send_key(site, "/leave/1", "%23", NULL), 403, "not the link that you were");
	expect_status(send_key(site, "/leave/1", "x&key=y", NULL), 400, "a repeated field");
	expect_status(send_key(site, "/leave/3", code, NULL), 404, "not on the list");
	struct memory_gateway *memory = test_site_get(site, "/users", NULL);
	memory_gateway_expect(memory, "<strong class=\"count\">2 users</strong>");
	memory_gateway_close(memory);
}

SITE_TEST(another_site_may_not_send_it)
{
	char code[LEAVE_CODE_SIZE], form[64];

	sign_up_ada(site, code);
	snprintf(form, sizeof(form), "key=%s", code);
	expect_status(
		test_site_ask(site, &(struct memory_request){.method = "POST",
					    .path = "/leave/1",
					    .content_type = "application/x-www-form-urlencoded",
					    .fetch_site = "cross-site",
					    .body = form}),
		403, "another site");
}

/* Where the redirect of a sign-up leads. */
static void sign_up(struct test_site *site, const char *form, char query[static 128])
{
	struct memory_gateway *memory =
		test_site_ask(site, &(struct memory_request){TEST_SITE_POST(form)});

	assert_int_equal(memory_gateway_status(memory), 303);
	snprintf(query, 128, "%s", strchr(memory_gateway_field(memory, "Location"), '?') + 1);
	memory_gateway_close(memory);
}

/* Once, on the page that follows the form, and to nobody else. */
SITE_TEST(the_page_after_the_sign_up_shows_the_link)
{
	char code[LEAVE_CODE_SIZE], query[128];

	sign_up_ada(site, code);
	sign_up(site, "username=Bob", query);
	assert_memory_equal(query, "created=2&claim=", 16);
	struct memory_gateway *memory = test_site_get(site, "/users", query);
	memory_gateway_expect_field(memory, "ETag", NULL);
	memory_gateway_expect(memory, "<a href=\"/leave/2#");
	assert_null(strstr(strstr(memory_gateway_body(memory), "/leave/2#"), query + 16));
	expect_status(memory, 200, "Leave the list</a>");
	query[16] ^= 1;
	memory = test_site_get(site, "/users", query);
	memory_gateway_expect_not(memory, "/leave/");
	memory_gateway_close(memory);
	query[16] ^= 1;
	query[8] = '1';
	memory = test_site_get(site, "/users", query);
	memory_gateway_expect_not(memory, "/leave/");
	memory_gateway_close(memory);
	query[8] = '2';
	test_site_set_time(timestamp_now() + 61000);
	memory = test_site_get(site, "/users", query);
	memory_gateway_expect(memory, "has signed up.");
	memory_gateway_expect_not(memory, "/leave/");
	memory_gateway_close(memory);
}

/* Where there is no key, nobody is shown a link, and none works. */
SITE_TEST(without_a_key)
{
	char query[128];

	sign_up(site, "username=Ada", query);
	assert_string_equal(query, "created=1");
	expect_status(test_site_get(site, "/leave/1", NULL), 404, "nothing at this address");
	expect_status(send_key(site, "/leave/1", CODE_ADA, NULL), 404, "nothing at this address");
	struct memory_gateway *memory =
		test_site_ask(site, &(struct memory_request){TEST_SITE_POST("username=Bob"),
					    .accept = "application/json"});
	memory_gateway_expect_not(memory, "leave");
	memory_gateway_close(memory);
}

/* A client that goes away before the removal is on its way, and later. */
SITE_TEST(a_client_that_goes)
{
	char code[LEAVE_CODE_SIZE], form[64];
	struct response *response;

	sign_up_ada(site, code);
	snprintf(form, sizeof(form), "key=%s", code);
	for (int turns = 0; turns < 6; turns++) {
		struct memory_gateway *memory = test_site_begin(site,
			&(struct memory_request){.method = "POST",
				.path = "/leave/1",
				.content_type = "application/x-www-form-urlencoded",
				.body = form},
			&response);
		for (int i = 0; i < turns && memory_gateway_responds(memory) == 0; i++)
			test_site_turn(site);
		if (memory_gateway_responds(memory) == 0)
			response_abandon(response);
		test_site_settle(site);
		memory_gateway_close(memory);
	}
}

SITE_TEST(a_full_disk)
{
	char code[LEAVE_CODE_SIZE];

	sign_up_ada(site, code);
	fake_disk_fail(site->disk, VFS_WRITE, 0, ALWAYS, ENOSPC);
	expect_status(send_key(site, "/leave/1", code, NULL), 503, "cannot be done at the moment");
	struct memory_gateway *memory = test_site_get(site, "/users/1", NULL);
	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_close(memory);
}
