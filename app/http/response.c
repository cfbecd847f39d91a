/*
 * A response is built in two buffers, head and body, and goes to its gateway as one. The status
 * line stands first in a head and is known last, so the head begins with room for it.
 *
 * What became of the response is one state, and response_finish() is where every response ends that
 * its route has left: one that was not answered becomes a 500, one that goes on is ended.
 */
#include "http/response.h"

#include <assert.h>
#include <string.h>

#include "base/decimal.h"
#include "base/meters/meters.h"
#include "http/http.h"

enum response_state {
	RESPONSE_OPEN,      /* nothing is sent yet */
	RESPONSE_STREAMING, /* begun: more can be written, until it is ended */
	RESPONSE_BLOCKED,   /* the same, but what was written waits for the peer to take it */
	RESPONSE_SENT,      /* all of it */
	RESPONSE_ABANDONED, /* the peer went while it was open */
	RESPONSE_CUT_OFF,   /* the peer went while it was streaming */
};

struct response {
	struct gateway *gateway;
	struct request *request;
	struct log *log;
	enum response_state state;
	unsigned holds;
	unsigned status;
	bool is_endless;
	size_t written;     /* bytes of the body of a response that was begun */
	struct buffer head; /* its first header field begins it; failed once a field is refused */
	struct buffer body;
	const struct buffer *lent; /* in place of the body, or NULL */
	response_cb *on_abandoned;
	void *on_abandoned_argument;
	response_cb *on_drained;
	void *on_drained_argument;
};

/* The site loads its own stylesheet and scripts, which ask only the site itself, and posts its own
 * form; its icon is inside its pages. Nothing else, and no other site frames it. */
static const char security_headers[] =
	"Content-Security-Policy: default-src 'none'; style-src "
	"'self'; img-src 'self' data:; script-src 'self'; connect-src "
	"'self'; form-action 'self'; "
	"base-uri 'none'; frame-ancestors 'none'\r\n"
	"X-Content-Type-Options: nosniff\r\n"
	"Referrer-Policy: same-origin\r\n";

/* Bytes of the longest status line or more: it stands first in a head, and is known last. */
#define STATUS_ROOM 64

/* Bytes of the usual head, status line and all. */
#define HEAD_ROOM 768

/* Sent when a route has failed to answer: it must not depend on anything that a route does. */
static const char fallback_body[] = "Internal server error\n";

struct response *response_open(struct gateway *gateway, struct request *request, struct log *log)
{
	struct response *response = arena_zeroed(&gateway->arena, sizeof(*response));

	response->gateway = gateway;
	response->request = request;
	response->log = log;
	response->holds = 1;
	response->status = 200;
	return response;
}

void response_hold(struct response *response)
{
	response->holds++;
}

/* By its route, not by its path: there are as many paths as clients like. */
static void count_response(
	const struct response *response, unsigned status, size_t bytes, bool is_abandoned)
{
	const struct request *request = response->request;
	struct request_meters *requests = &meters.requests;

	if (is_abandoned) {
		requests->abandoned++;
		return;
	}
	requests->count[request_route(request)][request_method(request)]
		       [http_status_place(status)]++;
	requests->responses += bytes;
}

/* A peer that went after some of the body was sent has got a response, of as many bytes. */
static void log_response(struct response *response, unsigned status, size_t bytes)
{
	const struct log_field id = LOG_TEXT("id", request_id(response->request));
	const struct log_field method = LOG_TEXT("method", request_method_name(response->request));
	const struct log_field path = LOG_TEXT("path", request_path(response->request));
	const enum log_level level = log_level_of_each(response->log);
	bool has_gone =
		response->state == RESPONSE_ABANDONED || response->state == RESPONSE_CUT_OFF;

	count_response(response, status, bytes, has_gone && response->written == 0);
	if (has_gone && response->written == 0)
		log_event(response->log, level, "abandoned", id, method, path);
	else
		log_event(response->log, level, "request", id, method, path,
			LOG_NUMBER("status", status), LOG_NUMBER("bytes", bytes));
}

static void begin_head(struct buffer *head)
{
	if (head->length == 0 && buffer_reserve(head, HEAD_ROOM))
		head->length = STATUS_ROOM;
}

static void append_header_field(
	struct buffer *head, const char *name, const char *value, size_t value_length)
{
	begin_head(head);
	buffer_string(head, name);
	buffer_string(head, ": ");
	buffer_append(head, value, value_length);
	buffer_string(head, "\r\n");
}

/* Ends a head, and returns at which byte of the buffer it begins: with the status line, right
 * before the header fields. */
