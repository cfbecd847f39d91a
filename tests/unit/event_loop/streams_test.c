/* Many answers that follow one source, over a real loop and gateways in memory. Time passes when
 * the test says so: hearts beat by hand, and pauses are over at once. */
#include "event_loop/streams.h"

#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "base/meters/meters.h"
#include "support/test.h"
#include "support/unit/captured_log.h"
#include "support/unit/memory_gateway.h"
#include "support/unit/seen_spans.h"

#define FOLLOWERS 300 /* several turns' worth */
#define CHUNK     3
#define HEARTBEAT 15000
#define BEATS     4
#define DUE       12345 /* longer than any pause */

/* The source has the numbers up to `last`, a letter each. */
struct fixture {
	uv_loop_t loop;
	uv_idle_t awake;
	struct captured_log log;
	struct streams *streams;
	struct memory_gateway *memory[FOLLOWERS];
	struct response *response[FOLLOWERS];
	uint64_t last;
	unsigned asked;
	bool is_failing; /* out of memory */
	bool is_growing; /* there is more by the time the source has answered, once */
	uint64_t due;    /* when it changes by the clock */
};

/* The timer of hearts, and what the other one was asked to wait for last. */
static struct {
	uv_timer_t *heart;
	uv_timer_cb on_beat;
	uint64_t period;
	unsigned starts; /* of that timer */
	uint64_t pause;
	uint64_t alarm;  /* what the one for changes by the clock was asked to wait for last */
	unsigned pauses; /* longer than none */
	unsigned rounds; /* that were asked for */
} timers;

/* The linker puts the first in the place of uv_timer_start(), which is the second. */
int __wrap_uv_timer_start(uv_timer_t *timer, uv_timer_cb due, uint64_t timeout, uint64_t repeat);
int __real_uv_timer_start(uv_timer_t *timer, uv_timer_cb due, uint64_t timeout, uint64_t repeat);

int __wrap_uv_timer_start(uv_timer_t *timer, uv_timer_cb due, uint64_t timeout, uint64_t repeat)
{
	if (repeat > 0) {
		assert_int_equal(timeout, repeat);
		timers.starts++;
		timers.period = repeat;
		timers.heart = timer;
		timers.on_beat = due;
		return 0;
	}
	if (timeout == DUE) {
		timers.alarm = timeout;
		return __real_uv_timer_start(timer, due, 0, 0);
	}
	timers.pause = timeout;
	timers.rounds++;
	timers.pauses += timeout > 0 ? 1 : 0;
	return __real_uv_timer_start(timer, due, 0, 0);
}

static bool source(void *argument, struct streams_position *position, struct buffer *out)
{
	struct fixture *f = argument;
	uint64_t *at = &position->at[2];

	f->asked++;
	if (f->is_growing) {
		f->is_growing = false;
		timers.pauses = 0;
		streams_wake(f->streams);
	}
	for (int i = 0; i < CHUNK && *at < f->last; i++) {
		char letter = (char)('a' + *at % 26);
		buffer_append(out, &letter, 1);
		++*at;
	}
	out->failed = f->is_failing;
	return *at < f->last;
}

static uint64_t due(void *argument)
{
	return ((const struct fixture *)argument)->due;
}

static void stay_awake(uv_idle_t *idle)
{
	(void)idle;
}

static void open_fixture(struct fixture *f, size_t most)
{
	*f = (struct fixture){.due = STREAMS_NEVER};
	timers.alarm = 0;
	timers.pauses = 0;
	timers.rounds = 0;
	timers.starts = 0;
	assert_int_equal(uv_loop_init(&f->loop), 0);
	uv_idle_init(&f->loop, &f->awake);
	uv_idle_start(&f->awake, stay_awake);
	captured_log_open(&f->log, LOG_DEBUG);
	f->streams = streams_open(&(struct streams_settings){.loop = &f->loop,
		.source = source,
		.due = due,
		.argument = f,
		.most = most,
		.heartbeat = HEARTBEAT,
		.sign = ".",
		.heartbeats = BEATS});
}

static void close_fixture(struct fixture *f)
{
	streams_end(f->streams);
	uv_close((uv_handle_t *)&f->awake, NULL);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&f->loop), 0);
	streams_close(f->streams);
	for (int i = 0; i < FOLLOWERS; i++) {
		if (f->memory[i] != NULL)
			memory_gateway_close(f->memory[i]);
	}
	captured_log_close(&f->log);
}

static int set_up(void **state)
{
	static struct fixture made;

	open_fixture(&made, FOLLOWERS);
	*state = &made;
	return 0;
}

static int tear_down(void **state)
{
	close_fixture(*state);
	return 0;
}

