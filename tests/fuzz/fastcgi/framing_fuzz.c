/*
 * The bytes of a connection, wherever they are cut: the same events with the same requests and the
 * same replies. What is handed over is a request as the specification has it (sections 3 to 5) and
 * keeps to the limits; what is sent are whole records. A request that is written here, between
 * records of others, arrives with the bytes it has.
 */
#include "fastcgi/framing.h"

#include <fastcgi.h>
#include <string.h>

#include "fastcgi/record.h"
#include "fuzz/fuzz.h"

#define PARAMS_MOST 128
#define BODY_MOST   64
#define INPUT_MOST  1024 /* bytes of an input that are read: twice what is drained, and more */

static const struct framing_limits limits = {
	.params = PARAMS_MOST, .body = BODY_MOST, .connections = 7, .drain = 300};

/* Goes past a record of the request; returns its content. */
static const char *take_record(
	const char **at, const char *end, unsigned id, struct fcgi_record *record)
{
	must(end - *at >= FCGI_RECORD_HEADER);
	*record = fcgi_record_read((const unsigned char *)*at);
	const char *content = *at + FCGI_RECORD_HEADER;
	must(record->version == FCGI_VERSION_1 && record->id == id);
	must((size_t)(end - content) >= record->length + record->padding);
	*at = content + record->length + record->padding;
	return content;
}

/* A stream up to its empty record. */
static void take_stream(
	const char **at, const char *end, unsigned id, unsigned type, struct buffer *stream)
{
	struct fcgi_record record;

	do {
		const char *content = take_record(at, end, id, &record);
		must(record.type == type);
		buffer_append(stream, content, record.length);
	} while (record.length > 0);
	must(!stream->failed);
}

static void check_request(const struct framing *framing, struct buffer *params, struct buffer *body)
{
	const struct buffer *request = framing_request(framing);
	const char *at = request->bytes, *end = at + request->length;
	struct fcgi_record record;

	const char *begin = take_record(&at, end, framing_id(framing), &record);
	must(record.type == FCGI_BEGIN_REQUEST && record.length == 8);
	must(begin[0] == 0 && begin[1] == FCGI_RESPONDER);
	must((begin[2] & FCGI_KEEP_CONN) == 0 || framing_is_kept(framing));
	take_stream(&at, end, framing_id(framing), FCGI_PARAMS, params);
	take_stream(&at, end, framing_id(framing), FCGI_STDIN, body);
	must(at == end);
	must(params->length <= PARAMS_MOST && body->length <= BODY_MOST);
	must(params->length == 0 || framing_refused(framing) != 431);
}

/* Whole records, each of a type that an application sends. */
static void check_reply(const struct buffer *reply)
{
	const char *at = reply->bytes, *end = at + reply->length;

	must(reply->length > 0);
	while (at < end) {
		struct fcgi_record record;
		must(end - at >= FCGI_RECORD_HEADER);
		unsigned id = fcgi_record_read((const unsigned char *)at).id;
		take_record(&at, end, id, &record);
		must(record.type == FCGI_END_REQUEST || record.type == FCGI_GET_VALUES_RESULT ||
			record.type == FCGI_UNKNOWN_TYPE);
		must((record.type == FCGI_END_REQUEST) == (id != FCGI_NULL_REQUEST_ID));
	}
}

/* What happened on the connection, as bytes that can be compared. */
static void note_event(struct framing *framing, enum framing_event event, struct buffer *trace)
{
	struct buffer params = {0}, body = {0};
	bool has_reply = event == FRAMING_REPLY || event == FRAMING_ABORT;

	buffer_printf(trace, "\n%d ", (int)event);
	if (event == FRAMING_REQUEST) {
		check_request(framing, &params, &body);
		buffer_printf(trace, "%u %u %d ", framing_id(framing), framing_refused(framing),
			framing_is_kept(framing));
		buffer_append(trace, params.bytes, params.length);
		buffer_string(trace, " ");
		buffer_append(trace, body.bytes, body.length);
	} else if (has_reply) {
		check_reply(framing_reply(framing));
		buffer_append(trace, framing_reply(framing)->bytes, framing_reply(framing)->length);
		buffer_clear(framing_reply(framing));
	} else {
		buffer_string(trace, framing_reason(framing));
	}
	if (event == FRAMING_REQUEST)
		framing_finished(framing);
	buffer_free(&params);
	buffer_free(&body);
}

/* Returns false after an error. */
static bool feed_chunk(
	struct framing *framing, const char *bytes, size_t length, struct buffer *trace)
{
	enum framing_event event = FRAMING_MORE;

	for (size_t i = 0, used; i < length && event != FRAMING_ERROR; i += used) {
		event = framing_feed(framing, bytes + i, length - i, &used);
		must(used <= length - i && (used > 0 || event != FRAMING_MORE));
		must(event != FRAMING_MORE || used == length - i);
		if (event != FRAMING_MORE)
			note_event(framing, event, trace);
	}
	return event != FRAMING_ERROR;
}

/* Cut every so many bytes. */
static struct buffer feed_all(const char *bytes, size_t length, size_t piece)
{
	struct framing *framing = framing_open(&limits);
	struct buffer trace = {0};
	bool goes_on = true;

