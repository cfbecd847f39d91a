#include "http/response.h"

#include <assert.h>
#include <string.h>

#include "base/decimal.h"
#include "http/http.h"

struct response {
	struct gateway *gateway;
	struct request *request;
	struct log *log;
	unsigned holds;
	unsigned status;
	bool faulty;  /* what was built cannot be sent */
	bool begun;   /* it goes on */
	bool endless; /* it would, had more than the head been asked for */
	bool has_to_wait;
	bool sent;
	bool abandoned;
	size_t written;     /* bytes of a body that goes on */
	struct buffer head; /* begun with the first header field */
	struct buffer body;
	const struct buffer *lent; /* in place of the body, or NULL */
	void (*on_abandon)(void *argument);
	void *on_abandon_argument;
	void (*on_drained)(void *argument);
	void *on_drained_argument;
};

/* The site loads its own stylesheet, icon and script, which asks for its own events, and posts its
 * own form; nothing else, and nobody frames it. */
static const char security_headers[] = "Content-Security-Policy: default-src 'none'; style-src "
				       "'self'; img-src 'self'; script-src 'self'; connect-src "
				       "'self'; form-action 'self'; "
				       "base-uri 'none'; frame-ancestors 'none'\r\n"
				       "X-Content-Type-Options: nosniff\r\n"
				       "Referrer-Policy: same-origin\r\n";

/* Bytes of the longest status line or more: it stands first in a head, and is known last. */
#define RESULT_ROOM 64

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

static void log_answer(struct response *response, unsigned status, size_t bytes)
{
	const struct log_field id = LOG_TEXT("id", request_id(response->request));
	const struct log_field method = LOG_TEXT("method", request_method_name(response->request));
	const struct log_field path = LOG_TEXT("path", request_path(response->request));
	const enum log_level level = log_level_of_each(response->log);

	if (response->abandoned && response->written == 0)
		log_event(response->log, level, "abandoned", id, method, path);
	else
		log_event(response->log, level, "request", id, method, path,
			LOG_NUMBER("status", status), LOG_NUMBER("bytes", bytes));
}

static void begin_head(struct buffer *head)
{
	if (head->length == 0 && buffer_reserve(head, HEAD_ROOM))
		head->length = RESULT_ROOM;
}

static void append_field(
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
	char line[RESULT_ROOM], *end = stpcpy(line, "Status: ");

	end += decimal_write(status, end);
	*end++ = ' ';
	end = stpcpy(stpcpy(end, http_reason(status)), "\r\n");
	begin_head(head);
	buffer_append(head, security_headers, sizeof(security_headers) - 1);
	buffer_string(head, "\r\n");
	size_t start = RESULT_ROOM - (size_t)(end - line);
	if (!head->failed)
		memcpy(head->bytes + start, line, RESULT_ROOM - start);
	return start;
}

static void give(struct response *response, unsigned status, struct buffer *head, const char *body,
	size_t length)
{
	bool has_body = status != 204 && status != 304;
	bool is_sent = has_body && request_method(response->request) != METHOD_HEAD;
	bool has_length = has_body && !response->endless; /* RFC 9110, section 8.6 */
	size_t sent_length = is_sent ? length : 0;

	response->sent = true;
	log_answer(response, status, sent_length);
	if (response->abandoned)
		return;
	if (has_length) {
		char digits[DECIMAL_LENGTH];
		append_field(head, "Content-Length", digits, decimal_write(length, digits));
	}
	size_t start = finish_head(head, status);
	/* Half a head would make the body part of it; none at all is a 502. */
	if (head->failed)
		response->gateway->operations->respond(response->gateway, NULL, 0, NULL, 0);
	else
		response->gateway->operations->respond(response->gateway, head->bytes + start,
			head->length - start, body, sent_length);
}

static void give_fallback(struct response *response)
{
	static const char type[] = "text/plain; charset=utf-8", caching[] = "no-store";
	struct buffer head = {0};

	append_field(&head, "Content-Type", type, sizeof(type) - 1);
	append_field(&head, "Cache-Control", caching, sizeof(caching) - 1);
	give(response, 500, &head, fallback_body, sizeof(fallback_body) - 1);
	buffer_free(&head);
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
	if (response->begun)
		response_end(response);
	if (!response->sent) {
		if (!response->abandoned)
			log_event(response->log, LOG_ERROR, "unanswered",
				LOG_TEXT("id", request_id(response->request)),
				LOG_TEXT("path", request_path(response->request)));
		give_fallback(response);
	}
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

/* Looks at all of it, so that the compiler can have many bytes looked at at once. */
static bool is_field_value(const char *value, size_t length)
{
	bool is_bad = false;

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)value[i];
		is_bad |= (c < ' ' && c != '\t') || c == 127;
	}
	return !is_bad;
}

