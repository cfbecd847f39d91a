#ifndef ROLLCALL_EVENT_LOOP_EXCHANGE_H
#define ROLLCALL_EVENT_LOOP_EXCHANGE_H

#include <stdbool.h>

#include "base/result.h"

struct connection;
struct connections;

/*
 * One request of a connection and its response: the gateway (http/gateway.h) of FastCGI. The
 * connection has it until the response is sent or abandoned. After that it belongs to the response
 * alone, which may outlive the connection.
 */
struct exchange;

/* Decodes the request that the framing has gathered, and runs its route, which responds at once or
 * later. Errors are those of codec_decode(). The connection may be closed on return. */
enum result exchange_begin(struct connection *connection) MUST_CHECK;

/* The peer has gone, or aborts the request: takes the exchange from its connection, and abandons
 * the response. */
void exchange_abandon(struct exchange *exchange);

/* Everything written of the response has left. */
void exchange_drained(struct exchange *exchange);

/* What waited of a response that is sent has left, or never will. */
void exchange_left(struct exchange *exchange);

/* Whether the response goes on until its peer ends it. */
bool exchange_is_endless(const struct exchange *exchange);

/* Frees the spare ones. */
void exchanges_free(struct connections *all);

#endif
