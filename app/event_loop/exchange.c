/*
 * From a whole request to a response in records. exchange_begin() decodes the request, and runs its
 * route. The route sends its response through the operations of the gateway, which encode it; the
 * connection writes it.
 *
 * The decoded request is freed as soon as the route returns: the next request takes its place,
 * while this one may wait for the disk, or stream for hours.
 */
#include "event_loop/exchange.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/limit.h"
#include "base/memory.h"
#include "base/meters/loop_span.h"
#include "event_loop/connection.h"
#include "event_loop/connection_write.h"
#include "http/response.h"

/* Bytes for everything with the lifetime of a request: the request, its response, and the state of
 * a create. */
#define ROOM 512

struct exchange {
	struct gateway gateway;
	struct connections *all;
	struct connection *connection; /* NULL once the response is sent or abandoned */
	struct response *response;     /* once its route has returned without sending it */
	SLIST_ENTRY(exchange) spare;
	alignas(max_align_t) char room[ROOM];
};

static size_t exchange_read(struct gateway *gateway, char *chunk, size_t size);
static bool exchange_respond(struct gateway *gateway, const char *head, size_t head_length,
	const char *body, size_t body_length);
static bool exchange_stream(struct gateway *gateway, const char *bytes, size_t length);
static bool exchange_end(struct gateway *gateway);
static bool exchange_is_peer_own(struct gateway *gateway);
static void exchange_release(struct gateway *gateway);

static const struct gateway_operations exchange_operations = {
	.read = exchange_read,
	.respond = exchange_respond,
	.stream = exchange_stream,
	.end = exchange_end,
	.is_peer_own = exchange_is_peer_own,
	.release = exchange_release,
};

static void poison_exchange(struct exchange *exchange)
{
	ASAN_POISON_MEMORY_REGION(exchange, offsetof(struct exchange, spare));
	ASAN_POISON_MEMORY_REGION(exchange->room, sizeof(exchange->room));
}

static void unpoison_exchange(struct exchange *exchange)
{
	ASAN_UNPOISON_MEMORY_REGION(exchange, sizeof(*exchange));
}

/* Spare exchanges are never freed while the server runs: there are as many as requests were under
 * way at once. Freed and allocated for each request, they would cost 400 to 700 more
 * instructions (script/bench instructions), and 4 % of the creates with 256 clients. */
static struct exchange *take_spare(struct connections *all)
{
	struct exchange *exchange = SLIST_FIRST(&all->spare);

	if (exchange == NULL)
		return memory_zeroed(sizeof(*exchange));
	SLIST_REMOVE_HEAD(&all->spare, spare);
	unpoison_exchange(exchange);
	return exchange;
}

/* What the peer has sent before it took a response was there before. */
static struct request_times find_times(const struct connection *connection)
{
	uint64_t arrived = loop_span_arrival(), began = connection->began;

	return (struct request_times){.began = began != 0 && began < arrived ? began : arrived,
		.arrived = arrived,
		.routed = loop_span_began()};
}

static struct exchange *open_exchange(struct connection *connection)
{
	struct connections *all = connection->all;
	struct exchange *exchange = take_spare(all);

	exchange->gateway.operations = &exchange_operations;
	exchange->gateway.params = codec_params(all->codec);
	exchange->gateway.refused = framing_refused(connection->framing);
	exchange->gateway.times = find_times(connection);
	exchange->gateway.response = NULL;
	arena_begin(&exchange->gateway.arena, exchange->room, sizeof(exchange->room));
	exchange->all = all;
	exchange->connection = connection;
	exchange->response = NULL;
	connection->exchange = exchange;
	return exchange;
}

enum result exchange_begin(struct connection *connection)
{
	struct connections *all = connection->all;
	const struct buffer *records = framing_request(connection->framing);
	enum result result = codec_decode(all->codec, records->bytes, records->length);

	if (result != RESULT_OK)
		return result;
	struct exchange *exchange = open_exchange(connection);
	struct response *response = router_dispatch(all->router, &exchange->gateway);
	codec_forget(all->codec);
	if (response == NULL)
		return RESULT_OK;
	exchange->response = response;
	/* The peer may have gone while the route ran. */
	if (exchange->connection == NULL)
		response_abandon(response);
	return RESULT_OK;
}

