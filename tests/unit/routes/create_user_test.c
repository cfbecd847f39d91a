/* POST /create-user, from the form to the disk. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/limit.h"
#include "base/timestamp.h"
#include "support/test.h"
#include "support/unit/store_now.h"
#include "support/unit/test_site.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct memory_request ada = {TEST_SITE_POST("username=Ada+Lovelace")};

static void expect_user(struct test_site *site, uint64_t number, const char *name)
{
	struct user user;

	assert_true(store_now_user(site->store, number, &user));
	assert_int_equal(user.name_length, strlen(name));
	assert_memory_equal(user.name, name, user.name_length);
}

static void expect_answer(struct memory_gateway *memory, unsigned status)
{
	if (memory_gateway_status(memory) != status)
		fail_msg("%u, not %u:\n%s", memory_gateway_status(memory), status,
			memory_gateway_body(memory));
	memory_gateway_close(memory);
}

static void expect_unanswered(struct memory_gateway *memory)
{
	assert_int_equal(memory_gateway_responds(memory), 0);
	memory_gateway_close(memory);
}

/* The form again, for that reason, with what was typed. */
static void expect_form(
	struct memory_gateway *memory, unsigned status, const char *problem, const char *typed)
{
	assert_int_equal(memory_gateway_status(memory), status);
	memory_gateway_expect_field(memory, "Content-Type", "text/html; charset=utf-8");
	memory_gateway_expect_field(memory, "Cache-Control", "no-cache");
	memory_gateway_expect_field(memory, "Location", NULL);
	memory_gateway_expect(memory, "<title>Error: Sign up");
	memory_gateway_expect(memory, " action=\"/create-user\">");
	memory_gateway_expect(memory, "<div class=\"field invalid\">");
	memory_gateway_expect(memory, " aria-invalid=\"true\"");
	memory_gateway_expect(memory, problem);
	memory_gateway_expect(memory, typed);
}

/* Nothing fails while the disk is held: the worker would never end. */
SITE_TEST(answered_once_it_is_stored)
{
	fake_disk_hold(site->disk);
	fake_disk_forget(site->disk);
	struct memory_gateway *memory = test_site_begin(site, &ada, NULL);
	test_site_turn(site);
	fake_disk_wait_held(site->disk);
	test_site_turn(site);
	unsigned answered = memory_gateway_responds(memory);
	uint64_t stored = store_now_count(site->store);
	size_t writes = fake_disk_count(site->disk, VFS_WRITE);
	fake_disk_let_go(site->disk);
	test_site_settle(site);
	assert_int_equal(answered, 0);
	assert_int_equal(stored, 0);
	assert_true(writes > 0);
	assert_int_equal(memory_gateway_status(memory), 303);
	memory_gateway_expect_field(memory, "Location", "/users?created=1");
	memory_gateway_expect_field(memory, "Cache-Control", "no-cache");
	memory_gateway_expect_field(memory, "Vary", "Accept");
	assert_int_equal(memory_gateway_body_length(memory), 0);
	memory_gateway_close(memory);
	expect_user(site, 1, "Ada Lovelace");
}

SITE_TEST(still_there_after_a_restart)
{
	assert_int_equal(test_site_create(site, "username=Ada+Lovelace"), 303);
	test_site_restart(site);
	expect_user(site, 1, "Ada Lovelace");
	assert_int_equal(test_site_create(site, "username=ada+lovelace"), 409);
	struct memory_gateway *memory =
		test_site_ask(site, &(struct memory_request){TEST_SITE_POST("username=Grace")});
	memory_gateway_expect_field(memory, "Location", "/users?created=2");
	expect_answer(memory, 303);
}

/* What else a browser or a program may send with the name. */
SITE_TEST(other_fields_are_left_alone)
{
	assert_int_equal(test_site_create(site, "a=1&a=2&username=Ada&submit=%F0%9F%98%80"), 303);
	expect_user(site, 1, "Ada");
}

