/* GET /users: the list, a page at a time. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"
#include "support/unit/store_now.h"
#include "support/unit/test_site.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static struct memory_gateway *get_users(struct test_site *site, const char *query)
{
	struct memory_gateway *memory = test_site_get(site, "/users", query);

	if (memory_gateway_status(memory) != 200)
		fail_msg("%u for %s", memory_gateway_status(memory),
			query != NULL ? query : "no query");
	return memory;
}

/* What is to be on a page: users first, first - 1 ... last, and where its links lead. */
struct page {
	const char *query;
	unsigned first; /* 0: no users */
	unsigned last;
	const char *newer; /* the query of the link, NULL: none */
	const char *older;
};

static void expect_link(const struct memory_gateway *memory, const char *rel, const char *query)
{
	char text[96];

	if (query == NULL)
		snprintf(text, sizeof(text), "rel=\"%s\"", rel);
	else
		snprintf(text, sizeof(text), "<a rel=\"%s\" href=\"/users?%s\">", rel, query);
	if (query == NULL)
		memory_gateway_expect_not(memory, text);
	else
		memory_gateway_expect(memory, text);
}

/* Whether there is a link to an end of the list: beside the one to the next page on that side. */
static void expect_end(const struct memory_gateway *memory, const char *link, const char *beside)
{
	if (beside != NULL)
		memory_gateway_expect(memory, link);
	else
		memory_gateway_expect_not(memory, link);
}

static void expect_list(const struct memory_gateway *memory, unsigned first, unsigned last)
{
	const char *item = strstr(memory_gateway_body(memory), "<li ");
	char text[128];

	for (unsigned number = first; number >= last && number > 0; number--) {
		snprintf(text, sizeof(text),
			"<li id=\"user-%u\"><a href=\"/users/%u\"><bdi>user%03u</bdi></a> <time "
			"datetime=\"",
			number, number, number);
		assert_non_null(item);
		assert_memory_equal(item, text, strlen(text));
		item = strstr(item + 1, "<li ");
	}
	assert_null(item);
}

static void expect_page(struct test_site *site, const struct page *page)
{
	struct memory_gateway *memory = get_users(site, page->query);

	expect_list(memory, page->first, page->last);
	expect_link(memory, "prev", page->newer);
	expect_link(memory, "next", page->older);
	expect_end(memory, "<a href=\"/users\">Newest</a> <a rel=\"prev\"", page->newer);
	expect_end(memory, "</a> <a href=\"/users?after=0\">Oldest</a></nav>", page->older);
	if (page->first == 0)
		memory_gateway_expect(memory, "<p class=\"empty\">No users here.</p>");
	if (page->newer == NULL && page->older == NULL)
		memory_gateway_expect_not(memory, "<nav class=\"pages\"");
	memory_gateway_close(memory);
}

static const struct page pages[] = {
	{NULL, 121, 72, NULL, "before=72"},
	{"", 121, 72, NULL, "before=72"},
	{"before=72", 71, 22, "after=71", "before=22"},
	{"before=22", 21, 1, "after=21", NULL},
	{"after=21", 71, 22, "after=71", "before=22"},
	{"after=71", 121, 72, NULL, "before=72"},
	/* Places beside the edges of pages. */
	{"before=122", 121, 72, NULL, "before=72"},
	{"before=121", 120, 71, "after=120", "before=71"},
	{"before=51", 50, 1, "after=50", NULL},
	{"before=52", 51, 2, "after=51", "before=2"},
	{"before=2", 1, 1, "after=1", NULL},
	{"after=0", 50, 1, "after=50", NULL},
	{"after=70", 120, 71, "after=120", "before=71"},
	{"after=120", 121, 121, NULL, "before=121"},
	{"after=72&x=y", 121, 73, NULL, "before=73"},
	/* Places with no users on that side: the link leads back. */
	{"before=1", 0, 0, "after=0", NULL},
	{"before=0", 0, 0, "after=0", NULL},
	{"after=121", 0, 0, NULL, "before=122"},
	{"after=5000", 0, 0, NULL, "before=5001"},
	{"before=5000", 121, 72, NULL, "before=72"},
	{"before=999999999999999999", 121, 72, NULL, "before=72"},
	{"after=999999999999999998", 0, 0, NULL, "before=999999999999999999"},
	{"after=999999999999999999", 0, 0, NULL, "before=999999999999999999"},
};

SITE_TEST(pages)
{
	test_site_fill(site, 121);
	for (size_t i = 0; i < COUNT(pages); i++)
		expect_page(site, &pages[i]);
}

