/* How many streams a site has, and when they are told of something. */
#include "site_streams.h"

#include <string.h>

#include "base/limit.h"
#include "event_loop/streams.h"
#include "routes/loop/loop_events.h"
#include "routes/user_events.h"
#include "support/test.h"
#include "support/unit/test_site.h"

#define HEARTBEAT INT64_C(15000)

/* What was asked for: the streams of users first, then those of the loop. */
static struct {
	struct streams_settings opened[2];
	size_t opens;
	size_t most[2];
	uint64_t heartbeats[2];
	size_t changes;
	const struct streams *woken;
	size_t wakes, ends;
} seen;

/* The linker puts the first of each pair in the place of the second. */
struct streams *__wrap_streams_open(const struct streams_settings *settings);
struct streams *__real_streams_open(const struct streams_settings *settings);
void __wrap_streams_change(struct streams *streams, size_t most, uint64_t heartbeat);
void __real_streams_change(struct streams *streams, size_t most, uint64_t heartbeat);
void __wrap_streams_wake(struct streams *streams);
void __real_streams_wake(struct streams *streams);
void __wrap_streams_end(struct streams *streams);
void __real_streams_end(struct streams *streams);

struct streams *__wrap_streams_open(const struct streams_settings *settings)
{
	assert_true(seen.opens < 2);
	seen.opened[seen.opens++] = *settings;
	return __real_streams_open(settings);
}

void __wrap_streams_change(struct streams *streams, size_t most, uint64_t heartbeat)
{
	assert_true(seen.changes < 2);
	seen.most[seen.changes] = most;
	seen.heartbeats[seen.changes++] = heartbeat;
	__real_streams_change(streams, most, heartbeat);
}

void __wrap_streams_wake(struct streams *streams)
{
	seen.woken = streams;
	seen.wakes++;
	__real_streams_wake(streams);
}

void __wrap_streams_end(struct streams *streams)
{
	seen.ends++;
	__real_streams_end(streams);
}

static void expect_opened(const struct streams_settings *opened, struct site *site, size_t most)
{
	assert_int_equal(opened->most, most);
	assert_int_equal(opened->heartbeat, HEARTBEAT);
	assert_int_equal(opened->heartbeats, LIMIT_STREAM_BEATS);
	assert_string_equal(opened->sign, ":\n\n");
	assert_ptr_equal(opened->argument, site);
}

/* A quarter as many look at the loop. */
static void expect_streams(struct test_site *test_site, int64_t wanted, size_t connections,
	size_t most, size_t watchers)
{
	struct site site = test_site->site;
	const struct options options = {.max_streams = wanted, .heartbeat = HEARTBEAT};
	const struct options later = {.max_streams = wanted, .heartbeat = 2 * HEARTBEAT};

	memset(&seen, 0, sizeof(seen));
	site_streams_open(&site, &options, &test_site->loop, connections);
	assert_int_equal(seen.opens, 2);
	expect_opened(&seen.opened[0], &site, most);
	expect_opened(&seen.opened[1], &site, watchers);
	assert_true(seen.opened[0].source == user_events_source);
	assert_true(seen.opened[0].due == user_events_due);
	assert_true(seen.opened[1].source == loop_events_source);
	assert_null(seen.opened[1].due);
	site_streams_change(&site, &later, connections);
	assert_int_equal(seen.changes, 2);
	assert_int_equal(seen.most[0], most);
	assert_int_equal(seen.most[1], watchers);
	assert_int_equal(seen.heartbeats[0], 2 * HEARTBEAT);
	assert_int_equal(seen.heartbeats[1], 2 * HEARTBEAT);
	assert_int_equal(test_site_create(test_site, "username=Ada"), 303);
	assert_int_equal(seen.wakes, 1);
	assert_ptr_equal(seen.woken, site.streams);
	site_streams_stop(&site);
	assert_int_equal(seen.ends, 2);
	site_streams_end(&site);
	test_site_turn(test_site);
	site_streams_close(&site);
}

SITE_TEST(as_many_as_are_wanted)
{
	expect_streams(site, 100, 200, 100, 25);
}

SITE_TEST(half_of_the_connections)
{
	expect_streams(site, 100, 199, 99, 24);
}

SITE_TEST(few_connections)
{
	expect_streams(site, 100, 1, 0, 0);
}

SITE_TEST(watchers_have_a_limit)
{
	expect_streams(site, INT64_C(4) * (LIMIT_WATCHERS + 1), 100000,
		(size_t)4 * (LIMIT_WATCHERS + 1), LIMIT_WATCHERS);
}

/* Where nothing goes on, there is nothing to stop. */
TEST(no_streams)
{
	struct site site = {.streams = NULL};

	memset(&seen, 0, sizeof(seen));
	site_streams_stop(&site);
	assert_int_equal(seen.ends, 0);
}