static void add(struct fixture *f, int i, uint64_t position)
{
	f->memory[i] = memory_gateway_open(&(struct memory_request){.method = "GET", .path = "/"});
	struct gateway *gateway = memory_gateway_of(f->memory[i]);
	f->response[i] = response_open(gateway, request_open(gateway), f->log.log);
	streams_add(f->streams, f->response[i], &(struct streams_position){{0, 0, position}});
	response_release(f->response[i]);
}

static bool has(const struct fixture *f, int i, const char *text)
{
	return strcmp(memory_gateway_body(f->memory[i]), text) == 0;
}

static size_t length_of(const struct fixture *f, int i)
{
	return strlen(memory_gateway_body(f->memory[i]));
}

/* Turns the loop until that one has got the text. */
static void wait_for(struct fixture *f, int i, const char *text)
{
	while (!has(f, i, text))
		uv_run(&f->loop, UV_RUN_NOWAIT);
}

/* Turns it until there is nothing left to do: a round takes several turns. */
static void settle(struct fixture *f)
{
	for (int i = 0; i < 3 * FOLLOWERS; i++)
		uv_run(&f->loop, UV_RUN_NOWAIT);
}

static void beat(struct fixture *f)
{
	timers.on_beat(timers.heart);
	settle(f);
}

static void grow(struct fixture *f, uint64_t last)
{
	f->last = last;
	streams_wake(f->streams);
}

/* The source changes at a moment that it knows, without a call. */
FIXTURE_TEST(a_change_by_the_clock)
{
	add(fixture, 0, 0);
	settle(fixture);
	fixture->due = DUE;
	beat(fixture);
	assert_int_equal(timers.alarm, DUE);
	fixture->due = STREAMS_NEVER;
	fixture->last = 1;
	wait_for(fixture, 0, ".a");
	unsigned rounds = timers.rounds;
	settle(fixture);
	assert_int_equal(timers.rounds, rounds);
}

FIXTURE_TEST(each_gets_all_that_follows_it)
{
	fixture->last = 2;
	for (int i = 0; i < FOLLOWERS; i++)
		add(fixture, i, i % 2 == 0 ? 0 : 2);
	grow(fixture, 7);
	for (int i = 0; i < FOLLOWERS; i++)
		wait_for(fixture, i, i % 2 == 0 ? "abcdefg" : "cdefg");
}

FIXTURE_TEST(those_at_one_place_share_a_chunk)
{
	for (int i = 0; i < FOLLOWERS; i++)
		add(fixture, i, 0);
	grow(fixture, 1);
	for (int i = 0; i < FOLLOWERS; i++)
		wait_for(fixture, i, "a");
	assert_true(fixture->asked < FOLLOWERS / 10);
}

/* Not more than a part in one turn. */
FIXTURE_TEST(others_have_their_turn)
{
	int served = 0;

	for (int i = 0; i < FOLLOWERS; i++)
		add(fixture, i, 0);
	grow(fixture, 1);
	while (served == 0) {
		uv_run(&fixture->loop, UV_RUN_NOWAIT);
		for (int i = 0; i < FOLLOWERS; i++)
			served += has(fixture, i, "a") ? 1 : 0;
	}
	assert_true(served < FOLLOWERS / 2);
}

FIXTURE_TEST(who_has_to_wait_gets_nothing_more)
{
	add(fixture, 0, 0);
	add(fixture, 1, 0);
	memory_gateway_clog(fixture->memory[0], true);
	assert_int_equal(meters.streams.blocked, 0);
	grow(fixture, 1);
	wait_for(fixture, 0, "a");
	grow(fixture, 5);
	wait_for(fixture, 1, "abcde");
	assert_true(has(fixture, 0, "a"));
	assert_int_equal(meters.streams.blocked, 1);
	memory_gateway_clog(fixture->memory[0], false);
	response_drained(fixture->response[0]);
	assert_int_equal(meters.streams.blocked, 0);
	wait_for(fixture, 0, "abcde");
}

FIXTURE_TEST(the_meters_have_the_streams)
{
	uint64_t begun = meters.streams.begun, sent = meters.streams.sent;

	add(fixture, 0, 0);
	add(fixture, 1, 0);
	assert_int_equal(meters.streams.open, 2);
	assert_int_equal(meters.streams.begun, begun + 2);
	memory_gateway_clog(fixture->memory[0], true);
	grow(fixture, 1);
	wait_for(fixture, 0, "a");
	wait_for(fixture, 1, "a");
	assert_int_equal(meters.streams.sent, sent + 2);
	/* One that goes while it is blocked is neither any more. */
	assert_int_equal(meters.streams.blocked, 1);
	response_abandon(fixture->response[0]);
	assert_int_equal(meters.streams.open, 1);
	assert_int_equal(meters.streams.blocked, 0);
}

