#ifndef ROLLCALL_EVENT_LOOP_CONNECTION_H
#define ROLLCALL_EVENT_LOOP_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <uv.h>

#include "base/buffer.h"
#include "base/meters/meters.h"
#include "base/result.h"
#include "event_loop/connection_state.h"
#include "event_loop/connections.h"
#include "event_loop/deadline.h"
#include "event_loop/socket.h"
#include "fastcgi/framing.h"

/*
 * A connection reads bytes until a request is whole, runs it (exchange.h), writes the response
 * (connection_write.h), and goes on to the next request. It ends when the peer closes it, violates
 * the specification, or misses a deadline.
 *
 * End of file ends an incomplete request, and a stream. If the peer has closed only its sending
 * side, a pending response is still written, and nothing more is read. If it has closed both
 * directions, its request is abandoned (response.h). Over TCP the two cases look the same until
 * something is written: there the request goes on, and the response is lost.
 */
struct connection {
	union socket uv;
	struct deadline deadline;
	enum connection_state state;
	struct connections *all;
	LIST_ENTRY(connection) others;
	struct framing *framing;
	struct exchange *exchange; /* the request under way, or NULL */
	struct exchange *leaving;  /* sent, but some of it waits for the peer; or NULL */
	uint64_t began;            /* since when a request comes in pieces; 0: it does not */
	struct buffer unparsed;    /* bytes read after a request whose response had to wait */
	size_t ahead;              /* bytes read, but not parsed yet */
	uint64_t rested;           /* loop time at which it was accepted or its last response
				      sent; 0: to be found out */
	bool is_used;              /* a response was sent */
	bool is_asked_to_close;    /* the peer was; a request on its way is still served */
	bool has_peer_finished;    /* it will send nothing more */
	unsigned open_handles;
	uv_shutdown_t shutdown;
};

/* Accepts the connection that waits at the listener. */
enum result connection_accept(
	struct connections *all, uv_stream_t *listener, bool is_tcp) MUST_CHECK;

/* Finds out what the connection waits for next. If that is a request although the server ends, asks
 * the peer to close the connection. */
void connection_rest(struct connection *connection);

/* Everything written has left: goes on with what had to wait for that. */
void connection_resume(struct connection *connection);

/* What waited for the peer has left, or never will: the response that it belongs to is over. */
void connection_left(struct connection *connection);

/* Abandons the request under way. A second call does nothing. */
void connection_close(struct connection *connection, enum closed_cause cause);

#endif
