/*
 * Every page and its JSON as a whole, in the states that they have, as they are kept in pages/
 * (kept_page.h). What a page has to have, and why, is in the tests of its route.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/test.h"
#include "support/unit/kept_page.h"
#include "support/unit/test_site.h"
#include "support/unit/wall_clock.h"

/* 5 December 2026, 18:00 UTC. */
#define NOW    INT64_C(1796493600000)
#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* A page, or an answer, and the request for it. */
struct page {
	const char *name;
	struct memory_request request;
};

#define GET  .method = "GET"
#define POST .method = "POST", .content_type = "application/x-www-form-urlencoded"
#define JSON .accept = "application/json"
#define BY   .remote_user = "grace"

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

/* The number of the last change is another in each run. */
static void append_without_change(struct test_site *site, struct buffer *out, const char *text)
{
	char change[32];
	const char *found;

	snprintf(change, sizeof(change), "-%" PRIu64, store_view(site->store, 0)->change);
	for (; (found = strstr(text, change)) != NULL; text = found + strlen(change)) {
		buffer_append(out, text, (size_t)(found - text));
		buffer_string(out, "-CHANGE");
	}
	buffer_string(out, text);
}

static void append_field(struct buffer *out, const char *line, size_t length)
{
	static const char *const varying[] = {"ETag: ", "Content-Length: "};

	for (size_t i = 0; i < COUNT(varying); i++) {
		if (strncmp(line, varying[i], strlen(varying[i])) == 0)
			return;
	}
	buffer_append(out, line, length);
	buffer_string(out, "\n");
}

static void append_answer(
	struct test_site *site, struct buffer *out, const struct memory_gateway *memory)
{
	const char *line = memory_gateway_head(memory);

	for (const char *end; (end = strstr(line, "\r\n")) != NULL; line = end + 2)
		append_field(out, line, (size_t)(end - line));
	append_without_change(site, out, memory_gateway_body(memory));
	buffer_string(out, "\n\n");
}

/* All of a test. */
static struct buffer answers;

static void append_page(struct test_site *site, const struct page *page)
{
	struct memory_gateway *memory = test_site_ask(site, &page->request);

	buffer_string(&answers, "==== ");
	buffer_string(&answers, page->name);
	buffer_string(&answers, "\n");
	append_answer(site, &answers, memory);
	memory_gateway_close(memory);
}

static void append_pages(struct test_site *site, const struct page *pages, size_t count)
{
	static uint64_t shown;

	/* What a test has done to the sheet is not in the pages that the site keeps. */
	store_renew_revision(site->store, ++shown);
	for (size_t i = 0; i < count; i++)
		append_page(site, &pages[i]);
}

static void append_one(struct test_site *site, const char *name, struct memory_request request)
{
	append_pages(site, &(struct page){name, request}, 1);
}

static void expect_kept(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s.txt", PAGES, name);
	expect_kept_page(path, &answers);
	buffer_free(&answers);
}

static void append_home(struct test_site *site, const char *name)
{
	append_one(site, name, (struct memory_request){GET, .path = "/"});
}

static void append_admin(struct test_site *site, const char *name, const char *query)
{
	append_one(site, name, (struct memory_request){GET, .path = "/admin", .query = query, BY});
}

/* Both clocks stand still. */
static void stop_clocks(struct test_site *site)
{
	wall_clock_set(NOW);
	test_site_set_time(NOW);
	memcpy(site->site.leave_key, "sixteen bytes are", LEAVE_KEY_BYTES);
	site->site.has_leave_key = true;
}

static int open_pages(void **state)
{
	test_site_set_up(state);
	stop_clocks(*state);
	return 0;
}

static int close_pages(void **state)
{
	wall_clock_reset();
	buffer_free(&answers);
	return test_site_tear_down(state);
}

#define PAGES_TEST(name) TEST_GIVEN(struct test_site, site, open_pages, close_pages, NULL, name)

