#include "event_loop/connection.h"

#include <fastcgi.h>
#include <stdlib.h>

#include "base/memory.h"
#include "event_loop/allow_list.h"
#include "event_loop/socket.h"
#include "event_loop/socket_write.h"
#include "event_loop/waiting.h"
#include "http/response.h"

struct connection {
	union socket uv;
	struct waiting waiting;
	uv_shutdown_t shutdown;
	struct connections *all;
	LIST_ENTRY(connection) others;
	struct framing *framing;
	struct response *response; /* being waited for, else NULL */
	struct buffer unparsed;    /* what was read with a request whose answer had to wait */
	size_t ahead;              /* bytes read behind what was parsed last */
	unsigned open_handles;
	bool last;     /* the last answer is written or queued: nothing more is read as a request */
	bool nudged;   /* the peer was asked to give up the idle connection */
	bool leaving;  /* or, since there never was a request, is about to be closed */
	bool finished; /* the peer sends nothing more */
	bool parsing;  /* what it waits for is found out after that */
};

/* nginx drops a kept connection when bytes follow END_REQUEST, and an idle one when bytes arrive.
 * This record is the most harmless one: empty, on the error stream of request 1, the only id nginx
 * uses. A new request that has overtaken it is answered; a plain close would make it a 502. */
static const unsigned char farewell[FCGI_HEADER_LEN] = {FCGI_VERSION_1, FCGI_STDERR, 0, 1};

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer);
static void watch(struct connection *connection);
static void write_records(struct connection *connection, const struct iovec *records, size_t count,
	bool has_farewell);
static size_t parse(struct connection *connection, const char *bytes, size_t length);

static void on_handle_closed(uv_handle_t *handle)
{
	struct connection *connection = handle->data;
	struct connections *all = connection->all;

	if (--connection->open_handles > 0)
		return;
	LIST_REMOVE(connection, others);
	all->count--;
	framing_close(connection->framing);
	buffer_free(&connection->unparsed);
	free(connection);
	all->on_closed(all->argument);
}

static void close_connection(struct connection *connection)
{
	struct response *response = connection->response;

	if (uv_is_closing(&connection->uv.handle))
		return;
	connection->response = NULL;
	uv_close(&connection->uv.handle, on_handle_closed);
	deadline_end(&connection->waiting.deadline, on_handle_closed);
	if (response != NULL)
		response_abandon(response);
}

/* waiting_begin */
static void on_deadline(void *argument)
{
	struct connection *connection = argument;
	enum waiting_for what = connection->waiting.what;
	bool is_usual = what == WAITING_IDLE || what == WAITING_END;

	log_often(connection->all->log, is_usual ? LOG_DEBUG : LOG_WARN, "deadline",
		LOG_TEXT("waiting", waiting_name(what)));
	close_connection(connection);
}

/* libuv asks where to put what it reads. */
static void lend_bytes(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	struct connection *connection = handle->data;

	(void)suggested;
	*buffer = uv_buf_init(connection->all->bytes, sizeof(connection->all->bytes));
}

static void read_on(struct connection *connection)
{
	int failed = uv_read_start(&connection->uv.stream, lend_bytes, on_read);

	if (failed != 0 && failed != UV_EALREADY)
		close_connection(connection);
}

enum result connection_accept(struct connections *all, uv_stream_t *listener, bool is_tcp)
{
	struct connection *connection = memory_zeroed(sizeof(*connection));

	if (socket_init(&connection->uv, all->loop, is_tcp) != 0) {
		free(connection);
		return RESULT_SYSTEM;
	}
	waiting_begin(&connection->waiting, all->loop, &all->timeouts, on_deadline, connection);
	connection->all = all;
	connection->uv.handle.data = connection;
	connection->open_handles = 2;
	connection->framing = framing_open(&all->limits);
	LIST_INSERT_HEAD(&all->list, connection, others);
	all->count++;
	all->room = ROOM_ENOUGH;
	enum result result =
		uv_accept(listener, &connection->uv.stream) == 0 ? RESULT_OK : RESULT_SYSTEM;
	if (result != RESULT_OK ||
		(is_tcp && !allow_list_admits(&connection->uv.tcp, all->peers, all->log))) {
		close_connection(connection);
		return result;
	}
	read_on(connection);
	watch(connection);
	return RESULT_OK;
}

static enum waiting_for find_waiting(const struct connection *connection)
{
	if (socket_is_writing(&connection->uv))
		return WAITING_PEER;
	if (connection->last)
		return WAITING_END;
	if (connection->response != NULL)
		return WAITING_ROUTE;
	if (framing_has_begun(connection->framing))
		return WAITING_REQUEST;
	if (!framing_is_idle(connection->framing))
		return WAITING_RECORD;
	return connection->nudged ? WAITING_END : WAITING_IDLE;
}