SITE_TEST(body_of_single_bytes)
{
	const struct memory_request request = {
		TEST_SITE_POST("x=%41&username=J%C3%bCrgen+M%c3%BCller"), .content_length = "38",
		.chunk = 1};

	assert_int_equal(strlen(request.body), 38);
	expect_answer(test_site_ask(site, &request), 303);
	expect_user(site, 1, "J\u00fcrgen M\u00fcller");
}

#define SIXTEEN "abcdefghijklmnop"

struct rejected {
	const char *form;
	const char *problem;
	const char *typed;
};

static const struct rejected rejected[] = {
	{"", "Enter a name.", " value=\"\">"},
	{"username", "Enter a name.", " value=\"\">"},
	{"username=", "Enter a name.", " value=\"\">"},
	{"user=Ada", "Enter a name.", " value=\"\">"},
	{"username=+%E3%80%80+", "Enter a name.", " value=\" \u3000 \">"},
	{"username=" SIXTEEN SIXTEEN SIXTEEN SIXTEEN "q", "at most 64 characters",
		" value=\"" SIXTEEN SIXTEEN SIXTEEN SIXTEEN "q\">"},
	{"username=%3Cscript%3Ealert(%22x%22)%3C/script%3E", "have \u201c&lt;\u201d. Try <a href",
		" value=\"&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;\">"},
	{"username=%22+autofocus+onfocus=%22x", "have \u201c&quot;\u201d.",
		" value=\"&quot; autofocus onfocus=&quot;x\">"},
	{"username=O%27Neil+%26amp;+Co", "have \u201c&amp;\u201d.",
		" value=\"O&#39;Neil &amp;amp; Co\">"},
	{"username=%F0%9F%98%80", "have \u201c\U0001f600\u201d.", " value=\"\U0001f600\">"},
	{"username=a%0D%0Ab", "have U+000D.", " value=\"a\r\nb\">"},
	{"username=a%E2%80%8Bb", "have U+200B.", " value=\"a\u200bb\">"},
	{"username=-Ada", "Put a letter or digit before", " value=\"-Ada\">"},
	{"username=A..B", "Try <a href=\"/?username=A.B\"><bdi>A.B</bdi></a>.", " value=\"A..B\">"},
	{"username=%3CO%27N+%C3%A9",
		"Try <a href=\"/?username=O%27N+%C3%A9\"><bdi>O&#39;N \u00e9</bdi>",
		" value=\"&lt;O&#39;N \u00e9\">"},
	{"username=%CC%81a", "needs a letter before it", " value=\"\u0301a\">"},
	{"username=q%CC%81%CC%81%CC%81%CC%81%CC%81", "at most 4 accents or other marks",
		" value=\"q\u0301\u0301\u0301\u0301\u0301\">"},
	{"username=a%D7%90", "each word begins with a letter", " value=\"a\u05d0\">"},
	{"username=%D8%A7%D9%A1%DB%B1", "digits of one kind", " value=\"\u0627\u0661\u06f1\">"},
};

SITE_TEST(name_not_acceptable)
{
	fake_disk_forget(site->disk);
	for (size_t i = 0; i < COUNT(rejected); i++) {
		struct memory_gateway *memory = test_site_ask(
			site, &(struct memory_request){TEST_SITE_POST(rejected[i].form)});
		expect_form(memory, 422, rejected[i].problem, rejected[i].typed);
		memory_gateway_expect_not(memory, "<script>");
		memory_gateway_close(memory);
	}
	test_site_settle(site);
	assert_int_equal(store_now_count(site->store), 0);
	assert_string_equal(fake_disk_calls(site->disk), "");
}

struct collision {
	const char *first;
	const char *second;
	const char *holder;
	const char *typed;
};