static void say_much(struct test_site *site)
{
	site->router.base_path = "/club";
	site->site.sheet.text = (struct sheet_text){.title = "Bread & cheese",
		.intro = "Saturday,\nat six.\n\nBring <a> box.",
		.contact = "ada@example.org",
		.privacy = "https://example.org/privacy",
		.style = "/custom.css",
		.base_path = "/club"};
	site->site.has_admin = true;
	site->site.is_export_public = true;
}

static void set_seats(struct test_site *site, uint64_t seats, bool has_waiting_list)
{
	site->site.sheet.seats = seats;
	site->site.sheet.has_waiting_list = has_waiting_list;
	store_set_limits(site->store,
		&(struct store_limits){
			.max_users = 1000, .seats = seats, .has_waiting_list = has_waiting_list});
}

PAGES_TEST(home)
{
	append_home(site, "home-of-nobody");
	test_site_fill(site, 1);
	append_home(site, "home-of-one");
	test_site_fill(site, 0);
	site->site.sheet.closes = NOW + 3 * DAY;
	append_home(site, "home-closes");
	site->site.sheet.opens = NOW + HOUR;
	append_home(site, "home-not-yet-open");
	set_seats(site, 1, false);
	append_home(site, "home-not-yet-open-with-seats");
	site->site.sheet.opens = 0;
	append_home(site, "home-full-of-one");
	set_seats(site, 2, false);
	append_home(site, "home-one-seat-left");
	site->site.sheet.closes = NOW;
	append_home(site, "home-closed");
	site->site.sheet.closes = 0;
	site->site.sheet.is_closed = true;
	append_home(site, "home-closed-by-hand");
	expect_kept("home");
}

PAGES_TEST(home_of_nobody)
{
	site->site.sheet.is_closed = true;
	append_home(site, "home-of-nobody-closed");
	site->site.sheet.is_closed = false;
	site->site.sheet.opens = NOW + DAY;
	append_home(site, "home-of-nobody-not-yet-open");
	site->site.sheet.opens = 0;
	set_seats(site, 1, false);
	append_home(site, "home-of-nobody-with-a-seat");
	expect_kept("home-of-nobody");
}

PAGES_TEST(home_with_a_waiting_list)
{
	static const struct page pages[] = {
		{"home-waiting", {GET, .path = "/club/"}},
		{"home-waiting-json", {GET, .path = "/club/", JSON}},
		{"home-waiting-filled", {GET, .path = "/club/", .query = "username=O%E2%80%99B"}},
	};

	test_site_fill(site, 7);
	say_much(site);
	set_seats(site, 4, true);
	append_pages(site, pages, COUNT(pages));
	expect_kept("home-with-a-waiting-list");
}

PAGES_TEST(refused_names)
{
	static const struct page pages[] = {
		{"refused-taken", {TEST_SITE_POST("username=user+001")}},
		{"refused-taken-json", {TEST_SITE_POST("username=user+001"), JSON}},
		{"refused-alike", {TEST_SITE_POST("username=%D0%A1%D0%BE%D1%80")}},
		{"refused-suggestion", {TEST_SITE_POST("username=%3Cada%3E")}},
		{"refused-suggestion-json", {TEST_SITE_POST("username=%3Cada%3E"), JSON}},
		{"refused-empty", {TEST_SITE_POST("username=")}},
		{"refused-without", {TEST_SITE_POST("")}},
		{"refused-malformed", {TEST_SITE_POST("username=%")}},
		{"refused-cross-site",
			{TEST_SITE_POST("username=Ada"), .fetch_site = "cross-site"}},
		{"refused-type", {.method = "POST",
					 .path = "/create-user",
					 .content_type = "text/plain",
					 .body = "Ada"}},
	};

	assert_int_equal(test_site_create(site, "username=user+001"), 303);
	assert_int_equal(test_site_create(site, "username=Cop"), 303);
	append_pages(site, pages, COUNT(pages));
	test_site_set_time(NOW + DAY);
	append_one(site, "refused-taken-a-day-ago", pages[0].request);
	set_seats(site, 1, false);
	append_one(site, "refused-full", (struct memory_request){TEST_SITE_POST("username=Ada")});
	append_one(site, "refused-full-json",
		(struct memory_request){TEST_SITE_POST("username=Ada"), JSON});
	site->site.sheet.closes = NOW;
	append_one(site, "refused-closed", pages[0].request);
	expect_kept("refused-names");
}