static size_t finish_head(struct buffer *head, unsigned status)
{
	char line[STATUS_ROOM], *end = stpcpy(line, "Status: ");

	end += decimal_write(status, end);
	*end++ = ' ';
	end = stpcpy(stpcpy(end, http_reason(status)), "\r\n");
	begin_head(head);
	buffer_append(head, security_headers, sizeof(security_headers) - 1);
	buffer_string(head, "\r\n");
	size_t start = STATUS_ROOM - (size_t)(end - line);
	if (!head->failed)
		memcpy(head->bytes + start, line, STATUS_ROOM - start);
	return start;
}

static void send_whole(struct response *response, unsigned status, struct buffer *head,
	const char *body, size_t length, bool has_length)
{
	bool has_body = status != 204 && status != 304;
	size_t sent_length =
		has_body && request_method(response->request) != METHOD_HEAD ? length : 0;

	log_response(response, status, sent_length);
	response->state = RESPONSE_SENT;
	if (has_body && has_length) { /* RFC 9110, section 8.6 */
		char digits[DECIMAL_LENGTH];
		append_header_field(head, "Content-Length", digits, decimal_write(length, digits));
	}
	size_t start = finish_head(head, status);
	/* Half a head would make the body part of it; none at all is a 502. */
	if (head->failed)
		response->gateway->operations->respond(response->gateway, NULL, 0, NULL, 0);
	else
		response->gateway->operations->respond(response->gateway, head->bytes + start,
			head->length - start, body, sent_length);
}

static void send_fallback(struct response *response)
{
	static const char type[] = "text/plain; charset=utf-8", caching[] = "no-store";
	struct buffer head = {0};

	append_header_field(&head, "Content-Type", type, sizeof(type) - 1);
	append_header_field(&head, "Cache-Control", caching, sizeof(caching) - 1);
	send_whole(response, 500, &head, fallback_body, sizeof(fallback_body) - 1, true);
	buffer_free(&head);
}

/* Ends what its route has left as it is. */
static void response_finish(struct response *response)
{
	if (response->state == RESPONSE_OPEN) {
		log_event(response->log, LOG_ERROR, "unanswered",
			LOG_TEXT("id", request_id(response->request)),
			LOG_TEXT("path", request_path(response->request)));
		send_fallback(response);
	}
	response_end(response);
}

static void response_free(struct response *response)
{
	request_close(response->request);
	buffer_free(&response->head);
	buffer_free(&response->body);
	response->gateway->operations->release(response->gateway);
}

bool response_release(struct response *response)
{
	assert(response->holds > 0);
	if (--response->holds > 0)
		return false;
	response_finish(response);
	response_free(response);
	return true;
}

struct request *response_request(struct response *response)
{
	return response->request;
}

void response_status(struct response *response, unsigned status)
{
	response->status = status;
}

/* RFC 9110, section 5.5. */
static bool is_value_byte(unsigned char byte)
{
	return byte >= ' ' ? byte != 127 : byte == '\t';
}

#define EIGHT_TIMES(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Whether one of eight bytes is below ' ', which a TAB is, too, or 127. */
static bool has_control(const char *bytes)
{
	uint64_t eight, others;

	memcpy(&eight, bytes, sizeof(eight));
	others = eight ^ EIGHT_TIMES(127);
	return ((((eight - EIGHT_TIMES(' ')) & ~eight) | ((others - EIGHT_TIMES(1)) & ~others)) &
		       EIGHT_TIMES(128)) != 0;
}

/* Most values have no control bytes at all. One by one their bytes took 800 instructions of a
 * create, 3 %. */
static bool is_value(const char *value, size_t length)
{
	size_t i = 0;

	while (i + sizeof(uint64_t) <= length && !has_control(value + i))
		i += sizeof(uint64_t);
	while (i < length && is_value_byte((unsigned char)value[i]))
		i++;
	return i == length;
}

void response_header(struct response *response, const char *name, const char *value)
{
	size_t length = strlen(value);

	if (!is_value(value, length)) {
		log_event(response->log, LOG_ERROR, "bad-header",
			LOG_TEXT("id", request_id(response->request)), LOG_TEXT("name", name),
			LOG_TEXT("value", value));
		response->head.failed = true;
		return;
	}
	append_header_field(&response->head, name, value, length);
}

struct buffer *response_body(struct response *response)
{
	return &response->body;
}

void response_lend_body(struct response *response, const struct buffer *body)
{
	response->lent = body;
}

static const struct buffer *body_of(const struct response *response)
{
	return response->lent != NULL ? response->lent : &response->body;
}