/* A request has come after all: if there still has to be a place, it is another's. */
static void stay(struct connection *connection)
{
	connection->leaving = false;
	if (connection->all->room == ROOM_COMING)
		connections_make_room(connection->all);
}

/* Asks the peer to give up a connection that is idle. */
static void nudge(struct connection *connection)
{
	connection->nudged = true;
	connection->all->room = ROOM_COMING;
	write_records(connection, NULL, 0, true);
	waiting_set(&connection->waiting, find_waiting(connection));
}

/* Looks at what the connection waits for now. If that is nothing, and it is to end, the peer is
 * asked to give it up. */
static void watch(struct connection *connection)
{
	struct connections *all = connection->all;
	struct waiting *waiting = &connection->waiting;

	if (connection->parsing || uv_is_closing(&connection->uv.handle))
		return;
	waiting_set(waiting, find_waiting(connection));
	if (connection->leaving && !waiting_is_silent(waiting))
		stay(connection);
	if (waiting->what == WAITING_IDLE &&
		(all->ending || (all->room == ROOM_WANTED && waiting->used)))
		nudge(connection);
}

static void on_shutdown(uv_shutdown_t *shutdown, int status)
{
	(void)shutdown;
	(void)status; /* the peer closes, or the deadline does */
}

/* The last answer has left: closes our side, and waits for the peer's if that is still open. */
static void shut_down(struct connection *connection)
{
	int failed = connection->finished ? UV_EOF
					  : uv_shutdown(&connection->shutdown,
						    &connection->uv.stream, on_shutdown);

	if (failed != 0 && failed != UV_ENOTCONN) /* it was closed before */
		close_connection(connection);
}

/* All answers have left: takes up what was put off for their sake. */
static void go_on(struct connection *connection)
{
	struct buffer *unparsed = &connection->unparsed;

	if (connection->last)
		shut_down(connection);
	buffer_consume(unparsed, parse(connection, unparsed->bytes, unparsed->length));
	if (socket_is_writing(&connection->uv) || uv_is_closing(&connection->uv.handle))
		return;
	buffer_free(unparsed);
	read_on(connection);
	if (connection->response != NULL)
		response_drained(connection->response);
}

/* socket_written */
static void on_written(void *data, int status)
{
	struct connection *connection = data;

	if (status != 0)
		close_connection(connection);
	if (uv_is_closing(&connection->uv.handle))
		return;
	if (!socket_is_writing(&connection->uv))
		go_on(connection);
	watch(connection);
}

/* Writes pieces of records, and the farewell behind them, as one. Nothing to write is what could
 * not be encoded. While the peer is behind, nothing more is read from it or parsed. */
static void write_records(
	struct connection *connection, const struct iovec *records, size_t count, bool has_farewell)
{
	uv_buf_t pieces[CODEC_PIECES + 1];
	unsigned used = 0;

	if (uv_is_closing(&connection->uv.handle))
		return;
	for (; used < count; used++)
		pieces[used] = uv_buf_init(records[used].iov_base, (unsigned)records[used].iov_len);
	if (has_farewell)
		pieces[used++] = uv_buf_init((char *)farewell, sizeof(farewell));
	int waiting = used > 0 ? socket_write(&connection->uv.stream, pieces, used, on_written)
			       : UV_ENOMEM;
	if (waiting < 0)
		close_connection(connection);
	else if (waiting > 0)
		uv_read_stop(&connection->uv.stream);
	else if (connection->last)
		shut_down(connection);
}

/* Sends what ends with an END_REQUEST. It is the last of the connection if that is not kept, if all
 * are to end, or if the peer was asked to give it up and this request crossed that; but not before
 * what was read with it. */
static void send_end(struct connection *connection, const struct iovec *records, size_t count)
{
	bool is_kept = framing_is_kept(connection->framing);
	bool is_ending = (connection->all->ending || connection->nudged) && connection->ahead == 0;

	waiting_answered(&connection->waiting);
	connection->last = is_ending || !is_kept || connection->finished;
	write_records(connection, records, count, is_ending && is_kept);
}

/* Sends what the framing answers by itself. With nothing under way, a web server that does not keep
 * its connection has no more use for it. */
static void send_reply(struct connection *connection)
{
	struct buffer *reply = framing_reply(connection->framing);
	const struct iovec records = {.iov_base = reply->bytes, .iov_len = reply->length};

	if (!framing_is_kept(connection->framing) && framing_is_idle(connection->framing))
		connection->last = true;
	write_records(connection, &records, 1, false);
	buffer_clear(reply);
}