/* By letter: of those that words begin with, where the list has more than one page. */
SITE_TEST(letters)
{
	static const char *const nav =
		"<nav class=\"letters\" aria-labelledby=\"letters\"><h2 id=\"letters\">By "
		"letter</h2>"
		" <a href=\"/users?q=A\">A</a> <a href=\"/users?q=L\">L</a>"
		" <a href=\"/users?q=U\">U</a><span></span> <a "
		"href=\"/users?q=%D0%98\">\u0418</a><span></span>"
		" <a href=\"/users?q=%E3%85%8E\">\u314e</a></nav>\n";

	site->site.page_size = 4;
	assert_int_equal(test_site_create(site, "username=%C3%81d%C3%A1m+Lee"), 303);
	assert_int_equal(test_site_create(site, "username=%D0%99%D0%B2%D0%B0%D0%BD"), 303);
	struct memory_gateway *memory = get_users(site, NULL);
	memory_gateway_expect_not(memory, "class=\"letters\"");
	memory_gateway_close(memory);
	assert_int_equal(test_site_create(site, "username=%ED%95%9C%EA%B5%AD"), 303);
	test_site_fill(site, 2);
	for (size_t i = 0; i < 3; i++) {
		memory = get_users(site, i == 0 ? NULL : i == 1 ? "after=0" : "created=1");
		memory_gateway_expect(memory, nav);
		memory_gateway_close(memory);
	}
}

SITE_TEST(links_lead_to_pages)
{
	test_site_fill(site, 121);
	for (size_t i = 0; i < COUNT(pages); i++) {
		if (pages[i].newer != NULL)
			memory_gateway_close(get_users(site, pages[i].newer));
		if (pages[i].older != NULL)
			memory_gateway_close(get_users(site, pages[i].older));
	}
}

/* New users go before the first page and shift no other. */
SITE_TEST(pages_do_not_shift)
{
	char form[32];

	test_site_fill(site, 121);
	for (unsigned number = 122; number <= 130; number++) {
		snprintf(form, sizeof(form), "username=user%03u", number);
		assert_int_equal(test_site_create(site, form), 303);
		expect_page(site, &(struct page){"before=72", 71, 22, "after=71", "before=22"});
		expect_page(site, &(struct page){"before=22", 21, 1, "after=21", NULL});
	}
	expect_page(site, &(struct page){"after=71", 121, 72, "after=121", "before=72"});
	expect_page(site, &(struct page){NULL, 130, 81, NULL, "before=81"});
}

SITE_TEST(exactly_one_page)
{
	test_site_fill(site, 50);
	expect_page(site, &(struct page){NULL, 50, 1, NULL, NULL});
	test_site_restart(site);
	expect_page(site, &(struct page){NULL, 50, 1, NULL, NULL});
	expect_page(site, &(struct page){"before=999", 50, 1, NULL, NULL});
	expect_page(site, &(struct page){"after=0", 50, 1, NULL, NULL});
	assert_int_equal(test_site_create(site, "username=user051"), 303);
	expect_page(site, &(struct page){NULL, 51, 2, NULL, "before=2"});
}

/* Where a page is in the list, as far as that is known without counting. */
static void expect_lead(struct test_site *site, const char *query, const char *lead)
{
	char text[96];

	snprintf(
		text, sizeof(text), "<p class=\"lead\">%s users</strong>, newest first.</p>", lead);
	struct memory_gateway *memory = get_users(site, query);
	memory_gateway_expect(memory, text);
	memory_gateway_close(memory);
}

SITE_TEST(places_in_the_list)
{
	test_site_fill(site, 1071);
	expect_lead(site, NULL, "1 to 50 of <strong class=\"count\">1,071");
	expect_lead(site, "after=1070", "1 to 1 of <strong class=\"count\">1,071");
	expect_lead(site, "before=51", "1,022 to 1,071 of <strong class=\"count\">1,071");
	expect_lead(site, "before=72", "<strong class=\"count\">1,071");
	expect_lead(site, "after=5000", "<strong class=\"count\">1,071");
}

SITE_TEST(no_places_where_all_are_shown)
{
	test_site_fill(site, 50);
	expect_lead(site, NULL, "<strong class=\"count\">50");
}

