/* GET /users/print, and the stream of users under it (list_stream.h): whole, and in parts. */
#include <stdio.h>
#include <string.h>

#include "base/limit.h"
#include "event_loop/turns.h"
#include "http/response.h"
#include "store/store_kind.h"
#include "support/test.h"
#include "support/unit/late_store.h"
#include "support/unit/test_site.h"

#define USERS (2 * LIMIT_LIST_PART + 50) /* three parts */

#define PRINT_SIZE "5,000" /* LIMIT_PRINT */

static const struct memory_request print = {.method = "GET", .path = "/users/print"};

static void begin_turns(struct test_site *site)
{
	site->site.turns = turns_open(&site->loop);
}

static void end_turns(struct test_site *site)
{
	turns_end(site->site.turns);
	test_site_settle(site);
	turns_close(site->site.turns);
	site->site.turns = NULL;
}

/* That these users are in it, in this order, and no others. */
static void expect_users(const struct memory_gateway *memory, unsigned first, unsigned last)
{
	const char *row = strstr(strstr(memory_gateway_body(memory), "<ol class=\"roll\">"), "<li");
	char text[48];

	for (unsigned number = first; number <= last; number++) {
		snprintf(text, sizeof(text), "<bdi>user%03u</bdi> <span>", number);
		assert_non_null(row);
		const char *name = strstr(row, "<bdi>");
		assert_memory_equal(name, text, strlen(text));
		row = strstr(name, "<li");
	}
	assert_null(row);
}

static void expect_whole(const struct memory_gateway *memory)
{
	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect_field(memory, "Content-Type", "text/html; charset=utf-8");
	memory_gateway_expect_field(memory, "Cache-Control", "no-cache");
	memory_gateway_expect_field(memory, "Vary", "Accept");
	memory_gateway_expect(memory, "<strong class=\"count\">250 users</strong>, oldest first.");
	expect_users(memory, 1, USERS);
	memory_gateway_expect(memory, "</li>\n</ol>\n</main>");
}

/* Where nothing goes on. */
SITE_TEST(as_a_whole)
{
	test_site_fill(site, USERS);
	struct memory_gateway *memory = test_site_ask(site, &print);
	expect_whole(memory);
	assert_int_equal(memory_gateway_parts(memory), 0);
	assert_non_null(memory_gateway_field(memory, "Content-Length"));
	memory_gateway_close(memory);
}

SITE_TEST(in_parts)
{
	begin_turns(site);
	test_site_fill(site, USERS);
	struct memory_gateway *memory = test_site_begin(site, &print, NULL);
	while (memory_gateway_responds(memory) == 0) {
		unsigned parts = memory_gateway_parts(memory);
		test_site_turn(site);
		assert_true(memory_gateway_parts(memory) <= parts + 1);
	}
	expect_whole(memory);
	assert_int_equal(memory_gateway_parts(memory), 3);
	memory_gateway_expect_field(memory, "Content-Length", NULL);
	memory_gateway_close(memory);
	end_turns(site);
}

/* One part has a length, and needs no other turn. */
SITE_TEST(a_short_list_is_no_stream)
{
	begin_turns(site);
	test_site_fill(site, LIMIT_LIST_PART);
	struct memory_gateway *memory = test_site_ask(site, &print);
	expect_users(memory, 1, LIMIT_LIST_PART);
	assert_int_equal(memory_gateway_parts(memory), 0);
	memory_gateway_close(memory);
	end_turns(site);
}

SITE_TEST(nobody)
{
	struct memory_gateway *memory = test_site_ask(site, &print);
	memory_gateway_expect(memory, "<strong class=\"count\">0 users</strong>");
	memory_gateway_expect(memory, "<ol class=\"roll\">\n</ol>");
	memory_gateway_close(memory);
}