static const struct collision collisions[] = {
	{"username=Ada+L", "username=Ada+L", "<bdi>Ada L</bdi>", " value=\"Ada L\">"},
	{"username=Grace", "username=gRACE", "<bdi>Grace</bdi>", " value=\"gRACE\">"},
	{"username=Alan", "username=++Alan+", "<bdi>Alan</bdi>", " value=\"  Alan \">"},
	{"username=Barbara", "username=%EF%BC%A2arbara", "<bdi>Barbara</bdi>",
		" value=\"\uff22arbara\">"},
	{"username=%EF%BC%AB%EF%BC%A5%EF%BC%AE", "username=ken", "<bdi>\uff2b\uff25\uff2e</bdi>",
		" value=\"ken\">"},
	{"username=Stra%C3%9Fe", "username=STRASSE", "<bdi>Stra\u00dfe</bdi>",
		" value=\"STRASSE\">"},
	{"username=Ren%C3%A9", "username=Rene%CC%81", "<bdi>Ren\u00e9</bdi>",
		" value=\"Rene\u0301\">"},
};

SITE_TEST(name_taken)
{
	for (size_t i = 0; i < COUNT(collisions); i++) {
		const struct collision *c = &collisions[i];
		assert_int_equal(test_site_create(site, c->first), 303);
		struct memory_gateway *memory =
			test_site_ask(site, &(struct memory_request){TEST_SITE_POST(c->second)});
		expect_form(memory, 409, c->holder, c->typed);
		memory_gateway_expect_field(memory, "Retry-After", NULL);
		memory_gateway_close(memory);
	}
	assert_int_equal(store_now_count(site->store), COUNT(collisions));
}

/* Another user has it: there is no hint that it was the same visitor. */
SITE_TEST(name_looks_like_another)
{
	const int64_t now = timestamp_now();

	test_site_set_time(now);
	assert_int_equal(test_site_create(site, "username=Cop"), 303);
	struct memory_gateway *memory = test_site_ask(
		site, &(struct memory_request){TEST_SITE_POST("username=%D0%A1%D0%BE%D1%80")});
	expect_form(memory, 409, "This name looks like one that is on the list: <bdi>Cop</bdi>.",
		" value=\"Сор\">");
	memory_gateway_expect_not(memory, "If that was you");
	memory_gateway_close(memory);
	assert_int_equal(store_now_count(site->store), 1);
}

SITE_TEST(name_looks_like_one_under_way)
{
	const struct memory_request cop = {TEST_SITE_POST("username=%D0%A1%D0%BE%D1%80")};

	fake_disk_hold(site->disk);
	struct memory_gateway *first = test_site_begin(site, &cop, NULL);
	struct memory_gateway *second = test_site_begin(
		site, &(struct memory_request){TEST_SITE_POST("username=Cop")}, NULL);
	fake_disk_let_go(site->disk);
	test_site_settle(site);
	expect_answer(first, 303);
	expect_form(second, 409, "looks like one that is on the list: <bdi>Сор</bdi>.",
		" value=\"Cop\">");
	memory_gateway_close(second);
}

/* `turns` lie between the two: without one they share a batch, with one the first is on its way to
 * the disk already. */
static void create_one_name_twice(struct test_site *site, unsigned turns)
{
	fake_disk_hold(site->disk);
	struct memory_gateway *first = test_site_begin(site, &ada, NULL);
	for (unsigned i = 0; i < turns; i++)
		test_site_turn(site);
	struct memory_gateway *second = test_site_begin(
		site, &(struct memory_request){TEST_SITE_POST("username=ADA+lovelace")}, NULL);
	unsigned answered = memory_gateway_responds(first) + memory_gateway_responds(second);
	fake_disk_let_go(site->disk);
	test_site_settle(site);
	assert_int_equal(answered, 0);
	expect_form(second, 409, "<bdi>Ada Lovelace</bdi>", " value=\"ADA lovelace\">");
	memory_gateway_close(second);
	memory_gateway_expect_field(first, "Location", "/users?created=1");
	expect_answer(first, 303);
	assert_int_equal(store_now_count(site->store), 1);
}

/* A button that was pressed twice: the second answer is the one that is seen. */
SITE_TEST(name_taken_just_now)
{
	const char *hint =
		"If that was you, a moment ago, you are on <a href=\"/users\">the list</a>.";
	const int64_t now = timestamp_now();
	struct memory_gateway *memory;

	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	test_site_set_time(now + 50000);
	memory = test_site_ask(site, &(struct memory_request){TEST_SITE_POST("username=Ada")});
	expect_form(memory, 409, hint, " value=\"Ada\">");
	memory_gateway_close(memory);
	test_site_set_time(now + 90000);
	memory = test_site_ask(site, &(struct memory_request){TEST_SITE_POST("username=Ada")});
	expect_form(memory, 409, "<bdi>Ada</bdi>", " value=\"Ada\">");
	memory_gateway_expect_not(memory, hint);
	memory_gateway_close(memory);
}

