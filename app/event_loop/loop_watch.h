#ifndef ROLLCALL_EVENT_LOOP_LOOP_WATCH_H
#define ROLLCALL_EVENT_LOOP_LOOP_WATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "base/meters/minute.h"

/*
 * Watches the event loop: ends each turn for the meters (base/meters/loop_span.h), logs a turn that
 * took too long, with the callback that it spent most of its time in, says what keeps the loop
 * alive, and remembers the last minute. It keeps nothing alive itself. Loop thread only.
 */
struct loop_watch;

/* libuv's uv_loop_t: routes include this header, and must not see <uv.h>. */
struct uv_loop_s;

struct loop_watch *loop_watch_open(struct uv_loop_s *loop, struct log *log);

/* The loop has to run once more before loop_watch_close(). NULL is fine for both. */
void loop_watch_end(struct loop_watch *watch);
void loop_watch_close(struct loop_watch *watch);

/* What the meters showed in the last minute, second by second. */
const struct minute *loop_watch_minute(const struct loop_watch *watch);

/* Calls `passed` after each second, when the minute has it. */
typedef void loop_second_cb(void *argument);
void loop_watch_seconds(struct loop_watch *watch, loop_second_cb *passed, void *argument);

enum alive_kind {
	ALIVE_LISTENERS,
	ALIVE_CONNECTIONS,
	ALIVE_TIMERS,
	ALIVE_IDLES, /* handles of the phase of that name; so are the next two */
	ALIVE_PREPARES,
	ALIVE_CHECKS,
	ALIVE_ASYNCS, /* with which threads and signals wake the loop */
	ALIVE_OTHERS,
	ALIVE_KINDS
};

/* The handles and requests of the loop. It runs as long as there are any of those that keep it
 * alive. */
struct loop_alive {
	struct {
		size_t keeping;  /* active handles that keep the loop alive */
		size_t watching; /* active ones that do not: unreferenced */
		size_t inactive;
	} handles[ALIVE_KINDS];
	size_t closing; /* handles; these keep it alive, too, and so do requests: */
	size_t jobs;    /* of the worker pool */
	size_t writes;  /* and ends of connections that wait for their peers */
};

/* Asks the loop: a few nanoseconds for each handle. All is zero if there is no watch. */
void loop_watch_alive(const struct loop_watch *watch, struct loop_alive *alive);

/* "listener", "connection", "timer", "idle", "prepare", "check", "async", "other". */
const char *alive_kind_name(enum alive_kind kind);

#endif
