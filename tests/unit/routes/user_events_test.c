/* New users as events: their text, and where they begin. */
#include "routes/user_events.h"

#include <string.h>

#include "support/test.h"
#include "support/unit/test_site.h"

static void expect_source(
	struct test_site *site, uint64_t after, uint64_t until, bool has_more, const char *begin)
{
	struct buffer out = {0};

	assert_int_equal(user_events_source(site->store, &after, &out), has_more);
	assert_int_equal(after, until);
	buffer_append(&out, "", 1);
	assert_false(out.failed);
	assert_memory_equal(out.bytes, begin, strlen(begin));
	buffer_free(&out);
}

SITE_TEST(one_event_for_each)
{
	expect_source(site, 0, 0, false, "");
	test_site_fill(site, 2);
	expect_source(site, 0, 2, false,
		"id: 1\nevent: user\ndata: {\"number\":1,\"username\":\"user001\",\"created\":\"");
	expect_source(site, 1, 2, false,
		"id: 2\nevent: user\ndata: {\"number\":2,\"username\":\"user002\",\"created\":\"");
	expect_source(site, 2, 2, false, "");
}

SITE_TEST(a_chunk_at_a_time)
{
	test_site_fill(site, LIMIT_STREAM_CHUNK + 10);
	expect_source(site, 0, LIMIT_STREAM_CHUNK, true, "id: 1\n");
	expect_source(site, LIMIT_STREAM_CHUNK, LIMIT_STREAM_CHUNK + 10, false, "id: 101\n");
}

/* Under plain CGI nothing could send more later: clients are told not to come back. */
SITE_TEST(where_nothing_goes_on)
{
	struct memory_gateway *memory = test_site_get(site, "/users/events", NULL);
	assert_int_equal(memory_gateway_status(memory), 204);
	memory_gateway_expect_field(memory, "Content-Length", NULL);
	memory_gateway_expect_field(memory, "Content-Type", NULL);
	memory_gateway_close(memory);
}

static unsigned ask_after(struct test_site *site, const char *last_event_id)
{
	struct memory_gateway *memory = test_site_ask(site,
		&(struct memory_request){
			.method = "GET", .path = "/users/events", .last_event_id = last_event_id});
	unsigned status = memory_gateway_status(memory);

	memory_gateway_close(memory);
	return status;
}

SITE_TEST(ids_that_are_none)
{
	assert_int_equal(ask_after(site, "x"), 400);
	assert_int_equal(ask_after(site, "1 "), 400);
	assert_int_equal(ask_after(site, "-1"), 400);
	assert_int_equal(ask_after(site, "01"), 400);
	assert_int_equal(ask_after(site, "1000000000000000000"), 400);
	assert_int_equal(ask_after(site, "0"), 204);
	assert_int_equal(ask_after(site, "12"), 204);
	assert_int_equal(ask_after(site, ""), 204);
}
