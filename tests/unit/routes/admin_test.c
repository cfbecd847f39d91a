/* The organiser's pages: what they show, what their forms do, and for whom. */
#include <stdio.h>
#include <string.h>

#include "store/store.h"
#include "support/test.h"
#include "support/unit/test_site.h"

#define FORM .content_type = "application/x-www-form-urlencoded"

static struct memory_gateway *ask_page(struct test_site *site, const char *path, const char *query)
{
	return test_site_ask(site,
		&(struct memory_request){
			.method = "GET", .path = path, .query = query, .remote_user = "grace"});
}

static struct memory_gateway *post_form(struct test_site *site, const char *path, const char *form)
{
	return test_site_ask(site, &(struct memory_request){.method = "POST",
					   .path = path,
					   .remote_user = "grace",
					   FORM,
					   .body = form});
}

/* `text` begins with '!': it is not there. */
static void expect_answer(struct memory_gateway *memory, unsigned status, const char *text)
{
	assert_int_equal(memory_gateway_status(memory), status);
	if (status < 400 || status == 409 || status == 422)
		memory_gateway_expect_field(memory, "Cache-Control", "no-store");
	if (*text == '!')
		memory_gateway_expect_not(memory, text + 1);
	else
		memory_gateway_expect(memory, text);
	memory_gateway_close(memory);
}

static void expect_page(
	struct test_site *site, const char *path, const char *query, const char *text)
{
	expect_answer(ask_page(site, path, query), 200, text);
}

/* That the form leads on to this address. */
static void expect_led(
	struct test_site *site, const char *path, const char *form, const char *location)
{
	struct memory_gateway *memory = post_form(site, path, form);

	assert_int_equal(memory_gateway_status(memory), 303);
	memory_gateway_expect_field(memory, "Location", location);
	memory_gateway_close(memory);
}

static void open_with_users(struct test_site *site)
{
	site->site.has_admin = true;
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	assert_int_equal(test_site_create(site, "username=Bob"), 303);
}

static const struct {
	const char *method;
	const char *path;
} pages[] = {
	{"GET", "/admin"},
	{"GET", "/admin/add"},
	{"POST", "/admin/add"},
	{"GET", "/admin/users/1"},
	{"GET", "/admin/users/1/remove"},
	{"POST", "/admin/users/1/remove"},
	{"POST", "/admin/users/1/rename"},
	{"GET", "/admin/sheet"},
	{"POST", "/admin/sheet"},
	{"POST", "/admin/close"},
	{"POST", "/admin/reopen"},
};

#define PAGES (sizeof(pages) / sizeof(pages[0]))

static void expect_none(struct test_site *site, const struct memory_request *given, unsigned status)
{
	for (size_t i = 0; i < PAGES; i++) {
		struct memory_request request = *given;
		request.method = pages[i].method;
		request.path = pages[i].path;
		request.content_type = "application/x-www-form-urlencoded";
		request.body = "username=Eve&closed=on";
		struct memory_gateway *memory = test_site_ask(site, &request);
		assert_int_equal(memory_gateway_status(memory), status);
		memory_gateway_expect_not(memory, "Ada");
		memory_gateway_close(memory);
	}
	assert_false(site->site.sheet.is_closed);
}

SITE_TEST(without_admin_there_is_no_such_page)
{
	open_with_users(site);
	site->site.has_admin = false;
	expect_none(site, &(struct memory_request){.remote_user = "grace"}, 404);
}

SITE_TEST(without_an_organiser)
{
	open_with_users(site);
	expect_none(site, &(struct memory_request){.remote_user = NULL}, 403);
	expect_none(site, &(struct memory_request){.remote_user = ""}, 403);
	expect_none(site, &(struct memory_request){.operator = "root"}, 403);
	expect_none(site,
		&(struct memory_request){.remote_user_header = "grace", .operator_header = "root"},
		403);
}

SITE_TEST(forms_of_other_sites)
{
	open_with_users(site);
	for (size_t i = 0; i < PAGES; i++) {
		if (strcmp(pages[i].method, "POST") != 0)
			continue;
		struct memory_gateway *memory =
			test_site_ask(site, &(struct memory_request){.method = "POST",
						    .path = pages[i].path,
						    .remote_user = "grace",
						    .fetch_site = "cross-site",
						    FORM,
						    .body = "username=Eve&closed=on"});
		assert_int_equal(memory_gateway_status(memory), 403);
		memory_gateway_close(memory);
	}
	expect_page(site, "/admin", NULL, "Ada");
	expect_page(site, "/admin", NULL, "!Eve");
	assert_false(site->site.sheet.is_closed);
}

