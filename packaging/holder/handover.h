#ifndef SOCKET_HOLDER_HANDOVER_H
#define SOCKET_HOLDER_HANDOVER_H

#include <stdbool.h>
#include <stddef.h>

/* What the holder sends to each taker: one byte, and with it duplicates of its listening sockets
 * (SCM_RIGHTS, see unix(7)). Nothing else is said by either; the end of the connection is the end
 * of one of the two. */

#define MOST_SOCKETS 8

/* Listening sockets that are handed over together. */
struct sockets {
	int at[MOST_SOCKETS];
	size_t count;
};

/* False if the taker has gone. */
bool handover_send(int taker, const struct sockets *sockets);

/* The descriptors are the caller's, and closed by exec. False, with errno, if there are none. */
bool handover_receive(int holder, struct sockets *sockets);

#endif