SITE_TEST(nobody)
{
	static const char *const queries[] = {NULL, "before=5", "after=0", "after=5", "created=1"};

	for (size_t i = 0; i < COUNT(queries); i++) {
		struct memory_gateway *memory = get_users(site, queries[i]);
		memory_gateway_expect(memory, "<p>Nobody has signed up yet.</p>");
		memory_gateway_expect_not(memory, "<ol");
		memory_gateway_expect_not(memory, "<nav class=\"pages\"");
		memory_gateway_expect_not(memory, "class=\"notice\"");
		memory_gateway_close(memory);
	}
}

/* The newest page follows what happens, whether there are users yet or not. */
SITE_TEST(live)
{
	static const char *const queries[] = {"before=5", "after=0", "after=1&created=1"};
	char text[128];

	struct memory_gateway *memory = get_users(site, NULL);
	snprintf(text, sizeof(text),
		" data-live=\"/users/events?after=0-%" PRIu64 "\" data-live-empty>",
		store_view(site->store, 0)->change);
	memory_gateway_expect(memory, text);
	memory_gateway_expect(memory, " role=\"status\" data-live-status></p>");
	memory_gateway_expect(memory, "<script type=\"module\" src=\"/assets/live.");
	memory_gateway_close(memory);
	test_site_fill(site, 3);
	memory = get_users(site, "created=2");
	snprintf(text, sizeof(text),
		"<ol class=\"users\" data-live=\"/users/events?after=3-%" PRIu64
		"\" data-most=\"50\">",
		store_view(site->store, 0)->change);
	memory_gateway_expect(memory, text);
	memory_gateway_expect(memory, " role=\"status\" data-live-status></p>");
	memory_gateway_close(memory);
	for (size_t i = 0; i < COUNT(queries); i++) {
		memory = get_users(site, queries[i]);
		memory_gateway_expect(memory, "<ol class=\"users\">");
		memory_gateway_expect_not(memory, "data-live");
		memory_gateway_close(memory);
	}
}

static void expect_time(struct test_site *site, int64_t now, const char *words)
{
	char text[64];

	snprintf(text, sizeof(text), "UTC\">%s</time></li>", words);
	test_site_set_time(now);
	struct memory_gateway *memory = get_users(site, NULL);
	memory_gateway_expect(memory, text);
	memory_gateway_close(memory);
}

SITE_TEST(times)
{
	struct user user;

	test_site_fill(site, 1);
	assert_true(store_now_user(site->store, 1, &user));
	expect_time(site, user.created, "just now");
	expect_time(site, user.created + 300000, "5 minutes ago");
}

SITE_TEST(count)
{
	test_site_fill(site, 1);
	struct memory_gateway *memory = get_users(site, NULL);
	memory_gateway_expect(memory, "<strong class=\"count\">1 user</strong>, newest first");
	memory_gateway_close(memory);
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	memory = get_users(site, "before=2");
	memory_gateway_expect(memory, "<strong class=\"count\">2 users</strong>, newest first");
	memory_gateway_close(memory);
}

/* What a page is to programs: its users as above, and its links. */
struct json_page {
	const char *query;
	const char *users; /* names of the first and the last */
	const char *links;
	const char *header;
};

static const struct json_page json_pages[] = {
	{NULL, "user121 user072",
		"{\"self\":\"/users\",\"older\":\"/users?before=72\",\"oldest\":\"/"
		"users?after=0\"}",
		"</users?before=72>; rel=\"next\", </users?after=0>; rel=\"last\""},
	{"before=72&created=3", "user071 user022",
		"{\"self\":\"/users?before=72\",\"newest\":\"/users\",\"newer\":\"/"
		"users?after=71\","
		"\"older\":\"/users?before=22\",\"oldest\":\"/users?after=0\"}",
		"</users>; rel=\"first\", </users?after=71>; rel=\"prev\", </users?before=22>; "
		"rel=\"next\", </users?after=0>; rel=\"last\""},
	{"before=22", "user021 user001",
		"{\"self\":\"/users?before=22\",\"newest\":\"/users\",\"newer\":\"/"
		"users?after=21\"}",
		"</users>; rel=\"first\", </users?after=21>; rel=\"prev\""},
	{"after=121", NULL,
		"{\"self\":\"/users?after=121\",\"older\":\"/users?before=122\",\"oldest\":\"/"
		"users?after=0\"}",
		"</users?before=122>; rel=\"next\", </users?after=0>; rel=\"last\""},
};

static struct memory_gateway *ask_for_json(struct test_site *site, const char *query)
{
	return test_site_ask(site, &(struct memory_request){.method = "GET",
					   .path = "/users",
					   .query = query,
					   .accept = "application/json"});
}

