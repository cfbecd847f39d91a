#ifndef ROLLCALL_EVENT_LOOP_CONNECTION_H
#define ROLLCALL_EVENT_LOOP_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <uv.h>

#include "base/buffer.h"
#include "base/result.h"
#include "event_loop/connection_state.h"
#include "event_loop/connections.h"
#include "event_loop/deadline.h"
#include "event_loop/socket.h"
#include "fastcgi/framing.h"

/*
 * A connection gathers bytes until a request is whole, has it answered (exchange.h), and writes the
 * response (connection_write.h); then the next. It ends when the peer closes it, breaks the
 * specification, or lets a deadline pass.
 *
 * End of file ends a request that is not whole, and a response that goes on. A response that is
 * still to come is written if the peer has closed its sending side only, and nothing more is read.
 * A peer that has closed both is gone, and its request abandoned (response.h). Over TCP the two
 * look the same until something is written: there the request goes on, and the response is lost.
 */
struct connection {
	union socket uv;
	struct deadline deadline;
	enum connection_state state;
	struct connections *all;
	LIST_ENTRY(connection) others;
	struct framing *framing;
	struct exchange *exchange; /* the request under way, or NULL */
	struct buffer unparsed;    /* what was read with a request whose response had to wait */
	size_t ahead;              /* bytes read behind what was parsed last */
	uint64_t rested;           /* loop time at which it was accepted or its last response
				      sent; 0: to be found out */
	bool is_used;              /* a response was sent */
	bool is_asked_to_close;    /* the peer was; a request that crosses that is answered */
	bool has_peer_finished;    /* it sends nothing more */
	unsigned open_handles;
	uv_shutdown_t shutdown;
};

/* Accepts the connection that waits on the listener. */
enum result connection_accept(
	struct connections *all, uv_stream_t *listener, bool is_tcp) MUST_CHECK;

/* Finds out what it waits for now. If that is a request, and it is to end, the peer is asked to
 * close it. */
void connection_rest(struct connection *connection);

/* All that was written has left: takes up what was put off for its sake. */
void connection_resume(struct connection *connection);

/* The request under way is abandoned. A second call does nothing. */
void connection_close(struct connection *connection);

#endif