SITE_TEST(the_list)
{
	site->site.has_admin = true;
	expect_page(site, "/admin", NULL, "Nobody has signed up yet.");
	open_with_users(site);
	expect_page(site, "/admin", NULL, "<a href=\"/admin/users/2\"><bdi>Bob</bdi></a>");
	expect_page(site, "/admin", NULL, "You are <bdi>grace</bdi>");
	expect_page(site, "/admin", "q=ad", "<bdi>Ada</bdi>");
	expect_page(site, "/admin", "q=ad", "!<bdi>Bob</bdi>");
	expect_page(site, "/admin", "q=x%22%3E", "&quot;&gt;");
	expect_answer(ask_page(site, "/admin", "before=x"), 400, "could not be read");
	expect_answer(ask_page(site, "/admin", "before=%"), 400, "could not be read");
}

SITE_TEST(pages_of_the_list)
{
	site->site.has_admin = true;
	site->site.page_size = 2;
	test_site_fill(site, 5);
	expect_page(site, "/admin", NULL, "rel=\"next\" href=\"/admin?before=4\"");
	expect_page(site, "/admin", NULL, "!rel=\"prev\"");
	expect_page(site, "/admin", "before=4", "<bdi>user003</bdi>");
	expect_page(site, "/admin", "before=4", "rel=\"prev\" href=\"/admin?after=3\"");
	expect_page(site, "/admin", "after=3", "<bdi>user005</bdi>");
	expect_page(site, "/admin", "q=user", "rel=\"next\" href=\"/admin?q=user&amp;after=2\"");
	expect_page(site, "/admin", "q=user&after=2", "<bdi>user004</bdi>");
	expect_page(site, "/admin", "q=user&after=2", "href=\"/admin?q=user&amp;before=3\"");
}

SITE_TEST(added)
{
	open_with_users(site);
	expect_page(site, "/admin/add", NULL, "action=\"/admin/add\"");
	expect_led(site, "/admin/add", "username=Eve", "/admin?added=3");
	expect_page(site, "/admin", "added=3", "<bdi>Eve</bdi> is on the list, number 3.");
	expect_page(site, "/admin", "added=9", "!is on the list");
	captured_log_expect(&site->log, "event=user-added organiser=grace number=3 ");
	expect_answer(post_form(site, "/admin/add", "username=eve"), 409, "That name is taken by");
	expect_answer(post_form(site, "/admin/add", "username=a%09b"), 422, "value=\"a\tb\"");
	expect_answer(post_form(site, "/admin/add", ""), 422, "There is a problem");
	expect_answer(post_form(site, "/admin/add", "username=%"), 400, "could not be read");
}

SITE_TEST(when_sign_up_opens_and_closes)
{
	static const char time[] = "<time datetime=\"2036-12-05T18:00:00.000Z\">5 Dec 2036";

	site->site.has_admin = true;
	site->site.sheet.opens = INT64_C(2112112800000);
	expect_page(site, "/admin", NULL, "<strong>Not yet open</strong>, until <time");
	expect_page(site, "/admin", NULL, time);
}

/* Closed is for those who sign up themselves. */
SITE_TEST(added_while_closed)
{
	open_with_users(site);
	site->site.sheet.closes = 1;
	assert_int_equal(test_site_create(site, "username=Eve"), 403);
	expect_led(site, "/admin/add", "username=Eve", "/admin?added=3");
}

/* As `rollcall add` does. */
SITE_TEST(added_by_a_command)
{
	const struct memory_request request = {.method = "POST",
		.path = "/admin/add",
		.accept = "application/json",
		.operator= "root",
		.is_peer_own = true,
		FORM,
		.body = "username=Eve"};

	struct memory_gateway *memory = test_site_ask(site, &request);
	assert_int_equal(memory_gateway_status(memory), 201);
	memory_gateway_expect_field(memory, "Location", "/users/1");
	memory_gateway_expect(memory, "\"number\":1,\"username\":\"Eve\"");
	memory_gateway_close(memory);
	memory = test_site_ask(site, &request);
	assert_int_equal(memory_gateway_status(memory), 409);
	memory_gateway_expect_field(memory, "Content-Type", "application/problem+json");
	memory_gateway_close(memory);
	captured_log_expect(&site->log, "event=user-added organiser=root number=1 ");
}

SITE_TEST(removed)
{
	open_with_users(site);
	expect_page(site, "/admin/users/1", NULL, "href=\"/admin/users/1/remove\"");
	expect_page(site, "/admin/users/1/remove", NULL, "Remove <bdi>Ada</bdi>?");
	expect_page(site, "/admin", NULL, "Ada");
	expect_page(site, "/admin", "removed=1", "!no longer on the list");
	expect_led(site, "/admin/users/1/remove", "", "/admin?removed=1");
	expect_page(site, "/admin", "removed=1", "number 1 is no longer on the list");
	expect_page(site, "/admin", "removed=9", "!no longer on the list");
	expect_led(site, "/admin/users/2/remove", "", "/admin?removed=2"); /* the newest */
	expect_page(site, "/admin", "removed=2", "number 2 is no longer on the list");
	expect_page(site, "/admin", "removed=3", "!no longer on the list");
	expect_page(site, "/admin", NULL, "!Ada");
	expect_answer(
		post_form(site, "/admin/users/1/remove", ""), 404, "an organiser has removed it");
	expect_answer(ask_page(site, "/admin/users/1", NULL), 404, "no user with that number");
	expect_answer(ask_page(site, "/admin/users/1/remove", NULL), 404, "no user");
}

