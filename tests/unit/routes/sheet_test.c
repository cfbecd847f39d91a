/* What the organiser says of the sheet: on every page, and in JSON. */
#include "routes/sheet.h"

#include <errno.h>
#include <stdio.h>

#include "store/flat_file/flat_file_store.h"

#include "support/test.h"
#include "support/unit/test_site.h"

static void tell(struct test_site *site)
{
	site->site.sheet.text = (struct sheet_text){.title = "Bread & cheese",
		.intro = "Saturday.\n\nBring <a> box.",
		.contact = "ada@example.org",
		.privacy = "Deleted soon.",
		.style = "/custom.css",
		.base_path = ""};
}

static struct memory_gateway *get_home_json(struct test_site *site)
{
	return test_site_ask(
		site, &(struct memory_request){
			      .method = "GET", .path = "/", .accept = "application/json"});
}

static void expect_texts(const struct memory_gateway *memory, const char *title)
{
	memory_gateway_expect(memory, title);
	memory_gateway_expect(memory, "<meta name=\"description\" content=\"Saturday.\">");
	memory_gateway_expect(memory, "<link rel=\"stylesheet\" href=\"/custom.css\">");
	memory_gateway_expect(
		memory, "<a class=\"brand\" href=\"/\"><bdi>Bread &amp; cheese</bdi></a>");
	memory_gateway_expect(memory, "<footer>\n<p>Questions: <a "
				      "href=\"mailto:ada@example.org\">ada@example.org</a></p>\n"
				      "<p>Privacy: <bdi>Deleted soon.</bdi></p>\n<p>Rollcall, ");
}

SITE_TEST(texts_are_on_every_page)
{
	static const struct {
		const char *path, *query, *title;
	} pages[] = {
		{"/", NULL, "<title>Bread &amp; cheese</title>"},
		{"/", "username=Ada2", "<title>Bread &amp; cheese</title>"},
		{"/users", NULL, "<title>Users – Bread &amp; cheese</title>"},
		{"/users", "q=a", "<title>Search – Bread &amp; cheese</title>"},
		{"/users/1", NULL, "<title>Ada – Bread &amp; cheese</title>"},
		{"/users", "before=x", "<title>Bad request – Bread &amp; cheese</title>"},
		{"/nowhere", NULL, "<title>Not found – Bread &amp; cheese</title>"},
	};

	tell(site);
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		struct memory_gateway *memory = test_site_get(site, pages[i].path, pages[i].query);
		expect_texts(memory, pages[i].title);
		memory_gateway_close(memory);
	}
}

SITE_TEST(texts_are_beside_a_form_that_was_refused)
{
	tell(site);
	struct memory_gateway *memory =
		test_site_ask(site, &(struct memory_request){TEST_SITE_POST("username=@")});
	assert_int_equal(memory_gateway_status(memory), 422);
	expect_texts(memory, "<title>Error: Sign up – Bread &amp; cheese</title>");
	memory_gateway_close(memory);
}

SITE_TEST(home_begins_with_the_introduction)
{
	tell(site);
	struct memory_gateway *memory = test_site_get(site, "/", NULL);
	memory_gateway_expect(memory, "<h1><bdi>Bread &amp; cheese</bdi></h1>\n"
				      "<div class=\"intro\">\n<p dir=\"auto\">Saturday.</p>\n"
				      "<p dir=\"auto\">Bring &lt;a&gt; box.</p>\n</div>\n"
				      "<p class=\"lead\">");
	memory_gateway_close(memory);
}

SITE_TEST(json_has_the_texts_that_there_are)
{
	struct memory_gateway *memory = get_home_json(site);
	memory_gateway_expect(
		memory, "{\"title\":\"Sign-up sheet\",\"state\":\"open\",\"total\":0,");
	memory_gateway_close(memory);
	tell(site);
	memory = get_home_json(site);
	memory_gateway_expect(memory,
		"{\"title\":\"Bread & cheese\",\"intro\":\"Saturday.\\n\\nBring <a> box.\","
		"\"contact\":\"ada@example.org\",\"privacy\":\"Deleted "
		"soon.\",\"state\":\"open\",\"total\":0,");
	memory_gateway_close(memory);
}

