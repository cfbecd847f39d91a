#ifndef ROLLCALL_EVENT_LOOP_DEADLINE_H
#define ROLLCALL_EVENT_LOOP_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

/*
 * How long to wait for a peer. libuv runs timers before it polls: after a stall (a paused machine,
 * a frozen cgroup, SIGSTOP) timers expire before the loop sees what has arrived meanwhile. So a
 * deadline does not count when its timer expires: the loop polls first, and what it finds may move
 * the deadline. After a late expiry it is put off by the same time, a second at most: the peer may
 * have stalled, too, or may have more to send than one poll reads. This happens four times at most:
 * a loop that is late again and again has not stalled, but has too much to do.
 *
 * A timer that would expire too early keeps running, and is set again when it expires, not several
 * times in a request: that saves 160 of the 14,000 instructions of one.
 *
 * Times are milliseconds of uv_now(). Loop thread only.
 */
typedef void deadline_cb(void *argument);

struct deadline {
	uv_timer_t timer; /* its data is the argument */
	deadline_cb *passed;
	uint64_t at;
	uint64_t rings_at; /* when the timer expires; 0 if it does not run */
	unsigned respites; /* since it expired: how often it was put off for one more poll */
};

#define DEADLINE_NEVER UINT64_MAX

/* Begins with DEADLINE_NEVER. */
void deadline_begin(
	struct deadline *deadline, uv_loop_t *loop, deadline_cb *passed, void *argument);

/* Replaces the time set before. A time in the past is allowed; it gains no time after an expiry. */
void deadline_set(struct deadline *deadline, uint64_t at);

/* Ends the deadline: it no longer passes, and does not keep the loop alive. The memory is in use
 * until `closed`, which may be NULL. A second call does nothing. */
void deadline_end(struct deadline *deadline, uv_close_cb closed);

#endif
