/* Where the time of a request went: the parts are its whole time. */
#include "http/request_times.h"

#include "base/meters/loop_span.h"
#include "support/test.h"
#include "support/unit/stopped_clock.h"

#define MS STOPPED_CLOCK_MS

static void expect_waits(const struct request_times *times, const struct request_waits *expected)
{
	const struct request_waits waits = request_times_waits(times, stopped_clock_now());

	assert_int_equal(waits.arriving, expected->arriving);
	assert_int_equal(waits.queue, expected->queue);
	assert_int_equal(waits.route, expected->route);
	assert_int_equal(waits.disk, expected->disk);
	assert_int_equal(waits.peer, expected->peer);
}

/* It came in pieces for 5 ms, and then others were first for 2 ms. */
static struct request_times taken_up(void)
{
	struct request_times times = {.began = stopped_clock_now()};

	times.arrived = stopped_clock_pass(5 * MS);
	times.routed = stopped_clock_pass(2 * MS);
	return times;
}

TEST(answered_at_once)
{
	struct request_times times = taken_up();

	stopped_clock_pass(3 * MS);
	request_times_resume(&times);
	expect_waits(&times,
		&(struct request_waits){.arriving = 5 * MS, .queue = 2 * MS, .route = 3 * MS});
	assert_int_equal(request_times_duration(&times, stopped_clock_now()), 5 * MS);
}

TEST(answered_after_the_disk)
{
	struct request_times times = taken_up();

	stopped_clock_pass(3 * MS);
	request_times_settle(&times);
	stopped_clock_pass(400 * MS);
	loop_span_begin(PHASE_CHECK, "on_turn");
	stopped_clock_pass(MS);
	request_times_resume(&times);
	expect_waits(&times,
		&(struct request_waits){
			.arriving = 5 * MS, .queue = 2 * MS, .route = 4 * MS, .disk = 400 * MS});
	stopped_clock_pass(10 * MS);
	request_times_resume(&times); /* a second time says nothing */
	const struct request_waits waits = request_times_waits(&times, stopped_clock_now());
	assert_int_equal(waits.disk, 400 * MS);
	assert_string_equal(request_waits_longest(&waits), "disk");
}

/* What is given up while it waits has waited for the disk until now. */
TEST(given_up_before_the_disk_is_done)
{
	struct request_times times = taken_up();

	request_times_settle(&times);
	stopped_clock_pass(90 * MS);
	expect_waits(&times,
		&(struct request_waits){.arriving = 5 * MS, .queue = 2 * MS, .disk = 90 * MS});
}

/* The callback in which it is answered is the one in which it was settled. */
TEST(answered_in_the_same_callback)
{
	loop_span_begin(PHASE_POLL, "on_read");
	struct request_times times = taken_up();

	stopped_clock_pass(MS);
	request_times_settle(&times);
	stopped_clock_pass(2 * MS);
	request_times_resume(&times);
	expect_waits(&times,
		&(struct request_waits){.arriving = 5 * MS, .queue = 2 * MS, .route = 3 * MS});
}

TEST(a_peer_that_takes_it_in_parts)
{
	struct request_times times = taken_up();

	stopped_clock_pass(MS);
	request_times_block(&times, true);
	stopped_clock_pass(30 * MS);
	request_times_block(&times, true); /* it still waits */
	stopped_clock_pass(20 * MS);
	request_times_block(&times, false);
	request_times_block(&times, false);
	stopped_clock_pass(MS);
	request_times_block(&times, true);
	stopped_clock_pass(100 * MS);
	expect_waits(&times,
		&(struct request_waits){
			.arriving = 5 * MS, .queue = 2 * MS, .route = 2 * MS, .peer = 150 * MS});
	const struct request_waits waits = request_times_waits(&times, stopped_clock_now());
	assert_string_equal(request_waits_longest(&waits), "peer");
}

TEST(a_gateway_that_says_nothing)
{
	struct request_times times = {0};

	request_times_begin(&times);
	stopped_clock_pass(2 * MS);
	expect_waits(&times, &(struct request_waits){.route = 2 * MS});
	request_times_begin(&times); /* known now */
	expect_waits(&times, &(struct request_waits){.route = 2 * MS});
}

TEST(what_took_longest)
{
	assert_string_equal(
		request_waits_longest(&(struct request_waits){.arriving = 2}), "arriving");
	assert_string_equal(
		request_waits_longest(&(struct request_waits){.arriving = 2, .queue = 3}), "queue");
	assert_string_equal(request_waits_longest(&(struct request_waits){.route = 1}), "route");
}

static void expect_header(const struct request_times *times, const char *expected)
{
	struct buffer head = {0};

	request_times_header(times, &head);
	buffer_append(&head, "", 1);
	assert_string_equal(head.bytes, expected);
	buffer_free(&head);
}

TEST(the_header_field)
{
	struct request_times times = taken_up();

	stopped_clock_pass(12 * MS + 34999);
	expect_header(&times, "Server-Timing: queue;dur=2.000, route;dur=12.034\r\n");
	request_times_settle(&times);
	stopped_clock_pass(7000);
	expect_header(
		&times, "Server-Timing: queue;dur=2.000, route;dur=12.034, disk;dur=0.007\r\n");
}
