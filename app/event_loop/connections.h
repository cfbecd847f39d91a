#ifndef ROLLCALL_EVENT_LOOP_CONNECTIONS_H
#define ROLLCALL_EVENT_LOOP_CONNECTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>
#include <uv.h>

#include "base/buffer.h"
#include "base/log.h"
#include "event_loop/connection_state.h"
#include "fastcgi/codec.h"
#include "fastcgi/framing.h"
#include "http/router.h"

struct connection;
struct exchange;

/* Whether there is a place for every client that wants to connect. */
enum room {
	ROOM_ENOUGH,
	ROOM_WANTED, /* a client waits, and none could be closed: the next idle one will be */
	ROOM_COMING, /* a client waits, and a connection is being closed */
};

typedef void connections_closed_cb(void *argument);

/* The connections of one server, and what they share. Loop thread only. */
struct connections {
	uv_loop_t *loop;
	struct codec *codec;
	const struct router *router;
	struct log *log;
	struct framing_limits limits;
	struct connection_timeouts timeouts;
	const char *peers;                /* which addresses may connect over TCP (allow_list.h) */
	connections_closed_cb *on_closed; /* one of them has closed */
	void *argument;

	/* Private; zero at first. */
	LIST_HEAD(, connection) list;
	size_t count;
	bool ending;
	enum room room;
	SLIST_HEAD(, exchange) spare; /* exchanges that are not in use (exchange.h) */
	struct buffer records;        /* the last response encoded; written before the next */
	char bytes[65536];            /* the bytes read last; parsed before the next read */
};

/* Makes room for one more. Connections that have sent no request are closed first, as soon as no
 * request can be on its way; then the peer is asked to close a used one. Of each kind the one that
 * has been idle longest goes; if none is idle, the next that becomes idle. */
void connections_make_room(struct connections *all);

/* From now on every response is the last of its connection, and idle connections are closed. Calls
 * `on_closed` for each. */
void connections_end(struct connections *all);

/* Closes all connections, whatever their state. */
void connections_close(struct connections *all);

/* Frees what they shared. All must be closed, and no response under way. */
void connections_free(struct connections *all);

#endif
