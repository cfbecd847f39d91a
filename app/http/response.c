/*
 * A response is built in two buffers, head and body, and goes to its gateway as one.
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
#include "http/request_log.h"
#include "http/response_head.h"

enum response_state {
	RESPONSE_OPEN,      /* nothing is sent yet */
	RESPONSE_STREAMING, /* begun: more can be written, until it is ended */
	RESPONSE_BLOCKED,   /* the same, but what was written waits for the peer to take it */
	RESPONSE_LEAVING,   /* sent, but some of it waits for the peer to take it */
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
	bool has_timing;    /* Server-Timing is told */
	uint64_t slow;      /* nanoseconds; 0: nothing is too slow */
	size_t written;     /* bytes of the body, of a response that was begun or sent */
	struct buffer head; /* its first header field begins it; failed once a field is refused */
	struct buffer body;
	const struct buffer *lent; /* in place of the body, or NULL */
	response_cb *on_abandoned;
	void *on_abandoned_argument;
	response_cb *on_drained;
	void *on_drained_argument;
};

/* Sent when a route has failed to answer: it must not depend on anything that a route does. */
static const char fallback_body[] = "Internal server error\n";

struct response *response_open(struct gateway *gateway, struct request *request, struct log *log)
{
	struct response *response = arena_zeroed(&gateway->arena, sizeof(*response));

	request_times_begin(&gateway->times);
	gateway->response = response;
	response->gateway = gateway;
	response->request = request;
	response->log = log;
	response->holds = 1;
	response->status = 200;
	meters.requests.under_way++;
	return response;
}

void response_hold(struct response *response)
{
	response->holds++;
}

void response_set_timing(struct response *response, uint64_t slow, bool has_header)
{
	response->slow = slow;
	response->has_timing = has_header;
}

/* A peer that went after some of the body was sent has got a response, of as many bytes. */
static void log_end(struct response *response)
{
	bool has_gone =
		response->state == RESPONSE_ABANDONED || response->state == RESPONSE_CUT_OFF;
	const struct request_outcome outcome = {.request = response->request,
		.times = &response->gateway->times,
		.status = response->status,
		.bytes = response->written,
		.is_abandoned = has_gone && response->written == 0,
		.is_endless = response->is_endless};

	request_log(&outcome, response->log, response->slow);
}

/* All of it was handed to the gateway. While some of it waits for the peer it is held, without the
 * memory for its bytes, which the gateway has copied. */
static void leave(struct response *response, bool has_left)
{
	response->state = has_left ? RESPONSE_SENT : RESPONSE_LEAVING;
	if (has_left) {
		log_end(response);
		return;
	}
	request_times_block(&response->gateway->times, true);
	buffer_free(&response->head);
	buffer_free(&response->body);
	response_hold(response);
}

void response_left(struct response *response)
{
	if (response->state != RESPONSE_LEAVING)
		return;
	request_times_block(&response->gateway->times, false);
	response->state = RESPONSE_SENT;
	log_end(response);
	response_release(response);
}

static size_t finish_head(const struct response *response, struct buffer *head)
{
	return response_head_finish(
		head, response->status, response->has_timing ? &response->gateway->times : NULL);
}

static void send_whole(struct response *response, struct buffer *head, const char *body,
	size_t length, bool has_length)
{
	const struct gateway_operations *operations = response->gateway->operations;
	bool has_body = response->status != 204 && response->status != 304;
	size_t sent_length =
		has_body && request_method(response->request) != METHOD_HEAD ? length : 0;

	response->state = RESPONSE_SENT;
	response->written = sent_length;
	if (has_body && has_length) { /* RFC 9110, section 8.6 */
		char digits[DECIMAL_LENGTH];
		response_head_append(head, "Content-Length", digits, decimal_write(length, digits));
	}
	size_t start = finish_head(response, head);
	/* Half a head would make the body part of it; none at all is a 502. */
	bool has_left = head->failed ? operations->respond(response->gateway, NULL, 0, NULL, 0)
				     : operations->respond(response->gateway, head->bytes + start,
					       head->length - start, body, sent_length);
	leave(response, has_left);
}

static void send_fallback(struct response *response)
{
	static const char type[] = "text/plain; charset=utf-8", caching[] = "no-store";
	struct buffer head = {0};

	response_head_append(&head, "Content-Type", type, sizeof(type) - 1);
	response_head_append(&head, "Cache-Control", caching, sizeof(caching) - 1);
	response->status = 500;
	send_whole(response, &head, fallback_body, sizeof(fallback_body) - 1, true);
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
	meters.requests.under_way--;
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
	if (response->holds > 0)
		return false;
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

void response_header(struct response *response, const char *name, const char *value)
{
	size_t length = strlen(value);

	if (!http_is_value(value, length)) {
		log_event(response->log, LOG_ERROR, "bad-header",
			LOG_TEXT("id", request_id(response->request)), LOG_TEXT("name", name),
			LOG_TEXT("value", value));
		response->head.failed = true;
		return;
	}
	response_head_append(&response->head, name, value, length);
}

void response_lines(struct response *response, const char *lines)
{
	response_head_append_lines(&response->head, lines);
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
	request_times_resume(&response->gateway->times);
	if (response->state == RESPONSE_ABANDONED)
		response_end(response);
	else if (is_faulty(response))
		send_fallback(response);
	else
		send_whole(response, &response->head, body->bytes, body->length, has_length);
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
	return response->state == RESPONSE_SENT || response->state == RESPONSE_LEAVING;
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
	if (response_goes_on(response)) {
		response->state = has_left ? RESPONSE_STREAMING : RESPONSE_BLOCKED;
		request_times_block(&response->gateway->times, !has_left);
	}
	response_release(response);
}

/* Head and body so far go out as one. */
static void send_beginning(struct response *response)
{
	struct buffer *head = &response->head;
	const struct buffer *body = body_of(response);
	size_t start = finish_head(response, head);

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

bool response_can_go_on(const struct response *response)
{
	return response->gateway->operations->stream != NULL;
}

bool response_begin(struct response *response, response_cb *drained, void *argument)
{
	bool is_head = request_method(response->request) == METHOD_HEAD;

	if (is_second(response))
		return false;
	if (is_head || is_faulty(response) || !response_can_go_on(response) ||
		response->state == RESPONSE_ABANDONED) {
		send_only(response, false);
		return false;
	}
	request_times_resume(&response->gateway->times);
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
	if (response->state == RESPONSE_OPEN || response_is_sent(response))
		return;
	response->on_abandoned = NULL;
	response->on_drained = NULL;
	if (response_goes_on(response)) {
		response->state = RESPONSE_SENT;
		leave(response, response->gateway->operations->end(response->gateway));
	} else {
		log_end(response);
		response->state = RESPONSE_SENT;
	}
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
	request_times_block(&response->gateway->times, false);
	if (response->on_drained != NULL)
		response->on_drained(response->on_drained_argument);
}

void response_settle(struct response *response)
{
	if (response->state == RESPONSE_OPEN)
		request_times_settle(&response->gateway->times);
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