PAGES_TEST(created)
{
	static const struct page pages[] = {
		{"created", {TEST_SITE_POST("username=Ada")}},
		{"created-json", {TEST_SITE_POST("username=Bob"), JSON}},
		{"created-waiting-json", {TEST_SITE_POST("username=Eve"), JSON}},
		{"created-list", {GET, .path = "/users", .query = "created=1"}},
		{"created-list-waiting", {GET, .path = "/users", .query = "created=3"}},
		{"created-list-claim",
			{GET, .path = "/users", .query = "created=1&claim=5N_h_-5Sw3rg5xbi9AmrOw"}},
	};

	set_seats(site, 2, true);
	append_pages(site, pages, COUNT(pages));
	test_site_set_time(NOW + DAY);
	append_one(site, "created-list-a-day-ago", pages[3].request);
	expect_kept("created");
}

/* How many in line. */
PAGES_TEST(ordinals)
{
	static const struct {
		unsigned place;
		const char *ordinal;
	} rows[] = {{1, "1st"}, {2, "2nd"}, {3, "3rd"}, {4, "4th"}, {10, "10th"}, {11, "11th"},
		{12, "12th"}, {13, "13th"}, {14, "14th"}, {20, "20th"}, {21, "21st"}, {22, "22nd"},
		{23, "23rd"}, {24, "24th"}, {101, "101st"}, {110, "110th"}, {111, "111th"},
		{112, "112th"}, {113, "113th"}, {114, "114th"}, {121, "121st"}, {122, "122nd"}};
	char words[48];

	test_site_fill(site, 123);
	for (size_t i = 0; i < COUNT(rows); i++) {
		set_seats(site, 123 - rows[i].place, true);
		store_renew_revision(site->store, i);
		snprintf(words, sizeof(words), "waiting list, %s in line.<", rows[i].ordinal);
		memory_gateway_end(test_site_get(site, "/users", "created=123"), 200, words);
	}
}

PAGES_TEST(lists)
{
	static const struct page pages[] = {
		{"users-newest", {GET, .path = "/club/users"}},
		{"users-middle", {GET, .path = "/club/users", .query = "before=5"}},
		{"users-oldest", {GET, .path = "/club/users", .query = "after=0"}},
		{"users-none-there", {GET, .path = "/club/users", .query = "before=1"}},
		{"users-json", {GET, .path = "/club/users", JSON}},
		{"users-middle-json", {GET, .path = "/club/users", .query = "before=5", JSON}},
		{"users-print", {GET, .path = "/club/users/print"}},
		{"users-print-after", {GET, .path = "/club/users/print", .query = "after=3"}},
		{"users-csv", {GET, .path = "/club/users.csv"}},
		{"search", {GET, .path = "/club/users", .query = "q=user"}},
		{"search-middle", {GET, .path = "/club/users", .query = "q=user&after=2"}},
		{"search-middle-json",
			{GET, .path = "/club/users", .query = "q=user&after=2", JSON}},
		{"search-one", {GET, .path = "/club/users", .query = "q=USER003"}},
		{"search-nobody", {GET, .path = "/club/users", .query = "q=x%22%3E"}},
		{"search-past-the-end", {GET, .path = "/club/users", .query = "q=user&after=7"}},
		{"user-newest", {GET, .path = "/club/users/7"}},
		{"user-middle", {GET, .path = "/club/users/3"}},
		{"user-middle-json", {GET, .path = "/club/users/3", JSON}},
		{"user-waiting-json", {GET, .path = "/club/users/7", JSON}},
		{"user-oldest", {GET, .path = "/club/users/1"}},
		{"user-nobody", {GET, .path = "/club/users/9"}},
		{"user-nobody-json", {GET, .path = "/club/users/9", JSON}},
		{"leave", {GET, .path = "/club/leave/1"}},
		{"leave-json", {GET, .path = "/club/leave/1", JSON}},
		{"leave-refused", {POST, .path = "/club/leave/1", .body = "key=wrong"}},
		{"leave-nobody", {GET, .path = "/club/leave/9"}},
	};

	test_site_fill(site, 7);
	say_much(site);
	site->site.page_size = 2;
	site->site.print_size = 3;
	set_seats(site, 5, true);
	test_site_set_time(NOW + 2 * HOUR);
	append_pages(site, pages, COUNT(pages));
	expect_kept("lists");
}

