#include "fuzz/event_loop/peer.h"

#include <errno.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz/event_loop/driven_loop.h"
#include "fuzz/fuzz.h"

#define CALM 2 /* turns in which nothing moves */

/* A number below `limit`; xorshift, which a seed of 0 leaves at 0. */
static size_t draw(struct peer *peer, size_t limit)
{
	peer->seed ^= peer->seed << 13;
	peer->seed ^= peer->seed >> 17;
	peer->seed ^= peer->seed << 5;
	return peer->seed % limit;
}

void peer_connect(struct peer *peer, struct fuzz_site *site, const struct sockaddr_un *address,
	socklen_t length)
{
	peer->site = site;
	peer->has_closed = false;
	peer->is_deaf = false;
	buffer_clear(&peer->taken);
	peer->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	must(peer->socket >= 0);
	must(connect(peer->socket, (const struct sockaddr *)address, length) == 0);
	driven_loop_turn(&site->loop);
}

/* Takes what has come, or of a slow peer a part of it; how much that was. */
static size_t take(struct peer *peer, size_t most)
{
	static char chunk[1 << 18];
	ssize_t length;

	if (peer->is_deaf || peer->has_closed || peer->socket < 0)
		return 0;
	length = recv(peer->socket, chunk, most < sizeof(chunk) ? most : sizeof(chunk), 0);
	if (length > 0) {
		buffer_append(&peer->taken, chunk, (size_t)length);
		return (size_t)length;
	}
	/* A server that closes with something unread resets the connection. */
	must(length == 0 || errno == EAGAIN || errno == ECONNRESET);
	peer->has_closed = length == 0 || errno == ECONNRESET;
	return 0;
}

/* Bytes that the server has not read yet. */
static int unread(const struct peer *peer)
{
	int bytes = 0;

	if (peer->socket >= 0)
		must(ioctl(peer->socket, SIOCOUTQ, &bytes) == 0);
	return bytes;
}

void peer_settle(struct peer *peer)
{
	int before = -1;

	for (unsigned calm = 0; calm < CALM;) {
		driven_loop_turn(&peer->site->loop);
		size_t taken = take(peer, SIZE_MAX);
		int left = unread(peer);
		calm = taken > 0 || left != before ? 0 : calm + 1;
		before = left;
	}
}

void peer_work(struct peer *peer)
{
	do
		peer_settle(peer);
	while (fuzz_site_work(peer->site));
}

/* Sends a piece; false if the server takes none. */
static bool send_piece(struct peer *peer, const uint8_t *bytes, size_t length, size_t *sent)
{
	ssize_t taken = send(peer->socket, bytes, length, MSG_NOSIGNAL);

	must(taken >= 0 || errno == EAGAIN || errno == EPIPE || errno == ECONNRESET);
	*sent = taken > 0 ? (size_t)taken : 0;
	return taken > 0;
}

/* How much it sends at once: of most peers a few bytes, mostly. */
static size_t next_piece(struct peer *peer, size_t length)
{
	size_t most = peer->is_coarse ? 20000 : draw(peer, 4) > 0 ? 40 : 2000;
	size_t piece = draw(peer, most) + 1;

	return peer->seed == 0 || piece > length ? length : piece;
}

/* Lets the server work, and takes some of what it sends; mostly, or seldom. */
static void look(struct peer *peer)
{
	if (draw(peer, 3) != 0)
		driven_loop_turn(&peer->site->loop);
	if (draw(peer, 4) < (peer->is_slow ? 1 : 3))
		take(peer, draw(peer, peer->is_slow ? 600 : 6000) + 1);
}

void peer_send(struct peer *peer, const uint8_t *bytes, size_t length)
{
	while (length > 0 && !peer->has_closed && peer->socket >= 0) {
		size_t piece = next_piece(peer, length), sent;
		if (!send_piece(peer, bytes, piece, &sent)) {
			peer_settle(peer);
			if (!send_piece(peer, bytes, piece, &sent))
				return;
		}
		bytes += sent;
		length -= sent;
		look(peer);
	}
}

void peer_finish(struct peer *peer)
{
	if (peer->socket >= 0)
		(void)shutdown(peer->socket, SHUT_WR);
}

void peer_close(struct peer *peer)
{
	if (peer->socket >= 0)
		must(close(peer->socket) == 0);
	peer->socket = -1;
}