SITE_TEST(one_name_twice_in_a_batch)
{
	create_one_name_twice(site, 0);
}

SITE_TEST(one_name_again_while_it_is_written)
{
	create_one_name_twice(site, 1);
}

struct sender {
	const char *fetch_site;
	const char *origin;
	const char *host;
	bool is_welcome;
};

static const struct sender senders[] = {
	/* Not a browser. */
	{NULL, NULL, NULL, true},
	{NULL, NULL, "rollcall.test", true},
	{"", "", "rollcall.test", true},
	/* Sec-Fetch-Site decides alone. */
	{"same-origin", NULL, "rollcall.test", true},
	{"none", NULL, "rollcall.test", true},
	{"same-site", NULL, "rollcall.test", false},
	{"cross-site", NULL, "rollcall.test", false},
	{"Same-Origin", NULL, "rollcall.test", false},
	{"same-origin, none", NULL, "rollcall.test", false},
	{"unheard-of", NULL, "rollcall.test", false},
	{"same-origin", "https://other.test", "rollcall.test", true},
	{"none", "null", "rollcall.test", true},
	{"same-site", "https://rollcall.test", "rollcall.test", false},
	{"cross-site", "https://rollcall.test", "rollcall.test", false},
	/* Without it, Origin does, beside Host (origin_test.c has all of it). */
	{NULL, "https://rollcall.test", "rollcall.test", true},
	{"", "http://rollcall.test", "rollcall.test", true},
	{NULL, "http://Rollcall.Test", "rollcall.test", true},
	{NULL, "http://rollcall.test:8080", "rollcall.test:8080", true},
	{NULL, "http://[::1]:8080", "[::1]:8080", true},
	{NULL, "https://other.test", "rollcall.test", false},
	{NULL, "https://rollcall.test.other.test", "rollcall.test", false},
	{NULL, "https://other.test/://rollcall.test", "rollcall.test", false},
	{NULL, "https://www.rollcall.test", "rollcall.test", false},
	{NULL, "http://rollcall.test", "rollcall.test:80", true},
	{NULL, "https://rollcall.test", "rollcall.test:443", true},
	{NULL, "https://rollcall.test:443", "rollcall.test", true},
	{"cross-site", "http://rollcall.test", "rollcall.test:80", false},
	{NULL, "https://rollcall.test", "rollcall.test:80", false},
	{NULL, "http://rollcall.test:8080", "rollcall.test", false},
	{NULL, "http://rollcall.test", "rollcall.test:8080", false},
	{NULL, "null", "rollcall.test", false},
	{NULL, "null", "null", false},
	{NULL, "rollcall.test", "rollcall.test", false},
	{NULL, "https://", "", false},
	{NULL, "https://rollcall.test", NULL, false},
	{NULL, "https://rollcall.test", "", false},
};

SITE_TEST(where_it_comes_from)
{
	for (size_t i = 0; i < COUNT(senders); i++) {
		const struct sender *s = &senders[i];
		const struct memory_request request = {TEST_SITE_POST("username=Ada"),
			.fetch_site = s->fetch_site, .origin = s->origin, .host = s->host};
		uint64_t before = store_now_count(site->store);
		unsigned welcome = before == 0 ? 303 : 409;
		expect_answer(test_site_ask(site, &request), s->is_welcome ? welcome : 403);
		test_site_settle(site);
		assert_true(s->is_welcome || store_now_count(site->store) == before);
	}
}

