/*
 * From a whole request to a response in records. exchange_begin() decodes the request, and runs its
 * route; what the route sends comes back as the operations of the gateway, is encoded, and written
 * by the connection.
 *
 * What is decoded is forgotten as soon as the route returns: the next request takes its place,
 * while this one may wait for the disk, or go on for hours.
 */
#include "event_loop/exchange.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/limit.h"
#include "base/memory.h"
#include "event_loop/connection.h"
#include "event_loop/connection_write.h"
#include "http/response.h"

/* Debian 13 has it in a package of its own, which a build without sanitizers does not need. */
#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size)   ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

/* Bytes for what lives as long as a request: the request and its response, and what is to be
 * remembered of a create. */
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
static void exchange_respond(struct gateway *gateway, const char *head, size_t head_length,
	const char *body, size_t body_length);
static bool exchange_stream(struct gateway *gateway, const char *bytes, size_t length);
static void exchange_end(struct gateway *gateway);
static void exchange_release(struct gateway *gateway);

static const struct gateway_operations exchange_operations = {
	.read = exchange_read,
	.respond = exchange_respond,
	.stream = exchange_stream,
	.end = exchange_end,
	.release = exchange_release,
};

/* Address sanitizer finds uses of an exchange that is spare as it finds those of one that is free:
 * what its last request had in it is poison. Without it these do nothing. */
static void poison_exchange(struct exchange *exchange)
{
	ASAN_POISON_MEMORY_REGION(exchange, offsetof(struct exchange, spare));
	ASAN_POISON_MEMORY_REGION(exchange->room, sizeof(exchange->room));
}

static void unpoison_exchange(struct exchange *exchange)
{
	ASAN_UNPOISON_MEMORY_REGION(exchange, sizeof(*exchange));
}

/* There are as many as there were requests under way at once; the last one to be released is still
 * in the processor's cache. */
static struct exchange *take_spare(struct connections *all)
{
	struct exchange *exchange = SLIST_FIRST(&all->spare);

	if (exchange == NULL)
		return memory_zeroed(sizeof(*exchange));
	SLIST_REMOVE_HEAD(&all->spare, spare);
	unpoison_exchange(exchange);
	return exchange;
}

static struct exchange *open_exchange(struct connection *connection)
{
	struct connections *all = connection->all;
	struct exchange *exchange = take_spare(all);

	exchange->gateway = (struct gateway){.operations = &exchange_operations,
		.params = codec_params(all->codec),
		.refused = framing_refused(connection->framing)};
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

/* libfcgi's stream reads ahead from the memory file, which the next request overwrites: a body has
 * to be read before its route returns. */
static size_t exchange_read(struct gateway *gateway, char *chunk, size_t size)
{
	return codec_read(exchange_of(gateway)->all->codec, chunk, size);
}

/* The response is complete, one way or another. */
static void leave_connection(struct exchange *exchange)
{
	exchange->connection->exchange = NULL;
	exchange->connection = NULL;
}

/* Writes the rest of the response. While its route runs, the connection is parsing, and finds out
 * by itself what it waits for next. */
static void write_rest(struct exchange *exchange, const struct iovec *pieces, size_t count)
{
	struct connection *connection = exchange->connection;
	struct buffer *records = &exchange->all->records;

	leave_connection(exchange);
	connection_write_end(connection, pieces, count);
	if (records->capacity > LIMIT_KEPT_BUFFER)
		buffer_free(records);
	if (exchange->response != NULL)
		connection_rest(connection);
}

static void exchange_respond(struct gateway *gateway, const char *head, size_t head_length,
	const char *body, size_t body_length)
{
	struct exchange *exchange = exchange_of(gateway);
	struct iovec pieces[CODEC_PIECES];

	if (exchange->connection == NULL)
		return;
	size_t count =
		codec_encode(&exchange->all->records, framing_id(exchange->connection->framing),
			&(struct iovec){.iov_base = (char *)head, .iov_len = head_length},
			&(struct iovec){.iov_base = (char *)body, .iov_len = body_length}, pieces);
	write_rest(exchange, pieces, count);
}

/* Where a part is missing, the peer must not take the rest for the whole: no bytes become no
 * pieces, which close the connection. */
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

static void exchange_end(struct gateway *gateway)
{
	struct exchange *exchange = exchange_of(gateway);
	struct iovec pieces[CODEC_PIECES];

	if (exchange->connection == NULL)
		return;
	size_t count = codec_encode_end(
		&exchange->all->records, framing_id(exchange->connection->framing), pieces);
	write_rest(exchange, pieces, count);
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

bool exchange_goes_on(const struct exchange *exchange)
{
	return response_goes_on(exchange->response);
}

void exchanges_free(struct connections *all)
{
	while (!SLIST_EMPTY(&all->spare)) {
		struct exchange *exchange = SLIST_FIRST(&all->spare);
		SLIST_REMOVE_HEAD(&all->spare, spare);
		free(exchange);
	}
}
