#ifndef ROLLCALL_EVENT_LOOP_SOCKET_WRITE_H
#define ROLLCALL_EVENT_LOOP_SOCKET_WRITE_H

#include <uv.h>

/* The rest of a write has left the process, or, if the status is not 0, never will. The argument is
 * the data of the stream's handle. */
typedef void socket_write_cb(void *argument, int status);

/*
 * Writes pieces as one: at once as much as the socket takes; the rest is copied, and follows when
 * the socket takes more. Returns 0 if all has left, 1 if `written` will be called, or an error of
 * libuv.
 */
int socket_write(
	uv_stream_t *stream, const uv_buf_t *pieces, unsigned count, socket_write_cb *written);

#endif
