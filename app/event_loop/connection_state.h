#ifndef ROLLCALL_EVENT_LOOP_CONNECTION_STATE_H
#define ROLLCALL_EVENT_LOOP_CONNECTION_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/meters/meters.h"

/*
 * What a connection waits for, and until when. connection_enter() is the one function that changes
 * it. Usually:
 *
 *	IDLE -> REQUEST -> ROUTE -> IDLE        REQUEST only if a request comes in pieces
 *	ROUTE -> BLOCKED -> IDLE                if the peer does not take the response at once
 *	ROUTE -> LAST -> END -> CLOSED          for the last response; LAST is like BLOCKED
 *	IDLE -> ASKED -> CLOSED                 if its place is needed, or the server ends
 *
 * Every state can change to CLOSED. While BLOCKED, nothing is read or parsed: a peer that does not
 * read costs the memory of one read, one response, and what the limits allow.
 */
enum connection_state {
	CONNECTION_OPENED,  /* just now: not known yet */
	CONNECTION_IDLE,    /* for a request to begin */
	CONNECTION_LEAVING, /* the same, for a moment: never used, and its place is needed */
	CONNECTION_ASKED,   /* the same: the peer was asked to close it */
	CONNECTION_RECORD,  /* for the rest of a record that does not belong to a request */
	CONNECTION_REQUEST, /* for the rest of a request */
	CONNECTION_ROUTE,   /* for the response: the store sets the time */
	CONNECTION_BLOCKED, /* for the peer to take the response; then it goes on */
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

/* Changes the state and sets its deadline. If the state is the same, the deadline does not move, so
 * that a peer cannot gain time by sending a byte now and then. */
void connection_enter(struct connection *connection, enum connection_state state);

/* A response was sent: the idle time begins anew. Nothing else moves the deadline of an idle
 * connection. */
void connection_responded(struct connection *connection);

/* Whether it can be closed without losing a request. */
bool connection_is_idle(const struct connection *connection);

/* Whether it reads requests. */
bool connection_is_reading(const struct connection *connection);

/* Whether something that was written waits for the peer. */
bool connection_is_writing(const struct connection *connection);

/* Of two idle connections: whether the one is to be closed before the other. Unused ones go first,
 * unless they are so new that their first request may be on its way. */
bool connection_goes_before(const struct connection *connection, const struct connection *other);

/* Why a connection closes that its peer closes, or that has missed its deadline. */
enum closed_cause connection_cause_of_peer(const struct connection *connection);
enum closed_cause connection_cause_of_deadline(const struct connection *connection);

/* Or one with an error of libuv. */
enum closed_cause connection_cause_of(int error);

/* For the log. */
const char *connection_state_name(enum connection_state state);

#endif
