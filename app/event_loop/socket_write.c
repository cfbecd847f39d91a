/*
 * Most writes leave at once, without a copy. Only what the socket does not take is copied, and
 * handed to libuv.
 */
#include "event_loop/socket_write.h"

#include <stdlib.h>
#include <string.h>

#include "base/meters/loop_span.h"

/* A write that the socket did not take at once. */
struct delayed_write {
	uv_write_t request;
	socket_write_cb *written;
	char bytes[];
};

static void on_delayed_written(uv_write_t *request, int status)
{
	struct delayed_write *delayed = (struct delayed_write *)request;
	socket_write_cb *written = delayed->written;
	void *argument = request->handle->data;

	loop_span_begin(PHASE_POLL, __func__);
	free(delayed);
	written(argument, status);
}

static size_t length_of_pieces(const uv_buf_t *pieces, unsigned count)
{
	size_t length = 0;

	for (unsigned i = 0; i < count; i++)
		length += pieces[i].len;
	return length;
}

/* Copies what is left of the pieces after `taken` bytes of them. */
static void copy_rest(char *bytes, const uv_buf_t *pieces, unsigned count, size_t taken)
{
	for (unsigned i = 0; i < count; i++) {
		size_t skipped = taken < pieces[i].len ? taken : pieces[i].len;
		if (pieces[i].len > skipped)
			bytes = mempcpy(bytes, pieces[i].base + skipped, pieces[i].len - skipped);
		taken -= skipped;
	}
}

static int write_later(uv_stream_t *stream, const uv_buf_t *pieces, unsigned count, size_t taken,
	socket_write_cb *written)
{
	size_t length = length_of_pieces(pieces, count) - taken;
	struct delayed_write *delayed = malloc(sizeof(*delayed) + length);

	if (delayed == NULL)
		return UV_ENOMEM;
	delayed->written = written;
	copy_rest(delayed->bytes, pieces, count, taken);
	uv_buf_t rest = uv_buf_init(delayed->bytes, (unsigned)length);
	int failed = uv_write(&delayed->request, stream, &rest, 1, on_delayed_written);
	if (failed == 0)
		return 1;
	free(delayed);
	return failed;
}

int socket_write(
	uv_stream_t *stream, const uv_buf_t *pieces, unsigned count, socket_write_cb *written)
{
	int taken = uv_try_write(stream, pieces, count);
	size_t length = length_of_pieces(pieces, count);

	if (taken < 0 && taken != UV_EAGAIN)
		return taken;
	if (taken < 0)
		taken = 0;
	meters.connections.sent += length;
	if ((size_t)taken == length)
		return 0;
	return write_later(stream, pieces, count, (size_t)taken, written);
}
