#ifndef ROLLCALL_EVENT_LOOP_CONNECTION_WRITE_H
#define ROLLCALL_EVENT_LOOP_CONNECTION_WRITE_H

#include <stddef.h>
#include <sys/uio.h>

struct connection;

/* Each writes pieces of records as one, at most CODEC_PIECES. No pieces stand for what could not be
 * encoded, and close the connection. What does not leave at once is copied, and the connection is
 * CONNECTION_BLOCKED, or CONNECTION_LAST, until it has. */

/* A part of the response of the request under way. */
void connection_write_part(struct connection *connection, const struct iovec *pieces, size_t count);

/* What ends with the END_REQUEST of the request under way. It is the last of the connection if that
 * is not kept, if all are to end, or if the peer was asked to close it and this request crossed
 * that; but not before what was read with it. */
void connection_write_end(struct connection *connection, const struct iovec *pieces, size_t count);

/* What the framing responds by itself. */
void connection_write_reply(struct connection *connection);

/* Asks the peer to close a connection that is idle. */
void connection_ask_to_close(struct connection *connection);

#endif
