/* Portions: one in a turn, in order. */
#include "event_loop/turns.h"

#include <uv.h>

#include "support/test.h"
#include "support/unit/seen_spans.h"

#define MOST 8

struct work {
	uv_loop_t loop;
	uv_idle_t awake; /* keeps the loop alive, as connections do */
	struct turns *turns;
	struct turn turn[3];
	int done[MOST]; /* which of them had its part, in order */
	int count;
	int again; /* parts that the first one still has after its next */
};

static struct work work;

static void on_part(void *argument)
{
	int which = (int)((struct turn *)argument - work.turn);

	assert_true(work.count < MOST);
	work.done[work.count++] = which;
	if (which == 0 && work.again-- > 0)
		turns_wait(work.turns, &work.turn[0], on_part, &work.turn[0]);
}

static void wait_for(int which)
{
	turns_wait(work.turns, &work.turn[which], on_part, &work.turn[which]);
}

static void begin_work(void)
{
	work = (struct work){.count = 0};
	assert_int_equal(uv_loop_init(&work.loop), 0);
	assert_int_equal(uv_idle_init(&work.loop, &work.awake), 0);
	work.turns = turns_open(&work.loop);
}

static void end_work(void)
{
	uv_close((uv_handle_t *)&work.awake, NULL);
	turns_end(work.turns);
	uv_run(&work.loop, UV_RUN_DEFAULT);
	turns_close(work.turns);
	assert_int_equal(uv_loop_close(&work.loop), 0);
}

static void stay_awake(uv_idle_t *awake)
{
	(void)awake;
}

/* Returns how many have had their part by then. */
static int turn(void)
{
	uv_idle_start(&work.awake, stay_awake);
	uv_run(&work.loop, UV_RUN_NOWAIT);
	uv_idle_stop(&work.awake);
	return work.count;
}

TEST(one_part_in_a_turn_in_order)
{
	begin_work();
	work.again = 1;
	wait_for(0);
	wait_for(1);
	wait_for(2);
	for (int i = 1; i <= 4; i++)
		assert_int_equal(turn(), i);
	assert_int_equal(turn(), 4);
	assert_int_equal(work.done[0], 0);
	assert_int_equal(work.done[1], 1);
	assert_int_equal(work.done[2], 2);
	assert_int_equal(work.done[3], 0);
	end_work();
}

TEST(cancelled)
{
	begin_work();
	wait_for(0);
	wait_for(1);
	turns_cancel(work.turns, &work.turn[0]);
	turns_cancel(work.turns, &work.turn[2]);
	assert_int_equal(turn(), 1);
	assert_int_equal(work.done[0], 1);
	wait_for(2);
	turns_cancel(work.turns, &work.turn[2]);
	assert_int_equal(turn(), 1);
	end_work();
}

/* The loop ends although a part waits: what the work is for keeps it alive. */
TEST(nothing_keeps_the_loop)
{
	begin_work();
	wait_for(0);
	assert_int_equal(uv_run(&work.loop, UV_RUN_DEFAULT), 0);
	assert_int_equal(work.count, 0);
	turns_cancel(work.turns, &work.turn[0]);
	end_work();
}

/* In the tests before. */
TEST(phases)
{
	expect_seen_span(PHASE_PENDING, "on_next_turn");
}
