#ifndef ROLLCALL_BASE_METERS_LOOP_SPAN_H
#define ROLLCALL_BASE_METERS_LOOP_SPAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/meters/meters.h"

/*
 * The time of the event loop, cut into spans without gaps. Each callback says at its beginning who
 * it is; that ends the span before, and reads the clock once. So a span has its callback and what
 * libuv does until the next one. A turn is all spans between two waits of the poll phase.
 *
 * The first callback after the poll phase has begun ends the wait. Loop thread only.
 */
struct loop_span {
	uint64_t began;
	uint64_t time; /* 0 while it lasts */
	const char *callback;
	enum loop_phase phase;
};

/* A turn that is over. */
struct loop_turn {
	uint64_t time;            /* without waiting */
	struct loop_span longest; /* of its spans */
};

/* A callback begins. Its name is a literal, or __func__. */
void loop_span_begin(enum loop_phase phase, const char *callback);

/* The poll phase begins to wait, which ends the turn. The first call only begins the first turn. */
struct loop_turn loop_span_wait(void);

/* When the callback that runs began. */
uint64_t loop_span_began(void);

/*
 * Since when what this turn found in its sockets may have been there. If the poll phase had to
 * wait, it arrived when the wait ended. If not, it arrived during the turn before: then this is the
 * time at which that one looked, so that a request is never said to have waited less than it did.
 */
uint64_t loop_span_arrival(void);

/* "timers", "pending", "poll", "check", "close". */
extern const char *const loop_phase_names[PHASES];

static inline const char *loop_phase_name(enum loop_phase phase)
{
	return loop_phase_names[phase];
}

#endif