/* Whether this would be a second response. */
static bool is_second(struct response *response)
{
	if (response->state == RESPONSE_OPEN || response->state == RESPONSE_ABANDONED)
		return false;
	log_event(response->log, LOG_ERROR, "second-response",
		LOG_TEXT("id", request_id(response->request)),
		LOG_TEXT("path", request_path(response->request)),
		LOG_NUMBER("status", response->status));
	return true;
}

static bool is_faulty(const struct response *response)
{
	return response->head.failed || body_of(response)->failed;
}

/* Sends the one response, unless the peer has gone. */
static void send_only(struct response *response, bool has_length)
{
	const struct buffer *body = body_of(response);

	response->on_abandoned = NULL;
	if (response->state == RESPONSE_ABANDONED)
		response_end(response);
	else if (is_faulty(response))
		send_fallback(response);
	else
		send_whole(response, response->status, &response->head, body->bytes, body->length,
			has_length);
	response->lent = NULL;
}

bool response_send(struct response *response)
{
	if (is_second(response))
		return false;
	send_only(response, true);
	return true;
}

bool response_is_sent(const struct response *response)
{
	return response->state == RESPONSE_SENT;
}

bool response_goes_on(const struct response *response)
{
	return response->state == RESPONSE_STREAMING || response->state == RESPONSE_BLOCKED;
}

/* The peer may go meanwhile, and its route with it: the hold is for that. */
static void send_part(struct response *response, const char *bytes, size_t length)
{
	response_hold(response);
	bool has_left = response->gateway->operations->stream(response->gateway, bytes, length);
	if (response_goes_on(response))
		response->state = has_left ? RESPONSE_STREAMING : RESPONSE_BLOCKED;
	response_release(response);
}

/* Head and body so far go out as one. */
static void send_beginning(struct response *response)
{
	struct buffer *head = &response->head;
	const struct buffer *body = body_of(response);
	size_t start = finish_head(head, response->status);

	buffer_append(head, body->bytes, body->length);
	response->state = RESPONSE_STREAMING;
	response->written = body->length;
	/* No bytes are what a gateway takes for a part that is missing. */
	if (head->failed)
		send_part(response, NULL, 0);
	else
		send_part(response, head->bytes + start, head->length - start);
	buffer_free(head);
	buffer_free(&response->body);
}

bool response_begin(struct response *response, response_cb *drained, void *argument)
{
	bool is_head = request_method(response->request) == METHOD_HEAD;

	if (is_second(response))
		return false;
	if (is_head || is_faulty(response) || response->state == RESPONSE_ABANDONED) {
		send_only(response, false);
		return false;
	}
	response->on_drained = drained;
	response->on_drained_argument = argument;
	send_beginning(response);
	return true;
}

void response_write(struct response *response, const char *bytes, size_t length)
{
	if (!response_goes_on(response) || length == 0)
		return;
	response->written += length;
	send_part(response, bytes, length);
}

bool response_has_to_wait(const struct response *response)
{
	return response->state == RESPONSE_BLOCKED;
}

void response_end(struct response *response)
{
	bool goes_on = response_goes_on(response);

	if (response->state == RESPONSE_OPEN || response->state == RESPONSE_SENT)
		return;
	log_response(response, response->status, response->written);
	response->state = RESPONSE_SENT;
	response->on_abandoned = NULL;
	response->on_drained = NULL;
	if (goes_on)
		response->gateway->operations->end(response->gateway);
}

void response_break_off(struct response *response)
{
	if (!response_goes_on(response))
		return;
	response_hold(response);
	send_part(response, NULL, 0);
	response_abandon(response);
	response_release(response);
}

void response_set_endless(struct response *response)
{
	response->is_endless = true;
}

bool response_is_endless(const struct response *response)
{
	return response->is_endless && response_goes_on(response);
}

void response_drained(struct response *response)
{
	if (response->state == RESPONSE_BLOCKED)
		response->state = RESPONSE_STREAMING;
	if (response->on_drained != NULL)
		response->on_drained(response->on_drained_argument);
}

void response_on_abandon(struct response *response, response_cb *abandoned, void *argument)
{
	response->on_abandoned = abandoned;
	response->on_abandoned_argument = argument;
}

void response_abandon(struct response *response)
{
	response_cb *abandoned = response->on_abandoned;

	if (response_goes_on(response))
		response->state = RESPONSE_CUT_OFF;
	else if (response->state == RESPONSE_OPEN)
		response->state = RESPONSE_ABANDONED;
	else
		return;
	response->on_abandoned = NULL;
	if (abandoned != NULL)
		abandoned(response->on_abandoned_argument);
}
