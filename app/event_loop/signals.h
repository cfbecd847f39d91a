#ifndef ROLLCALL_EVENT_LOOP_SIGNALS_H
#define ROLLCALL_EVENT_LOOP_SIGNALS_H

#include <stdbool.h>
#include <uv.h>

/*
 * What signals do, from the beginning of main(): no signal that can be caught ends the server
 * uncleanly, except those that report a fault (SIGSEGV, SIGABRT and similar).
 *
 *	SIGTERM, SIGINT, SIGQUIT   ask it to stop; a second one has its usual effect, and ends it at
 *	                           once
 *	SIGXCPU                    asks it to stop
 *	SIGHUP                     asks it to read its settings again
 *	all others                 are ignored
 */

/* Ignores the signals without a meaning here. For commands, too, where the others keep their usual
 * effect. */
void signals_ignore(void);

/* From now on requests to stop or reload are remembered. */
void signals_catch(void);

/* From now on a signal to stop ends the program at once. */
void signals_let_go(void);

/* The name of the first signal that asked to stop, or NULL. */
const char *signals_stop_wanted(void);

/* Calls the callbacks on the loop thread, each at most once in a turn of the loop; for remembered
 * signals in the first turn. Does not keep the loop alive. */
typedef void signals_stop_cb(void *argument, const char *name);
typedef void signals_reload_cb(void *argument);

struct signals {
	uv_async_t wake;
	signals_stop_cb *on_stop;
	signals_reload_cb *on_reload; /* not called after on_stop */
	void *argument;
	bool is_stopping;
};

/* The caller fills in the callbacks. Only one at a time. False if the system has no resources. */
bool signals_watch(struct signals *signals, uv_loop_t *loop);

/* The struct can be freed once the loop has turned again. A later signal is remembered, or ends the
 * program if it was to stop already. */
void signals_unwatch(struct signals *signals);

#endif
