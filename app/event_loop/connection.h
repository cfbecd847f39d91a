#ifndef ROLLCALL_EVENT_LOOP_CONNECTION_H
#define ROLLCALL_EVENT_LOOP_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <uv.h>

#include "base/log.h"
#include "base/result.h"
#include "event_loop/waiting.h"
#include "fastcgi/codec.h"
#include "fastcgi/framing.h"
#include "http/router.h"

struct connection;

/* Whether there is a place for everybody who wants to connect. */
enum room {
	ROOM_ENOUGH,
	ROOM_WANTED, /* somebody waits, and no connection was there to be given up: the next one is
		      */
	ROOM_COMING, /* somebody waits, and one is being given up */
};

/*
 * The connections of one server, and what they share. A connection gathers bytes until a request is
 * whole, has it decoded and dispatched, and writes the answer; then the next. It ends when the peer
 * closes it, breaks the specification, or lets a deadline pass. Loop thread only.
 *
 * While an answer waits for the peer to take it, nothing is read and nothing parsed: a peer that
 * does not read costs one read, one answer, and what `limits` allow.
 *
 * End of file ends a request that is not whole, and a response that goes on. Where an answer is
 * being waited for, it is written if the peer has closed its sending side only, and nothing more is
 * taken from it. A peer that has closed both is gone, and its request abandoned (response.h). Over
 * TCP the two look the same until something is written: there the request goes on, and the answer
 * is lost.
 */
struct connections {
	uv_loop_t *loop;
	struct codec *codec;
	const struct router *router;
	struct log *log;
	struct framing_limits limits;
	struct waiting_limits timeouts;
	const char *peers; /* who may connect over TCP (allow_list.h) */
	void (*on_closed)(void *argument);
	void *argument;

	/* Theirs; zero at first. */
	LIST_HEAD(, connection) list;
	size_t count;
	bool ending;
	enum room room;
	char bytes[65536]; /* what was just read; each callback uses it up before it returns */
};

/* Accepts the connection that waits on the listener. */
enum result connection_accept(
	struct connections *all, uv_stream_t *listener, bool is_tcp) MUST_CHECK;

/* Makes room for one more. Connections that have sent no request go first, without a word, as soon
 * as none can be on its way; then those that were used, of which the peer is asked to give them up.
 * Of each the one that has been idle for longest; if none is idle, the next one to be. */
void connections_make_room(struct connections *all);

/* From now on every answer is the last of its connection, and idle connections are given up.
 * `on_closed` tells of each. */
void connections_end(struct connections *all);

/* Closes all there are, whatever they are doing. */
void connections_close(struct connections *all);

#endif