SITE_TEST(nothing_is_stored_for_elsewhere)
{
	struct memory_request request = ada;

	request.fetch_site = "cross-site";
	struct memory_gateway *memory = test_site_ask(site, &request);
	memory_gateway_expect(memory, "<h1>Not allowed from another site</h1>");
	memory_gateway_expect_field(memory, "Cache-Control", "no-store");
	expect_answer(memory, 403);
	test_site_settle(site);
	assert_int_equal(store_now_count(site->store), 0);
}

#define FORM "application/x-www-form-urlencoded"

struct type {
	const char *content_type;
	unsigned status; /* of an empty name: 422 if it got that far */
};

static const struct type types[] = {
	{FORM, 422},
	{"Application/X-WWW-Form-URLEncoded", 422},
	{FORM "; charset=UTF-8", 422},
	{FORM ";charset=utf-8", 422},
	{FORM " ; charset=\"utf-8\"", 422},
	{FORM "; Charset=Utf-8; x=y", 422},
	{FORM ";", 422},
	{FORM "; x=y", 422},
	{FORM "; charset=utf8", 422},
	{FORM "; charset=\"u\\tf-8\"; charset=UTF8", 422},
	{FORM "; x=\"; charset=utf-16\"", 422},
	{FORM "; xcharset=utf-16", 422},
	{FORM "; charset=iso-8859-1", 415},
	{FORM "; charset=utf-8; charset=utf-16", 415},
	{FORM "; charset=\"utf-8", 415},
	{FORM "; charset", 415},
	{FORM "; charset =utf-8", 415},
	{FORM "; charset= utf-8", 415},
	{FORM "; charset=utf-8 x", 415},
	{FORM "; charset=utf-8, text/plain", 415},
	{FORM "; charset=\"windows-1252\"", 415},
	{FORM "; charset=utf-16", 415},
	{FORM "; charset=utf-80", 415},
	{FORM "; charset=", 415},
	{NULL, 415},
	{"", 415},
	{FORM "ish", 415},
	{"x" FORM, 415},
	{"text/plain", 415},
	{"text/plain; " FORM, 415},
	{"application/json", 400},
	{"application/json; charset=utf8", 400},
	{"application/json; charset=iso-8859-1", 400},
	{"application/jsonx", 415},
	{"multipart/form-data; boundary=x", 415},
};

SITE_TEST(content_type)
{
	for (size_t i = 0; i < COUNT(types); i++) {
		struct memory_request request = {TEST_SITE_POST("username=")};
		request.content_type = types[i].content_type;
		expect_answer(test_site_ask(site, &request), types[i].status);
	}
}

static const char accepted[] = "application/x-www-form-urlencoded, application/json";

SITE_TEST(which_types_would_do)
{
	struct memory_request request = {TEST_SITE_POST("username=Ada")};

	request.content_type = "text/plain";
	struct memory_gateway *memory = test_site_ask(site, &request);
	memory_gateway_expect_field(memory, "Accept", accepted);
	expect_answer(memory, 415);
	request.accept = "application/json";
	memory = test_site_ask(site, &request);
	memory_gateway_expect_field(memory, "Accept", accepted);
	memory_gateway_expect_field(memory, "Content-Type", "application/problem+json");
	expect_answer(memory, 415);
}

#define POST_JSON(text)                                                                            \
	.method = "POST", .path = "/create-user", .content_type = "application/json", .body = (text)

/* A program that sends a form gets JSON if it asks for it; one that sends JSON, unless it asks for
 * something else. */
static const struct memory_request programs[] = {
	{TEST_SITE_POST("username=Ren%C3%A9"), .accept = "application/json"},
	{POST_JSON("{\"username\":\"Ren\u00e9\"}"), .accept = "application/json"},
	{POST_JSON("{\"username\":\"Ren\u00e9\"}"), .accept = "*/*"},
	{POST_JSON("{\"username\":\" Ren\\u00e9 \"}")},
};