FIXTURE_TEST(the_peer_of_one_goes)
{
	for (int i = 0; i < 3; i++)
		add(fixture, i, 0);
	response_abandon(fixture->response[1]);
	assert_int_equal(streams_count(fixture->streams), 2);
	assert_int_equal(memory_gateway_releases(fixture->memory[1]), 1);
	grow(fixture, 1);
	wait_for(fixture, 0, "a");
	wait_for(fixture, 2, "a");
}

static void on_lost(void *argument)
{
	response_abandon(argument);
}

/* Adds one whose peer is found to have gone when its beginning is sent, on a later turn than that
 * of its route. */
static void add_lost(struct fixture *f, int i)
{
	f->memory[i] = memory_gateway_open(&(struct memory_request){.method = "GET", .path = "/"});
	struct gateway *gateway = memory_gateway_of(f->memory[i]);
	f->response[i] = response_open(gateway, request_open(gateway), f->log.log);
	memory_gateway_lose(f->memory[i], on_lost, f->response[i]);
	streams_add(f->streams, f->response[i], &(struct streams_position){{0}});
	assert_int_equal(streams_count(f->streams), 0);
	assert_int_equal(memory_gateway_releases(f->memory[i]), 0);
	response_release(f->response[i]);
	assert_int_equal(memory_gateway_releases(f->memory[i]), 1);
}

FIXTURE_TEST(the_peer_goes_as_its_stream_begins)
{
	add_lost(fixture, 0);
}

/* The store answers after the stop, and the client has gone. */
FIXTURE_TEST(the_peer_goes_as_its_stream_begins_after_the_end)
{
	static struct fixture f;

	(void)fixture;
	open_fixture(&f, FOLLOWERS);
	streams_end(f.streams);
	add_lost(&f, 0);
	uv_close((uv_handle_t *)&f.awake, NULL);
	uv_run(&f.loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&f.loop), 0);
	streams_close(f.streams);
	memory_gateway_close(f.memory[0]);
	captured_log_close(&f.log);
}

/* The next in line goes between two turns of a round, which then goes on with the one behind it. */
FIXTURE_TEST(the_next_one_goes_in_the_middle_of_a_round)
{
	int next = 0;

	for (int i = 0; i < FOLLOWERS; i++)
		add(fixture, i, 0);
	settle(fixture);
	grow(fixture, 1);
	wait_for(fixture, 0, "a");
	while (has(fixture, next, "a"))
		next++;
	assert_in_range(next, 1, FOLLOWERS - 2);
	fixture->last = 2; /* not part of this round */
	unsigned asked = fixture->asked;
	response_abandon(fixture->response[next]);
	for (int i = next + 1; i < FOLLOWERS; i++)
		wait_for(fixture, i, "a");
	assert_true(has(fixture, next, ""));
	assert_int_equal(fixture->asked, asked);
}

FIXTURE_TEST(the_last_one_goes_in_the_middle_of_a_round)
{
	for (int i = 0; i < FOLLOWERS - 1; i++)
		add(fixture, i, 0);
	settle(fixture);
	grow(fixture, 1);
	wait_for(fixture, 0, "a");
	response_abandon(fixture->response[FOLLOWERS - 2]);
	add(fixture, FOLLOWERS - 1, 0);
	settle(fixture);
	assert_true(has(fixture, FOLLOWERS - 3, "a"));
	assert_true(has(fixture, FOLLOWERS - 2, ""));
	assert_true(has(fixture, FOLLOWERS - 1, "a"));
	assert_int_equal(streams_count(fixture->streams), FOLLOWERS - 1);
}

/* From chunk to chunk without a pause. */
FIXTURE_TEST(who_is_behind_catches_up_at_once)
{
	fixture->last = 1000;
	add(fixture, 0, 0);
	while (length_of(fixture, 0) < 1000)
		uv_run(&fixture->loop, UV_RUN_NOWAIT);
	assert_int_equal(timers.pauses, 0);
	assert_int_equal(memory_gateway_parts(fixture->memory[0]), 1 + 1000 / CHUNK + 1);
	unsigned rounds = timers.rounds;
	settle(fixture);
	assert_int_equal(timers.rounds, rounds);
}

FIXTURE_TEST(nobody_follows)
{
	grow(fixture, 1);
	beat(fixture);
	assert_int_equal(timers.rounds, 0);
}

/* Better none of a chunk than a part of it: a client that reconnects gets all. */
FIXTURE_TEST(a_chunk_without_memory_ends_the_stream)
{
	add(fixture, 0, 0);
	settle(fixture);
	fixture->is_failing = true;
	grow(fixture, 1);
	settle(fixture);
	assert_int_equal(memory_gateway_responds(fixture->memory[0]), 1);
	assert_true(has(fixture, 0, ""));
	assert_int_equal(streams_count(fixture->streams), 0);
}

