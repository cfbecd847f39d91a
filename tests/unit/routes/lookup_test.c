/* What happens between a question and its late answer: every route that asks the store, over one
 * that answers when the test says so. */
#include "routes/lookup.h"

#include <string.h>

#include "event_loop/streams.h"
#include "routes/user_events.h"
#include "support/test.h"
#include "support/unit/late_store.h"
#include "support/unit/test_site.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Each of them asks, if the view is not at hand. */
static const struct asking {
	struct memory_request request;
	unsigned status;
} askings[] = {
	{{.method = "GET", .path = "/"}, 200},
	{{.method = "HEAD", .path = "/"}, 200},
	{{.method = "GET", .path = "/", .accept = "application/json"}, 200},
	{{.method = "GET", .path = "/users"}, 200},
	{{.method = "HEAD", .path = "/users"}, 200},
	{{.method = "GET", .path = "/users", .accept = "application/json"}, 200},
	{{.method = "GET", .path = "/users", .query = "before=3"}, 200},
	{{.method = "GET", .path = "/users", .query = "created=2", .if_none_match = "\"x\""}, 200},
	{{.method = "GET", .path = "/users", .if_none_match = "*"}, 304},
	{{.method = "GET", .path = "/users", .query = "q=user"}, 200},
	{{.method = "HEAD", .path = "/users", .query = "q=user"}, 200},
	{{.method = "GET", .path = "/users", .query = "q=%21"}, 200},
	{{.method = "GET", .path = "/users/1"}, 200},
	{{.method = "GET", .path = "/users/1", .accept = "application/json"}, 200},
	{{.method = "GET", .path = "/users/9"}, 404},
	{{.method = "GET", .path = "/users/9", .accept = "application/json"}, 404},
	{{.method = "GET", .path = "/users/events"}, 200},
	{{.method = "HEAD", .path = "/users/events"}, 200},
	{{TEST_SITE_POST("username=_")}, 422},
	{{TEST_SITE_POST("other=1")}, 422},
	{{.method = "POST",
		 .path = "/create-user",
		 .content_type = "application/json",
		 .accept = "text/html",
		 .body = "[]"},
		422},
};

static void on_changed(void *argument)
{
	streams_wake(argument);
}

static void open_site(struct test_site *site)
{
	test_site_open_late(site);
	site->site.streams = streams_open(&(struct streams_settings){.loop = &site->loop,
		.source = user_events_source,
		.argument = &site->site,
		.most = 10,
		.heartbeat = 60000,
		.sign = user_events_sign,
		.heartbeats = 100});
	store_watch(site->late, on_changed, site->site.streams);
	test_site_fill(site, 3);
}

static void close_site(struct test_site *site)
{
	streams_end(site->site.streams);
	test_site_close(site);
	streams_close(site->site.streams);
}

static struct memory_gateway *begin_held(
	struct test_site *site, const struct memory_request *request, struct response **response)
{
	late_store_hold(site->late, true);
	struct memory_gateway *memory = test_site_begin(site, request, response);
	assert_int_equal(memory_gateway_responds(memory), 0);
	assert_non_null(*response);
	assert_int_equal(late_store_jobs(site->late), 1);
	return memory;
}

/* Ends a response that goes on. */
static void end_stream(const struct memory_request *request, struct response *response)
{
	if (strcmp(request->method, "GET") == 0 && strcmp(request->path, "/users/events") == 0)
		response_abandon(response);
}

/* What came with the request is gone by the time of the answer. */
TEST(answered_later)
{
	struct test_site site;

	open_site(&site);
	for (size_t i = 0; i < COUNT(askings); i++) {
		struct response *response;
		struct memory_gateway *memory = begin_held(&site, &askings[i].request, &response);
		late_store_hold(site.late, false);
		test_site_settle(&site);
		if (memory_gateway_status(memory) != askings[i].status)
			fail_msg("%u for row %zu", memory_gateway_status(memory), i);
		end_stream(&askings[i].request, response);
		memory_gateway_close(memory);
	}
	close_site(&site);
}

/* The question is cancelled, and nothing is left of it. */
TEST(gone_while_asking)
{
	struct test_site site;

	open_site(&site);
	for (size_t i = 0; i < COUNT(askings); i++) {
		struct response *response;
		struct memory_gateway *memory = begin_held(&site, &askings[i].request, &response);
		response_abandon(response);
		assert_int_equal(memory_gateway_releases(memory), 1);
		assert_int_equal(late_store_jobs(site.late), 0);
		late_store_hold(site.late, false);
		test_site_settle(&site);
		assert_int_equal(memory_gateway_responds(memory), 0);
		memory_gateway_close(memory);
	}
	close_site(&site);
}

/* Requests under way when the program is to stop are answered; no new ones are promised readiness.
 */