/* 5 December 2026, 18:00 UTC. */
#define TYPE   "tag:rollcall@example.org,2026:"
#define MOMENT INT64_C(1796493600000)
#define DAY    INT64_C(86400000)

static void expect_home(struct test_site *site, const char *text)
{
	struct memory_gateway *memory = test_site_get(site, "/", NULL);

	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect(memory, text);
	memory_gateway_close(memory);
}

static void expect_home_without(struct test_site *site, const char *text)
{
	struct memory_gateway *memory = test_site_get(site, "/", NULL);

	memory_gateway_expect_not(memory, text);
	memory_gateway_close(memory);
}

static void expect_json(struct test_site *site, const char *text)
{
	struct memory_gateway *memory = get_home_json(site);

	memory_gateway_expect(memory, text);
	memory_gateway_close(memory);
}

/* A name is refused, to browsers and to programs. */
static void expect_shut(
	struct test_site *site, unsigned status, const char *words, const char *type)
{
	struct memory_gateway *memory =
		test_site_ask(site, &(struct memory_request){TEST_SITE_POST("username=Zoe")});
	assert_int_equal(memory_gateway_status(memory), status);
	memory_gateway_expect(memory, "<title>Error: Sign up \u2013 Sign-up sheet</title>");
	memory_gateway_expect(memory, words);
	memory_gateway_expect_not(memory, "<form method=\"post\"");
	memory_gateway_expect_not(memory, "href=\"#username\"");
	memory_gateway_close(memory);
	memory = test_site_ask(site, &(struct memory_request){TEST_SITE_POST("username=Zoe"),
					     .accept = "application/json"});
	assert_int_equal(memory_gateway_status(memory), status);
	memory_gateway_expect_field(memory, "Content-Type", "application/problem+json");
	memory_gateway_expect(memory, words);
	memory_gateway_expect(memory, type);
	memory_gateway_close(memory);
}

static void set_seats(struct test_site *site, uint64_t seats)
{
	site->site.sheet.seats = seats;
	store_set_limits(site->store, &(struct store_limits){.max_users = 100000, .seats = seats});
	store_renew_revision(site->store, 0);
}

SITE_TEST(opens_at_its_moment)
{
	site->site.sheet.opens = MOMENT;
	test_site_set_time(MOMENT - 1);
	expect_home(site,
		"<h2 id=\"shut\">Sign-up is not open yet</h2>\n<p>It opens on "
		"<time datetime=\"2026-12-05T18:00:00.000Z\">5 Dec 2026, 18:00 UTC</time>, "
		"in less than a minute.</p>");
	expect_home_without(site, "<form method=\"post\"");
	expect_home_without(site, "Be the first");
	expect_json(site, "\"state\":\"not-yet-open\",\"opens\":\"2026-12-05T18:00:00.000Z\",");
	expect_shut(site, 403, "Sign-up opens on 5 Dec 2026, 18:00 UTC.",
		"{\"type\":\"" TYPE "not-yet-open\",\"title\":\"Sign-up is not open yet\",");
	test_site_set_time(MOMENT);
	expect_home(site, "<form method=\"post\"");
	expect_json(site, "\"state\":\"open\"");
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
}