/* codec_receiver: a part of the response of the request under way. */
static bool deliver_part(void *argument, const struct iovec *records, size_t count)
{
	struct connection *connection = argument;

	write_records(connection, records, count, false);
	watch(connection);
	return !uv_is_closing(&connection->uv.handle) && !socket_is_writing(&connection->uv);
}

/* codec_receiver: the response of the request under way, or the rest of it. */
static void deliver(void *argument, const struct iovec *records, size_t count)
{
	struct connection *connection = argument;

	connection->response = NULL;
	framing_finished(connection->framing);
	send_end(connection, records, count);
	watch(connection);
}

static void protocol_error(struct connection *connection, const char *reason)
{
	log_often(connection->all->log, LOG_WARN, "protocol-error", LOG_TEXT("reason", reason));
	close_connection(connection);
}

static void take_request(struct connection *connection)
{
	struct connections *all = connection->all;
	const struct buffer *records = framing_request(connection->framing);
	const struct codec_receiver receiver = {
		.deliver = deliver, .deliver_part = deliver_part, .argument = connection};
	struct gateway *gateway;
	enum result result =
		codec_decode(all->codec, records->bytes, records->length, &receiver, &gateway);

	if (result != RESULT_OK) {
		protocol_error(connection, result == RESULT_MALFORMED
						   ? "libfcgi does not take the request"
						   : "no room to decode the request");
		return;
	}
	gateway->refused = framing_refused(connection->framing);
	struct response *response = router_dispatch(all->router, gateway);
	/* The peer may have gone while it was being answered. */
	if (response != NULL && uv_is_closing(&connection->uv.handle))
		response_abandon(response);
	else
		connection->response = response;
}

static void abort_request(struct connection *connection)
{
	struct response *response = connection->response;
	struct buffer *reply = framing_reply(connection->framing);
	const struct iovec records = {.iov_base = reply->bytes, .iov_len = reply->length};

	connection->response = NULL;
	framing_finished(connection->framing);
	if (response != NULL)
		response_abandon(response);
	send_end(connection, &records, 1);
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
		send_reply(connection);
		break;
	case FRAMING_ABORT:
		abort_request(connection);
		break;
	case FRAMING_ERROR:
		protocol_error(connection, framing_reason(connection->framing));
		break;
	}
}

/* Takes what it can take now, and returns how much that is: all of it, or what comes before an
 * answer that had to wait. */
static size_t parse(struct connection *connection, const char *bytes, size_t length)
{
	size_t parsed = 0;

	connection->parsing = true;
	while (parsed < length && !connection->last && !socket_is_writing(&connection->uv) &&
		!uv_is_closing(&connection->uv.handle)) {
		size_t used;
		enum framing_event event =
			framing_feed(connection->framing, bytes + parsed, length - parsed, &used);
		parsed += used;
		connection->ahead = length - parsed;
		take_event(connection, event);
	}
	connection->parsing = false;
	return parsed;
}

static void take_bytes(struct connection *connection, const char *bytes, size_t length)
{
	size_t parsed = parse(connection, bytes, length);

	if (parsed < length && !connection->last) {
		buffer_append(&connection->unparsed, bytes + parsed, length - parsed);
		if (connection->unparsed.failed)
			protocol_error(connection, "no room for what follows the request");
	}
	watch(connection);
}

/* A peer that only sends nothing more still gets the answer it waits for; one that goes on would
 * never end. */
static void take_end_of_file(struct connection *connection)
{
	struct response *response = connection->response;

	connection->finished = true;
	if (response == NULL || response_goes_on(response) || socket_has_hung_up(&connection->uv))
		close_connection(connection);
}

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer)
{
	struct connection *connection = stream->data;

	if (length > 0)
		take_bytes(connection, buffer->base, (size_t)length);
	else if (length == UV_EOF)
		take_end_of_file(connection);
	else if (length < 0)
		close_connection(connection);
}

void connections_make_room(struct connections *all)
{
	struct connection *first = NULL, *each;

	LIST_FOREACH (each, &all->list, others) {
		if (each->waiting.what == WAITING_IDLE && !uv_is_closing(&each->uv.handle) &&
			(first == NULL || waiting_goes_before(&each->waiting, &first->waiting)))
			first = each;
	}
	all->room = ROOM_WANTED;
	if (first == NULL)
		return;
	if (waiting_is_silent(&first->waiting)) {
		all->room = ROOM_COMING;
		first->leaving = true;
		waiting_cut_short(&first->waiting);
	} else {
		nudge(first);
	}
}

void connections_end(struct connections *all)
{
	struct connection *each;

	all->ending = true;
	LIST_FOREACH (each, &all->list, others)
		watch(each);
}

void connections_close(struct connections *all)
{
	struct connection *each;

	LIST_FOREACH (each, &all->list, others)
		close_connection(each);
}