#define TO_ADMIN "<a href=\"/admin\">Go to the organiser"

/* Errors of the organiser's pages lead back to them; those of other addresses do not. */
SITE_TEST(errors_below_admin)
{
	open_with_users(site);
	expect_answer(ask_page(site, "/admin/nowhere", NULL), 404, TO_ADMIN);
	expect_answer(ask_page(site, "/admin/users/9", NULL), 404, TO_ADMIN);
	expect_answer(ask_page(site, "/admin/users/1/rename", NULL), 405, TO_ADMIN);
	expect_answer(post_form(site, "/admin/users/9/rename", "username=Eve"), 404, TO_ADMIN);
	expect_answer(ask_page(site, "/administration", NULL), 404, "!" TO_ADMIN);
	expect_answer(ask_page(site, "/users/9", NULL), 404, "!" TO_ADMIN);
	site->site.sheet.text.base_path = "/signup";
	site->router.base_path = "/signup";
	expect_answer(ask_page(site, "/signup/admin/nowhere", NULL), 404,
		"<a href=\"/signup/admin\">Go to the organiser");
	site->site.has_admin = false;
	expect_answer(ask_page(site, "/signup/admin", NULL), 404, "!Go to the organiser");
}

SITE_TEST(renamed)
{
	open_with_users(site);
	expect_page(site, "/admin/users/1", NULL, "action=\"/admin/users/1/rename\"");
	expect_led(
		site, "/admin/users/1/rename", "username=Ada+L&was=Ada", "/admin/users/1?renamed");
	expect_page(site, "/admin/users/1", "renamed", "The name is changed.");
	expect_page(site, "/admin/users/1", NULL, "<h1><bdi>Ada L</bdi></h1>");
	captured_log_expect(&site->log, "event=user-renamed organiser=grace number=1 ");
	/* Once more is no change. */
	expect_led(site, "/admin/users/1/rename", "username=Ada+L&was=Ada+L",
		"/admin/users/1?renamed");
	assert_int_equal(captured_log_count(&site->log, "user-renamed"), 1);
	expect_answer(post_form(site, "/admin/users/1/rename", "username=bob&was=Ada+L"), 409,
		"That name is taken by <a href=\"/admin/users/2\"><bdi>Bob</bdi></a>");
	expect_answer(post_form(site, "/admin/users/1/rename", "username=a%09b&was=Ada+L"), 422,
		"There is a problem");
	expect_answer(post_form(site, "/admin/users/9/rename", "username=Eve"), 404, "no user");
}

/* The second one is told; once more, and it is done. */
SITE_TEST(renamed_by_two_organisers)
{
	open_with_users(site);
	expect_led(
		site, "/admin/users/1/rename", "username=Ada+L&was=Ada", "/admin/users/1?renamed");
	expect_answer(post_form(site, "/admin/users/1/rename", "username=Ada+B&was=Ada"), 409,
		"Another organiser has changed this name meanwhile.");
	expect_page(site, "/admin/users/1", NULL, "<h1><bdi>Ada L</bdi></h1>");
	expect_led(site, "/admin/users/1/rename", "username=Ada+B&was=Ada+L",
		"/admin/users/1?renamed");
}

/* As the program does when something of the sheet was set. */
static void on_sheet_set(void *argument)
{
	struct test_site *site = argument;

	site->site.sheet = site->site.option_sheet;
	sheet_set(&site->site.sheet, store_sheet_settings(site->site.store));
}

static void open_sheet(struct test_site *site)
{
	site->site.has_admin = true;
	store_watch_sheet(site->site.store, on_sheet_set, site);
}

SITE_TEST(closed_and_reopened)
{
	open_sheet(site);
	expect_page(site, "/admin", NULL, "action=\"/admin/close\"");
	expect_led(site, "/admin/close", "", "/admin?saved");
	expect_page(site, "/admin", "saved", "The change is saved.");
	expect_page(site, "/admin", NULL, "<strong>Closed</strong> by an organiser");
	expect_page(site, "/admin", NULL, "action=\"/admin/reopen\"");
	captured_log_expect(&site->log, "event=sheet-changed organiser=grace settings=closed ");
	assert_int_equal(test_site_create(site, "username=Eve"), 403);
	/* Once more is no change. */
	expect_led(site, "/admin/close", "", "/admin?saved");
	assert_int_equal(captured_log_count(&site->log, "sheet-changed"), 1);
	expect_led(site, "/admin/reopen", "", "/admin?saved");
	assert_int_equal(test_site_create(site, "username=Eve"), 303);
}

