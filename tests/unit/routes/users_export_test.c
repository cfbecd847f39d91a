/* GET /users.csv and GET /users.jsonl. */
#include <stdio.h>
#include <string.h>

#include "base/limit.h"
#include "event_loop/turns.h"
#include "support/test.h"
#include "support/unit/test_site.h"

#define USERS    (2 * LIMIT_LIST_PART + 50) /* three parts */
#define CSV_HEAD "\xef\xbb\xbfnumber,created,username\r\n"

/* The rows are those of these users, in this order. */
static void expect_rows(const char *text, unsigned users, const char *before, const char *after)
{
	char name[64];

	for (unsigned number = 1; number <= users; number++) {
		snprintf(name, sizeof(name), "%suser%03u%s", before, number, after);
		text = strstr(text, name);
		assert_non_null(text);
		text += strlen(name);
	}
	assert_string_equal(text, "");
}

static void expect_file(const struct memory_gateway *memory, const char *type, const char *name)
{
	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect_field(memory, "Content-Type", type);
	memory_gateway_expect_field(memory, "Content-Disposition", name);
	memory_gateway_expect_field(memory, "Cache-Control", "no-store");
}

SITE_TEST(everybody_may_download_a_public_list)
{
	site->site.is_export_public = true;
	test_site_set_time(INT64_C(1764000000000));
	test_site_fill(site, 3);
	struct memory_gateway *memory = test_site_get(site, "/users.csv", NULL);
	expect_file(memory, "text/csv; charset=utf-8; header=present",
		"attachment; filename=\"users-2025-11-24.csv\"");
	assert_memory_equal(memory_gateway_body(memory), CSV_HEAD "1,", strlen(CSV_HEAD "1,"));
	expect_rows(memory_gateway_body(memory), 3, ",", "\r\n");
	memory_gateway_close(memory);
	memory = test_site_get(site, "/users.jsonl", NULL);
	expect_file(memory, "application/jsonl", "attachment; filename=\"users-2025-11-24.jsonl\"");
	assert_memory_equal(memory_gateway_body(memory), "{\"number\":1,", 12);
	expect_rows(memory_gateway_body(memory), 3, "\"username\":\"", "\"}\n");
	memory_gateway_close(memory);
}

static void expect_refused(struct test_site *site, const char *path, const char *user)
{
	struct memory_gateway *memory = test_site_ask(
		site, &(struct memory_request){.method = "GET", .path = path, .remote_user = user});

	assert_int_equal(memory_gateway_status(memory), 403);
	memory_gateway_expect(memory, "Only the organiser may do this");
	memory_gateway_expect_not(memory, "user001");
	memory_gateway_close(memory);
}

SITE_TEST(else_only_the_organiser)
{
	test_site_fill(site, 3);
	expect_refused(site, "/users.csv", NULL);
	expect_refused(site, "/users.jsonl", "Ada");
	site->site.has_admin = true;
	expect_refused(site, "/users.jsonl", NULL);
	struct memory_gateway *memory = test_site_ask(
		site, &(struct memory_request){
			      .method = "GET", .path = "/users.csv", .remote_user = "Ada"});
	assert_int_equal(memory_gateway_status(memory), 200);
	expect_rows(memory_gateway_body(memory), 3, ",", "\r\n");
	memory_gateway_close(memory);
}

/* In parts where there are turns, and whole where there are none. */
SITE_TEST(a_list_of_any_length)
{
	site->site.is_export_public = true;
	test_site_fill(site, USERS);
	struct memory_gateway *memory = test_site_get(site, "/users.csv", NULL);
	expect_rows(memory_gateway_body(memory), USERS, ",", "\r\n");
	assert_int_equal(memory_gateway_parts(memory), 0);
	memory_gateway_close(memory);
	site->site.turns = turns_open(&site->loop);
	memory = test_site_begin(
		site, &(struct memory_request){.method = "GET", .path = "/users.csv"}, NULL);
	while (memory_gateway_responds(memory) == 0)
		test_site_turn(site);
	expect_rows(memory_gateway_body(memory), USERS, ",", "\r\n");
	assert_int_equal(memory_gateway_parts(memory), 3);
	memory_gateway_close(memory);
	turns_end(site->site.turns);
	test_site_settle(site);
	turns_close(site->site.turns);
	site->site.turns = NULL;
}

SITE_TEST(a_list_of_nobody)
{
	site->site.is_export_public = true;
	struct memory_gateway *memory = test_site_get(site, "/users.csv", NULL);
	assert_string_equal(memory_gateway_body(memory), CSV_HEAD);
	memory_gateway_close(memory);
	memory = test_site_get(site, "/users.jsonl", NULL);
	assert_string_equal(memory_gateway_body(memory), "");
	memory_gateway_close(memory);
}

/* Nobody is led to what is refused. */
SITE_TEST(the_link_to_it)
{
	test_site_fill(site, 3);
	struct memory_gateway *memory = test_site_get(site, "/users", NULL);
	memory_gateway_expect_not(memory, "/users.csv");
	memory_gateway_close(memory);
	site->site.is_export_public = true;
	memory = test_site_get(site, "/users", "after=0");
	memory_gateway_expect(memory, "<a href=\"/users.csv\">Download the list (CSV)</a>");
	memory_gateway_close(memory);
}
