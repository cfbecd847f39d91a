/* Spans have no gaps between them: the time of a loop is that of its phases and of its waits. */
#include "base/meters/loop_span.h"

#include "support/test.h"
#include "support/unit/stopped_clock.h"

#define MS STOPPED_CLOCK_MS

static int begin(void **state)
{
	(void)state;
	loop_span_wait(); /* of the test before */
	meters = (struct meters){0};
	return 0;
}

/* A callback that takes so long. */
static void run(enum loop_phase phase, const char *callback, uint64_t time)
{
	loop_span_begin(phase, callback);
	stopped_clock_pass(time);
}

TEST_WITH(begin, NULL, the_time_of_each_phase)
{
	stopped_clock_pass(100 * MS);
	run(PHASE_POLL, "on_read", 2 * MS);
	run(PHASE_POLL, "on_read", 3 * MS);
	run(PHASE_CHECK, "on_turn", 4 * MS);
	run(PHASE_CLOSE, "on_closed", MS);
	run(PHASE_TIMERS, "on_ring", 5 * MS);
	run(PHASE_PENDING, "on_round", 6 * MS);
	loop_span_wait();
	assert_int_equal(meters.loop.idle, 100 * MS);
	assert_int_equal(meters.loop.busy[PHASE_POLL], 5 * MS);
	assert_int_equal(meters.loop.busy[PHASE_CHECK], 4 * MS);
	assert_int_equal(meters.loop.busy[PHASE_CLOSE], MS);
	assert_int_equal(meters.loop.busy[PHASE_TIMERS], 5 * MS);
	assert_int_equal(meters.loop.busy[PHASE_PENDING], 6 * MS);
	assert_int_equal(meters.loop.callbacks[PHASE_POLL], 2);
	assert_int_equal(meters.loop.callbacks[PHASE_CHECK], 1);
}

TEST_WITH(begin, NULL, a_turn_and_the_longest_of_its_spans)
{
	run(PHASE_POLL, "first", 20 * MS);
	loop_span_wait();
	stopped_clock_pass(1000 * MS);
	run(PHASE_POLL, "on_read", 2 * MS);
	run(PHASE_CHECK, "on_turn", 7 * MS);
	run(PHASE_TIMERS, "on_ring", 3 * MS);
	const struct loop_turn turn = loop_span_wait();
	assert_int_equal(turn.time, 12 * MS);
	assert_int_equal(turn.longest.time, 7 * MS);
	assert_int_equal(turn.longest.phase, PHASE_CHECK);
	assert_string_equal(turn.longest.callback, "on_turn");
	assert_int_equal(meters.loop.turns, 2);
	assert_int_equal(histogram_count(&meters.loop.turn), 2);
	assert_int_equal(meters.loop.turn.sum, 32 * MS);
}

/* The poll phase waits until a timer is due: nobody's callback has run. */
TEST_WITH(begin, NULL, a_wait_that_nothing_ends_is_one_wait)
{
	stopped_clock_pass(10 * MS);
	assert_int_equal(loop_span_wait().time, 0);
	stopped_clock_pass(20 * MS);
	run(PHASE_TIMERS, "on_ring", MS);
	loop_span_wait();
	assert_int_equal(meters.loop.idle, 30 * MS);
	assert_int_equal(meters.loop.turns, 1);
}

TEST_WITH(begin, NULL, what_comes_after_a_wait_has_come_just_then)
{
	run(PHASE_POLL, "on_read", MS);
	loop_span_wait();
	stopped_clock_pass(50 * MS);
	uint64_t woke = stopped_clock_now();
	run(PHASE_POLL, "on_connection", 3 * MS);
	loop_span_begin(PHASE_POLL, "on_read");
	assert_int_equal(loop_span_arrival(), woke);
	assert_int_equal(loop_span_began(), woke + 3 * MS);
}

/* While the turn before took its time, what this one finds may have lain there all along. */
TEST_WITH(begin, NULL, what_is_there_without_a_wait_may_have_come_before)
{
	stopped_clock_pass(50 * MS);
	uint64_t woke = stopped_clock_now();
	run(PHASE_POLL, "on_read", 700 * MS);
	loop_span_wait();
	run(PHASE_POLL, "on_read", MS);
	assert_int_equal(loop_span_arrival(), woke);
	loop_span_wait();
	run(PHASE_POLL, "on_read", MS);
	assert_int_equal(loop_span_arrival(), woke + 700 * MS);
}
