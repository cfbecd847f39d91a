/*
 * Unix and TCP sockets behind one union: only opening them differs.
 */
#include "event_loop/socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

int socket_init(union socket *socket, uv_loop_t *loop, bool is_tcp)
{
	return is_tcp ? uv_tcp_init(loop, &socket->tcp) : uv_pipe_init(loop, &socket->pipe, 0);
}

bool socket_has_hung_up(const union socket *socket)
{
	struct pollfd state = {.fd = -1};

	return uv_fileno(&socket->handle, &state.fd) != 0 || poll(&state, 1, 0) > 0;
}

/* The kernel tells of the peer of a unix socket. For a TCP socket it gives no user at all, or one
 * that is nobody's: its family is asked first. */
bool socket_is_peer_own(const union socket *socket)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);
	int descriptor, family = AF_UNSPEC;
	socklen_t family_size = sizeof(family);

	return uv_fileno(&socket->handle, &descriptor) == 0 &&
	       getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &family, &family_size) == 0 &&
	       family == AF_UNIX &&
	       getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
	       size == sizeof(peer) && (peer.uid == 0 || peer.uid == geteuid());
}