static void expect_name(const json_t *users, size_t i, const char *name, size_t length)
{
	const json_t *user = json_array_get(users, i);
	const char *actual = json_string_value(json_object_get(user, "username"));

	assert_int_equal(strlen(actual), length);
	assert_memory_equal(actual, name, length);
	assert_int_equal(json_integer_value(json_object_get(user, "number")), atoi(name + 4));
	assert_non_null(json_string_value(json_object_get(user, "created")));
	assert_int_equal(json_object_size(user), 3);
}

static void expect_names(const json_t *users, const char *names)
{
	if (names == NULL) {
		assert_int_equal(json_array_size(users), 0);
		return;
	}
	expect_name(users, 0, names, 7);
	expect_name(users, json_array_size(users) - 1, names + 8, 7);
}

static void expect_json_page(struct test_site *site, const struct json_page *page)
{
	struct memory_gateway *memory = ask_for_json(site, page->query);
	json_t *body = json_loads(memory_gateway_body(memory), 0, NULL);
	char *links = json_dumps(json_object_get(body, "links"), JSON_COMPACT);

	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect_field(memory, "Content-Type", "application/json");
	memory_gateway_expect_field(memory, "Vary", "Accept");
	memory_gateway_expect_field(memory, "Link", page->header);
	assert_int_equal(json_integer_value(json_object_get(body, "total")), 121);
	expect_names(json_object_get(body, "users"), page->users);
	assert_string_equal(links, page->links);
	free(links);
	json_decref(body);
	memory_gateway_close(memory);
}

SITE_TEST(json)
{
	test_site_fill(site, 121);
	for (size_t i = 0; i < COUNT(json_pages); i++)
		expect_json_page(site, &json_pages[i]);
}

SITE_TEST(json_of_nobody)
{
	struct memory_gateway *memory = ask_for_json(site, NULL);
	assert_string_equal(memory_gateway_body(memory),
		"{\"total\":0,\"users\":[],\"links\":{\"self\":\"/users\"}}");
	memory_gateway_expect_field(memory, "Link", NULL);
	memory_gateway_close(memory);
}

SITE_TEST(json_that_is_not_asked_for)
{
	test_site_fill(site, 60);
	struct memory_gateway *memory = get_users(site, NULL);
	memory_gateway_expect_field(memory, "Content-Type", "text/html; charset=utf-8");
	memory_gateway_expect_field(memory, "Vary", "Accept");
	memory_gateway_expect_field(memory, "Link", NULL);
	memory_gateway_close(memory);
}

struct query_fault {
	const char *query;
	const char *reason;
};

static const struct query_fault query_faults[] = {
	{"before=1&after=1", "before and after exclude each other."},
	{"before=1&before=1", "a repeated field."},
	{"before=ten", "before, after and created are numbers of up to 18 digits."},
	{"created=", "before, after and created are numbers of up to 18 digits."},
	{"x=%zz", "a % without two hexadecimal digits after it."},
	{"created=1%00", "a NUL."},
	{"after=%FF", "not UTF-8."},
};

SITE_TEST(why_a_query_is_refused)
{
	char detail[160];

	for (size_t i = 0; i < COUNT(query_faults); i++) {
		snprintf(detail, sizeof(detail), "The query could not be read: %s",
			query_faults[i].reason);
		struct memory_gateway *page = test_site_get(site, "/users", query_faults[i].query);
		struct memory_gateway *json = ask_for_json(site, query_faults[i].query);
		memory_gateway_expect(page, detail);
		memory_gateway_expect(json, detail);
		assert_int_equal(memory_gateway_status(json), 400);
		memory_gateway_expect_field(json, "Content-Type", "application/problem+json");
		memory_gateway_close(json);
		memory_gateway_close(page);
	}
}

static const char *const malformed[] = {
	"before=1&after=1",
	"after=0&before=0",
	"before=1&before=1",
	"after=1&%61fter=2",
	"created=1&created=1",
	"before=",
	"before",
	"after=",
	"before=-1",
	"before=%2b1",
	"before=+1",
	"before=1+",
	"before=1.5",
	"before=1e3",
	"before=0x10",
	"before=ten",
	"before=022",
	"after=00",
	"before=%D9%A1",
	"before=1%00",
	"before=1%",
	"before=%FF",
	"x=%zz",
	"after=1000000000000000000",
	"before=9223372036854775808",
	"before=18446744073709551615",
	"after=18446744073709551616",
	"after=99999999999999999999999999999999",
	"created=",
	"created=ada",
	"created=-1",
	"created=1%3Cscript%3E",
	"created=18446744073709551617",
};