static void expect_created(struct test_site *site, struct memory_gateway *memory)
{
	char expected[128], created[TIMESTAMP_SIZE];
	struct user user;

	assert_int_equal(memory_gateway_status(memory), 201);
	memory_gateway_expect_field(memory, "Location", "/users/1");
	memory_gateway_expect_field(memory, "Content-Type", "application/json");
	memory_gateway_expect_field(memory, "Cache-Control", "no-cache");
	memory_gateway_expect_field(memory, "Vary", "Accept");
	assert_true(store_now_user(site->store, 1, &user));
	timestamp_format(user.created, created);
	snprintf(expected, sizeof(expected),
		"{\"number\":1,\"username\":\"Ren\u00e9\",\"created\":\"%s\"}", created);
	assert_string_equal(memory_gateway_body(memory), expected);
	memory_gateway_close(memory);
}

TEST(created_for_programs)
{
	for (size_t i = 0; i < COUNT(programs); i++) {
		struct test_site site;
		test_site_open(&site);
		expect_created(&site, test_site_ask(&site, &programs[i]));
		test_site_close(&site);
	}
}

SITE_TEST(json_from_people)
{
	struct memory_gateway *memory =
		test_site_ask(site, &(struct memory_request){POST_JSON("{\"username\":\"Ada\"}"),
					    .accept = "text/html"});
	memory_gateway_expect_field(memory, "Location", "/users?created=1");
	memory_gateway_expect_field(memory, "Vary", "Accept");
	expect_answer(memory, 303);
	memory = test_site_ask(site,
		&(struct memory_request){POST_JSON("{\"username\":1}"), .accept = "text/html"});
	expect_form(memory, 422, "A username is a string.", " value=\"\">");
	memory_gateway_close(memory);
}

struct problem_for_programs {
	const char *body;
	unsigned status;
	const char *members;
};

static const struct problem_for_programs problems[] = {
	{"{\"username\":\"ADA\"}", 409,
		"\"detail\":\"That name is taken by Ada.\",\"holder\":\"/users/1\"}"},
	{"{\"username\":\"А\u0501а\"}", 409,
		"\"detail\":\"This name looks like one that is on the list: "
		"Ada.\",\"holder\":\"/users/1\"}"},
	{"{\"username\":\"Adа\"}", 422,
		"\"detail\":\"A name can't mix Latin letters with the Cyrillic "
		"“а”.\",\"suggestion\":\"Ada\",\"errors\":"},
	{"{\"username\":\"\"}", 422,
		"\"detail\":\"Enter a name.\",\"errors\":[{\"detail\":\"Enter a "
		"name.\",\"pointer\":\"#/username\"}]}"},
	{"{\"username\":\"Zo\u00eb@home\"}", 422,
		"\"detail\":\"A name can't have \u201c@\u201d.\",\"suggestion\":\"Zo\u00eb home\","
		"\"errors\":[{\"detail\":\"A name can't have "
		"\u201c@\u201d.\",\"pointer\":\"#/username\"}]}"},
	{"{}", 422, "\"pointer\":\"#/username\"}]}"},
	{"{\"username\":\"a\\u0000b\"}", 422, "\"pointer\":\"#/username\"}]}"},
	{"{\"username\":1}", 422,
		"\"errors\":[{\"detail\":\"A username is a "
		"string.\",\"pointer\":\"#/username\"}]}"},
	{"[]", 422, "\"pointer\":\"#\"}]}"},
	{"{", 400, "\"detail\":\"The body could not be read: the value is not complete.\"}"},
	{"{\"username\":\"a\",\"username\":\"a\"}", 422,
		"\"detail\":\"The member username is repeated.\",\"pointer\":\"#/username\"}]}"},
	{"{\"username\":\"\\ud800\"}", 422, "\"pointer\":\"#/username\"}]}"},
};

SITE_TEST(problems_for_programs)
{
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	for (size_t i = 0; i < COUNT(problems); i++) {
		struct memory_gateway *memory =
			test_site_ask(site, &(struct memory_request){POST_JSON(problems[i].body)});
		memory_gateway_expect_field(memory, "Content-Type", "application/problem+json");
		memory_gateway_expect_field(memory, "Cache-Control", "no-store");
		memory_gateway_expect_field(memory, "Vary", "Accept");
		memory_gateway_expect_field(memory, "Location", NULL);
		memory_gateway_expect(memory, problems[i].members);
		expect_answer(memory, problems[i].status);
	}
	assert_int_equal(store_now_count(site->store), 1);
}

