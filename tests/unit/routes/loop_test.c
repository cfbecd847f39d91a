/* GET /loop and GET /loop/events: the page, its JSON, and one event a second for all who look. */
#include "routes/loop/loop.h"

#include <string.h>

#include "routes/loop/loop_events.h"
#include "support/test.h"
#include "support/unit/test_site.h"

#define JSON "application/json"

/* What the timer of the watch does once a second. */
static void pass_a_second(struct test_site *site)
{
	struct minute *minute = (struct minute *)loop_watch_minute(site->site.watch);

	minute_add(minute, &meters, minute->sampled + 1000000000);
}

SITE_TEST(a_page)
{
	pass_a_second(site);
	struct memory_gateway *memory = test_site_get(site, "/loop", NULL);
	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect_field(memory, "Content-Type", "text/html; charset=utf-8");
	memory_gateway_expect_field(memory, "Cache-Control", "no-cache");
	memory_gateway_expect_field(memory, "Vary", "Accept");
	memory_gateway_expect(memory, "<h1>The event loop</h1>");
	memory_gateway_expect(memory, "<svg id=\"ring\"");
	memory_gateway_close(memory);
}

SITE_TEST(json)
{
	pass_a_second(site);
	struct memory_gateway *memory = test_site_ask(
		site, &(struct memory_request){.method = "GET", .path = "/loop", .accept = JSON});
	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect_field(memory, "Content-Type", JSON);
	memory_gateway_expect(memory, "\"last_minute\":[{\"seconds\":1.000000000,");
	memory_gateway_close(memory);
}

/* Of users it has the number, and nothing else. */
SITE_TEST(no_names)
{
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	pass_a_second(site);
	struct memory_gateway *memory = test_site_get(site, "/loop", NULL);
	memory_gateway_expect_not(memory, "Ada");
	memory_gateway_close(memory);
}

SITE_TEST(other_methods)
{
	struct memory_gateway *memory =
		test_site_ask(site, &(struct memory_request){.method = "DELETE", .path = "/loop"});
	assert_int_equal(memory_gateway_status(memory), 405);
	memory_gateway_close(memory);
	memory = test_site_ask(site, &(struct memory_request){.method = "HEAD", .path = "/loop"});
	assert_int_equal(memory_gateway_status(memory), 200);
	assert_string_equal(memory_gateway_body(memory), "");
	memory_gateway_close(memory);
}

/* Plain CGI: a process that ends after its response. */
SITE_TEST(where_no_loop_lasts)
{
	struct loop_watch *watch = site->site.watch;

	site->site.watch = NULL;
	struct memory_gateway *memory = test_site_get(site, "/loop", NULL);
	assert_int_equal(memory_gateway_status(memory), 404);
	memory_gateway_expect(memory, "A CGI program has no loop that lasts");
	memory_gateway_close(memory);
	memory = test_site_get(site, "/loop/events", NULL);
	assert_int_equal(memory_gateway_status(memory), 204);
	memory_gateway_close(memory);
	site->site.watch = watch;
}

/* One for each second, and the same for all; one that was missed is not made up for. */
SITE_TEST(events)
{
	struct streams_position position = {{0}};
	struct buffer out = {0};

	assert_false(loop_events_source(&site->site, &position, &out));
	assert_int_equal(out.length, 0);
	pass_a_second(site);
	pass_a_second(site);
	assert_false(loop_events_source(&site->site, &position, &out));
	assert_int_equal(position.at[0], 2);
	assert_memory_equal(out.bytes, "event: loop\ndata: <section id=\"verdict\"", 39);
	assert_memory_equal(out.bytes + out.length - 2, "\n\n", 2);
	size_t length = out.length;
	assert_false(loop_events_source(&site->site, &position, &out));
	assert_int_equal(out.length, length);
	buffer_free(&out);
}

/* Every line but the last two is a field: none has its line feeds in its data. */
SITE_TEST(lines_of_an_event)
{
	struct streams_position position = {{0}};
	struct buffer out = {0};
	size_t lines = 0;

	pass_a_second(site);
	loop_events_source(&site->site, &position, &out);
	for (const char *at = out.bytes + 12; *at != '\n'; at = strchr(at, '\n') + 1) {
		assert_memory_equal(at, "data: ", 6);
		lines++;
	}
	assert_true(lines > 20);
	buffer_free(&out);
}

/* Over a real loop: a watcher has an event when a second has passed, and the next when it wakes. */
SITE_TEST(a_watcher)
{
	struct response *response;

	site->site.watchers = streams_open(&(struct streams_settings){.loop = &site->loop,
		.source = loop_events_source,
		.argument = &site->site,
		.most = 1,
		.heartbeat = 60000,
		.sign = ":\n\n",
		.heartbeats = 10});
	pass_a_second(site);
	struct memory_gateway *memory = test_site_begin(
		site, &(struct memory_request){.method = "GET", .path = "/loop/events"}, &response);
	while (memory_gateway_parts(memory) < 2)
		test_site_turn(site);
	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect_field(memory, "Content-Type", "text/event-stream");
	memory_gateway_expect_field(memory, "X-Accel-Buffering", "no");
	memory_gateway_expect(memory, "retry: 2000\n\nevent: loop\ndata: <section");
	struct memory_gateway *other = test_site_get(site, "/loop/events", NULL);
	assert_int_equal(memory_gateway_status(other), 503);
	memory_gateway_close(other);
	streams_end(site->site.watchers);
	test_site_turn(site);
	streams_close(site->site.watchers);
	site->site.watchers = NULL;
	memory_gateway_close(memory);
}