SITE_TEST(malformed)
{
	test_site_fill(site, 3);
	for (size_t i = 0; i < COUNT(malformed); i++) {
		struct memory_gateway *memory = test_site_get(site, "/users", malformed[i]);
		if (memory_gateway_status(memory) != 400)
			fail_msg("%u for %s", memory_gateway_status(memory), malformed[i]);
		memory_gateway_expect(memory, "<h1>Bad request</h1>");
		memory_gateway_expect_field(memory, "Cache-Control", "no-store");
		memory_gateway_expect_field(memory, "ETag", NULL);
		memory_gateway_close(memory);
	}
}

SITE_TEST(who_was_created)
{
	assert_int_equal(test_site_create(site, "username=Ada+Lovelace"), 303);
	assert_int_equal(test_site_create(site, "username=Ren%C3%A9"), 303);
	struct memory_gateway *memory = get_users(site, "created=1");
	memory_gateway_expect(memory,
		"<p class=\"notice\" role=\"status\" tabindex=\"-1\" autofocus><strong>You are on "
		"the list, number 1.</strong> <bdi>Ada Lovelace</bdi> has signed up.</p>");
	memory_gateway_expect(memory, "<title>You are on the list, number 1 \u2013 Sign-up sheet<");
	memory_gateway_expect(memory,
		"<li id=\"user-1\" class=\"new\"><a href=\"/users/1\"><bdi>Ada Lovelace</bdi></a> "
		"<span "
		"class=\"tag\">New</span> <time ");
	memory_gateway_expect(memory, "<li id=\"user-2\"><a href=\"/users/2\"><bdi>");
	memory_gateway_close(memory);
	memory = get_users(site, "created=2&before=2&name=Eve");
	memory_gateway_expect(memory, "</strong> <bdi>Ren\u00e9</bdi> has signed up.</p>");
	memory_gateway_expect_not(memory, "Eve");
	memory_gateway_close(memory);
}

SITE_TEST(nobody_was_created)
{
	static const char *const queries[] = {
		NULL, "created=0", "created=2", "created=999999999999999999"};

	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	for (size_t i = 0; i < COUNT(queries); i++) {
		struct memory_gateway *memory = get_users(site, queries[i]);
		memory_gateway_expect_not(memory, "notice");
		memory_gateway_expect_not(memory, "has signed up");
		memory_gateway_close(memory);
	}
}

/* An address that is opened later may be anybody's: it addresses nobody. */
SITE_TEST(who_was_created_a_while_ago)
{
	struct user user;

	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	assert_true(store_now_user(site->store, 1, &user));
	test_site_set_time(user.created + 59999);
	struct memory_gateway *memory = get_users(site, "created=1");
	memory_gateway_expect(memory, "You are on the list");
	memory_gateway_close(memory);
	test_site_set_time(user.created + 60000);
	memory = get_users(site, "created=1");
	memory_gateway_expect(memory, "role=\"status\"><bdi>Ada</bdi> has signed up.</p>");
	memory_gateway_expect(memory, "<title>Users \u2013 Sign-up sheet<");
	memory_gateway_expect_not(memory, "You are");
	memory_gateway_expect_not(memory, "autofocus");
	memory_gateway_close(memory);
}

/* Copies it: a weak entity tag with something in it. */
static void get_etag(struct test_site *site, char etag[static 96])
{
	struct memory_gateway *memory = get_users(site, NULL);
	const char *value = memory_gateway_field(memory, "ETag");

	assert_non_null(value);
	assert_memory_equal(value, "W/\"", 3);
	assert_true(strlen(value) > 4 && strlen(value) < 96);
	assert_ptr_equal(strchr(value + 3, '"'), value + strlen(value) - 1);
	strcpy(etag, value);
	memory_gateway_close(memory);
}

static struct memory_gateway *ask_if_not(struct test_site *site, const char *if_none_match)
{
	return test_site_ask(
		site, &(struct memory_request){
			      .method = "GET", .path = "/users", .if_none_match = if_none_match});
}

static void expect_not_modified(struct test_site *site, const char *if_none_match, const char *etag)
{
	struct memory_gateway *memory = ask_if_not(site, if_none_match);

	assert_int_equal(memory_gateway_status(memory), 304);
	memory_gateway_expect_field(memory, "ETag", etag);
	memory_gateway_expect_field(memory, "Vary", "Accept");
	memory_gateway_expect_field(memory, "Cache-Control", "no-cache");
	memory_gateway_expect_field(memory, "Content-Length", NULL);
	assert_int_equal(memory_gateway_body_length(memory), 0);
	memory_gateway_close(memory);
}

