/*
 * What a connection reads. Bytes go to the framing as they arrive; an event of the framing is a
 * request, a record to respond to, or the end. The outcome of each event is the state of the
 * connection (connection_state.h), which decides whether the next byte is parsed.
 */
#include "event_loop/connection.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/meters/loop_span.h"
#include "event_loop/allow_list.h"
#include "event_loop/connection_write.h"
#include "event_loop/exchange.h"

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer);
static void on_deadline_passed(void *argument);

/* uv_alloc_cb */
static void on_read_wanted(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	struct connection *connection = handle->data;

	(void)suggested;
	loop_span_begin(PHASE_POLL, "on_read");
	*buffer = uv_buf_init(connection->all->bytes, sizeof(connection->all->bytes));
}

static void read_on(struct connection *connection)
{
	int failed = uv_read_start(&connection->uv.stream, on_read_wanted, on_read);

	if (failed != 0 && failed != UV_EALREADY)
		connection_close(connection, CLOSED_ERROR);
}

/* NULL if the system cannot. */
static struct connection *open_connection(struct connections *all, bool is_tcp)
{
	struct connection *connection = memory_zeroed(sizeof(*connection));

	if (socket_init(&connection->uv, all->loop, is_tcp) != 0) {
		free(connection);
		return NULL;
	}
	deadline_begin(&connection->deadline, all->loop, on_deadline_passed, connection);
	connection->all = all;
	connection->uv.handle.data = connection;
	connection->open_handles = 2;
	connection->framing = framing_open(&all->limits);
	LIST_INSERT_HEAD(&all->list, connection, others);
	all->count++;
	meters.connections.open++;
	meters.connections.accepted++;
	all->room = ROOM_ENOUGH;
	return connection;
}

enum result connection_accept(struct connections *all, uv_stream_t *listener, bool is_tcp)
{
	struct connection *connection = open_connection(all, is_tcp);

	if (connection == NULL)
		return RESULT_SYSTEM;
	if (uv_accept(listener, &connection->uv.stream) != 0) {
		connection_close(connection, CLOSED_ERROR);
		return RESULT_SYSTEM;
	}
	if (is_tcp && !allow_list_admits(&connection->uv.tcp, all->peers, all->log)) {
		connection_close(connection, CLOSED_NOT_ALLOWED);
		return RESULT_OK;
	}
	read_on(connection);
	connection_rest(connection);
	return RESULT_OK;
}

static void on_handle_closed(uv_handle_t *handle)
{
	struct connection *connection = handle->data;
	struct connections *all = connection->all;

	loop_span_begin(PHASE_CLOSE, __func__);
	if (--connection->open_handles > 0)
		return;
	LIST_REMOVE(connection, others);
	all->count--;
	meters.connections.open--;
	framing_close(connection->framing);
	buffer_free(&connection->unparsed);
	free(connection);
	all->on_closed(all->argument);
}

void connection_left(struct connection *connection)
{
	struct exchange *exchange = connection->leaving;

	connection->leaving = NULL;
	if (exchange != NULL)
		exchange_left(exchange);
}

void connection_close(struct connection *connection, enum closed_cause cause)
{
	if (connection->state == CONNECTION_CLOSED)
		return;
	meters.connections.closed[cause]++;
	connection_enter(connection, CONNECTION_CLOSED);
	uv_close(&connection->uv.handle, on_handle_closed);
	deadline_end(&connection->deadline, on_handle_closed);
	connection_left(connection);
	if (connection->exchange != NULL)
		exchange_abandon(connection->exchange);
}

static void on_deadline_passed(void *argument)
{
	struct connection *connection = argument;
	enum connection_state state = connection->state;
	bool is_usual = connection_is_idle(connection) || state == CONNECTION_ASKED ||
			state == CONNECTION_END;

	log_often(connection->all->log, is_usual ? LOG_DEBUG : LOG_WARN, "deadline",
		LOG_TEXT("waiting", connection_state_name(state)));
	connection_close(connection, connection_cause_of_deadline(connection));
}

static enum connection_state find_state(const struct connection *connection)
{
	if (connection->exchange != NULL)
		return CONNECTION_ROUTE;
	if (framing_has_begun(connection->framing))
		return CONNECTION_REQUEST;
	if (!framing_is_idle(connection->framing))
		return CONNECTION_RECORD;
	if (connection->is_asked_to_close)
		return CONNECTION_ASKED;
	return connection->state == CONNECTION_LEAVING ? CONNECTION_LEAVING : CONNECTION_IDLE;
}