/* What the field of the form that decides on the version has. */
static void read_version(struct test_site *site, char version[static 17])
{
	static const char before[] = "name=\"version\" value=\"";
	struct memory_gateway *memory = ask_page(site, "/admin/sheet", NULL);
	const char *at = strstr(memory_gateway_body(memory), before);

	assert_non_null(at);
	snprintf(version, 17, "%s", at + sizeof(before) - 1);
	memory_gateway_close(memory);
}

SITE_TEST(settings)
{
	open_sheet(site);
	expect_page(site, "/admin/sheet", NULL, "name=\"title\"");
	expect_led(site, "/admin/sheet",
		"title=Party&intro=One%0D%0A%0D%0Atwo&contact=&privacy=&opens=&"
		"closes=2036-12-05T18:00:00%2B01:00&seats=30&waiting_list_shown=on&waiting_list=on",
		"/admin?saved");
	captured_log_expect(&site->log, "organiser=grace "
					"settings=title,intro,closes,seats,waiting_list ");
	assert_string_equal(site->site.sheet.text.title, "Party");
	assert_string_equal(site->site.sheet.text.intro, "One\n\ntwo");
	assert_int_equal(site->site.sheet.seats, 30);
	assert_true(site->site.sheet.has_waiting_list);
	expect_page(site, "/admin/sheet", NULL, "value=\"2036-12-05T17:00:00.000Z\"");
	expect_page(site, "/admin", NULL, "30 of 30 seats left");
	/* A box that is not ticked is not sent; a form without it says nothing of it. */
	expect_led(site, "/admin/sheet", "seats=", "/admin?saved");
	assert_true(site->site.sheet.has_waiting_list);
	expect_led(site, "/admin/sheet", "waiting_list_shown=on", "/admin?saved");
	assert_false(site->site.sheet.has_waiting_list);
	assert_int_equal(site->site.sheet.seats, 0);
	assert_string_equal(site->site.sheet.text.title, "Party");
}

SITE_TEST(settings_that_are_refused)
{
	static const struct {
		const char *form;
		const char *text;
	} forms[] = {
		{"title=", "The title is not taken: cannot be empty."},
		{"title=a%01b", "The title is not taken: has a control character"},
		{"title=%FF", "could not be read"},
		{"opens=tomorrow", "A time has a date and a zone"},
		{"seats=many", "Seats are a whole number"},
		{"seats=4000000001", "Seats are a whole number"},
		{"opens=2036-12-05T18:00:00Z&closes=2036-12-05T18:00:00Z",
			"Sign-up must close later than it opens."},
	};

	open_sheet(site);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		unsigned status = strstr(forms[i].form, "%FF") != NULL ? 400 : 422;
		expect_answer(
			post_form(site, "/admin/sheet", forms[i].form), status, forms[i].text);
	}
	expect_answer(post_form(site, "/admin/sheet", "intro=kept+text&seats=x"), 422, "kept text");
	expect_answer(post_form(site, "/admin/sheet", "seats=x"), 422,
		" id=\"seats\" name=\"seats\" aria-describedby=\"seats-hint\" dir=\"auto\" "
		"autocomplete=\"off\" aria-invalid=\"true\"");
	assert_int_equal(captured_log_count(&site->log, "sheet-changed"), 0);
	assert_int_equal(store_sheet_settings(site->site.store)->set, 0);
}

/* The second one is told, and sends the form once more. */
SITE_TEST(settings_of_two_organisers)
{
	char version[17], form[64];

	open_sheet(site);
	read_version(site, version);
	snprintf(form, sizeof(form), "version=%s&title=One", version);
	expect_led(site, "/admin/sheet", form, "/admin?saved");
	snprintf(form, sizeof(form), "version=%s&title=Two", version);
	expect_answer(post_form(site, "/admin/sheet", form), 409, "value=\"Two\"");
	assert_string_equal(site->site.sheet.text.title, "One");
	read_version(site, version);
	snprintf(form, sizeof(form), "version=%s&title=Two", version);
	expect_led(site, "/admin/sheet", form, "/admin?saved");
	assert_string_equal(site->site.sheet.text.title, "Two");
}

/* Nothing is overwritten by a form that was sent unchanged, nor by one that says the same. */
SITE_TEST(settings_of_two_who_mean_the_same)
{
	char version[17], form[64];

	open_sheet(site);
	read_version(site, version);
	expect_led(site, "/admin/sheet", "title=One&seats=5", "/admin?saved");
	snprintf(form, sizeof(form), "version=%s&title=One", version);
	expect_led(site, "/admin/sheet", form, "/admin?saved");
}

