/*
 * Each state has its deadline. Most are set when the state begins; that of an idle connection is
 * counted from its last response, whatever records come meanwhile.
 */
#include "event_loop/connection_state.h"

#include "base/meters/loop_span.h"
#include "event_loop/connection.h"

/* How long a connection stays open for its peer to close it. */
#define LINGER_MS 500

/* How long the first request of a new connection may be on its way. */
#define FRESH_MS 100

static uint64_t sooner(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Until when the next request may begin. */
static uint64_t idle_until(struct connection *connection, uint64_t now)
{
	const struct connection_timeouts *timeouts = &connection->all->timeouts;

	if (connection->rested == 0)
		connection->rested = now;
	return connection->rested +
	       (connection->is_used ? timeouts->idle : sooner(timeouts->first, timeouts->idle));
}

static uint64_t find_deadline(struct connection *connection)
{
	uint64_t now = uv_now(connection->all->loop);
	uint64_t request = now + connection->all->timeouts.request;

	switch (connection->state) {
	case CONNECTION_IDLE:
		return idle_until(connection, now);
	case CONNECTION_LEAVING:
		return sooner(idle_until(connection, now), connection->rested + FRESH_MS);
	case CONNECTION_RECORD:
		return sooner(idle_until(connection, now), request);
	case CONNECTION_REQUEST:
	case CONNECTION_BLOCKED:
	case CONNECTION_LAST:
		return request;
	case CONNECTION_ASKED:
	case CONNECTION_END:
		return now + LINGER_MS;
	case CONNECTION_OPENED:
	case CONNECTION_ROUTE:
	case CONNECTION_CLOSED:
		break;
	}
	return DEADLINE_NEVER;
}

/* 0 or 1. */
static inline uint64_t is_idle(enum connection_state state)
{
	return state == CONNECTION_IDLE || state == CONNECTION_LEAVING;
}

void connection_enter(struct connection *connection, enum connection_state state)
{
	if (state == connection->state)
		return;
	if (state == CONNECTION_REQUEST)
		connection->began = loop_span_arrival();
	meters.connections.idle += is_idle(state) - is_idle(connection->state);
	connection->state = state;
	deadline_set(&connection->deadline, find_deadline(connection));
}

void connection_responded(struct connection *connection)
{
	connection->is_used = true;
	connection->rested = 0;
	connection->began = 0;
	connection_enter(connection, CONNECTION_ROUTE);
}

bool connection_is_idle(const struct connection *connection)
{
	return is_idle(connection->state);
}

bool connection_is_reading(const struct connection *connection)
{
	return connection->state < CONNECTION_BLOCKED;
}

bool connection_is_writing(const struct connection *connection)
{
	return connection->state == CONNECTION_BLOCKED || connection->state == CONNECTION_LAST;
}

static unsigned turn_to_leave(const struct connection *connection)
{
	bool is_fresh = uv_now(connection->all->loop) < connection->rested + FRESH_MS;

	if (connection->is_used)
		return 1;
	return is_fresh ? 2 : 0;
}

bool connection_goes_before(const struct connection *connection, const struct connection *other)
{
	unsigned turn = turn_to_leave(connection), others = turn_to_leave(other);

	return turn < others || (turn == others && connection->rested < other->rested);
}

static enum closed_cause cause_or(const struct connection *connection, enum closed_cause otherwise)
{
	if (connection->state == CONNECTION_ASKED || connection->state == CONNECTION_LEAVING)
		return CLOSED_FOR_ROOM;
	return connection->state == CONNECTION_END ? CLOSED_LAST : otherwise;
}

enum closed_cause connection_cause_of_peer(const struct connection *connection)
{
	return cause_or(connection, CLOSED_BY_PEER);
}

enum closed_cause connection_cause_of_deadline(const struct connection *connection)
{
	return cause_or(connection, CLOSED_DEADLINE);
}

enum closed_cause connection_cause_of(int error)
{
	return error == UV_ECONNRESET || error == UV_EPIPE ? CLOSED_BY_PEER : CLOSED_ERROR;
}

const char *connection_state_name(enum connection_state state)
{
	static const char *const names[] = {[CONNECTION_OPENED] = "nothing",
		[CONNECTION_IDLE] = "idle",
		[CONNECTION_LEAVING] = "idle",
		[CONNECTION_ASKED] = "end",
		[CONNECTION_RECORD] = "request",
		[CONNECTION_REQUEST] = "request",
		[CONNECTION_ROUTE] = "route",
		[CONNECTION_BLOCKED] = "peer",
		[CONNECTION_LAST] = "peer",
		[CONNECTION_END] = "end",
		[CONNECTION_CLOSED] = "closed"};

	return names[state];
}