SITE_TEST(after_a_number)
{
	test_site_fill(site, 5);
	struct memory_gateway *memory = test_site_get(site, "/users/print", "after=3");
	memory_gateway_expect(memory,
		"Up to " PRINT_SIZE " of <strong class=\"count\">5 users</strong>, "
		"after number 3, oldest first.");
	memory_gateway_expect(memory, "<li value=\"4\"><bdi>user004</bdi>");
	memory_gateway_expect(memory, "<li><bdi>user005</bdi>");
	memory_gateway_expect(memory, "<a href=\"/users/print\">First users</a>");
	memory_gateway_expect_not(memory, "Next users");
	memory_gateway_close(memory);
	memory = test_site_get(site, "/users/print", "after=5");
	memory_gateway_expect(memory, "<ol class=\"roll\">\n</ol>");
	memory_gateway_close(memory);
}

/* Each page leads to the next one. */
SITE_TEST(more_than_one_page)
{
	site->site.print_size = 2;
	test_site_fill(site, 5);
	struct memory_gateway *memory = test_site_ask(site, &print);
	memory_gateway_expect(
		memory, "The first 2 of <strong class=\"count\">5 users</strong>, oldest first.");
	expect_users(memory, 1, 2);
	memory_gateway_expect(
		memory, "<a rel=\"next\" href=\"/users/print?after=2\">Next users</a>");
	memory_gateway_expect_not(memory, "First users");
	memory_gateway_close(memory);
	memory = test_site_get(site, "/users/print", "after=2");
	memory_gateway_expect(memory, "Up to 2 of <strong class=\"count\">5 users</strong>, after "
				      "number 2, oldest first.");
	expect_users(memory, 3, 4);
	memory_gateway_expect(memory,
		"<a href=\"/users/print\">First users</a> "
		"<a rel=\"next\" href=\"/users/print?after=4\">Next users</a>");
	memory_gateway_close(memory);
	memory = test_site_get(site, "/users/print", "after=4");
	expect_users(memory, 5, 5);
	memory_gateway_expect_not(memory, "Next users");
	memory_gateway_close(memory);
}

/* In parts, too: the last part is cut short. */
SITE_TEST(a_page_of_parts_that_is_not_the_last)
{
	begin_turns(site);
	site->site.print_size = LIMIT_LIST_PART + 50;
	test_site_fill(site, USERS);
	struct memory_gateway *memory = test_site_begin(site, &print, NULL);
	while (memory_gateway_responds(memory) == 0)
		test_site_turn(site);
	assert_int_equal(memory_gateway_parts(memory), 2);
	expect_users(memory, 1, LIMIT_LIST_PART + 50);
	memory_gateway_expect(
		memory, "<a rel=\"next\" href=\"/users/print?after=150\">Next users</a>");
	memory_gateway_close(memory);
	end_turns(site);
}

/* The list says what its link leads to. */
SITE_TEST(the_way_from_the_list)
{
	site->site.print_size = 2;
	test_site_fill(site, 2);
	struct memory_gateway *memory = test_site_get(site, "/users", NULL);
	memory_gateway_expect(memory, "<a href=\"/users/print\">Print the whole list</a>");
	memory_gateway_close(memory);
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	memory = test_site_get(site, "/users", NULL);
	memory_gateway_expect(
		memory, "<a href=\"/users/print\">Print the list, 2 users a page</a>");
	memory_gateway_close(memory);
}

SITE_TEST(no_number)
{
	static const char *const queries[] = {
		"after=x", "after=", "after=01", "after=1&after=2", "after=1000000000000000000"};

	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		struct memory_gateway *memory = test_site_get(site, "/users/print", queries[i]);
		assert_int_equal(memory_gateway_status(memory), 400);
		memory_gateway_expect(memory, "after is the number of a user.");
		memory_gateway_close(memory);
	}
}

SITE_TEST(head)
{
	begin_turns(site);
	test_site_fill(site, USERS);
	struct memory_gateway *memory = test_site_ask(
		site, &(struct memory_request){.method = "HEAD", .path = "/users/print"});
	assert_int_equal(memory_gateway_status(memory), 200);
	assert_int_equal(memory_gateway_body_length(memory), 0);
	memory_gateway_close(memory);
	end_turns(site);
}