/* The form has both values then. */
SITE_TEST(settings_that_were_overtaken_show_both)
{
	char version[17], form[128];

	open_sheet(site);
	read_version(site, version);
	expect_led(site, "/admin/sheet", "title=One%3C&seats=5", "/admin?saved");
	snprintf(form, sizeof(form), "version=%s&title=Two&seats=&intro=", version);
	struct memory_gateway *memory = post_form(site, "/admin/sheet", form);
	assert_int_equal(memory_gateway_status(memory), 409);
	memory_gateway_expect(memory, "value=\"Two\"");
	memory_gateway_expect(memory, "<p class=\"now\">Set now: “<bdi>One&lt;</bdi>”</p>");
	memory_gateway_expect(memory, "<p class=\"now\">Set now: “<bdi>5</bdi>”</p>");
	memory_gateway_expect_not(memory, "<p class=\"now\">Set now: empty");
	memory_gateway_expect(memory, "<a href=\"#title\">Another organiser");
	memory_gateway_close(memory);
}

static struct memory_gateway *begin_to_set(struct test_site *site, const char *form)
{
	return test_site_begin(site,
		&(struct memory_request){.method = "POST",
			.path = "/admin/sheet",
			.remote_user = "grace",
			FORM,
			.body = form},
		NULL);
}

/* Both were looked at before one of them was stored. */
SITE_TEST(settings_of_two_organisers_at_once)
{
	char version[17], forms[2][64];
	struct memory_gateway *memory[2];

	open_sheet(site);
	read_version(site, version);
	for (unsigned i = 0; i < 2; i++) {
		snprintf(forms[i], sizeof(forms[i]), "version=%s&title=No%u", version, i);
		memory[i] = begin_to_set(site, forms[i]);
	}
	test_site_settle(site);
	assert_int_equal(memory_gateway_status(memory[0]), 303);
	assert_int_equal(memory_gateway_status(memory[1]), 409);
	memory_gateway_expect(memory[1], "Set now: “<bdi>No0</bdi>”");
	memory_gateway_close(memory[0]);
	memory_gateway_close(memory[1]);
	assert_string_equal(site->site.sheet.text.title, "No0");
	assert_int_equal(captured_log_count(&site->log, "sheet-changed"), 1);
}

/* Closing is no field of the form, and no reason to refuse it. */
SITE_TEST(settings_while_another_one_closes)
{
	char version[17], form[64];
	struct memory_gateway *memory[2];

	open_sheet(site);
	read_version(site, version);
	memory[0] = test_site_begin(site,
		&(struct memory_request){
			.method = "POST", .path = "/admin/close", .remote_user = "grace", FORM},
		NULL);
	snprintf(form, sizeof(form), "version=%s&title=One", version);
	memory[1] = begin_to_set(site, form);
	test_site_settle(site);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(memory_gateway_status(memory[i]), 303);
		memory_gateway_close(memory[i]);
	}
	assert_true(site->site.sheet.is_closed);
	assert_string_equal(site->site.sheet.text.title, "One");
}

/* Each of the two alone would be possible. */
SITE_TEST(times_of_two_organisers_at_once)
{
	struct memory_gateway *memory[2];

	open_sheet(site);
	memory[0] = begin_to_set(site, "opens=2036-12-05T18:00:00Z");
	memory[1] = begin_to_set(site, "closes=2036-12-05T17:00:00Z");
	test_site_settle(site);
	assert_int_equal(memory_gateway_status(memory[0]), 303);
	assert_int_equal(memory_gateway_status(memory[1]), 409);
	memory_gateway_close(memory[0]);
	memory_gateway_close(memory[1]);
	assert_int_equal(site->site.sheet.closes, 0);
}

/* Options with values of their own. */
static void open_sheet_with_options(struct test_site *site)
{
	site->site.option_sheet.seats = 30;
	site->site.option_sheet.closes = INT64_C(2112541200000); /* 2036-12-10T17:00:00Z */
	site->site.option_sheet.text.title = "Of the <option>";
	site->site.option_sheet.has_waiting_list = true;
	site->site.sheet = site->site.option_sheet;
	open_sheet(site);
}

