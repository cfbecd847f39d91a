#include "connection.h"

#include <fastcgi.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "heap.h"
#include "peer.h"
#include "response.h"
#include "socket_write.h"

/* How long an ended connection may stay open for its peer to close it. */
#define LINGER_MS 500

#define NEVER UINT64_MAX

/* What the deadline of a connection is for. */
enum waiting {
	WAITING_NOT,     /* to be found out */
	WAITING_IDLE,    /* for a request to begin */
	WAITING_REQUEST, /* for the rest of it */
	WAITING_ROUTE,   /* for its answer: the store decides how long that takes */
	WAITING_PEER,    /* for the peer to take the answer */
	WAITING_END,     /* for the peer to close */
};

struct connection {
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_pipe_t pipe;
		uv_tcp_t tcp;
	} uv;
	uv_timer_t alarm;
	uint64_t alarm_at; /* loop time at which it rings, 0 if it does not */
	uint64_t deadline; /* loop time, NEVER if there is none: not before the alarm */
	uv_shutdown_t shutdown;
	struct connections *all;
	struct connection *previous;
	struct connection *next;
	struct framing *framing;
	struct response *response; /* being waited for, else NULL */
	enum waiting waiting;
	unsigned open_handles;
	bool last; /* the last answer is written or queued: nothing more is read as a request */
	bool shut_down; /* our side is closed */
	bool nudged;    /* the peer was asked to give up the idle connection */
	bool used;      /* a request was answered: before, the first one is on its way */
};

/*
 * nginx drops a kept connection when bytes follow END_REQUEST, and a cached idle one when bytes
 * arrive. This record is the most harmless that can follow or come first: an empty one on the error
 * stream of request 1, the only id nginx uses. Where a new request has overtaken it, nginx skips
 * it. A plain close would turn that request into a 502.
 */
static const unsigned char farewell[FCGI_HEADER_LEN] = {FCGI_VERSION_1, FCGI_STDERR, 0, 1};

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer);
static void on_alarm(uv_timer_t *alarm);
static void on_handle_closed(uv_handle_t *handle);
static void watch(struct connection *connection);
static void write_bytes(struct connection *connection, const void *bytes, size_t length);

static void close_connection(struct connection *connection)
{
	struct response *response = connection->response;

	if (uv_is_closing(&connection->uv.handle))
		return;
	connection->response = NULL;
	uv_close(&connection->uv.handle, on_handle_closed);
	uv_close((uv_handle_t *)&connection->alarm, on_handle_closed);
	if (response != NULL)
		response_abandon(response);
}

static void on_handle_closed(uv_handle_t *handle)
{
	struct connection *connection = handle->data;
	struct connections *all = connection->all;

	if (--connection->open_handles > 0)
		return;
	if (connection->previous != NULL)
		connection->previous->next = connection->next;
	else
		all->first = connection->next;
	if (connection->next != NULL)
		connection->next->previous = connection->previous;
	all->count--;
	framing_close(connection->framing);
	free(connection);
	all->on_closed(all->argument);
}