/* Nobody is asked to be the first while that is not possible. */
SITE_TEST(an_empty_list_of_a_shut_sheet)
{
	static const char first[] = "<a class=\"button\" href=\"/\">Be the first</a>";

	site->site.sheet.opens = MOMENT;
	site->site.sheet.closes = MOMENT + DAY;
	test_site_set_time(MOMENT - 1);
	struct memory_gateway *memory = test_site_get(site, "/users", NULL);
	memory_gateway_expect(memory, "<p>Nobody has signed up yet.</p>\n</div>");
	memory_gateway_expect_not(memory, first);
	memory_gateway_close(memory);
	test_site_set_time(MOMENT);
	memory = test_site_get(site, "/users", NULL);
	memory_gateway_expect(memory, first);
	memory_gateway_close(memory);
	test_site_set_time(MOMENT + DAY);
	memory = test_site_get(site, "/users", NULL);
	memory_gateway_expect_not(memory, first);
	memory_gateway_close(memory);
}

SITE_TEST(closes_at_its_moment)
{
	site->site.sheet.closes = MOMENT;
	test_site_set_time(MOMENT - 3 * DAY);
	expect_home(site, "<p class=\"terms\">Sign-up closes on <time "
			  "datetime=\"2026-12-05T18:00:00.000Z\">5 Dec 2026, 18:00 UTC</time>, "
			  "in 3 days.</p>");
	test_site_set_time(MOMENT - 1);
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	expect_home(site, "<form method=\"post\"");
	test_site_set_time(MOMENT);
	expect_home(site, "<h2 id=\"shut\">Sign-up is closed</h2>\n<p>It closed on <time ");
	expect_home(site, " has signed up. See <a href=\"/users\">the list</a>.");
	expect_home_without(site, "<form method=\"post\"");
	expect_json(site, "\"state\":\"closed\",\"closes\":\"2026-12-05T18:00:00.000Z\",");
	expect_shut(site, 403, "Sign-up closed on 5 Dec 2026, 18:00 UTC.",
		"{\"type\":\"" TYPE "closed\",\"title\":\"Sign-up is closed\",");
	assert_int_equal(test_site_users(site), 1);
}

/* Whatever else is wrong with what is sent. */
SITE_TEST(closed_comes_before_the_name)
{
	site->site.sheet.closes = MOMENT;
	test_site_set_time(MOMENT);
	assert_int_equal(test_site_create(site, "username=@"), 403);
	assert_int_equal(test_site_create(site, "name="), 403);
}

/* Within one minute, in which a page is kept otherwise. */
SITE_TEST(a_kept_page_ends_with_its_phase)
{
	site->site.sheet.opens = MOMENT + 20000;
	site->site.sheet.closes = MOMENT + 40000;
	test_site_set_time(MOMENT + 19999);
	expect_home(site, "Sign-up is not open yet");
	test_site_set_time(MOMENT + 20000);
	expect_home(site, "<form method=\"post\"");
	test_site_set_time(MOMENT + 39999);
	*site->site.home.body.bytes = '#'; /* it is kept meanwhile */
	test_site_expect_first_byte(site, "/", NULL, '#');
	test_site_set_time(MOMENT + 40000);
	expect_home(site, "Sign-up is closed");
	test_site_set_time(MOMENT + 39999); /* the clock was set back */
	expect_home(site, "<form method=\"post\"");
}

SITE_TEST(seats_are_counted)
{
	set_seats(site, 3);
	expect_home(site, "<p class=\"terms\"><strong>3 of 3 seats left.</strong></p>");
	expect_json(site, "\"state\":\"open\",\"seats\":3,\"left\":3,");
	test_site_fill(site, 2);
	expect_home(site, "<strong>1 of 3 seats left.</strong>");
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	expect_home(site, "<h2 id=\"shut\">The list is full</h2>\n<p>All 3 seats are taken.</p>");
	expect_home_without(site, "<form method=\"post\"");
	expect_json(site, "\"state\":\"full\",\"seats\":3,\"left\":0,");
	expect_shut(site, 409, "All 3 seats are taken.",
		"{\"type\":\"" TYPE "full\",\"title\":\"The list is full\",");
	/* A user that comes back is told more. */
	struct memory_gateway *memory =
		test_site_ask(site, &(struct memory_request){TEST_SITE_POST("username=ada")});
	assert_int_equal(memory_gateway_status(memory), 409);
	memory_gateway_expect(memory, "That name is taken by <bdi>Ada</bdi>.");
	memory_gateway_close(memory);
	set_seats(site, 4);
	expect_home(site, "<strong>1 of 4 seats left.</strong>");
	set_seats(site, 2); /* fewer than there are users */
	expect_json(site, "\"state\":\"full\",\"seats\":2,\"left\":0,");
}

