#include "support/protocol/fcgi_client.h"

#include <errno.h>
#include <fastcgi.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/patience.h"
#include "support/test.h"

struct fcgi_client {
	int socket;
	bool closed;         /* by the peer */
	struct buffer input; /* received, from the first byte not yet consumed */
	size_t consumed;     /* of it: the record handed out last */
	struct buffer output;
	struct answer answer;
};

/* Any socket address, with its length. */
struct endpoint {
	struct sockaddr_storage address;
	socklen_t length;
};

static struct endpoint unix_endpoint(const char *path)
{
	struct endpoint endpoint = {.length = sizeof(struct sockaddr_un)};
	struct sockaddr_un *address = (struct sockaddr_un *)&endpoint.address;

	assert_true(strlen(path) < sizeof(address->sun_path));
	address->sun_family = AF_UNIX;
	strcpy(address->sun_path, path);
	return endpoint;
}

static struct endpoint tcp_endpoint(const char *text)
{
	const struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
	struct endpoint endpoint = {0};
	struct addrinfo *found = NULL;
	const char *colon = strrchr(text, ':');
	char host[64] = "";
	bool is_v6 = *text == '[';

	assert_non_null(colon);
	size_t length = (size_t)(colon - text) - (is_v6 ? 2 : 0);
	assert_true(length < sizeof(host));
	memcpy(host, text + (is_v6 ? 1 : 0), length);
	assert_int_equal(getaddrinfo(host, colon + 1, &hints, &found), 0);
	memcpy(&endpoint.address, found->ai_addr, found->ai_addrlen);
	endpoint.length = found->ai_addrlen;
	freeaddrinfo(found);
	return endpoint;
}

static struct endpoint parse(const char *address)
{
	if (strncmp(address, "unix:", 5) == 0)
		return unix_endpoint(address + 5);
	assert_memory_equal(address, "tcp:", 4);
	return tcp_endpoint(address + 4);
}

/* -1 if nobody listens there. The connection is made before the socket is told not to block: a full
 * queue is waited for. */
