/*
 * A response in the hands of a route and of a gateway that do anything, in any order that the
 * header allows: set fields, send, begin, write, end, break off, hold and release; the peer takes
 * nothing for a while, or goes away. Whatever they do, the gateway gets one response at most, and
 * one if the peer stays: with the fields and the body that were given, or a 500 without them; no
 * field has a line feed in it; and the gateway is released, once.
 */
#include "http/response.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "http/request.h"
#include "support/unit/memory_gateway.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct play {
	struct fuzz_input *input;
	struct memory_gateway *gateway;
	struct response *response;
	struct buffer body; /* what the client has to get of it */
	struct buffer lent;
	unsigned holds;
	size_t fields;
	bool is_lent;
	bool is_sent; /* or begun */
	bool is_begun;
	bool is_gone; /* the peer */
	bool is_bad;  /* a field was, before it was sent */
	bool is_clogged;
	unsigned abandoned;
};

static struct log *quiet_log(void)
{
	static struct log *log;

	if (log == NULL)
		log = log_open(open("/dev/null", O_WRONLY | O_CLOEXEC), LOG_ERROR);
	must(log != NULL);
	return log;
}

/* response_cb */
static void note_abandoned(void *argument)
{
	struct play *play = argument;

	play->abandoned++;
}

/* response_cb */
static void note_drained(void *argument)
{
	struct play *play = argument;

	must(!play->is_gone);
}

static void set_status(struct play *play)
{
	static const unsigned statuses[] = {200, 201, 204, 303, 304, 404, 413, 503};

	response_status(play->response, statuses[fuzz_take_below(play->input, COUNT(statuses))]);
}

/* RFC 9110, section 5.5. */
static bool is_value(const char *value)
{
	for (; *value != '\0'; value++)
		if (*value == 0x7f || ((unsigned char)*value < ' ' && *value != '\t'))
			return false;
	return true;
}

/* A value may have any byte but NUL. */
static void add_field(struct play *play)
{
	static const char *const names[] = {
		"Content-Type", "Location", "ETag", "Vary", "Allow", "Link"};
	size_t length;
	const char *text = fuzz_take_text(play->input, &length);
	char *value = fuzz_string(text, length);

	if (play->fields < COUNT(names)) {
		response_header(play->response, names[play->fields++], value);
		play->is_bad |= !play->is_sent && !is_value(value);
	}
	free(value);
}

static void add_body(struct play *play)
{
	size_t length;
	const char *text = fuzz_take_text(play->input, &length);

	if (play->is_sent)
		return;
	buffer_append(response_body(play->response), text, length);
	if (!play->is_lent)
		buffer_append(&play->body, text, length);
}

static void lend_body(struct play *play)
{
	if (play->is_sent)
		return;
	buffer_clear(&play->body);
	buffer_append(&play->body, play->lent.bytes, play->lent.length);
	response_lend_body(play->response, &play->lent);
	play->is_lent = true;
}

static void send_it(struct play *play)
{
	must(response_send(play->response) != play->is_sent);
	play->is_sent = true;
}

static void begin_it(struct play *play)
{
	bool was_sent = play->is_sent;

	play->is_sent = true;
	bool goes_on = response_begin(play->response, note_drained, play);
	must(!goes_on || !was_sent);
	play->is_begun |= goes_on;
}

/* Of a response that has ended nothing is sent. */
static void write_more(struct play *play)
{
	size_t length;
	const char *text = fuzz_take_text(play->input, &length);

	if (response_goes_on(play->response))
		buffer_append(&play->body, text, length);
	response_write(play->response, text, length);
}

/* False: that was the last hold. */
static bool release(struct play *play)
{
	play->holds--;
	bool is_last = response_release(play->response);
	must(!is_last || play->holds == 0);
	return play->holds > 0;
}

static void go_away(struct play *play)
{
	if (play->is_gone)
		return;
	play->is_gone = true;
	response_abandon(play->response);
}

static void turn_clog(struct play *play)
{
	play->is_clogged = !play->is_clogged;
	memory_gateway_clog(play->gateway, play->is_clogged);
	if (!play->is_clogged && !play->is_gone && response_has_to_wait(play->response))
		response_drained(play->response);
}

/* One step; false if the response is gone. */
static bool step(struct play *play)
{
	switch (fuzz_take_below(play->input, 14)) {
	case 0:
		set_status(play);
		break;
	case 1:
		add_field(play);
		break;
	case 2:
		add_body(play);
		break;
	case 3:
		lend_body(play);
		break;
	case 4:
		send_it(play);
		break;
	case 5:
		begin_it(play);
		break;
	case 6:
		write_more(play);
		break;
	case 7:
		if (play->is_begun)
			response_end(play->response);
		break;
	case 8:
		/* As one whose peer has gone: the gateway hears no more of it. */
		play->is_gone |= response_goes_on(play->response);
		response_break_off(play->response);
		break;
	case 9:
		play->holds++;
		response_hold(play->response);
		break;
	case 10:
		return release(play);
	case 11:
		go_away(play);
		break;
	case 12:
		turn_clog(play);
		break;
	case 13:
		response_on_abandon(play->response, note_abandoned, play);
		break;
	}
	return true;
}

/* What is left of it is released; the end of what waits comes, or the peer goes. */
static void finish(struct play *play, bool is_there, bool is_held_back)
{
	while (is_there)
		is_there = release(play);
	if (is_held_back && memory_gateway_releases(play->gateway) == 0)
		response_left(play->response);
	must(memory_gateway_releases(play->gateway) == 1);
	must(play->abandoned <= 1);
}

static void check(const struct play *play, bool is_head)
{
	const struct memory_gateway *gateway = play->gateway;
	unsigned responds = memory_gateway_responds(gateway);

	must(responds <= 1);
	must(responds == 1 || play->is_gone);
	if (responds == 0)
		return;
	unsigned status = memory_gateway_status(gateway);
	const struct buffer *body = &play->body;
	must(!play->is_bad || status == 500);
	if (is_head || status == 204 || status == 304 || status == 500) {
		must(status == 500 || play->is_begun || memory_gateway_body_length(gateway) == 0);
		return;
	}
	must(memory_gateway_body_length(gateway) == body->length);
	must(body->length == 0 ||
		memcmp(memory_gateway_body(gateway), body->bytes, body->length) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {.bytes = bytes, .length = length};
	struct play play = {.input = &input, .holds = 1};
	unsigned how = fuzz_take_byte(&input);
	bool is_head = (how & 1) != 0, is_held_back = (how & 2) != 0, is_there = true;

	buffer_string(&play.lent, "what was lent");
	play.gateway = memory_gateway_open(
		&(struct memory_request){.method = is_head ? "HEAD" : "GET", .path = "/"});
	if (is_held_back)
		memory_gateway_hold_back(play.gateway);
	struct gateway *gateway = memory_gateway_of(play.gateway);
	play.response = response_open(gateway, request_open(gateway), quiet_log());
	while (is_there && input.length > 0)
		is_there = step(&play);
	finish(&play, is_there, is_held_back);
	check(&play, is_head);
	memory_gateway_close(play.gateway);
	buffer_free(&play.body);
	buffer_free(&play.lent);
	return 0;
}
