#ifndef ROLLCALL_EVENT_LOOP_SERVER_H
#define ROLLCALL_EVENT_LOOP_SERVER_H

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/result.h"
#include "event_loop/connections.h"
#include "event_loop/listener.h"

/*
 * Accepts connections until it is told to stop, never more at once than its limit: the rest wait in
 * the listening socket's queue. When it has stopped and its last connection is closed it has no
 * handle left, and the loop can end.
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
	uint64_t stop_timeout; /* milliseconds until what is still open is closed */
};

/* Owns the listener from here on, if it succeeds. */
enum result server_open(const struct server_settings *settings, const struct listener *listener,
	struct server **opened) MUST_CHECK;

/* Goes by the limits and times of these settings from now on; connections that are open keep the
 * limits that they began with. */
void server_change(struct server *server, const struct server_settings *settings);

/* Takes no new connections, lets those there are end. */
void server_stop(struct server *server);

/* After the loop has ended. */
void server_close(struct server *server);

#endif
