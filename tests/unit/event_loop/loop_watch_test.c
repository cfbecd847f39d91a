/* Turns that take long are logged with the callback that took the time, and what keeps a loop alive
 * is counted. The clock is the test's. */
#include "event_loop/loop_watch.h"

#include <string.h>
#include <uv.h>

#include "base/meters/loop_span.h"
#include "event_loop/worker_pool.h"
#include "support/test.h"
#include "support/unit/captured_log.h"
#include "support/unit/seen_spans.h"
#include "support/unit/stopped_clock.h"

struct fixture {
	uv_loop_t loop;
	struct captured_log log;
	struct loop_watch *watch;
	uv_timer_t timer;
	uv_check_t check;
	uint64_t timer_ms;
	uint64_t check_ms;
};

static void on_timer(uv_timer_t *timer)
{
	struct fixture *f = timer->data;

	loop_span_begin(PHASE_TIMERS, "on_timer");
	stopped_clock_pass(f->timer_ms * STOPPED_CLOCK_MS);
}

static void on_check(uv_check_t *check)
{
	struct fixture *f = check->data;

	loop_span_begin(PHASE_CHECK, "on_check");
	stopped_clock_pass(f->check_ms * STOPPED_CLOCK_MS);
}

static int set_up(void **state)
{
	static struct fixture made;
	struct fixture *f = &made;

	*f = (struct fixture){0};
	captured_log_open(&f->log, LOG_DEBUG);
	assert_int_equal(uv_loop_init(&f->loop), 0);
	uv_timer_init(&f->loop, &f->timer);
	uv_check_init(&f->loop, &f->check);
	f->timer.data = f;
	f->check.data = f;
	f->watch = loop_watch_open(&f->loop, f->log.log);
	meters = (struct meters){0};
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	loop_watch_end(f->watch);
	uv_close((uv_handle_t *)&f->timer, NULL);
	uv_close((uv_handle_t *)&f->check, NULL);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	loop_watch_close(f->watch);
	assert_int_equal(uv_loop_close(&f->loop), 0);
	captured_log_close(&f->log);
	return 0;
}

/* One turn with both callbacks, and the wait after it. */
static void turn_with(struct fixture *f, uint64_t check_ms, uint64_t timer_ms)
{
	f->check_ms = check_ms;
	f->timer_ms = timer_ms;
	uv_timer_start(&f->timer, on_timer, 0, 0);
	uv_check_start(&f->check, on_check);
	uv_run(&f->loop, UV_RUN_NOWAIT);
	uv_check_stop(&f->check);
	/* Not due: it keeps the loop alive up to its wait. */
	uv_timer_start(&f->timer, on_timer, 3600000, 0);
	uv_run(&f->loop, UV_RUN_NOWAIT);
	uv_timer_stop(&f->timer);
}

FIXTURE_TEST(a_long_turn_is_logged_with_what_took_the_time)
{
	turn_with(fixture, 170, 20);
	captured_log_expect(&fixture->log,
		"level=warn event=loop-delayed phase=check callback=on_check ms=170 ");
	assert_int_equal(meters.loop.delayed, 1);
}

FIXTURE_TEST(a_usual_turn_is_not_logged)
{
	turn_with(fixture, 60, 30);
	assert_int_equal(captured_log_count(&fixture->log, "loop-delayed"), 0);
	assert_int_equal(meters.loop.delayed, 0);
	assert_true(meters.loop.turns > 0);
}

/* However long nothing happens. */
FIXTURE_TEST(a_long_wait_is_not_logged)
{
	turn_with(fixture, 1, 1);
	stopped_clock_pass(60000 * STOPPED_CLOCK_MS);
	turn_with(fixture, 1, 1);
	assert_int_equal(captured_log_count(&fixture->log, "loop-delayed"), 0);
	assert_true(meters.loop.idle >= 60000 * STOPPED_CLOCK_MS);
}

FIXTURE_TEST(it_keeps_nothing_alive)
{
	assert_false(uv_loop_alive(&fixture->loop));
}

