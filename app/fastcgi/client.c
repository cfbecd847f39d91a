/*
 * The other side of FastCGI: one request as a web server sends it, for the health check and for
 * commands that go to the running server. It blocks, with one deadline for the whole exchange, and
 * shares only record.h and params.h with the server, so that the check goes the same way as a
 * request of nginx does.
 */
#include "fastcgi/client.h"

#include <errno.h>
#include <fastcgi.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/decimal.h"
#include "base/limit.h"
#include "base/timestamp.h"
#include "fastcgi/params.h"
#include "fastcgi/record.h"

#define REQUEST_ID 1

/* A question that is being asked. */
struct client {
	int descriptor;
	int milliseconds; /* for all of it */
	int64_t until;
	struct buffer output; /* what STDOUT records held */
	size_t received;      /* bytes of records of any kind */
	/* Of the last record, with its padding. Here, since small records would each have all of it
	 * cleared. */
	char content[65535 + 255];
	struct reason *reason;
};

static enum result too_late(const struct client *client)
{
	return reason_fail(
		client->reason, RESULT_SYSTEM, "no answer within %d ms", client->milliseconds);
}

static enum result call_failed(const struct client *client, const char *what)
{
	if (errno == EAGAIN || errno == EINPROGRESS)
		return too_late(client);
	return reason_fail_errno(client->reason, "%s", what);
}

static enum result malformed(const struct client *client, const char *what)
{
	return reason_fail(client->reason, RESULT_MALFORMED, "%s", what);
}

/* A connect waits where the queue of a unix socket is full; the timeout for sending ends that. */
static enum result connect_to(struct client *client, const struct endpoint *endpoint)
{
	struct timeval timeout = {.tv_sec = client->milliseconds / 1000,
		.tv_usec = (suseconds_t)(client->milliseconds % 1000) * 1000};

	client->descriptor = socket(endpoint->address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client->descriptor < 0 || setsockopt(client->descriptor, SOL_SOCKET, SO_SNDTIMEO,
					      &timeout, sizeof(timeout)) != 0)
		return call_failed(client, "cannot make a socket");
	/* Interrupted where the process is stopped and continued (signal(7)). */
	while (connect(client->descriptor, &endpoint->address.any, endpoint->length) != 0) {
		if (errno != EINTR)
			return call_failed(client, "cannot connect");
	}
	return RESULT_OK;
}

static void append_request_record(
	struct buffer *out, unsigned type, const void *content, size_t length)
{
	fcgi_record_header(out, type, REQUEST_ID, length);
	buffer_append(out, content, length);
}

static void append_param(struct buffer *params, const char *name, const char *value)
{
	if (value != NULL)
		params_append(params, name, value);
}

static void append_params(struct buffer *params, const struct client_request *request)
{
	char length[DECIMAL_LENGTH + 1];

	length[decimal_write(request->body_length, length)] = '\0';
	append_param(params, "REQUEST_METHOD", request->method);
	append_param(params, "DOCUMENT_URI", request->path);
	append_param(params, "QUERY_STRING", request->query != NULL ? request->query : "");
	append_param(params, "CONTENT_TYPE", request->content_type);
	append_param(params, "CONTENT_LENGTH", request->body != NULL ? length : NULL);
	append_param(params, "SERVER_PROTOCOL", "HTTP/1.1");
	for (const char *const *more = request->params; more != NULL && *more != NULL; more += 2)
		append_param(params, more[0], more[1]);
}

static void append_request(struct buffer *out, const struct client_request *request)
{
	const unsigned char begin[8] = {0, FCGI_RESPONDER};
	struct buffer params = {0};

	append_params(&params, request);
	append_request_record(out, FCGI_BEGIN_REQUEST, begin, sizeof(begin));
	append_request_record(out, FCGI_PARAMS, params.bytes, params.length);
	append_request_record(out, FCGI_PARAMS, "", 0);
	if (request->body_length > 0)
		append_request_record(out, FCGI_STDIN, request->body, request->body_length);
	append_request_record(out, FCGI_STDIN, "", 0);
	out->failed |= params.failed;
	buffer_free(&params);
}

/* All of it, in as many parts as the socket takes; a signal may end a part early. */
static enum result send_bytes(const struct client *client, const struct buffer *request)
{
	size_t sent = 0;

	while (sent < request->length) {
		ssize_t part = send(client->descriptor, request->bytes + sent,
			request->length - sent, MSG_NOSIGNAL);
		if (part < 0 && errno != EINTR)
			return call_failed(client, "cannot ask");
		if (part > 0)
			sent += (size_t)part;
		if (sent < request->length && timestamp_of_clock(CLOCK_MONOTONIC) >= client->until)
			return too_late(client);
	}
	return RESULT_OK;
}

static enum result send_request(const struct client *client, const struct client_request *asked)
{
	struct buffer request = {0};
	enum result result = RESULT_OK;

	append_request(&request, asked);
	if (request.failed) {
		errno = ENOMEM;
		result = call_failed(client, "cannot ask");
	} else {
		result = send_bytes(client, &request);
	}
	buffer_free(&request);
	return result;
}

/* Fills `bytes`. When the time is over what has come by then still counts: the process may have
 * stood still. */
static enum result receive(const struct client *client, void *bytes, size_t length)
{
	struct pollfd event = {.fd = client->descriptor, .events = POLLIN};
	size_t received = 0;