void connection_rest(struct connection *connection)
{
	const struct connections *all = connection->all;

	if (!connection_is_reading(connection))
		return;
	connection_enter(connection, find_state(connection));
	if (connection_is_idle(connection) &&
		(all->ending || (all->room == ROOM_WANTED && connection->is_used)))
		connection_ask_to_close(connection);
}

static void protocol_error(struct connection *connection, const char *reason)
{
	log_often(connection->all->log, LOG_WARN, "protocol-error", LOG_TEXT("reason", reason));
	connection_close(connection, CLOSED_PROTOCOL);
}

static void take_request(struct connection *connection)
{
	connection_enter(connection, CONNECTION_ROUTE);
	enum result result = exchange_begin(connection);
	if (result != RESULT_OK)
		protocol_error(connection, result == RESULT_MALFORMED
						   ? "the request cannot be decoded"
						   : "no room to decode the request");
}

static void take_abort(struct connection *connection)
{
	struct buffer *reply = framing_reply(connection->framing);
	const struct iovec end = {.iov_base = reply->bytes, .iov_len = reply->length};

	if (connection->exchange != NULL)
		exchange_abandon(connection->exchange);
	connection_write_end(connection, &end, 1);
	buffer_clear(reply);
}

static void take_event(struct connection *connection, enum framing_event event)
{
	switch (event) {
	case FRAMING_MORE:
		break;
	case FRAMING_REQUEST:
		take_request(connection);
		break;
	case FRAMING_REPLY:
		connection_write_reply(connection);
		break;
	case FRAMING_ABORT:
		take_abort(connection);
		break;
	case FRAMING_ERROR:
		protocol_error(connection, framing_reason(connection->framing));
		break;
	}
}

/* Parses as much as possible, and returns how much: everything, or the bytes up to a request whose
 * response has to wait. */
static size_t parse_records(struct connection *connection, const char *bytes, size_t length)
{
	size_t parsed = 0;

	while (parsed < length && connection_is_reading(connection)) {
		size_t used;
		enum framing_event event =
			framing_feed(connection->framing, bytes + parsed, length - parsed, &used);
		parsed += used;
		connection->ahead = length - parsed;
		take_event(connection, event);
	}
	return parsed;
}

static void take_bytes(struct connection *connection, const char *bytes, size_t length)
{
	bool was_leaving = connection->state == CONNECTION_LEAVING;

	meters.connections.received += length;
	size_t parsed = parse_records(connection, bytes, length);

	if (parsed < length && connection->state == CONNECTION_BLOCKED) {
		buffer_append(&connection->unparsed, bytes + parsed, length - parsed);
		if (connection->unparsed.failed)
			protocol_error(connection, "no room for what follows the request");
	}
	connection_rest(connection);
	/* A request has come after all: if a place is still needed, another goes. */
	if (was_leaving && connection->state != CONNECTION_LEAVING &&
		connection->all->room == ROOM_COMING)
		connections_make_room(connection->all);
}

void connection_resume(struct connection *connection)
{
	struct buffer *unparsed = &connection->unparsed;

	if (connection->state == CONNECTION_BLOCKED)
		connection_enter(connection, find_state(connection));
	buffer_consume(unparsed, parse_records(connection, unparsed->bytes, unparsed->length));
	if (!connection_is_reading(connection) && connection->state != CONNECTION_END)
		return;
	buffer_free(unparsed);
	read_on(connection);
	if (connection->exchange != NULL)
		exchange_drained(connection->exchange);
	connection_rest(connection);
}

/* A peer that has closed its sending side still gets a pending response, unless that would never
 * end by itself. */
static void take_end_of_file(struct connection *connection)
{
	connection->has_peer_finished = true;
	if (connection->exchange == NULL || exchange_is_endless(connection->exchange) ||
		socket_has_hung_up(&connection->uv))
		connection_close(connection, connection_cause_of_peer(connection));
}

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer)
{
	struct connection *connection = stream->data;

	if (length > 0)
		take_bytes(connection, buffer->base, (size_t)length);
	else if (length == UV_EOF)
		take_end_of_file(connection);
	else if (length < 0)
		connection_close(connection, connection_cause_of((int)length));
}
