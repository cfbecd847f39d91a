#include "event_loop/waiting.h"

/* How long an ended connection may stay open for its peer to close it. */
#define LINGER_MS 500

/* How long the first request of a new connection may be on its way. */
#define FRESH_MS 100

void waiting_begin(struct waiting *waiting, uv_loop_t *loop, const struct waiting_limits *limits,
	void (*passed)(void *argument), void *argument)
{
	*waiting = (struct waiting){.limits = limits, .rested = uv_now(loop)};
	deadline_begin(&waiting->deadline, loop, passed, argument);
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Until when the next request may begin. */
static uint64_t idle_until(struct waiting *waiting, uint64_t now)
{
	const struct waiting_limits *limits = waiting->limits;

	if (waiting->rested == 0)
		waiting->rested = now;
	return waiting->rested +
	       (waiting->used ? limits->idle : least(limits->first, limits->idle));
}

static uint64_t find_deadline(struct waiting *waiting)
{
	uint64_t now = uv_now(waiting->deadline.timer.loop);

	switch (waiting->what) {
	case WAITING_IDLE:
		return idle_until(waiting, now);
	case WAITING_RECORD:
		return least(idle_until(waiting, now), now + waiting->limits->request);
	case WAITING_REQUEST:
	case WAITING_PEER:
		return now + waiting->limits->request;
	case WAITING_END:
		return now + LINGER_MS;
	case WAITING_NOT:
	case WAITING_ROUTE:
		break;
	}
	return DEADLINE_NEVER;
}

void waiting_set(struct waiting *waiting, enum waiting_for what)
{
	if (what == waiting->what)
		return;
	waiting->what = what;
	deadline_set(&waiting->deadline, find_deadline(waiting));
}

void waiting_answered(struct waiting *waiting)
{
	waiting->what = WAITING_NOT;
	waiting->used = true;
	waiting->rested = 0;
}

bool waiting_is_silent(const struct waiting *waiting)
{
	return waiting->what == WAITING_IDLE && !waiting->used;
}

static unsigned turn_of(const struct waiting *waiting)
{
	bool is_fresh = uv_now(waiting->deadline.timer.loop) < waiting->rested + FRESH_MS;

	if (waiting->used)
		return 1;
	return is_fresh ? 2 : 0;
}

bool waiting_goes_before(const struct waiting *waiting, const struct waiting *other)
{
	unsigned turn = turn_of(waiting), others = turn_of(other);

	return turn < others || (turn == others && waiting->rested < other->rested);
}

void waiting_cut_short(struct waiting *waiting)
{
	uint64_t end = waiting->rested + FRESH_MS;

	if (end < waiting->deadline.at)
		deadline_set(&waiting->deadline, end);
}

const char *waiting_name(enum waiting_for what)
{
	static const char *const names[] = {[WAITING_NOT] = "nothing",
		[WAITING_IDLE] = "idle",
		[WAITING_RECORD] = "request",
		[WAITING_REQUEST] = "request",
		[WAITING_ROUTE] = "route",
		[WAITING_PEER] = "peer",
		[WAITING_END] = "end"};

	return names[what];
}