static void link_first(struct connections *all, struct connection *connection)
{
	connection->next = all->first;
	if (all->first != NULL)
		all->first->previous = connection;
	all->first = connection;
	all->count++;
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

static bool is_allowed(const struct connection *connection)
{
	struct sockaddr_storage address;
	int length = sizeof(address);
	char name[INET6_ADDRSTRLEN] = "";

	if (uv_tcp_getpeername(&connection->uv.tcp, (struct sockaddr *)&address, &length) == 0)
		uv_ip_name((struct sockaddr *)&address, name, sizeof(name));
	if (peer_is_listed(connection->all->peers, name))
		return true;
	log_event(connection->all->log, LOG_WARN, "peer-refused", LOG_TEXT("address", name));
	return false;
}

enum status connection_accept(struct connections *all, uv_stream_t *listener, bool is_tcp)
{
	struct connection *connection = heap_zeroed(sizeof(*connection));
	int failed = is_tcp ? uv_tcp_init(all->loop, &connection->uv.tcp)
			    : uv_pipe_init(all->loop, &connection->uv.pipe, 0);

	if (failed != 0) {
		free(connection);
		return STATUS_SYSTEM;
	}
	uv_timer_init(all->loop, &connection->alarm); /* cannot fail */
	connection->all = all;
	connection->uv.handle.data = connection;
	connection->alarm.data = connection;
	connection->open_handles = 2;
	connection->framing = framing_open(&all->limits);
	link_first(all, connection);
	if (uv_accept(listener, &connection->uv.stream) != 0) {
		close_connection(connection);
		return STATUS_SYSTEM;
	}
	if (is_tcp && !is_allowed(connection)) {
		close_connection(connection);
		return STATUS_OK;
	}
	read_on(connection);
	watch(connection);
	return STATUS_OK;
}

static bool is_writing(const struct connection *connection)
{
	return uv_stream_get_write_queue_size(&connection->uv.stream) > 0;
}

static enum waiting find_waiting(const struct connection *connection)
{
	if (is_writing(connection))
		return WAITING_PEER;
	if (connection->last)
		return WAITING_END;
	if (connection->response != NULL)
		return WAITING_ROUTE;
	if (!framing_is_idle(connection->framing))
		return WAITING_REQUEST;
	return connection->nudged ? WAITING_END : WAITING_IDLE;
}

/* Asks the peer to give up a connection that is idle. */
static void nudge(struct connection *connection)
{
	connection->nudged = true;
	connection->all->crowded = false;
	write_bytes(connection, farewell, sizeof(farewell));
}

/* An alarm that rings before the deadline is left alone, and set anew when it does: once in a long
 * while, and not several times in a request. */
static void set_alarm(struct connection *connection)
{
	uint64_t deadline = connection->deadline;

	if (deadline == NEVER || (connection->alarm_at > 0 && connection->alarm_at <= deadline))
		return;
	connection->alarm_at = deadline;
	uv_timer_start(&connection->alarm, on_alarm, deadline - uv_now(connection->all->loop), 0);
}

/* Sets the deadline for what the connection waits for now. One that runs already is left alone, so
 * that a peer cannot buy time a byte at a time. */
static void watch(struct connection *connection)
{
	struct connections *all = connection->all;
	const uint64_t milliseconds[] = {
		[WAITING_IDLE] = all->idle_timeout,
		[WAITING_REQUEST] = all->request_timeout,
		[WAITING_PEER] = all->request_timeout,
		[WAITING_END] = LINGER_MS,
	};

	if ((all->ending || (all->crowded && connection->used)) &&
		find_waiting(connection) == WAITING_IDLE)
		nudge(connection);
	enum waiting waiting = find_waiting(connection);
	if (uv_is_closing(&connection->uv.handle) || waiting == connection->waiting)
		return;
	connection->waiting = waiting;
	connection->deadline =
		waiting == WAITING_ROUTE ? NEVER : uv_now(all->loop) + milliseconds[waiting];
	set_alarm(connection);
}

static void on_deadline(struct connection *connection)
{
	static const char *const names[] = {[WAITING_IDLE] = "idle",
		[WAITING_REQUEST] = "request",
		[WAITING_PEER] = "peer",
		[WAITING_END] = "end"};
	enum waiting waiting = connection->waiting;
	bool is_fault = waiting == WAITING_REQUEST || waiting == WAITING_PEER;

	log_event(connection->all->log, is_fault ? LOG_WARN : LOG_DEBUG, "deadline",
		LOG_TEXT("waiting", names[waiting]));
	close_connection(connection);
}

static void on_alarm(uv_timer_t *alarm)
{
	struct connection *connection = alarm->data;

	connection->alarm_at = 0;
	if (connection->deadline <= uv_now(connection->all->loop))
		on_deadline(connection);
	else
		set_alarm(connection);
}

static void on_shutdown(uv_shutdown_t *shutdown, int status)
{
	(void)shutdown;
	(void)status; /* the peer will close, or the deadline will */
}

/* The last answer has left: closes our side, and waits for the peer's. */
static void shut_down(struct connection *connection)
{
	if (connection->shut_down || uv_is_closing(&connection->uv.handle))
		return;
	connection->shut_down = true;
	if (uv_shutdown(&connection->shutdown, &connection->uv.stream, on_shutdown) != 0)
		close_connection(connection);
}

static void after_write(struct connection *connection)
{
	if (uv_is_closing(&connection->uv.handle))
		return;
	if (!is_writing(connection)) {
		if (connection->last)
			shut_down(connection);
		read_on(connection);
		if (connection->response != NULL)
			response_drained(connection->response);
	}
	watch(connection);
}

/* socket_written */
static void on_written(void *data, int status)
{
	if (status != 0)
		close_connection(data);
	else
		after_write(data);
}

/* Writes pieces of records, and what ends the connection behind them, as one. While the peer is
 * behind, nothing more is read from it, so that what is queued stays bounded by what one read can
 * ask for.
 */
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
	int waiting = socket_write(&connection->uv.stream, pieces, used, on_written);
	if (waiting < 0)
		close_connection(connection);
	else if (waiting > 0)
		uv_read_stop(&connection->uv.stream);
	else if (connection->last)
		shut_down(connection);
}