SITE_TEST(json_from_elsewhere)
{
	struct memory_gateway *memory = test_site_ask(
		site, &(struct memory_request){POST_JSON("{\"username\":\"Ada\"}"),
			      .origin = "https://other.test", .host = "rollcall.test"});
	memory_gateway_expect_field(memory, "Content-Type", "application/problem+json");
	expect_answer(memory, 403);
	assert_int_equal(store_now_count(site->store), 0);
}

SITE_TEST(no_room_for_programs)
{
	fake_disk_fail(site->disk, VFS_WRITE, 0, ALWAYS, ENOSPC);
	fake_disk_fail(site->disk, VFS_ALLOCATE, 0, ALWAYS, ENOSPC);
	struct memory_gateway *memory = test_site_ask(site, &programs[0]);
	memory_gateway_expect_field(memory, "Content-Type", "application/problem+json");
	memory_gateway_expect_field(memory, "Retry-After", "5");
	memory_gateway_expect(memory, "\"detail\":\"Your name could not be stored. ");
	expect_answer(memory, 503);
	fake_disk_repair(site->disk);
}

static const struct memory_request malformed[] = {
	{TEST_SITE_POST("username=%")},
	{TEST_SITE_POST("username=%4")},
	{TEST_SITE_POST("username=Ada%4&a=b")},
	{TEST_SITE_POST("username=Ada%zz")},
	{TEST_SITE_POST("username=Ada&other=%zz")},
	{TEST_SITE_POST("username=Ada%00Lovelace")},
	{TEST_SITE_POST("username=Ada\0Lovelace"), .body_length = 21},
	{TEST_SITE_POST("user%00name=Ada&username=Ada")},
	{TEST_SITE_POST("username=Ada%FF")},
	{TEST_SITE_POST("username=Ada%C3")},
	{TEST_SITE_POST("username=Ada\xc3")},
	{TEST_SITE_POST("username=%C0%AF")},
	{TEST_SITE_POST("username=%ED%A0%80")},
	{TEST_SITE_POST("username=%F4%90%80%80")},
	{TEST_SITE_POST("username=Ada&username=Ada")},
	{TEST_SITE_POST("username=Ada&username=")},
	{TEST_SITE_POST("username&username=Ada")},
	{TEST_SITE_POST("username=Ada&u%73ername=Grace")},
	{TEST_SITE_POST("username=Ada"), .content_length = "11"},
	{TEST_SITE_POST("username=Ada"), .content_length = "13"},
	{TEST_SITE_POST("username=Ada"), .content_length = "0"},
	{TEST_SITE_POST("username=Ada"), .content_length = "12x"},
	{TEST_SITE_POST("username=Ada"), .content_length = "twelve"},
	{TEST_SITE_POST("username=Ada"), .content_length = "-12"},
	{TEST_SITE_POST("username=Ada"), .content_length = "18446744073709551628"},
	{TEST_SITE_POST(""), .content_length = "12"},
};

SITE_TEST(malformed)
{
	for (size_t i = 0; i < COUNT(malformed); i++) {
		struct memory_gateway *memory = test_site_ask(site, &malformed[i]);
		if (memory_gateway_status(memory) != 400)
			fail_msg("%u for row %zu", memory_gateway_status(memory), i);
		memory_gateway_expect(memory, "<h1>Bad request</h1>");
		memory_gateway_close(memory);
	}
	test_site_settle(site);
	assert_int_equal(store_now_count(site->store), 0);
}

SITE_TEST(only_by_post)
{
	struct memory_gateway *memory = test_site_get(site, "/create-user", "username=Ada");
	memory_gateway_expect_field(memory, "Allow", "POST");
	expect_answer(memory, 405);
	assert_int_equal(store_now_count(site->store), 0);
}