SITE_TEST(settings_given_back)
{
	open_sheet_with_options(site);
	expect_page(site, "/admin/sheet", NULL, "!name=\"title_reset\"");
	expect_page(site, "/admin/sheet", NULL, "!class=\"source");
	expect_page(site, "/admin/sheet", NULL,
		"What was never set here is as the options of the server say.");
	expect_led(site, "/admin/sheet", "title=One&seats=&waiting_list_shown=on", "/admin?saved");
	expect_page(site, "/admin/sheet", NULL,
		"name=\"title_reset\"> <label for=\"title_reset\">Back to the option of the "
		"server: "
		"“<bdi>Of the &lt;option&gt;</bdi>”</label>");
	expect_page(site, "/admin/sheet", NULL, "option of the server: “<bdi>30</bdi>”");
	expect_page(site, "/admin/sheet", NULL, "option of the server: “<bdi>on</bdi>”");
	expect_page(site, "/admin/sheet", NULL, "!name=\"closes_reset\"");
	/* Whatever is in the field. One that was not set stays as it is. */
	expect_led(site, "/admin/sheet",
		"title=Two&title_reset=on&seats=&seats_reset=on&opens_reset=on&"
		"waiting_list_reset=on&waiting_list_shown=on",
		"/admin?saved");
	captured_log_expect(&site->log, "organiser=grace settings=title,seats,waiting_list ");
	assert_int_equal(captured_log_count(&site->log, "sheet-changed"), 2);
	assert_int_equal(store_sheet_settings(site->site.store)->set, 0);
	assert_string_equal(site->site.sheet.text.title, "Of the <option>");
	assert_int_equal(site->site.sheet.seats, 30);
	assert_true(site->site.sheet.has_waiting_list);
}

/* The option that it goes back to has to go with the other time. */
SITE_TEST(a_time_given_back_to_one_that_cannot_be)
{
	open_sheet_with_options(site);
	expect_led(site, "/admin/sheet", "closes=&opens=2036-12-20T18:00:00Z", "/admin?saved");
	expect_answer(post_form(site, "/admin/sheet", "closes_reset=on"), 422,
		"Sign-up must close later than it opens.");
	expect_led(site, "/admin/sheet", "closes_reset=on&opens_reset=on", "/admin?saved");
	assert_int_equal(site->site.sheet.opens, 0);
}

/* An option that was changed beside a time that was set. */
SITE_TEST(times_that_contradict_each_other)
{
	open_sheet_with_options(site);
	expect_page(site, "/admin", NULL, "!Sign-up never opens:");
	expect_led(site, "/admin/sheet", "opens=2036-12-09T18:00:00Z", "/admin?saved");
	site->site.option_sheet.closes -= INT64_C(5) * 86400000;
	on_sheet_set(site);
	expect_page(site, "/admin", NULL, "Sign-up never opens:");
	/* Other settings can be set meanwhile. */
	expect_led(site, "/admin/sheet", "title=One", "/admin?saved");
	expect_led(site, "/admin/sheet", "opens_reset=on", "/admin?saved");
	expect_page(site, "/admin", NULL, "!Sign-up never opens:");
}

static void expect_put(struct test_site *site, const char *body, unsigned status, const char *text)
{
	struct memory_gateway *memory =
		test_site_ask(site, &(struct memory_request){.method = "PUT",
					    .path = "/sheet",
					    .remote_user = "grace",
					    .content_type = "application/json",
					    .body = body});
	memory_gateway_expect_field(memory, "Content-Type",
		status == 200 ? "application/json" : "application/problem+json");
	memory_gateway_end(memory, status, text);
}

/* Nobody undoes what was done to a body. */
SITE_TEST(settings_that_are_coded)
{
	open_sheet(site);
	const struct memory_request coded[] = {{.method = "PUT",
						       .path = "/sheet",
						       .content_type = "application/json",
						       .body = "{\"seats\":7}"},
		{.method = "POST",
			.path = "/admin/sheet",
			.body = "seats=7",
			.content_type = "application/x-www-form-urlencoded"}};

	for (size_t i = 0; i < 2; i++) {
		struct memory_request request = coded[i];
		request.remote_user = "grace";
		request.content_encoding = "gzip";
		struct memory_gateway *memory = test_site_ask(site, &request);
		assert_int_equal(memory_gateway_status(memory), 415);
		memory_gateway_close(memory);
	}
	assert_int_equal(site->site.sheet.seats, 0);
}

/* A CGI server whose client has gone ends the body early: `Chess clu` is nothing to store. */
SITE_TEST(bodies_that_were_cut_off)
{
	static const struct {
		const char *method;
		const char *path;
		const char *type;
		const char *body;
	} rows[] = {
		{"POST", "/admin/sheet", "application/x-www-form-urlencoded", "title=Chess+clu"},
		{"POST", "/admin/add", "application/x-www-form-urlencoded", "username=Chr"},
		{"POST", "/admin/users/1/rename", "application/x-www-form-urlencoded",
			"username=Adel"},
		{"PUT", "/sheet", "application/json", "{\"seats\":7}"},
		{"PATCH", "/users/1", "application/json", "{\"username\":\"Adel\"}"},
		{"POST", "/create-user", "application/x-www-form-urlencoded", "username=Chr"},
	};

	open_with_users(site);
	open_sheet(site);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct memory_gateway *memory =
			test_site_ask(site, &(struct memory_request){.method = rows[i].method,
						    .path = rows[i].path,
						    .content_type = rows[i].type,
						    .content_length = "40",
						    .remote_user = "grace",
						    .body = rows[i].body});
		if (memory_gateway_status(memory) != 400)
			fail_msg("%u for %s %s", memory_gateway_status(memory), rows[i].method,
				rows[i].path);
		memory_gateway_close(memory);
	}
	assert_int_equal(site->site.sheet.seats, 0);
	assert_string_equal(site->site.sheet.text.title, "Sign-up sheet");
	expect_page(site, "/admin", NULL, "Ada");
	expect_page(site, "/admin", NULL, "!Adel");
	expect_page(site, "/admin", NULL, "!Chr");
}

