#ifndef ROLLCALL_EVENT_LOOP_CONNECTION_WRITE_H
#define ROLLCALL_EVENT_LOOP_CONNECTION_WRITE_H

#include <stddef.h>
#include <sys/uio.h>

struct connection;

/* Each writes pieces of records, at most CODEC_PIECES, as one. A count of 0 means that encoding
 * failed, and closes the connection. What the socket does not take at once is copied, and the
 * connection is CONNECTION_BLOCKED, or CONNECTION_LAST, until it has left. */

/* A part of the response of the request under way. */
void connection_write_part(struct connection *connection, const struct iovec *pieces, size_t count);

/* The end of the response, with its END_REQUEST. The response is the last of the connection if the
 * connection is not kept, if the server ends, or if this request was on its way when the peer was
 * asked to close; but requests that were read with this one come first. */
void connection_write_end(struct connection *connection, const struct iovec *pieces, size_t count);

/* A record that the framing itself responds with. */
void connection_write_reply(struct connection *connection);

/* Asks the peer to close an idle connection. */
void connection_ask_to_close(struct connection *connection);

#endif