static void write_bytes(struct connection *connection, const void *bytes, size_t length)
{
	const struct iovec piece = {.iov_base = (void *)bytes, .iov_len = length};

	write_records(connection, &piece, 1, false);
}

/* Sends what ends with an END_REQUEST. It is the last of the connection if that is not kept, if all
 * are to end, or if the peer was asked to give it up and this request crossed that. */
static void send_end(struct connection *connection, const struct iovec *records, size_t count)
{
	bool is_kept = framing_is_kept(connection->framing);
	bool is_ending = connection->all->ending || connection->nudged;

	connection->used = true;
	connection->waiting = WAITING_NOT;
	connection->last = is_ending || !is_kept;
	write_records(connection, records, count, is_ending && is_kept);
}

/* Sends what the framing answers by itself. With nothing under way, a web server that does not keep
 * its connection has no more use for it. */
static void send_reply(struct connection *connection)
{
	struct buffer *reply = framing_reply(connection->framing);

	if (!framing_is_kept(connection->framing) && framing_is_idle(connection->framing))
		connection->last = true;
	write_bytes(connection, reply->bytes, reply->length);
	buffer_clear(reply);
}

/* codec_receiver: a part of the response of the request under way. */
static bool deliver_part(void *argument, const struct iovec *records, size_t count)
{
	struct connection *connection = argument;

	if (count == 0)
		close_connection(connection);
	else
		write_records(connection, records, count, false);
	watch(connection);
	return !uv_is_closing(&connection->uv.handle) && !is_writing(connection);
}

/* codec_receiver: the response of the request under way, or the rest of it. */
static void deliver(void *argument, const struct iovec *records, size_t count)
{
	struct connection *connection = argument;

	connection->response = NULL;
	framing_finished(connection->framing);
	if (count == 0) {
		close_connection(connection);
		return;
	}
	send_end(connection, records, count);
	watch(connection);
}

static void protocol_error(struct connection *connection, const char *reason)
{
	log_event(connection->all->log, LOG_WARN, "protocol-error", LOG_TEXT("reason", reason));
	close_connection(connection);
}

static void take_request(struct connection *connection)
{
	struct connections *all = connection->all;
	const struct buffer *records = framing_request(connection->framing);
	const struct codec_receiver receiver = {
		.deliver = deliver, .deliver_part = deliver_part, .argument = connection};
	struct gateway *gateway;
	enum status status =
		codec_decode(all->codec, records->bytes, records->length, &receiver, &gateway);

	if (status != STATUS_OK) {
		protocol_error(connection, status == STATUS_MALFORMED
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

static void take_bytes(struct connection *connection, const char *bytes, size_t length)
{
	while (length > 0 && !connection->last && !uv_is_closing(&connection->uv.handle)) {
		size_t used;
		enum framing_event event = framing_feed(connection->framing, bytes, length, &used);
		bytes += used;
		length -= used;
		take_event(connection, event);
	}
	watch(connection);
}

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer)
{
	struct connection *connection = stream->data;

	if (length > 0)
		take_bytes(connection, buffer->base, (size_t)length);
	else if (length < 0)
		close_connection(connection);
}

void connections_give_up_idle(struct connections *all)
{
	struct connection *first = NULL;

	for (struct connection *each = all->first; each != NULL; each = each->next) {
		if (each->used && each->waiting == WAITING_IDLE &&
			!uv_is_closing(&each->uv.handle) &&
			(first == NULL || each->deadline < first->deadline))
			first = each;
	}
	all->crowded = true;
	if (first != NULL)
		watch(first);
}

void connections_end(struct connections *all)
{
	all->ending = true;
	for (struct connection *each = all->first; each != NULL; each = each->next)
		watch(each);
}

void connections_close(struct connections *all)
{
	for (struct connection *each = all->first; each != NULL; each = each->next)
		close_connection(each);
}