SITE_TEST(most_users_are_a_full_list)
{
	test_site_fill(site, 1);
	site->site.sheet.most_users = 1;
	store_set_limits(site->store, &(struct store_limits){.max_users = 1, .seats = 5});
	expect_home(site, "<p>There is no room for more names.</p>");
	expect_shut(site, 409, "There is no room for more names.", TYPE "full");
	site->site.sheet.seats = 5; /* more than there is room for */
	expect_json(site, "\"state\":\"full\",\"seats\":1,\"left\":0,");
}

/* One seat, ten names in one batch. */
SITE_TEST(the_last_seat_is_for_one)
{
	struct memory_gateway *memory[10];
	unsigned created = 0, refused = 0;
	char form[32];

	set_seats(site, 1);
	for (unsigned i = 0; i < 10; i++) {
		snprintf(form, sizeof(form), "username=user%u", i);
		memory[i] =
			test_site_begin(site, &(struct memory_request){TEST_SITE_POST(form)}, NULL);
	}
	test_site_settle(site);
	for (unsigned i = 0; i < 10; i++) {
		created += memory_gateway_status(memory[i]) == 303;
		refused += memory_gateway_status(memory[i]) == 409;
		if (memory_gateway_status(memory[i]) == 409)
			memory_gateway_expect(memory[i], "The one seat is taken.");
		memory_gateway_close(memory[i]);
	}
	assert_int_equal(created, 1);
	assert_int_equal(refused, 9);
	assert_int_equal(test_site_users(site), 1);
}

SITE_TEST(a_failed_create_gives_its_seat_back)
{
	set_seats(site, 1);
	fake_disk_fail(site->disk, VFS_WRITE, 0, 1, ENOSPC);
	assert_int_equal(test_site_create(site, "username=Ada"), 503);
	assert_int_equal(test_site_create(site, "username=Grace"), 303);
	assert_int_equal(test_site_create(site, "username=Ada"), 409);
}

/* What was set while it is served counts before the options, and only that. */
SITE_TEST(what_is_set_counts_first)
{
	struct sheet_settings settings = {.set = sheet_setting_bit(SHEET_SETTING_CONTACT) |
						 sheet_setting_bit(SHEET_SETTING_CLOSED),
		.contact = "the other Ada",
		.intro = "not set",
		.is_closed = true,
		.seats = 7};

	site->site.sheet.text.intro = "Bring an apron.";
	sheet_set(&site->site.sheet, &settings);
	store_renew_revision(site->store, 0);
	expect_home(site, "the other Ada");
	expect_home(site, "Bring an apron.");
	expect_home(site,
		"<h2 id=\"shut\">Sign-up is closed</h2>\n<p>The organiser has closed it.</p>");
	expect_shut(site, 403, "The organiser has closed it.", TYPE "closed");
	settings.is_closed = false;
	sheet_set(&site->site.sheet, &settings);
	store_renew_revision(site->store, 0);
	expect_home(site, "<form method=\"post\"");
	assert_int_equal(site->site.sheet.seats, 0);
	/* Closed by hand before the time that is set. */
	settings = (struct sheet_settings){.set = sheet_setting_bit(SHEET_SETTING_CLOSED) |
						  sheet_setting_bit(SHEET_SETTING_CLOSES),
		.closes = MOMENT + 1000,
		.is_closed = true};
	test_site_set_time(MOMENT);
	sheet_set(&site->site.sheet, &settings);
	store_renew_revision(site->store, 0);
	expect_home(site, "The organiser has closed it.");
}

