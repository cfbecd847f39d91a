/*
 * One timer for a deadline that moves with every request. The timer may expire too early, and is
 * set again then; a deadline that has passed counts only after one more poll (deadline.h).
 */
#include "event_loop/deadline.h"

#include "base/meters/loop_span.h"

/* A timer that expires this late shows that the process has stalled. */
#define STALL_MS 100

/* How long and how often a deadline is put off at most. */
#define RESPITE_MS 1000
#define RESPITES   4

static void on_ring(uv_timer_t *timer);

void deadline_begin(struct deadline *deadline, uv_loop_t *loop, deadline_cb *passed, void *argument)
{
	*deadline = (struct deadline){.passed = passed, .at = DEADLINE_NEVER};
	uv_timer_init(loop, &deadline->timer); /* cannot fail */
	deadline->timer.data = argument;
}

static void ring_at(struct deadline *deadline, uint64_t at)
{
	uint64_t now = uv_now(deadline->timer.loop);

	deadline->rings_at = at > now ? at : now;
	uv_timer_start(&deadline->timer, on_ring, deadline->rings_at - now, 0);
}

void deadline_set(struct deadline *deadline, uint64_t at)
{
	bool rings_before = deadline->rings_at > 0 && deadline->rings_at <= at;

	deadline->at = at;
	if (at > uv_now(deadline->timer.loop))
		deadline->respites = 0;
	if (at != DEADLINE_NEVER && !rings_before)
		ring_at(deadline, at);
}

/* The next millisecond comes after a poll. */
static void on_ring(uv_timer_t *timer)
{
	struct deadline *deadline = (struct deadline *)timer;
	uint64_t now = uv_now(timer->loop), late = now - deadline->rings_at;

	loop_span_begin(PHASE_TIMERS, __func__);
	deadline->rings_at = 0;
	if (deadline->at > now) {
		deadline_set(deadline, deadline->at);
	} else if (deadline->respites == 0 || (late > STALL_MS && deadline->respites < RESPITES)) {
		deadline->respites++;
		ring_at(deadline, now + 1 + (late < RESPITE_MS ? late : RESPITE_MS));
	} else {
		deadline->passed(timer->data);
	}
}

void deadline_end(struct deadline *deadline, uv_close_cb closed)
{
	if (!uv_is_closing((uv_handle_t *)&deadline->timer))
		uv_close((uv_handle_t *)&deadline->timer, closed);
}
