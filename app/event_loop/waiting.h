#ifndef ROLLCALL_EVENT_LOOP_WAITING_H
#define ROLLCALL_EVENT_LOOP_WAITING_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "event_loop/deadline.h"

/*
 * What a connection waits for, and until when. A deadline that runs already is left alone, so that
 * a peer cannot buy time a byte at a time; and only an answer puts off the end of an idle
 * connection, whatever records come meanwhile. Loop thread only.
 */
enum waiting_for {
	WAITING_NOT,     /* to be found out */
	WAITING_IDLE,    /* for a request to begin */
	WAITING_RECORD,  /* for the rest of a record that does not belong to a request */
	WAITING_REQUEST, /* for the rest of a request */
	WAITING_ROUTE,   /* for its answer: the store decides how long that takes */
	WAITING_PEER,    /* for the peer to take the answer */
	WAITING_END,     /* for the peer to close */
};

/* All in milliseconds. */
struct waiting_limits {
	uint64_t first;   /* until the first request begins */
	uint64_t idle;    /* from an answer to the next request; longer than the web server keeps a
			     connection */
	uint64_t request; /* for a request to be whole, and again for its answer to be taken */
};

struct waiting {
	struct deadline deadline;
	const struct waiting_limits *limits;
	enum waiting_for what;
	bool used;       /* a request was answered */
	uint64_t rested; /* loop time at which it was accepted or its last request answered; 0: to
			    be found out */
};

/* Begins, as deadline_begin() does, with WAITING_NOT. The limits are borrowed. */
void waiting_begin(struct waiting *waiting, uv_loop_t *loop, const struct waiting_limits *limits,
	void (*passed)(void *argument), void *argument);

/* From now on it waits for that. */
void waiting_set(struct waiting *waiting, enum waiting_for what);

/* A request was answered. */
void waiting_answered(struct waiting *waiting);

/* Whether no request has come, nor has one begun. */
bool waiting_is_silent(const struct waiting *waiting);

/* Of two that are idle: whether the one is to be given up before the other. Those that are silent
 * go first, unless they are so young that their first request may be on its way. */
bool waiting_goes_before(const struct waiting *waiting, const struct waiting *other);

/* Ends one that is silent as soon as it is not that young any more. */
void waiting_cut_short(struct waiting *waiting);

/* For the log. */
const char *waiting_name(enum waiting_for what);

#endif