PAGES_TEST(short_lists)
{
	append_one(site, "users-nobody", (struct memory_request){GET, .path = "/users"});
	append_one(
		site, "users-nobody-print", (struct memory_request){GET, .path = "/users/print"});
	append_one(site, "users-nobody-json", (struct memory_request){GET, .path = "/users", JSON});
	site->site.sheet.is_closed = true;
	append_one(site, "users-nobody-closed", (struct memory_request){GET, .path = "/users"});
	site->site.sheet.is_closed = false;
	test_site_fill(site, 3);
	append_one(site, "users-all", (struct memory_request){GET, .path = "/users"});
	append_one(site, "users-all-print", (struct memory_request){GET, .path = "/users/print"});
	expect_kept("short-lists");
}

PAGES_TEST(a_user_leaves)
{
	static const struct page left = {
		"left", {POST, .path = "/leave/1", .body = "key=rR2175hQOqVxeP2JqUJabQ"}};

	test_site_fill(site, 1);
	append_pages(site, &left, 1);
	expect_kept("a-user-leaves");
}

PAGES_TEST(problems)
{
	static const struct page pages[] = {
		{"problem-400", {GET, .path = "/users", .query = "before=x"}},
		{"problem-400-json", {GET, .path = "/users", .query = "before=x", JSON}},
		{"problem-403-admin", {GET, .path = "/admin"}},
		{"problem-404", {GET, .path = "/nowhere"}},
		{"problem-404-admin", {GET, .path = "/admin/nowhere"}},
		{"problem-405", {.method = "PUT", .path = "/users"}},
		{"problem-413", {.method = "POST", .path = "/create-user", .refused = 413}},
		{"problem-431", {GET, .path = "/", .refused = 431}},
		{"problem-503", {GET, .path = "/", .refused = 503}},
		{"problem-503-json", {GET, .path = "/", .refused = 503, JSON, .id = "abc1"}},
	};

	site->site.has_admin = true;
	append_pages(site, pages, COUNT(pages));
	expect_kept("problems");
}

PAGES_TEST(the_organiser)
{
	static const struct page pages[] = {
		{"admin-newest", {GET, .path = "/club/admin", BY}},
		{"admin-middle", {GET, .path = "/club/admin", .query = "before=5", BY}},
		{"admin-oldest", {GET, .path = "/club/admin", .query = "after=0", BY}},
		{"admin-search", {GET, .path = "/club/admin", .query = "q=user&after=2", BY}},
		{"admin-search-one", {GET, .path = "/club/admin", .query = "q=user003", BY}},
		{"admin-added", {GET, .path = "/club/admin", .query = "added=3", BY}},
		{"admin-saved", {GET, .path = "/club/admin", .query = "saved", BY}},
		{"admin-add", {GET, .path = "/club/admin/add", BY}},
		{"admin-add-refused",
			{POST, .path = "/club/admin/add", .body = "username=%3Cada%3E", BY}},
		{"admin-add-taken",
			{POST, .path = "/club/admin/add", .body = "username=USER001", BY}},
		{"admin-user", {GET, .path = "/club/admin/users/1", BY}},
		{"admin-user-waiting", {GET, .path = "/club/admin/users/7", BY}},
		{"admin-renamed", {GET, .path = "/club/admin/users/1", .query = "renamed", BY}},
		{"admin-rename-refused", {POST, .path = "/club/admin/users/1/rename",
						 .body = "was=user001&username=%3Cada%3E", BY}},
		{"admin-rename-taken", {POST, .path = "/club/admin/users/1/rename",
					       .body = "was=user001&username=user002", BY}},
		{"admin-remove", {GET, .path = "/club/admin/users/1/remove", BY}},
		{"admin-user-nobody", {GET, .path = "/club/admin/users/9", BY}},
	};

	test_site_fill(site, 7);
	say_much(site);
	site->site.page_size = 2;
	set_seats(site, 5, true);
	test_site_set_time(NOW + 2 * HOUR);
	append_pages(site, pages, COUNT(pages));
	expect_kept("the-organiser");
}