/* What comes during a round waits for the next, which is no sooner than people would notice. */
FIXTURE_TEST(a_pause_between_rounds)
{
	add(fixture, 0, 0);
	settle(fixture);
	fixture->is_growing = true;
	grow(fixture, 1);
	settle(fixture);
	assert_int_equal(timers.pauses, 1);
	assert_in_range(timers.pause, 50, 200);
	assert_int_equal(fixture->asked, 3);
	assert_true(has(fixture, 0, "a"));
}

FIXTURE_TEST(signs_of_life_then_the_end)
{
	beat(fixture); /* before it began */
	add(fixture, 0, 0);
	settle(fixture);
	assert_true(has(fixture, 0, ""));
	for (int i = 1; i < BEATS; i++) {
		beat(fixture);
		assert_int_equal(length_of(fixture, 0), i);
	}
	assert_true(has(fixture, 0, "..."));
	assert_int_equal(memory_gateway_responds(fixture->memory[0]), 0);
	beat(fixture);
	assert_true(has(fixture, 0, "..."));
	assert_int_equal(memory_gateway_responds(fixture->memory[0]), 1);
	assert_int_equal(streams_count(fixture->streams), 0);
}

/* Those that begin later end later. */
FIXTURE_TEST(the_end_of_each)
{
	add(fixture, 0, 0);
	beat(fixture);
	add(fixture, 1, 0);
	for (int i = 1; i < BEATS; i++)
		beat(fixture);
	assert_int_equal(memory_gateway_responds(fixture->memory[0]), 1);
	assert_int_equal(memory_gateway_responds(fixture->memory[1]), 0);
	beat(fixture);
	assert_int_equal(memory_gateway_responds(fixture->memory[1]), 1);
}

/* It is one itself. */
FIXTURE_TEST(no_sign_of_life_beside_data)
{
	add(fixture, 0, 0);
	settle(fixture);
	fixture->last = 1;
	beat(fixture);
	assert_true(has(fixture, 0, "a"));
	streams_wake(fixture->streams); /* for nothing, in the same beat */
	settle(fixture);
	assert_true(has(fixture, 0, "a"));
	beat(fixture);
	streams_wake(fixture->streams);
	settle(fixture);
	assert_true(has(fixture, 0, "a."));
}

TEST(room)
{
	struct fixture f;

	open_fixture(&f, 2);
	add(&f, 0, 0);
	assert_true(streams_have_room(f.streams));
	add(&f, 1, 0);
	assert_false(streams_have_room(f.streams));
	response_abandon(f.response[0]);
	assert_true(streams_have_room(f.streams));
	close_fixture(&f);
}

/* A heart that is not to beat otherwise goes on as it does. */
TEST(other_settings)
{
	struct fixture f;

	open_fixture(&f, 1);
	assert_int_equal(timers.period, HEARTBEAT);
	add(&f, 0, 0);
	streams_change(f.streams, 2, HEARTBEAT);
	assert_true(streams_have_room(f.streams));
	assert_int_equal(timers.starts, 1);
	streams_change(f.streams, 1, HEARTBEAT + 1);
	assert_false(streams_have_room(f.streams));
	assert_int_equal(timers.starts, 2);
	assert_int_equal(timers.period, HEARTBEAT + 1);
	streams_change(f.streams, 1, HEARTBEAT + 1);
	assert_int_equal(timers.starts, 2);
	close_fixture(&f);
}

TEST(the_end_of_all)
{
	struct fixture f;

	open_fixture(&f, FOLLOWERS);
	for (int i = 0; i < FOLLOWERS - 1; i++)
		add(&f, i, 0);
	streams_end(f.streams);
	/* And of one that comes too late. */
	add(&f, FOLLOWERS - 1, 0);
	for (int i = 0; i < FOLLOWERS; i++)
		assert_int_equal(memory_gateway_responds(f.memory[i]), 1);
	uv_close((uv_handle_t *)&f.awake, NULL);
	uv_run(&f.loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&f.loop), 0);
	streams_close(f.streams);
	for (int i = 0; i < FOLLOWERS; i++)
		memory_gateway_close(f.memory[i]);
	captured_log_close(&f.log);
}

/* In the tests before. */
TEST(phases)
{
	expect_seen_span(PHASE_TIMERS, "on_heartbeat");
	expect_seen_span(PHASE_TIMERS, "on_due");
	expect_seen_span(PHASE_PENDING, "on_round");
	expect_seen_span(PHASE_TIMERS, "on_pause_over");
}
