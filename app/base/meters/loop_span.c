/*
 * The wait of the poll phase is a span like the others, but counts as idle. Its end is seen where
 * the first callback begins, so it includes what libuv does until then: about a microsecond for the
 * system call that waits. uv_metrics_idle_time() would be more exact by that, but makes libuv poll
 * twice for each wait (docs/performance.md has the figures).
 *
 * One call takes about 30 instructions, and reads the clock, which takes no system call: 25 ns. A
 * request takes three of them, a create some ten.
 */
#include "base/meters/loop_span.h"

/* A poll phase that takes less has not waited: this is more than its system call takes, and less
 * than it takes to wake a thread. */
#define NOT_WAITED 5000

const char *const loop_phase_names[PHASES] = {[PHASE_TIMERS] = "timers",
	[PHASE_PENDING] = "pending",
	[PHASE_POLL] = "poll",
	[PHASE_CHECK] = "check",
	[PHASE_CLOSE] = "close"};

static struct {
	struct loop_span now;
	struct loop_span longest; /* in this turn */
	bool is_waiting;
	uint64_t woke;    /* when this turn began */
	uint64_t arrival; /* loop_span_arrival() */
} spans;

/* The first callback of a turn. */
static void wake_up(uint64_t now)
{
	uint64_t waited = now - spans.now.began;

	meters.loop.idle += waited;
	spans.arrival = waited < NOT_WAITED ? spans.woke : now;
	spans.woke = now;
	spans.longest.time = 0;
	spans.is_waiting = false;
}

static void end_span(uint64_t now)
{
	spans.now.time = now - spans.now.began;
	meters.loop.busy[spans.now.phase] += spans.now.time;
	if (spans.now.time > spans.longest.time)
		spans.longest = spans.now;
}

/* Before the first span nothing is known. */
static void begin_first(uint64_t now)
{
	spans.now.began = now;
	spans.is_waiting = true;
}

void loop_span_begin(enum loop_phase phase, const char *callback)
{
	uint64_t now = meters_clock();

	if (spans.now.began == 0)
		begin_first(now);
	if (spans.is_waiting)
		wake_up(now);
	else
		end_span(now);
	spans.now = (struct loop_span){.began = now, .callback = callback, .phase = phase};
	meters.loop.callbacks[phase]++;
}

/* A wait that nothing has ended goes on. */
struct loop_turn loop_span_wait(void)
{
	uint64_t now = meters_clock();

	if (spans.now.began == 0)
		begin_first(now);
	if (spans.is_waiting)
		return (struct loop_turn){0};
	end_span(now);
	const struct loop_turn turn = {.time = now - spans.woke, .longest = spans.longest};
	histogram_add(&meters.loop.turn, histogram_times, turn.time);
	meters.loop.turns++;
	spans.now.began = now;
	spans.is_waiting = true;
	return turn;
}

uint64_t loop_span_began(void)
{
	return spans.now.began;
}

uint64_t loop_span_arrival(void)
{
	return spans.arrival;
}