/* The list is of the moment in which it begins. */
SITE_TEST(a_user_who_comes_meanwhile_is_not_in_it)
{
	begin_turns(site);
	test_site_fill(site, USERS);
	struct response *response;
	struct memory_gateway *memory = test_site_begin(site, &print, &response);
	memory_gateway_clog(memory, true);
	while (memory_gateway_parts(memory) == 0)
		test_site_turn(site);
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	memory_gateway_clog(memory, false);
	while (memory_gateway_responds(memory) == 0) {
		if (response_has_to_wait(response))
			response_drained(response);
		test_site_turn(site);
	}
	expect_whole(memory);
	memory_gateway_expect_not(memory, "Ada");
	memory_gateway_close(memory);
	end_turns(site);
}

/* As long as the peer does not take what was written, nothing more is, nor is the store asked. */
SITE_TEST(a_peer_that_does_not_read)
{
	struct response *response;

	begin_turns(site);
	test_site_fill(site, USERS);
	struct memory_gateway *memory = test_site_begin(site, &print, &response);
	memory_gateway_clog(memory, true);
	for (int i = 0; i < 30; i++)
		test_site_turn(site);
	unsigned parts = memory_gateway_parts(memory);
	assert_true(parts == 1 || parts == 2);
	for (int i = 0; i < 30; i++)
		test_site_turn(site);
	assert_int_equal(memory_gateway_parts(memory), parts);
	response_abandon(response);
	test_site_settle(site);
	assert_int_equal(memory_gateway_responds(memory), 0);
	memory_gateway_close(memory);
	end_turns(site);
}

static void on_lost(void *argument)
{
	response_abandon(*(struct response **)argument);
}

/* A peer that goes while a part is written, while one waits for its turn, and before the first. */
SITE_TEST(a_peer_that_goes)
{
	begin_turns(site);
	test_site_fill(site, USERS);
	for (int turns = 0; turns < 12; turns++) {
		struct response *response;
		struct memory_gateway *memory = test_site_begin(site, &print, &response);
		for (int i = 0; i < turns && memory_gateway_responds(memory) == 0; i++)
			test_site_turn(site);
		if (memory_gateway_responds(memory) == 0 && turns % 2 == 0) {
			memory_gateway_lose(memory, on_lost, &response);
			while (memory_gateway_releases(memory) == 0)
				test_site_turn(site);
		} else if (memory_gateway_responds(memory) == 0) {
			response_abandon(response);
		}
		test_site_settle(site);
		memory_gateway_close(memory);
	}
	end_turns(site);
}

/* A store that answers this many questions of the other one, and then no more. */
struct failing_store {
	struct store store;
	struct store *other;
	unsigned answers;
};

static struct store_job *failing_ask(struct store *store, const struct store_question *question,
	store_answered_cb *answered, void *argument)
{
	struct failing_store *failing = (struct failing_store *)store;

	if (failing->answers > 0) {
		failing->answers--;
		return store_ask(failing->other, question, answered, argument);
	}
	answered(argument, &(struct store_answer){.result = RESULT_UNAVAILABLE});
	return NULL;
}

static const struct store_kind failing_kind = {.ask = failing_ask};

/* With a store that fails after so many parts. */
static struct memory_gateway *ask_failing(struct test_site *site, unsigned answers)
{
	struct failing_store failing = {
		.store = {.kind = &failing_kind}, .other = site->store, .answers = answers};
	struct store *whole = site->site.store;

	site->site.store = &failing.store;
	struct memory_gateway *memory = test_site_begin(site, &print, NULL);
	while (memory_gateway_releases(memory) == 0)
		test_site_turn(site);
	site->site.store = whole;
	return memory;
}

/* Nobody takes a part of the list for the whole. */
SITE_TEST(a_store_that_fails)
{
	test_site_fill(site, USERS);
	struct memory_gateway *memory = ask_failing(site, 2);
	assert_int_equal(memory_gateway_status(memory), 500);
	memory_gateway_expect_not(memory, "user001");
	memory_gateway_close(memory);
	begin_turns(site);
	memory = ask_failing(site, 0);
	assert_int_equal(memory_gateway_status(memory), 503);
	memory_gateway_close(memory);
	memory = ask_failing(site, 2);
	assert_int_equal(memory_gateway_status(memory), 200);
	assert_int_equal(memory_gateway_parts(memory), 2);
	assert_true(memory_gateway_is_broken(memory));
	assert_int_equal(memory_gateway_responds(memory), 0);
	memory_gateway_close(memory);
	end_turns(site);
}