	while (received < length) {
		int64_t left = client->until - timestamp_of_clock(CLOCK_MONOTONIC);
		int ready = poll(&event, 1, left > 0 ? (int)left : 0);
		if (ready == 0)
			return too_late(client);
		if (ready < 0)
			continue; /* a signal */
		ssize_t part =
			recv(client->descriptor, (char *)bytes + received, length - received, 0);
		if (part < 0)
			return call_failed(client, "cannot read the answer");
		if (part == 0)
			return malformed(client, "the connection was closed before the answer");
		received += (size_t)part;
	}
	return RESULT_OK;
}

/* Takes one record; `ended` if it was the last of the answer. */
static enum result receive_record(struct client *client, bool *ended)
{
	unsigned char header[FCGI_HEADER_LEN] = {0};
	enum result result = receive(client, header, sizeof(header));

	if (result != RESULT_OK)
		return result;
	struct fcgi_record record = fcgi_record_read(header);
	if (record.version != FCGI_VERSION_1)
		return malformed(client, "what answers does not speak FastCGI");
	/* Records that are no part of an answer could come for ever, and never be late. */
	client->received += FCGI_HEADER_LEN + record.length + record.padding;
	if (client->received > LIMIT_PROBE_RECORDS)
		return malformed(client, "the answer is too long");
	result = receive(client, client->content, record.length + record.padding);
	if (result != RESULT_OK)
		return result;
	if (record.type == FCGI_STDOUT)
		buffer_append(&client->output, client->content, record.length);
	*ended = record.type == FCGI_END_REQUEST;
	if (*ended && (record.length < 5 || client->content[4] != FCGI_REQUEST_COMPLETE))
		return malformed(client, "the request was refused");
	return RESULT_OK;
}

/* A line of the body has come. */
static bool has_line(struct client *client)
{
	buffer_append(&client->output, "", 1);
	const char *body = client->output.failed ? NULL : strstr(client->output.bytes, "\r\n\r\n");
	bool has_one = body != NULL && strchr(body + 4, '\n') != NULL;
	if (!client->output.failed)
		client->output.length--;
	return has_one;
}

/* All of it; or `is_open`, what there is with the first line. */
static enum result receive_answer(struct client *client, bool *is_open)
{
	bool ended = false;

	while (!ended && !(is_open != NULL && has_line(client))) {
		enum result result = receive_record(client, &ended);
		if (result != RESULT_OK)
			return result;
		if (client->output.length > LIMIT_PROBE || client->output.failed)
			return malformed(client, "the answer is too long");
	}
	if (is_open != NULL)
		*is_open = !ended;
	return RESULT_OK;
}

/* A CGI response: header fields, an empty line, the body. */
static enum result read_answer(
	struct client *client, struct client_answer *answer, struct buffer *whole)
{
	buffer_append(&client->output, "", 1);
	if (client->output.failed)
		return malformed(client, "the answer is too long");
	const char *head = client->output.bytes;
	const char *body = strstr(head, "\r\n\r\n");
	const char *field = strstr(head, "Status: ");

	if (body == NULL)
		return malformed(client, "the answer is no response of CGI");
	answer->status = 200;
	if (field != NULL && field < body) {
		uint64_t code;
		if (decimal_parse(field + 8, 3, &code) != 3)
			return malformed(client, "the answer has no status");
		answer->status = (unsigned)code;
	}
	body += 4;
	if (whole != NULL)
		buffer_append(whole, body, strlen(body) + 1);
	if (whole != NULL && whole->failed)
		return malformed(client, "the answer is too long");
	size_t length = 0;
	while (body[length] >= ' ' && body[length] <= '~' && length < sizeof(answer->text) - 1)
		length++;
	memcpy(answer->text, body, length);
	answer->text[length] = '\0';
	return RESULT_OK;
}

enum result client_open(const struct endpoint *endpoint, const struct client_request *request,
	int milliseconds, struct client_answer *answer, struct buffer *body, int *opened,
	struct reason *reason)
{
	bool is_open = false;
	struct client client = {.milliseconds = milliseconds,
		.until = timestamp_of_clock(CLOCK_MONOTONIC) + milliseconds,
		.reason = reason};
	enum result result = connect_to(&client, endpoint);

	if (result == RESULT_OK)
		result = send_request(&client, request);
	answer->is_sent = result == RESULT_OK;
	if (result == RESULT_OK)
		result = receive_answer(&client, opened != NULL ? &is_open : NULL);
	if (result == RESULT_OK)
		result = read_answer(&client, answer, body);
	if (result == RESULT_OK && is_open)
		*opened = client.descriptor;
	else if (client.descriptor >= 0)
		close(client.descriptor);
	buffer_free(&client.output);
	return result;
}

enum result client_ask(const struct endpoint *endpoint, const struct client_request *request,
	int milliseconds, struct client_answer *answer, struct buffer *body, struct reason *reason)
{
	return client_open(endpoint, request, milliseconds, answer, body, NULL, reason);
}

enum result client_fetch(const struct endpoint *endpoint, const char *path, int milliseconds,
	struct client_answer *answer, struct reason *reason)
{
	const char *const params[] = {"REQUEST_ID", "healthcheck", NULL};

	return client_ask(endpoint,
		&(struct client_request){.method = "GET", .path = path, .params = params},
		milliseconds, answer, NULL, reason);
}
