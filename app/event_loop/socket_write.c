#include "event_loop/socket_write.h"

#include <stdlib.h>
#include <string.h>

/* A write that the socket did not take at once. */
struct delayed_write {
	uv_write_t request;
	socket_written *written;
	char bytes[];
};

/* uv_write_cb */
static void on_written(uv_write_t *request, int status)
{
	struct delayed_write *delayed = (struct delayed_write *)request;
	socket_written *written = delayed->written;
	void *data = request->handle->data;

	free(delayed);
	written(data, status);
}

static size_t length_of(const uv_buf_t *pieces, unsigned count)
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
	socket_written *written)
{
	size_t length = length_of(pieces, count) - taken;
	struct delayed_write *delayed = malloc(sizeof(*delayed) + length);

	if (delayed == NULL)
		return UV_ENOMEM;
	delayed->written = written;
	copy_rest(delayed->bytes, pieces, count, taken);
	uv_buf_t rest = uv_buf_init(delayed->bytes, (unsigned)length);
	int failed = uv_write(&delayed->request, stream, &rest, 1, on_written);
	if (failed == 0)
		return 1;
	free(delayed);
	return failed;
}

int socket_write(
	uv_stream_t *stream, const uv_buf_t *pieces, unsigned count, socket_written *written)
{
	int taken = uv_try_write(stream, pieces, count);

	if (taken < 0 && taken != UV_EAGAIN)
		return taken;
	if (taken < 0)
		taken = 0;
	if ((size_t)taken == length_of(pieces, count))
		return 0;
	return write_later(stream, pieces, count, (size_t)taken, written);
}