SITE_TEST(settings_of_programs)
{
	open_sheet(site);
	expect_put(site, "{\"closed\":true,\"seats\":7,\"closes\":\"2036-12-05T18:00:00Z\"}", 200,
		"{\"closed\":true,\"title\":\"Sign-up sheet\",\"intro\":\"\",\"contact\":\"\","
		"\"privacy\":\"\",\"opens\":\"\",\"closes\":\"2036-12-05T18:00:00.000Z\","
		"\"seats\":7,\"waiting_list\":false,\"set\":[\"closes\",\"seats\",\"closed\"]}");
	expect_put(site, "{\"seats\":0}", 200, "\"closed\":true");
	expect_put(site, "{\"intro\":\"Look in C:\\\\new.\"}", 200,
		"\"intro\":\"Look in C:\\\\new.\"");
	expect_put(site, "{}", 200, "\"seats\":0,");
	expect_put(site, "{\"closes\":\"\",\"closed\":false}", 200, "\"closes\":\"\"");
	expect_put(site, "{\"seats\":\"7\"}", 422, "#/seats");
	expect_put(site, "{\"seats\":-1}", 422, "#/seats");
	expect_put(site, "{\"closed\":\"on\"}", 422, "#/closed");
	expect_put(site, "{\"seats\":4000000001}", 422, "#/seats");
	expect_put(site, "{\"seats\":18446744073709551616}", 422, "A number is beyond");
	expect_put(site, "{\"title\":\"\"}", 422, "#/title");
	expect_put(site, "{\"title\":\"\"}", 422, "cannot be empty");
	expect_put(site, "{\"opens\":7}", 422, "#/opens");
	expect_put(site, "{\"opens\":\"never\"}", 422, "#/opens");
	expect_put(site, "{\"state\":\"open\"}", 422, "no setting");
	expect_put(site, "{\"seats\":1,\"seats\":2}", 400, "A member of the body is there twice.");
	expect_put(site, "[]", 422, "not an object");
	expect_put(site, "", 400, "no JSON");
	assert_int_equal(captured_log_count(&site->log, "sheet-changed"), 4);
}

/* The words are true for every route, not for the form alone. */
SITE_TEST(more_settings_than_the_server_reads)
{
	struct memory_request request = {.method = "PUT",
		.path = "/sheet",
		.accept = "application/json",
		.remote_user = "grace",
		.refused = 413};

	expect_answer(test_site_ask(site, &request), 413,
		"\"detail\":\"The request is larger than the server accepts.\"");
}

/* What GET sends can be sent back, and changes nothing. */
SITE_TEST(settings_that_programs_give_back)
{
	open_sheet_with_options(site);
	expect_put(site, "{\"title\":\"One\",\"closed\":true,\"seats\":0}", 200,
		"\"set\":[\"title\",\"seats\",\"closed\"]}");
	expect_put(site, "{\"closed\":true,\"title\":\"One\",\"seats\":0,\"set\":[\"title\"]}", 200,
		"\"seats\":0,\"waiting_list\":true,\"set\":[\"title\",\"seats\",\"closed\"]}");
	expect_put(site, "{\"title\":null,\"closed\":null,\"seats\":null,\"intro\":null}", 200,
		"\"seats\":30,\"waiting_list\":true,\"set\":[]}");
	assert_int_equal(captured_log_count(&site->log, "sheet-changed"), 2);
	assert_false(site->site.sheet.is_closed);
}

static struct memory_request put_if(const char *body, const char *if_match)
{
	return (struct memory_request){.method = "PUT",
		.path = "/sheet",
		.remote_user = "grace",
		.content_type = "application/json",
		.if_match = if_match,
		.body = body};
}

static void expect_put_if(
	struct test_site *site, const char *body, const char *if_match, unsigned status)
{
	const struct memory_request request = put_if(body, if_match);
	struct memory_gateway *memory = test_site_ask(site, &request);

	assert_int_equal(memory_gateway_status(memory), status);
	if (status == 412) {
		memory_gateway_expect_field(memory, "Content-Type", "application/problem+json");
		memory_gateway_expect(memory, "\"title\":\"Precondition Failed\",\"status\":412,");
	}
	memory_gateway_close(memory);
}