/* That of the seconds, which is the only timer that is not the test's. */
static void find_timer(uv_handle_t *handle, void *argument)
{
	const uv_timer_t **found = argument;

	if (handle->type == UV_TIMER && uv_is_active(handle) && !uv_has_ref(handle))
		*found = (const uv_timer_t *)handle;
}

static void hold_up(uv_timer_t *timer)
{
	const uv_timer_t *second = timer->data;

	uint64_t until = uv_now(timer->loop) + uv_timer_get_due_in(second) + 150;
	while (uv_now(timer->loop) < until)
		uv_update_time(timer->loop);
}

/* Timers of a second that begin with it would be due in the same turn, and so would all that one
 * long turn has held up. */
FIXTURE_TEST(seconds_end_between_those_of_other_timers)
{
	const uv_timer_t *second = NULL;
	uint64_t begun = uv_now(&fixture->loop);

	uv_walk(&fixture->loop, find_timer, &second);
	assert_non_null(second);
	assert_int_equal(uv_timer_get_due_in(second), 500);
	fixture->timer.data = (void *)(uintptr_t)second;
	uv_timer_start(&fixture->timer, hold_up, 0, 0);
	/* It keeps the loop alive, which the timer of the seconds does not. */
	uv_check_start(&fixture->check, on_check);
	while (loop_watch_minute(fixture->watch)->count == 0)
		uv_run(&fixture->loop, UV_RUN_NOWAIT);
	uv_check_stop(&fixture->check);
	uint64_t due = uv_now(&fixture->loop) + uv_timer_get_due_in(second);
	assert_int_equal((due - begun) % 1000, 500);
}

static void wait_for_it(void *argument)
{
	uv_sem_wait(argument);
}

static void forget(void *argument)
{
	(void)argument;
}

/* libuv's pool has a handle of its own, with which threads wake the loop. */
FIXTURE_TEST(what_keeps_the_loop_alive)
{
	struct loop_alive alive;
	uv_sem_t go;
	struct worker_job job = {
		.work = wait_for_it, .done = forget, .argument = &go, .name = "test"};

	uv_sem_init(&go, 0);
	worker_pool_run(&fixture->loop, &job);
	uv_timer_start(&fixture->timer, on_timer, 1000000, 0);
	uv_check_start(&fixture->check, on_check);
	uv_unref((uv_handle_t *)&fixture->check);
	loop_watch_alive(fixture->watch, &alive);
	assert_int_equal(alive.handles[ALIVE_TIMERS].keeping, 1);
	assert_int_equal(alive.handles[ALIVE_CHECKS].keeping, 0);
	assert_int_equal(alive.handles[ALIVE_CHECKS].watching, 1);
	assert_int_equal(alive.handles[ALIVE_PREPARES].watching, 1);
	assert_int_equal(alive.handles[ALIVE_LISTENERS].inactive, 0);
	assert_int_equal(alive.closing, 0);
	assert_int_equal(alive.jobs, 1);
	assert_int_equal(alive.writes, 0);
	uv_timer_stop(&fixture->timer);
	uv_sem_post(&go);
	uv_run(&fixture->loop, UV_RUN_DEFAULT);
	loop_watch_alive(fixture->watch, &alive);
	assert_int_equal(alive.handles[ALIVE_TIMERS].inactive, 1);
	assert_int_equal(alive.jobs, 0);
	uv_sem_destroy(&go);
}

TEST(without_a_watch_there_is_nothing)
{
	struct loop_alive alive = {.jobs = 1};

	loop_watch_alive(NULL, &alive);
	assert_int_equal(alive.jobs, 0);
	for (unsigned i = 0; i < ALIVE_KINDS; i++)
		assert_true(strlen(alive_kind_name((enum alive_kind)i)) > 0);
}

/* In the tests before. */
TEST(phases)
{
	expect_seen_span(PHASE_TIMERS, "on_second");
}
