#ifndef ROLLCALL_EVENT_LOOP_SERVER_H
#define ROLLCALL_EVENT_LOOP_SERVER_H

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/result.h"
#include "event_loop/connections.h"
#include "event_loop/listener.h"

/*
 * Accepts connections until it is told to stop, and never has more open than its limit: the others
 * wait in the queue of the listening socket. When it has stopped and its last connection is closed,
 * it has no handle left, and the loop can end.
 */
struct server;

struct server_settings {
	uv_loop_t *loop;
	struct codec *codec;
	const struct router *router;
	struct log *log;
	struct framing_limits limits;
	size_t max_connections;
	const char *peers; /* which addresses may connect over TCP (allow_list.h) */
	struct connection_timeouts timeouts;
	uint64_t stop_timeout; /* milliseconds until open connections are closed */
};

/* On success the server owns the listener. On failure errno says why, and the listener's descriptor
 * may be closed. */
enum result server_open(const struct server_settings *settings, const struct listener *listener,
	struct server **opened) MUST_CHECK;

/* From now on the limits and times of these settings count; open connections keep the limits that
 * they began with. */
void server_change(struct server *server, const struct server_settings *settings);

/* Accepts no more connections, and lets the open ones end. */
void server_stop(struct server *server);

/* After the loop has ended. */
void server_close(struct server *server);

#endif