static void read_etag(struct test_site *site, char etag[static 32])
{
	struct memory_gateway *memory = test_site_ask(
		site, &(struct memory_request){
			      .method = "GET", .path = "/sheet", .remote_user = "grace"});

	assert_int_equal(memory_gateway_status(memory), 200);
	assert_non_null(memory_gateway_field(memory, "ETag"));
	snprintf(etag, 32, "%s", memory_gateway_field(memory, "ETag"));
	memory_gateway_close(memory);
}

SITE_TEST(settings_with_a_condition)
{
	char first[32], second[32], weak[36];

	open_sheet(site);
	read_etag(site, first);
	expect_put_if(site, "{\"seats\":7}", first, 200);
	expect_put_if(site, "{\"seats\":8}", first, 412);
	expect_put_if(site, "not even JSON", first, 412);
	assert_int_equal(site->site.sheet.seats, 7);
	read_etag(site, second);
	assert_string_not_equal(first, second);
	snprintf(weak, sizeof(weak), "W/%s", second); /* as a web server that compresses has it */
	expect_put_if(site, "{\"closed\":true}", weak, 200);
	expect_put_if(site, "{\"closed\":false}", second, 412);
	expect_put_if(site, "{\"closed\":false}", "*", 200);
	expect_put_if(site, "{\"seats\":9}", NULL, 200);
	/* The same values, but not the options' any more. */
	expect_put_if(site, "{\"seats\":null,\"closed\":null}", NULL, 200);
	read_etag(site, second);
	assert_string_equal(first, second);
}

SITE_TEST(settings_that_a_program_has_already)
{
	char etag[32];

	open_sheet(site);
	read_etag(site, etag);
	struct memory_gateway *memory =
		test_site_ask(site, &(struct memory_request){.method = "GET",
					    .path = "/sheet",
					    .remote_user = "grace",
					    .if_none_match = etag});
	assert_int_equal(memory_gateway_status(memory), 304);
	memory_gateway_close(memory);
}

/* Each of the two alone would be possible. */
SITE_TEST(times_of_two_programs_at_once)
{
	struct memory_gateway *memory[2];
	const struct memory_request requests[2] = {
		put_if("{\"opens\":\"2036-12-05T18:00:00Z\"}", NULL),
		put_if("{\"closes\":\"2036-12-05T17:00:00Z\"}", NULL)};

	open_sheet(site);
	for (unsigned i = 0; i < 2; i++)
		memory[i] = test_site_begin(site, &requests[i], NULL);
	test_site_settle(site);
	assert_int_equal(memory_gateway_status(memory[0]), 200);
	assert_int_equal(memory_gateway_status(memory[1]), 422);
	memory_gateway_expect(memory[1], "\"pointer\":\"#/closes\"");
	memory_gateway_close(memory[0]);
	memory_gateway_close(memory[1]);
}

/* The first is stored while the second one waits: it is not met any more then. */
SITE_TEST(settings_with_a_condition_at_once)
{
	char etag[32];
	struct memory_gateway *memory[3];

	open_sheet(site);
	read_etag(site, etag);
	const struct memory_request requests[3] = {put_if("{\"seats\":7}", etag),
		put_if("{\"closed\":true}", etag), put_if("{\"closed\":true}", NULL)};
	for (unsigned i = 0; i < 3; i++)
		memory[i] = test_site_begin(site, &requests[i], NULL);
	test_site_settle(site);
	assert_int_equal(memory_gateway_status(memory[0]), 200);
	assert_int_equal(memory_gateway_status(memory[1]), 412);
	assert_int_equal(memory_gateway_status(memory[2]), 200);
	for (unsigned i = 0; i < 3; i++)
		memory_gateway_close(memory[i]);
}

/* Ünsal K. has a full stop, and the sentence needs no other. */
SITE_TEST(names_that_end_with_a_full_stop)
{
	open_with_users(site);
	assert_int_equal(test_site_create(site, "username=Tom+K."), 303);
	expect_answer(post_form(site, "/admin/add", "username=tom+k."), 409,
		"That name is taken by <bdi>Tom K.</bdi></a></p>");
	expect_answer(
		post_form(site, "/admin/add", "username=tom+k."), 409, "<bdi>Tom K.</bdi></a></p>");
	struct memory_gateway *memory =
		test_site_ask(site, &(struct memory_request){TEST_SITE_POST("username=tom+k."),
					    .accept = "application/json"});
	memory_gateway_expect(memory, "\"That name is taken by Tom K.\"");
	memory_gateway_close(memory);
	memory = test_site_ask(site, &(struct memory_request){TEST_SITE_POST("username=tom+k.")});
	memory_gateway_expect(memory, "<bdi>Tom K.</bdi>");
	memory_gateway_expect_not(memory, "<bdi>Tom K.</bdi>.");
	memory_gateway_close(memory);
}