static int connect_to(const char *address)
{
	struct endpoint endpoint = parse(address);
	int connected = socket(endpoint.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(connected >= 0);
	if (connect(connected, (struct sockaddr *)&endpoint.address, endpoint.length) == 0)
		return connected;
	close(connected);
	return -1;
}

bool client_can_connect(const char *address)
{
	int connected = connect_to(address);

	if (connected >= 0)
		close(connected);
	return connected >= 0;
}

struct fcgi_client *client_open(const char *address)
{
	struct fcgi_client *client = calloc(1, sizeof(*client));
	int on = 1;

	assert_non_null(client);
	client->socket = connect_to(address);
	if (client->socket < 0)
		fail_msg("cannot connect to %s: %s", address, strerror(errno));
	/* Fails on a unix socket, which holds nothing back anyway. */
	setsockopt(client->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return client;
}

void client_close(struct fcgi_client *client)
{
	if (client->socket >= 0)
		close(client->socket);
	buffer_free(&client->input);
	buffer_free(&client->output);
	free(client);
}

static bool is_gone(int error)
{
	return error == EPIPE || error == ECONNRESET;
}

/* One send without waiting: how many bytes it took; 0 if none now, -1 if the peer has closed. */
static ssize_t send_some(struct fcgi_client *client, const char *bytes, size_t length)
{
	ssize_t sent = send(client->socket, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (sent >= 0)
		return sent;
	if (errno == EAGAIN || errno == EINTR)
		return 0;
	if (!is_gone(errno))
		fail_msg("send: %s", strerror(errno));
	return -1;
}

bool client_try_send(struct fcgi_client *client, const void *bytes, size_t length)
{
	int64_t until = patience_begin();
	const char *next = bytes;

	while (length > 0) {
		ssize_t sent = send_some(client, next, length);
		if (sent < 0)
			return false;
		if (sent == 0)
			patience_poll(client->socket, POLLOUT, until, "room to send");
		next += sent;
		length -= (size_t)sent;
	}
	return true;
}

void client_send(struct fcgi_client *client, const struct buffer *bytes)
{
	assert_false(bytes->failed);
	if (!client_try_send(client, bytes->bytes, bytes->length))
		fail_msg("the peer closed the connection while it was sent to");
}

void client_send_rest(struct fcgi_client *client, const struct buffer *bytes, size_t sent)
{
	const struct buffer rest = {.bytes = bytes->bytes + sent, .length = bytes->length - sent};

	client_send(client, &rest);
}

void client_send_bytewise(struct fcgi_client *client, const struct buffer *bytes)
{
	for (size_t i = 0; i < bytes->length; i++) {
		if (!client_try_send(client, bytes->bytes + i, 1))
			fail_msg("the peer closed the connection at byte %zu", i);
	}
}

size_t client_fill(struct fcgi_client *client, const struct buffer *bytes)
{
	size_t sent = 0;

	while (sent < bytes->length) {
		ssize_t some = send_some(client, bytes->bytes + sent, bytes->length - sent);
		if (some <= 0)
			break;
		sent += (size_t)some;
	}
	return sent;
}

void client_finish(struct fcgi_client *client)
{
	if (shutdown(client->socket, SHUT_WR) != 0 && errno != ENOTCONN)
		fail_msg("shutdown: %s", strerror(errno));
}

static void forget_consumed(struct fcgi_client *client)
{
	if (client->consumed > 0)
		buffer_consume(&client->input, client->consumed);
	client->consumed = 0;
}

/* Everything that is there, at least a byte; false if the peer has closed. */
static bool receive(struct fcgi_client *client, int64_t until)
{
	static char bytes[1 << 18];

	if (client->closed)
		return false;
	patience_poll(client->socket, POLLIN, until, "the peer to send or close");
	ssize_t received = recv(client->socket, bytes, sizeof(bytes), 0);
	if (received < 0 && !is_gone(errno))
		fail_msg("recv: %s", strerror(errno));
	client->closed = received <= 0;
	if (received > 0)
		buffer_append(&client->input, bytes, (size_t)received);
	return !client->closed;
}

/* The length of the record at the start of the input with header and padding; 0 while that is not
 * known. */
static size_t record_size(const struct buffer *input)
{
	const unsigned char *header = (const unsigned char *)input->bytes;

	if (input->length < FCGI_HEADER_LEN)
		return 0;
	return FCGI_HEADER_LEN + ((size_t)header[4] << 8 | header[5]) + header[6];
}

static bool is_whole(const struct buffer *input)
{
	size_t size = record_size(input);

	return size > 0 && input->length >= size;
}

bool client_has_record(const struct fcgi_client *client)
{
	struct buffer rest = client->input;

	if (rest.length == client->consumed)
		return false;
	rest.bytes += client->consumed;
	rest.length -= client->consumed;
	return is_whole(&rest);
}

bool client_read_record(struct fcgi_client *client, struct record *record)
{
	int64_t until = patience_begin();

	forget_consumed(client);
	while (!is_whole(&client->input)) {
		if (receive(client, until))
			continue;
		if (client->input.length > 0)
			fail_msg("the peer closed within a record, after %zu bytes of it",
				client->input.length);
		return false;
	}
	const unsigned char *header = (const unsigned char *)client->input.bytes;
	assert_int_equal(header[0], FCGI_VERSION_1);
	record->type = header[1];
	record->id = (unsigned)header[2] << 8 | header[3];
	record->content = header + FCGI_HEADER_LEN;
	record->length = (size_t)header[4] << 8 | header[5];
	client->consumed = record_size(&client->input);
	return true;
}

static unsigned http_status(const struct buffer *output)
{
	static const char name[] = "Status: ";

	if (output->length == 0)
		return 0;
	if (output->length < sizeof(name) || memcmp(output->bytes, name, sizeof(name) - 1) != 0)
		fail_msg("the response does not start with its status");
	return (unsigned)strtoul(output->bytes + sizeof(name) - 1, NULL, 10);
}

static void finish_answer(struct fcgi_client *client, const struct record *end)
{
	struct buffer *output = &client->output;

	assert_int_equal(end->length, sizeof(FCGI_EndRequestBody));
	client->answer.app_status = (uint32_t)end->content[0] << 24 |
				    (uint32_t)end->content[1] << 16 |
				    (uint32_t)end->content[2] << 8 | end->content[3];
	client->answer.protocol_status = end->content[4];
	client->answer.length = output->length;
	buffer_append(output, "", 1);
	assert_false(output->failed);
	output->length--;
	client->answer.status = http_status(output);
	client->answer.text = output->bytes;
}

const struct answer *client_read_answer(struct fcgi_client *client, unsigned id)
{
	struct record record;
	bool is_open = false; /* STDOUT has begun and its empty record has not come */

	buffer_clear(&client->output);
	do {
		if (!client_read_record(client, &record))
			fail_msg("the peer closed before END_REQUEST of request %u", id);
		assert_int_equal(record.id, id);
		if (record.type == FCGI_STDOUT) {
			is_open = record.length > 0;
			buffer_append(&client->output, record.content, record.length);
		} else if (record.type != FCGI_END_REQUEST) {
			fail_msg("record of type %u in an answer", record.type);
		}
	} while (record.type != FCGI_END_REQUEST);
	if (is_open)
		fail_msg("END_REQUEST before the end of STDOUT");
	finish_answer(client, &record);
	return &client->answer;
}

const struct answer *client_ask(struct fcgi_client *client, const struct web_request *request)
{
	struct buffer records = {0};

	records_request(&records, request);
	client_send(client, &records);
	buffer_free(&records);
	return client_read_answer(client, request->id != 0 ? request->id : 1);
}

size_t client_fill_page(struct fcgi_client *client, unsigned users)
{
	for (unsigned i = 0; i < users; i++) {
		struct buffer records = {0};
		records_sign_up(&records, "a-name-as-long-as-one-may-well-be-with-number", i);
		client_send(client, &records);
		assert_int_equal(client_read_answer(client, 1)->status, 303);
		buffer_free(&records);
	}
	return client_ask(client, &(struct web_request){.path = "/users"})->length;
}

unsigned client_get(struct fcgi_client *client, const char *path)
{
	return client_ask(client, &(struct web_request){.path = path})->status;
}

bool client_finds(struct fcgi_client *client, const char *path, const char *text)
{
	const struct answer *answer = client_ask(client, &(struct web_request){.path = path});

	assert_int_equal(answer->status, 200);
	return strstr(answer->text, text) != NULL;
}

size_t client_drain(struct fcgi_client *client)
{
	int64_t until = patience_begin();
	size_t drained = 0;

	forget_consumed(client);
	do {
		drained += client->input.length;
		buffer_clear(&client->input);
	} while (receive(client, until));
	return drained;
}

void client_expect_closed(struct fcgi_client *client)
{
	size_t more = client_drain(client);

	if (more > 0)
		fail_msg("%zu bytes more before the peer closed", more);
}

void client_wait_hang_up(struct fcgi_client *client)
{
	patience_poll(client->socket, 0, patience_begin(), "the peer to close");
}

void client_wait_readable(struct fcgi_client *client)
{
	patience_poll(client->socket, POLLIN, patience_begin(), "the peer to send");
}

static bool has_now(struct fcgi_client *client, short events)
{
	struct pollfd state = {.fd = client->socket, .events = events};

	return poll(&state, 1, 0) > 0;
}

bool client_is_readable(struct fcgi_client *client)
{
	return client_has_record(client) || has_now(client, POLLIN);
}

bool client_is_hung_up(struct fcgi_client *client)
{
	return has_now(client, 0);
}

void client_expect_served(const char *address)
{
	struct fcgi_client *client = client_open(address);

	assert_int_equal(client_get(client, "/"), 200);
	client_close(client);
}