	for (size_t i = 0; i < length && goes_on; i += piece)
		goes_on = feed_chunk(
			framing, bytes + i, length - i < piece ? length - i : piece, &trace);
	if (goes_on)
		buffer_printf(
			&trace, "\n%d%d", framing_is_idle(framing), framing_has_begun(framing));
	must(!trace.failed);
	framing_close(framing);
	return trace;
}

static void check_pieces(const char *bytes, size_t length, size_t piece)
{
	struct buffer whole = feed_all(bytes, length, length + 1);
	struct buffer cut = feed_all(bytes, length, piece);

	must(whole.length == cut.length);
	must(whole.length == 0 || memcmp(whole.bytes, cut.bytes, cut.length) == 0);
	buffer_free(&cut);
	buffer_free(&whole);
}

static void put_record(struct fuzz_input *input, struct buffer *out, unsigned type, unsigned id,
	const char *content, size_t length)
{
	size_t start = out->length, padding = fuzz_take_below(input, 9);

	fcgi_record_header(out, type, id, length);
	buffer_append(out, content, length);
	buffer_append(out, "paddings", padding);
	must(!out->failed);
	out->bytes[start + 6] = (char)padding;
}

/* Records that are none of the request's: of other ids, and of types that there are not. Those that
 * are answered are no part of it either. */
static void put_others(struct fuzz_input *input, struct buffer *out, unsigned id)
{
	switch (fuzz_take_below(input, 6)) {
	case 1:
		put_record(input, out, FCGI_STDIN, id ^ 1, "other", 5);
		break;
	case 2:
		put_record(input, out, FCGI_GET_VALUES, 0,
			"\x0e\x00"
			"FCGI_MAX_CONNS",
			16);
		break;
	case 3:
		put_record(input, out, 77, 0, "", 0);
		break;
	case 4:
		put_record(input, out, FCGI_ABORT_REQUEST, id ^ 1, "", 0);
		break;
	}
}

static void put_stream(struct fuzz_input *input, struct buffer *out, unsigned type, unsigned id,
	const struct buffer *content)
{
	for (size_t i = 0, step; i < content->length; i += step) {
		step = 1 + fuzz_take_below(input, 64);
		if (step > content->length - i)
			step = content->length - i;
		put_record(input, out, type, id, content->bytes + i, step);
		put_others(input, out, id);
	}
	put_record(input, out, type, id, "", 0);
}

/* The one request of these bytes. */
static void expect_made(
	const struct buffer *bytes, const struct buffer *params, const struct buffer *body)
{
	struct framing *framing = framing_open(&limits);
	struct buffer read_params = {0}, read_body = {0};
	size_t requests = 0;

	for (size_t i = 0, used; i < bytes->length; i += used) {
		enum framing_event event =
			framing_feed(framing, bytes->bytes + i, bytes->length - i, &used);
		must(event != FRAMING_ERROR && event != FRAMING_ABORT);
		if (event == FRAMING_REQUEST) {
			requests++;
			must(framing_refused(framing) == 0);
			check_request(framing, &read_params, &read_body);
		}
	}
	must(requests == 1);
	must(read_params.length == params->length && read_body.length == body->length);
	must(params->length == 0 || memcmp(read_params.bytes, params->bytes, params->length) == 0);
	must(body->length == 0 || memcmp(read_body.bytes, body->bytes, body->length) == 0);
	buffer_free(&read_params);
	buffer_free(&read_body);
	framing_close(framing);
}

static void check_made(struct fuzz_input *input, size_t piece)
{
	static const char begin[8] = {0, FCGI_RESPONDER, FCGI_KEEP_CONN};
	struct buffer bytes = {0}, params = {0}, body = {0};
	unsigned id = 1 + (unsigned)fuzz_take_below(input, 300);
	size_t value = fuzz_take_below(input, 100), length = fuzz_take_below(input, BODY_MOST + 1);

	buffer_printf(&params, "%c%cAPARAMETER%0*d", 10, 10, (int)value, 7);
	for (size_t i = 0; i < length; i++)
		buffer_append(&body, &(char){(char)i}, 1);
	params.bytes[1] = (char)(params.length - 12);
	must(!params.failed && !body.failed);
	put_others(input, &bytes, id);
	put_record(input, &bytes, FCGI_BEGIN_REQUEST, id, begin, sizeof(begin));
	put_stream(input, &bytes, FCGI_PARAMS, id, &params);
	put_stream(input, &bytes, FCGI_STDIN, id, &body);
	put_others(input, &bytes, id);
	expect_made(&bytes, &params, &body);
	check_pieces(bytes.bytes, bytes.length, piece);
	buffer_free(&bytes);
	buffer_free(&params);
	buffer_free(&body);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	size_t piece = 1 + fuzz_take_below(&input, 64), rest;

	for (bool is_made = fuzz_is_made(&input); is_made && input.length > 0;)
		check_made(&input, piece);
	const char *from = fuzz_rest(&input, &rest);
	check_pieces(from, rest < INPUT_MOST ? rest : INPUT_MOST, piece);
	return 0;
}
