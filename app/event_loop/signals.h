#ifndef ROLLCALL_EVENT_LOOP_SIGNALS_H
#define ROLLCALL_EVENT_LOOP_SIGNALS_H

#include <stdbool.h>
#include <uv.h>

/*
 * What signals do, from the beginning of main() on: none that can be caught ends the server
 * uncleanly but those of a fault of its own (SIGSEGV, SIGABRT and their like).
 *
 *	SIGTERM, SIGINT, SIGQUIT   ask it to stop; after that each of them has its usual effect, and
 *	                           ends it at once
 *	SIGXCPU                    asks it to stop
 *	SIGHUP                     asks it to read its settings again
 *	all others                 are ignored
 */

/* Ignores those that have no meaning here. For commands too: what is left has its usual effect. */
void signals_ignore(void);

/* From now on what is asked for is remembered. */
void signals_catch(void);

/* From now on a signal to stop ends the program at once. */
void signals_let_go(void);

/* The name of the signal that asked to stop first, or NULL. */
const char *signals_stop_wanted(void);

/* Hands on what is asked for, on the loop thread, at most once each in a turn of the loop. What was
 * remembered comes with the first turn. Does not keep the loop alive. */
typedef void signals_stop_cb(void *argument, const char *name);
typedef void signals_reload_cb(void *argument);

struct signals {
	uv_async_t wake;
	signals_stop_cb *on_stop;
	signals_reload_cb *on_reload; /* no more once it is to stop */
	void *argument;
	bool is_stopping;
};

/* The caller has filled in the callbacks. Only one at a time. False if the system cannot. */
bool signals_watch(struct signals *signals, uv_loop_t *loop);

/* It can be freed once the loop has turned again. What comes now is remembered, or ends the program
 * if it was to stop already. */
void signals_unwatch(struct signals *signals);

#endif