/* All seats are taken, and names are taken all the same. */
SITE_TEST(a_waiting_list_is_open)
{
	site->site.sheet.seats = 1;
	site->site.sheet.has_waiting_list = true;
	store_set_limits(site->store,
		&(struct store_limits){.max_users = 100000, .seats = 1, .has_waiting_list = true});
	test_site_fill(site, 1);
	store_renew_revision(site->store, 0);
	expect_home(site, "<form method=\"post\"");
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	expect_json(site, "\"state\":\"open\",\"seats\":1,\"left\":0,");
}

static void set_waiting_list(struct test_site *site, uint64_t seats)
{
	site->site.sheet.seats = seats;
	site->site.sheet.has_waiting_list = true;
	store_set_limits(site->store,
		&(struct store_limits){.max_users = 4, .seats = seats, .has_waiting_list = true});
	store_renew_revision(site->store, 0);
}

static void expect_page_with(
	struct test_site *site, const char *path, const char *query, const char *text)
{
	struct memory_gateway *memory = test_site_get(site, path, query);

	memory_gateway_expect(memory, text);
	memory_gateway_close(memory);
}

static void expect_json_with(struct test_site *site, const char *path, const char *text)
{
	struct memory_gateway *memory = test_site_ask(
		site, &(struct memory_request){
			      .method = "GET", .path = path, .accept = "application/json"});

	memory_gateway_expect(memory, text);
	memory_gateway_close(memory);
}

/* store_outcome_cb */
static void on_user_removed(void *argument, enum result result, const struct user *user)
{
	(void)argument;
	(void)user;
	assert_int_equal(result, RESULT_OK);
}

#define WAITS "</bdi></a> <span class=\"tag waiting\">Waiting</span> <time"

/* All seats are taken, and names still are: they are shown as waiting, and move up. */
SITE_TEST(a_waiting_list)
{
	struct store_job *job;

	set_waiting_list(site, 1);
	test_site_fill(site, 2);
	expect_home(
		site, "<strong>All seats are taken.</strong> New names go on the waiting list.");
	expect_home(site, "<form method=\"post\"");
	expect_home(site, "user002" WAITS);
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	expect_page_with(site, "/users", "created=3",
		"<strong>You are on the waiting list, 2nd in line.</strong>");
	expect_page_with(site, "/users", "created=2", "You are on the waiting list, 1st in line");
	expect_page_with(site, "/users", "created=1", "You are on the list, number 1");
	expect_page_with(site, "/users", NULL, "user002" WAITS);
	expect_page_with(site, "/users", NULL, "user001</bdi></a> <time");
	expect_page_with(site, "/users", "q=ada", "Ada" WAITS);
	expect_page_with(site, "/users/print", NULL, ", waiting</span>");
	expect_page_with(site, "/users/2", NULL, "<dt>Seat</dt><dd>On the waiting list</dd>");
	expect_json_with(site, "/users", "Z\",\"waiting\":true}");
	expect_json_with(site, "/users/3", "Z\",\"waiting\":true}");
	expect_json_with(site, "/users/1", "Z\"}");
	assert_int_equal(store_remove(site->store, 1, on_user_removed, NULL, &job), RESULT_OK);
	test_site_settle(site);
	expect_json_with(site, "/users/2", "Z\"}");
	expect_page_with(site, "/users", NULL, "user002</bdi></a> <time");
	expect_page_with(site, "/users", "created=3",
		"<strong>You are on the waiting list, 1st in line.</strong>");
	assert_int_equal(test_site_create(site, "username=Bob"), 303);
	assert_int_equal(test_site_create(site, "username=Eve"), 303);
	expect_shut(site, 409, "seat is taken.", "\"type\":\"" TYPE "full\"");
}
