/*
 * What a connection writes. As much as the socket takes leaves at once; while the rest waits for
 * the peer, nothing more is read or parsed. After the last response the sending side is closed;
 * then the peer closes the connection, or the deadline does.
 *
 * nginx drops a kept connection when bytes follow END_REQUEST, and an idle one when bytes arrive;
 * after a plain close it would answer a request that crosses it with 502. So a kept connection is
 * ended by one more record in the same write.
 */
#include "event_loop/connection_write.h"

#include <fastcgi.h>

#include "event_loop/connection.h"
#include "event_loop/exchange.h"
#include "event_loop/socket_write.h"

/* The most harmless record: empty, on the error stream of request 1, the only id nginx uses. */
static const unsigned char farewell[FCGI_HEADER_LEN] = {FCGI_VERSION_1, FCGI_STDERR, 0, 1};

static void on_shutdown(uv_shutdown_t *shutdown, int status)
{
	(void)shutdown;
	(void)status; /* the peer closes, or the deadline does */
}

/* Everything has left: closes the sending side, and waits for the peer's if that is still open. */
static void shut_down(struct connection *connection)
{
	connection_enter(connection, CONNECTION_END);
	int failed = connection->has_peer_finished ? UV_EOF
						   : uv_shutdown(&connection->shutdown,
							     &connection->uv.stream, on_shutdown);
	if (failed != 0 && failed != UV_ENOTCONN) /* it was closed before */
		connection_close(connection, CLOSED_LAST);
}

/* Goes on with what had to wait for the write. */
static void on_drained(struct connection *connection)
{
	connection_left(connection);
	if (connection->state == CONNECTION_LAST)
		shut_down(connection);
	if (connection->state != CONNECTION_CLOSED)
		connection_resume(connection);
}

static void on_written(void *argument, int status)
{
	struct connection *connection = argument;

	if (status != 0)
		connection_close(connection, connection_cause_of(status));
	else if (connection->state != CONNECTION_CLOSED && !socket_is_writing(&connection->uv))
		on_drained(connection);
}

/* Returns 0 if all has left, 1 if some of it waits, or the error of libuv. */
static int write_pieces(
	struct connection *connection, const struct iovec *pieces, size_t count, bool has_farewell)
{
	uv_buf_t buffers[CODEC_PIECES + 1];
	unsigned used = 0;

	for (; used < count; used++)
		buffers[used] = uv_buf_init(pieces[used].iov_base, (unsigned)pieces[used].iov_len);
	if (has_farewell)
		buffers[used++] = uv_buf_init((char *)farewell, sizeof(farewell));
	return used > 0 ? socket_write(&connection->uv.stream, buffers, used, on_written)
			: UV_ENOMEM;
}

/* Once the peer has the bytes, the connection goes on or, after the last response, ends. */
static void write_records(struct connection *connection, const struct iovec *pieces, size_t count,
	bool has_farewell, bool is_last)
{
	int waiting = write_pieces(connection, pieces, count, has_farewell);

	if (waiting < 0) {
		connection_close(connection, connection_cause_of(waiting));
	} else if (waiting > 0) {
		uv_read_stop(&connection->uv.stream);
		connection_enter(connection, is_last ? CONNECTION_LAST : CONNECTION_BLOCKED);
	} else if (is_last) {
		shut_down(connection);
	}
}

void connection_write_part(struct connection *connection, const struct iovec *pieces, size_t count)
{
	write_records(connection, pieces, count, false, false);
}

void connection_write_end(struct connection *connection, const struct iovec *pieces, size_t count)
{
	bool is_kept = framing_is_kept(connection->framing);
	bool is_ending = (connection->all->ending || connection->is_asked_to_close) &&
			 connection->ahead == 0;

	framing_finished(connection->framing);
	connection_responded(connection);
	write_records(connection, pieces, count, is_ending && is_kept,
		is_ending || !is_kept || connection->has_peer_finished);
}

/* A web server that does not keep its connection needs it no more when nothing is under way. */
void connection_write_reply(struct connection *connection)
{
	struct framing *framing = connection->framing;
	struct buffer *reply = framing_reply(framing);
	const struct iovec piece = {.iov_base = reply->bytes, .iov_len = reply->length};

	write_records(connection, &piece, 1, false,
		!framing_is_kept(framing) && framing_is_idle(framing));
	buffer_clear(reply);
}

void connection_ask_to_close(struct connection *connection)
{
	connection->is_asked_to_close = true;
	connection->all->room = ROOM_COMING;
	write_records(connection, NULL, 0, true, false);
	connection_rest(connection);
}
