/*
 * Unix and TCP sockets behind one union: only opening them differs.
 */
#include "event_loop/socket.h"

#include <poll.h>

int socket_init(union socket *socket, uv_loop_t *loop, bool is_tcp)
{
	return is_tcp ? uv_tcp_init(loop, &socket->tcp) : uv_pipe_init(loop, &socket->pipe, 0);
}

bool socket_has_hung_up(const union socket *socket)
{
	struct pollfd state = {.fd = -1};

	return uv_fileno(&socket->handle, &state.fd) != 0 || poll(&state, 1, 0) > 0;
}