/* Nobody is told, so nobody is stored: the name is free. */
SITE_TEST(gone_before_the_disk)
{
	struct response *response;

	fake_disk_forget(site->disk);
	struct memory_gateway *memory = test_site_begin(site, &ada, &response);
	response_abandon(response);
	assert_int_equal(memory_gateway_releases(memory), 1);
	test_site_settle(site);
	expect_unanswered(memory);
	assert_int_equal(store_now_count(site->store), 0);
	assert_string_equal(fake_disk_calls(site->disk), "");
	assert_int_equal(test_site_create(site, "username=ada+lovelace"), 303);
	expect_user(site, 1, "ada lovelace");
}

/* The next caller that asked for the name gets it. */
SITE_TEST(gone_before_the_disk_with_an_heir)
{
	struct response *response;

	struct memory_gateway *first = test_site_begin(site, &ada, &response);
	struct memory_gateway *second = test_site_begin(site, &ada, NULL);
	response_abandon(response);
	test_site_settle(site);
	expect_unanswered(first);
	expect_answer(second, 303);
	assert_int_equal(store_now_count(site->store), 1);
}

SITE_TEST(gone_on_the_way_to_the_disk)
{
	struct response *response;

	fake_disk_hold(site->disk);
	struct memory_gateway *memory = test_site_begin(site, &ada, &response);
	test_site_turn(site);
	fake_disk_wait_held(site->disk);
	response_abandon(response);
	unsigned releases = memory_gateway_releases(memory);
	fake_disk_let_go(site->disk);
	test_site_settle(site);
	assert_int_equal(releases, 1);
	expect_unanswered(memory);
	expect_user(site, 1, "Ada Lovelace");
	assert_int_equal(test_site_create(site, "username=Ada+Lovelace"), 409);
}

static void expect_unavailable(struct memory_gateway *memory)
{
	expect_form(memory, 503, "could not be stored", " value=\"Ada Lovelace\">");
	memory_gateway_expect_field(memory, "Retry-After", "5");
	memory_gateway_close(memory);
}

SITE_TEST(no_room)
{
	fake_disk_fail(site->disk, VFS_WRITE, 0, ALWAYS, ENOSPC);
	fake_disk_fail(site->disk, VFS_ALLOCATE, 0, ALWAYS, ENOSPC);
	struct memory_gateway *first = test_site_begin(site, &ada, NULL);
	struct memory_gateway *second = test_site_begin(site, &ada, NULL);
	test_site_settle(site);
	expect_unavailable(first);
	expect_unavailable(second);
	assert_int_equal(store_now_count(site->store), 0);
	fake_disk_repair(site->disk);
	expect_answer(test_site_ask(site, &ada), 303);
	expect_user(site, 1, "Ada Lovelace");
}

/* Once what is on the disk is in doubt, nothing is taken any more, not even to be tried. */
SITE_TEST(disk_in_doubt)
{
	assert_int_equal(test_site_create(site, "username=Grace"), 303);
	fake_disk_fail(site->disk, VFS_SYNC, 0, ALWAYS, EIO);
	expect_unavailable(test_site_ask(site, &ada));
	fake_disk_repair(site->disk);
	fake_disk_forget(site->disk);
	struct memory_gateway *memory = test_site_begin(site, &ada, NULL);
	assert_true(site->is_late || memory_gateway_responds(memory) == 1);
	test_site_settle(site);
	expect_unavailable(memory);
	assert_string_equal(fake_disk_calls(site->disk), "");
	assert_int_equal(test_site_create(site, "username=grace"), 409);
	assert_int_equal(store_now_count(site->store), 1);
}

SITE_TEST(too_many_waiting)
{
	static struct memory_gateway *waiting[LIMIT_PENDING];

	for (size_t i = 0; i < LIMIT_PENDING; i++) {
		waiting[i] = test_site_begin(site, &ada, NULL);
		assert_int_equal(memory_gateway_responds(waiting[i]), 0);
	}
	struct memory_gateway *refused = test_site_begin(site, &ada, NULL);
	assert_true(site->is_late || memory_gateway_responds(refused) == 1);
	test_site_settle(site);
	expect_unavailable(refused);
	for (size_t i = 0; i < LIMIT_PENDING; i++)
		expect_answer(waiting[i], i == 0 ? 303 : 409);
}