PAGES_TEST(states_for_the_organiser)
{
	site->site.has_admin = true;
	append_admin(site, "admin-of-nobody", NULL);
	test_site_fill(site, 1);
	append_one(site, "admin-remove-last",
		(struct memory_request){POST, .path = "/admin/users/1/remove", BY});
	append_admin(site, "admin-removed", "removed=1");
	test_site_fill(site, 1);
	site->site.sheet.closes = NOW + DAY;
	append_admin(site, "admin-closes", NULL);
	site->site.sheet.opens = NOW + HOUR;
	append_admin(site, "admin-not-yet-open", NULL);
	site->site.sheet.opens = NOW + 2 * DAY;
	append_admin(site, "admin-never-opens", NULL);
	site->site.sheet.opens = 0;
	site->site.sheet.closes = NOW;
	append_admin(site, "admin-closed", NULL);
	site->site.sheet.is_closed = true;
	append_admin(site, "admin-closed-by-hand", NULL);
	site->site.sheet.is_closed = false;
	site->site.sheet.closes = 0;
	set_seats(site, 1, false);
	append_admin(site, "admin-full", NULL);
	expect_kept("states-for-the-organiser");
}

/* As the program does when something of the sheet was set. */
static void on_set(void *argument)
{
	struct test_site *site = argument;

	site->site.sheet = site->site.option_sheet;
	sheet_set(&site->site.sheet, store_sheet_settings(site->site.store));
}

PAGES_TEST(the_settings)
{
	static const struct page pages[] = {
		{"settings", {GET, .path = "/admin/sheet", BY}},
		{"settings-json", {GET, .path = "/sheet", BY}},
		{"settings-saved", {POST, .path = "/admin/sheet", BY,
					   .body = "title=One%3C&intro=&seats=5&opens=&"
						   "closes=2036-12-05T18:00:00Z&"
						   "waiting_list_shown=on&waiting_list=on"}},
		{"settings-set", {GET, .path = "/admin/sheet", BY}},
		{"settings-set-json", {GET, .path = "/sheet", BY}},
		{"settings-overtaken", {POST, .path = "/admin/sheet", BY,
					       .body = "version=1&title=Two&seats=&"
						       "waiting_list_shown=on&intro=b%3C"}},
		{"settings-refused-title",
			{POST, .path = "/admin/sheet", .body = "title=&intro=kept", BY}},
		{"settings-refused-intro", {POST, .path = "/admin/sheet", .body = "intro=%01", BY}},
		{"settings-refused-seats", {POST, .path = "/admin/sheet", .body = "seats=x", BY}},
		{"settings-refused-opens", {POST, .path = "/admin/sheet", .body = "opens=x", BY}},
	};

	site->site.has_admin = true;
	site->site.option_sheet.seats = 30;
	site->site.option_sheet.text.intro = "Of the\noption";
	site->site.option_sheet.text.contact = "Ada";
	site->site.option_sheet.text.privacy = "Soon\ndeleted.";
	site->site.sheet = site->site.option_sheet;
	store_watch_sheet(site->site.store, on_set, site);
	append_pages(site, pages, COUNT(pages));
	expect_kept("the-settings");
}
