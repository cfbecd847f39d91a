#ifndef ROLLCALL_EVENT_LOOP_SOCKET_H
#define ROLLCALL_EVENT_LOOP_SOCKET_H

#include <stdbool.h>
#include <uv.h>

/* libuv's handle of a unix or a TCP socket. */
union socket {
	uv_handle_t handle;
	uv_stream_t stream;
	uv_pipe_t pipe;
	uv_tcp_t tcp;
};

/* Returns 0, or libuv's error. */
int socket_init(union socket *socket, uv_loop_t *loop, bool is_tcp);

/* Whether something written has not left yet. */
static inline bool socket_is_writing(const union socket *socket)
{
	return uv_stream_get_write_queue_size(&socket->stream) > 0;
}

/* Whether the peer has closed both directions, which TCP shows only after something was sent. */
bool socket_has_hung_up(const union socket *socket);

/* Whether it is a unix socket, at whose other end is a process of root's or of this process's own
 * user: who that was when it connected. */
bool socket_is_peer_own(const union socket *socket);

#endif