static struct exchange *exchange_of(struct gateway *gateway)
{
	return (struct exchange *)gateway;
}

/* Only while its route runs: then the next request takes its place in the codec. And not after the
 * response was abandoned, with the bytes that the framing has gathered. */
static size_t exchange_read(struct gateway *gateway, char *chunk, size_t size)
{
	const struct exchange *exchange = exchange_of(gateway);

	return exchange->connection != NULL ? codec_read(exchange->all->codec, chunk, size) : 0;
}

/* The response is complete or abandoned. */
static void leave_connection(struct exchange *exchange)
{
	exchange->connection->exchange = NULL;
	exchange->connection = NULL;
}

/* Writes the rest of the response. If the route is still running, the connection is parsing, and
 * calls connection_rest() itself. Returns whether all has left. */
static bool write_rest(struct exchange *exchange, const struct iovec *pieces, size_t count)
{
	struct connection *connection = exchange->connection;
	struct buffer *records = &exchange->all->records;

	leave_connection(exchange);
	connection_write_end(connection, pieces, count);
	bool has_left = !connection_is_writing(connection);
	if (!has_left)
		connection->leaving = exchange;
	if (records->capacity > LIMIT_KEPT_BUFFER)
		buffer_free(records);
	if (exchange->response != NULL)
		connection_rest(connection);
	return has_left;
}

static bool exchange_respond(struct gateway *gateway, const char *head, size_t head_length,
	const char *body, size_t body_length)
{
	struct exchange *exchange = exchange_of(gateway);
	struct iovec pieces[CODEC_PIECES];

	if (exchange->connection == NULL)
		return true;
	size_t count =
		codec_encode(&exchange->all->records, framing_id(exchange->connection->framing),
			&(struct iovec){.iov_base = (char *)head, .iov_len = head_length},
			&(struct iovec){.iov_base = (char *)body, .iov_len = body_length}, pieces);
	return write_rest(exchange, pieces, count);
}

/* If a part is missing, the peer must not take the rest for the whole: no bytes become no pieces,
 * which close the connection. */
static bool exchange_stream(struct gateway *gateway, const char *bytes, size_t length)
{
	struct exchange *exchange = exchange_of(gateway);
	struct connection *connection = exchange->connection;
	struct iovec pieces[CODEC_PIECES];

	if (connection == NULL)
		return false;
	size_t count = codec_encode_part(
		&exchange->all->records, framing_id(connection->framing), bytes, length, pieces);
	connection_write_part(connection, pieces, length > 0 ? count : 0);
	return connection->state == CONNECTION_ROUTE;
}

static bool exchange_end(struct gateway *gateway)
{
	struct exchange *exchange = exchange_of(gateway);
	struct iovec pieces[CODEC_PIECES];

	if (exchange->connection == NULL)
		return true;
	size_t count = codec_encode_end(
		&exchange->all->records, framing_id(exchange->connection->framing), pieces);
	return write_rest(exchange, pieces, count);
}

static bool exchange_is_peer_own(struct gateway *gateway)
{
	const struct connection *connection = exchange_of(gateway)->connection;

	return connection != NULL && socket_is_peer_own(&connection->uv);
}

static void exchange_release(struct gateway *gateway)
{
	struct exchange *exchange = exchange_of(gateway);

	arena_end(&gateway->arena);
	gateway->operations = NULL; /* a second release must not go unnoticed */
	SLIST_INSERT_HEAD(&exchange->all->spare, exchange, spare);
	poison_exchange(exchange);
}

void exchange_abandon(struct exchange *exchange)
{
	leave_connection(exchange);
	if (exchange->response != NULL)
		response_abandon(exchange->response);
}

void exchange_drained(struct exchange *exchange)
{
	response_drained(exchange->response);
}

void exchange_left(struct exchange *exchange)
{
	response_left(exchange->gateway.response);
}

bool exchange_is_endless(const struct exchange *exchange)
{
	return response_is_endless(exchange->response);
}

void exchanges_free(struct connections *all)
{
	while (!SLIST_EMPTY(&all->spare)) {
		struct exchange *exchange = SLIST_FIRST(&all->spare);
		SLIST_REMOVE_HEAD(&all->spare, spare);
		free(exchange);
	}
}
