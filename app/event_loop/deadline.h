#ifndef ROLLCALL_EVENT_LOOP_DEADLINE_H
#define ROLLCALL_EVENT_LOOP_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

/*
 * How long a peer is waited for. libuv runs timers before it polls: when the process has stood
 * still (a paused machine, a frozen cgroup, SIGSTOP), its timers expire before the loop sees what
 * has arrived meanwhile. So a deadline that rings does not count yet: the loop polls first, and
 * what it finds may set the deadline anew. One that rings late is put off by as much, a second at
 * most: the peer may have stood still, too, or have more to send than one poll reads. That happens
 * four times at most: a loop that is late again and again has not stood still, but has too much to
 * do.
 *
 * To set one is cheap. A timer that would ring too early is left alone, and set again when it
 * rings: once in a long while, and not several times in a request.
 *
 * Times are milliseconds of uv_now(). Loop thread only.
 */
typedef void deadline_cb(void *argument);

struct deadline {
	uv_timer_t timer; /* its data is the argument */
	deadline_cb *passed;
	uint64_t at;
	uint64_t rings_at; /* the timer; 0 if it does not run */
	unsigned respites; /* since it has rung: how often the loop was to poll once more */
};

#define DEADLINE_NEVER UINT64_MAX

/* Begins with DEADLINE_NEVER. */
void deadline_begin(
	struct deadline *deadline, uv_loop_t *loop, deadline_cb *passed, void *argument);

/* In place of what was set before. A time in the past is fine; it buys no time after one that has
 * rung. */
void deadline_set(struct deadline *deadline, uint64_t at);

/* It does not pass any more, and does not keep the loop alive. `closed` may be NULL; the memory is
 * in use until then. A second call does nothing. */
void deadline_end(struct deadline *deadline, uv_close_cb closed);

#endif