void response_header(struct response *response, const char *name, const char *value)
{
	size_t length = strlen(value);

	if (!is_field_value(value, length)) {
		log_event(response->log, LOG_ERROR, "bad-header",
			LOG_TEXT("id", request_id(response->request)), LOG_TEXT("name", name),
			LOG_TEXT("value", value));
		response->faulty = true;
		return;
	}
	append_field(&response->head, name, value, length);
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

/* Whether this would be a second answer. */
static bool is_second(struct response *response)
{
	if (!response->sent && !response->begun)
		return false;
	log_event(response->log, LOG_ERROR, "second-response",
		LOG_TEXT("id", request_id(response->request)),
		LOG_TEXT("path", request_path(response->request)),
		LOG_NUMBER("status", response->status));
	return true;
}

static bool is_faulty(const struct response *response)
{
	return response->faulty || response->head.failed || body_of(response)->failed;
}

bool response_send(struct response *response)
{
	if (is_second(response))
		return false;
	const struct buffer *body = body_of(response);
	response->on_abandon = NULL;
	if (is_faulty(response))
		give_fallback(response);
	else
		give(response, response->status, &response->head, body->bytes, body->length);
	response->lent = NULL;
	return true;
}

static void stream(struct response *response, const char *bytes, size_t length)
{
	if (response->abandoned)
		return;
	/* The peer may go meanwhile, and its route with it. */
	response_hold(response);
	response->has_to_wait =
		!response->gateway->operations->stream(response->gateway, bytes, length);
	response_release(response);
}

/* Head and body so far go out as one. */
static void give_beginning(struct response *response)
{
	struct buffer *head = &response->head;
	const struct buffer *body = body_of(response);
	size_t start = finish_head(head, response->status);

	buffer_append(head, body->bytes, body->length);
	response->begun = true;
	response->written = body->length;
	/* No bytes are what a gateway takes for a part that is missing. */
	if (head->failed)
		stream(response, NULL, 0);
	else
		stream(response, head->bytes + start, head->length - start);
	buffer_free(head);
	buffer_free(&response->body);
}

bool response_begin(struct response *response, void (*drained)(void *argument), void *argument)
{
	bool is_faulted = is_faulty(response);

	if (is_faulted || request_method(response->request) == METHOD_HEAD) {
		response->endless = !is_faulted;
		response_send(response);
		return false;
	}
	if (is_second(response))
		return false;
	response->on_drained = drained;
	response->on_drained_argument = argument;
	give_beginning(response);
	return true;
}

void response_write(struct response *response, const char *bytes, size_t length)
{
	if (!response->begun || length == 0)
		return;
	response->written += length;
	stream(response, bytes, length);
}

bool response_has_to_wait(const struct response *response)
{
	return response->has_to_wait;
}

void response_end(struct response *response)
{
	if (!response->begun)
		return;
	response->begun = false;
	response->sent = true;
	response->on_abandon = NULL;
	response->on_drained = NULL;
	log_answer(response, response->status, response->written);
	if (!response->abandoned)
		response->gateway->operations->end(response->gateway);
}

bool response_goes_on(const struct response *response)
{
	return response->begun;
}

void response_drained(struct response *response)
{
	response->has_to_wait = false;
	if (response->on_drained != NULL)
		response->on_drained(response->on_drained_argument);
}

bool response_is_sent(const struct response *response)
{
	return response->sent;
}

void response_on_abandon(
	struct response *response, void (*abandoned)(void *argument), void *argument)
{
	response->on_abandon = abandoned;
	response->on_abandon_argument = argument;
}

void response_abandon(struct response *response)
{
	void (*abandoned)(void *argument) = response->on_abandon;

	if (response->sent || response->abandoned)
		return;
	response->abandoned = true;
	response->on_abandon = NULL;
	if (abandoned != NULL)
		abandoned(response->on_abandon_argument);
}
