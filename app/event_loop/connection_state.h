#ifndef ROLLCALL_EVENT_LOOP_CONNECTION_STATE_H
#define ROLLCALL_EVENT_LOOP_CONNECTION_STATE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What a connection waits for, and until when. connection_enter() is the one function that changes
 * it. Usually:
 *
 *	IDLE -> REQUEST -> ROUTE -> IDLE        REQUEST only if it comes in pieces
 *	ROUTE -> BLOCKED -> IDLE                if the peer does not take the response at once
 *	ROUTE -> LAST -> END -> CLOSED          if it is the last response, LAST as BLOCKED
 *	IDLE -> ASKED -> CLOSED                 if its place is wanted, or the server ends
 *
 * From every state it can go to CLOSED. While BLOCKED, nothing is read and nothing parsed: a peer
 * that does not read costs one read, one response, and what the limits allow.
 */
enum connection_state {
	CONNECTION_OPENED,  /* just now: to be found out */
	CONNECTION_IDLE,    /* for a request to begin */
	CONNECTION_LEAVING, /* the same, for a moment: it was never used, and its place is wanted */
	CONNECTION_ASKED,   /* the same: the peer was asked to close it */
	CONNECTION_RECORD,  /* for the rest of a record that does not belong to a request */
	CONNECTION_REQUEST, /* for the rest of a request */
	CONNECTION_ROUTE,   /* for the response: the store decides how long that takes */
	CONNECTION_BLOCKED, /* for the peer to take what was written; then it goes on */
	CONNECTION_LAST,    /* for the peer to take the last response */
	CONNECTION_END,     /* for the peer to close: the last response has left */
	CONNECTION_CLOSED,
};

/* All in milliseconds. */
struct connection_timeouts {
	uint64_t first;   /* until the first request begins */
	uint64_t idle;    /* from a response to the next request; longer than the web server keeps a
			     connection */
	uint64_t request; /* for a request to be whole, and again for its response to be taken */
};

struct connection;

/* Changes the state and sets its deadline. A deadline that runs already for the same state is left
 * alone, so that a peer cannot buy time a byte at a time. */
void connection_enter(struct connection *connection, enum connection_state state);

/* A request was answered: what it waited for is over, and its idle time begins anew. Nothing else
 * puts off the end of an idle connection. */
void connection_responded(struct connection *connection);

/* Whether it could be given up without a request being lost. */
bool connection_is_idle(const struct connection *connection);

/* Whether requests are taken. */
bool connection_is_reading(const struct connection *connection);

/* Of two that are idle: whether the one is to be given up before the other. Those that were never
 * used go first, unless they are so young that their first request may be on its way. */
bool connection_goes_before(const struct connection *connection, const struct connection *other);

/* For the log. */
const char *connection_state_name(enum connection_state state);

#endif