TEST(stopped_while_asking)
{
	struct test_site site;
	struct response *response;

	open_site(&site);
	for (size_t i = 0; i < COUNT(askings); i++) {
		struct memory_gateway *memory = begin_held(&site, &askings[i].request, &response);
		site.site.is_stopping = true;
		late_store_hold(site.late, false);
		test_site_settle(&site);
		assert_int_equal(memory_gateway_status(memory), askings[i].status);
		end_stream(&askings[i].request, response);
		memory_gateway_close(memory);
	}
	close_site(&site);
}

/* Streams that were all ended meanwhile end the one that is begun now. */
TEST(streams_over_while_asking)
{
	struct test_site site;
	struct response *response;

	open_site(&site);
	struct memory_gateway *memory = begin_held(&site,
		&(struct memory_request){.method = "GET", .path = "/users/events"}, &response);
	streams_end(site.site.streams);
	late_store_hold(site.late, false);
	test_site_settle(&site);
	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_close(memory);
	test_site_close(&site);
	streams_close(site.site.streams);
}

static void expect_with_user(struct memory_gateway *memory, const char *count, const char *name)
{
	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect(memory, count);
	memory_gateway_expect(memory, name);
	memory_gateway_close(memory);
}

/* Past the late store, which may be held. */
static void add_user(struct test_site *site, const char *name)
{
	struct username username;
	struct store_job *job;
	struct user holder;

	assert_int_equal(username_parse(name, strlen(name), &username), USERNAME_FINE);
	assert_int_equal(
		store_create(site->store, &username, NULL, NULL, &job, &holder), RESULT_OK);
	test_site_settle(site);
	assert_int_equal(test_site_users(site), 4);
}

/* A kept page that has become stale between question and answer is neither sent nor kept. */
static void change_between(const char *path)
{
	struct test_site site;
	struct response *response;

	open_site(&site);
	struct memory_gateway *memory = test_site_get(&site, path, NULL);
	expect_with_user(memory, "3 users", "<bdi>user003</bdi>");
	memory = begin_held(
		&site, &(struct memory_request){.method = "GET", .path = path}, &response);
	add_user(&site, "Ada");
	late_store_hold(site.late, false);
	test_site_settle(&site);
	expect_with_user(memory, "4 users", "<bdi>Ada</bdi>");
	expect_with_user(test_site_get(&site, path, NULL), "4 users", "<bdi>Ada</bdi>");
	close_site(&site);
}

TEST(changed_between)
{
	change_between("/");
	change_between("/users");
}

/* The view and the users are of one moment, so a page that was rendered is kept for its own
 * version. */
TEST(changed_between_two_questions)
{
	struct test_site site;
	struct response *first_response, *second_response;
	const struct memory_request request = {.method = "GET", .path = "/users"};

	open_site(&site);
	struct memory_gateway *first = begin_held(&site, &request, &first_response);
	struct memory_gateway *second = test_site_begin(&site, &request, &second_response);
	assert_int_equal(late_store_jobs(site.late), 2);
	response_abandon(first_response);
	add_user(&site, "Ada");
	late_store_hold(site.late, false);
	test_site_settle(&site);
	assert_int_equal(memory_gateway_responds(first), 0);
	memory_gateway_close(first);
	expect_with_user(second, "4 users", "<bdi>Ada</bdi>");
	close_site(&site);
}

/* That a name is taken may be found at once or later, and then the form is asked for. Whatever is
 * under way when the client goes is cancelled. */
TEST(gone_while_the_name_is_found_to_be_taken)
{
	struct test_site site;
	struct response *response;

	open_site(&site);
	for (int turns = 0; turns < 12; turns++) {
		struct memory_gateway *memory = test_site_begin(&site,
			&(struct memory_request){TEST_SITE_POST("username=USER001")}, &response);
		for (int i = 0; i < turns && memory_gateway_responds(memory) == 0; i++)
			test_site_turn(&site);
		if (memory_gateway_responds(memory) == 0)
			response_abandon(response);
		else
			assert_int_equal(memory_gateway_status(memory), 409);
		assert_int_equal(late_store_jobs(site.late), 0);
		memory_gateway_close(memory);
	}
	close_site(&site);
}

/* New users reach a stream though the store has to fetch them first. */
TEST(events_that_are_fetched)
{
	struct test_site site;
	struct response *response;

	open_site(&site);
	struct memory_gateway *memory = test_site_begin(&site,
		&(struct memory_request){
			.method = "GET", .path = "/users/events", .query = "after=1"},
		&response);
	while (memory_gateway_parts(memory) == 0 ||
		strstr(memory_gateway_body(memory), "id: 3-") == NULL)
		test_site_turn(&site);
	memory_gateway_expect(memory, "id: 2-");
	memory_gateway_expect_not(memory, "id: 1-");
	assert_int_equal(test_site_create(&site, "username=Ada"), 303);
	while (strstr(memory_gateway_body(memory), "id: 4-") == NULL)
		test_site_turn(&site);
	close_site(&site);
	memory_gateway_close(memory);
}