static void expect_modified(struct test_site *site, const char *if_none_match)
{
	struct memory_gateway *memory = ask_if_not(site, if_none_match);

	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect(memory, "<ol class=\"users\" ");
	memory_gateway_close(memory);
}

SITE_TEST(not_modified)
{
	char etag[96], list[160];

	test_site_fill(site, 3);
	get_etag(site, etag);
	expect_not_modified(site, etag, etag);
	expect_not_modified(site, etag + 2, etag); /* compared weakly */
	expect_not_modified(site, "*", etag);
	snprintf(list, sizeof(list), "\"x\", W/\"y\" ,%s", etag);
	expect_not_modified(site, list, etag);
	expect_modified(site, "");
	expect_modified(site, "W/\"x\"");
	snprintf(list, sizeof(list), "%.*s", (int)strlen(etag) - 1, etag);
	expect_modified(site, list);
}

/* What the page says of times changes with the minute; JSON says nothing of them. */
SITE_TEST(modified_by_time)
{
	struct memory_request request = {
		.method = "GET", .path = "/users", .accept = "application/json"};
	char html[96], json[96];

	test_site_fill(site, 3);
	test_site_set_time(120000);
	get_etag(site, html);
	struct memory_gateway *memory = ask_for_json(site, NULL);
	snprintf(json, sizeof(json), "%s", memory_gateway_field(memory, "ETag"));
	memory_gateway_close(memory);
	test_site_set_time(179999);
	expect_not_modified(site, html, html);
	test_site_set_time(180000);
	expect_modified(site, html);
	request.if_none_match = json;
	memory = test_site_ask(site, &request);
	assert_int_equal(memory_gateway_status(memory), 304);
	memory_gateway_close(memory);
}

/* One representation is never taken for the other. */
SITE_TEST(not_modified_is_of_a_representation)
{
	struct memory_request request = {
		.method = "GET", .path = "/users", .accept = "application/json"};
	char html[96], json[96];

	test_site_fill(site, 3);
	get_etag(site, html);
	struct memory_gateway *memory = ask_for_json(site, NULL);
	snprintf(json, sizeof(json), "%s", memory_gateway_field(memory, "ETag"));
	memory_gateway_close(memory);
	assert_string_not_equal(html, json);
	request.if_none_match = html;
	memory = test_site_ask(site, &request);
	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_close(memory);
	request.if_none_match = json;
	memory = test_site_ask(site, &request);
	assert_int_equal(memory_gateway_status(memory), 304);
	memory_gateway_expect_field(memory, "ETag", json);
	memory_gateway_expect_field(memory, "Vary", "Accept");
	assert_int_equal(memory_gateway_body_length(memory), 0);
	memory_gateway_close(memory);
	expect_modified(site, json);
}

SITE_TEST(modified_by_a_create)
{
	char before[96], after[96];

	test_site_fill(site, 3);
	get_etag(site, before);
	assert_int_equal(test_site_create(site, "username=User001"), 409);
	expect_not_modified(site, before, before);
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	get_etag(site, after);
	assert_string_not_equal(after, before);
	expect_modified(site, before);
	expect_not_modified(site, after, after);
}

/* For exactly that page, and for no other query. */
SITE_TEST(the_newest_page_is_kept)
{
	test_site_fill(site, 3);
	test_site_expect_kept(site, "/users", &site->site.users);
	*site->site.users.body.bytes = '#';
	test_site_expect_first_byte(site, "/users", NULL, '#');
	test_site_expect_first_byte(site, "/users", "created=3", '<');
	test_site_expect_first_byte(site, "/users", "before=4", '<');
	test_site_expect_first_byte(site, "/users", "q=user", '<');
	test_site_expect_first_byte(site, "/users", NULL, '#');
}

SITE_TEST(head)
{
	test_site_fill(site, 121);
	struct memory_gateway *get = get_users(site, "before=72");
	struct memory_gateway *head = test_site_ask(site,
		&(struct memory_request){.method = "HEAD", .path = "/users", .query = "before=72"});
	assert_string_equal(memory_gateway_head(head), memory_gateway_head(get));
	assert_int_equal(memory_gateway_body_length(head), 0);
	memory_gateway_close(head);
	memory_gateway_close(get);
}
