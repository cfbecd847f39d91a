#ifndef ROLLCALL_CONNECTION_H
#define ROLLCALL_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "codec.h"
#include "framing.h"
#include "log.h"
#include "router.h"
#include "status.h"

struct connection;

/*
 * The connections of one server, and what they share. A connection gathers bytes until a request is
 * whole, has it decoded and dispatched, and writes the answer; then the next. It ends when the peer
 * closes it, breaks the specification, or lets a deadline pass. Loop thread only.
 */
struct connections {
	uv_loop_t *loop;
	struct codec *codec;
	const struct router *router;
	struct log *log;
	struct framing_limits limits;
	uint64_t request_timeout; /* milliseconds for a request to be whole, and again for its
				     answer to be taken */
	uint64_t idle_timeout; /* milliseconds between requests; longer than the web server keeps a
				  connection */
	const char *peers;     /* who may connect over TCP (peer.h) */
	void (*on_closed)(void *argument);
	void *argument;

	/* Theirs; zero at first. */
	struct connection *first;
	size_t count;
	bool ending;
	bool crowded;      /* somebody waits for a place, and none was idle */
	char bytes[65536]; /* what was just read; each callback uses it up before it returns */
};

/* Accepts the connection that waits on the listener. */
enum status connection_accept(
	struct connections *all, uv_stream_t *listener, bool is_tcp) MUST_CHECK;

/* Makes room for one more: asks the peer of the idle connection that would be closed first to give
 * it up, or if none is idle, that of the next one to be. */
void connections_give_up_idle(struct connections *all);

/* From now on every answer is the last of its connection, and idle connections are given up.
 * `on_closed` tells of each. */
void connections_end(struct connections *all);

/* Closes all there are, whatever they are doing. */
void connections_close(struct connections *all);

#endif
