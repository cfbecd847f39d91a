/*
 * A record is a header, content and padding, and each may come in pieces: what is expected next is
 * kept from one call to the next. begin_record() decides by the header what becomes of the content,
 * end_record() what the whole record means. Only PARAMS and STDIN of the request under way are
 * kept.
 */
#include "fastcgi/framing.h"

#include <fastcgi.h>
#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "base/memory.h"
#include "fastcgi/get_values.h"
#include "fastcgi/params.h"
#include "fastcgi/record.h"

enum stage {
	STAGE_NONE,   /* no request under way */
	STAGE_PARAMS, /* between BEGIN_REQUEST and the end of PARAMS */
	STAGE_STDIN,  /* between that and the end of STDIN */
	STAGE_WHOLE,  /* handed over, not yet finished */
};

/* What becomes of the content of the record being read. */
enum content { CONTENT_SKIPPED, CONTENT_GATHERED, CONTENT_PARAMS, CONTENT_STDIN };

struct framing {
	struct framing_limits limits;

	/* The record being read. */
	unsigned char header[FCGI_HEADER_LEN];
	size_t header_length;
	struct fcgi_record record; /* its header, once that is whole */
	enum content content;
	size_t content_left;
	size_t padding_left;
	struct buffer gathered; /* the content of BEGIN_REQUEST and FCGI_GET_VALUES */

	/* The request being gathered. */
	enum stage stage;
	unsigned id;
	bool kept;
	unsigned refused;
	struct params params;
	size_t params_length;
	size_t body_length;
	size_t drained;
	struct buffer request;
	size_t open_record; /* where in it the record begins that takes more content; 0: none */

	struct buffer reply;
	const char *reason;
};

static enum framing_event begin_record(struct framing *framing);
static enum framing_event take_content(struct framing *framing, const char *bytes, size_t length);
static enum framing_event end_record(struct framing *framing);

struct framing *framing_open(const struct framing_limits *limits)
{
	struct framing *framing = memory_zeroed(sizeof(*framing));

	framing->limits = *limits;
	framing->kept = true;
	return framing;
}

void framing_close(struct framing *framing)
{
	if (framing == NULL)
		return;
	buffer_free(&framing->gathered);
	buffer_free(&framing->request);
	buffer_free(&framing->reply);
	free(framing);
}

static enum framing_event error(struct framing *framing, const char *reason)
{
	framing->reason = reason;
	return FRAMING_ERROR;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool is_active(const struct framing *framing)
{
	return framing->stage != STAGE_NONE && framing->record.id == framing->id;
}

enum framing_event framing_feed(
	struct framing *framing, const char *bytes, size_t length, size_t *used)
{
	enum framing_event event = FRAMING_MORE;
	size_t i = 0;

	while (i < length && event == FRAMING_MORE) {
		size_t step;
		if (framing->header_length < FCGI_HEADER_LEN) {
			step = least(FCGI_HEADER_LEN - framing->header_length, length - i);
			memcpy(framing->header + framing->header_length, bytes + i, step);
			framing->header_length += step;
			if (framing->header_length == FCGI_HEADER_LEN)
				event = begin_record(framing);
		} else if (framing->content_left > 0) {
			step = least(framing->content_left, length - i);
			framing->content_left -= step;
			event = take_content(framing, bytes + i, step);
		} else {
			step = least(framing->padding_left, length - i);
			framing->padding_left -= step;
		}
		i += step;
		if (event == FRAMING_MORE && framing->header_length == FCGI_HEADER_LEN &&
			framing->content_left == 0 && framing->padding_left == 0)
			event = end_record(framing);
	}
	*used = i;
	if (framing->request.failed || framing->reply.failed || framing->gathered.failed)
		return error(framing, "out of memory");
	return event;
}

/* Past a limit the rest is read and dropped, so that the web server, which sends before it listens,
 * gets an answer. */
static enum framing_event drop(struct framing *framing, unsigned status, size_t length)
{
	if (framing->refused == 0)
		framing->refused = status;
	framing->drained += length;
	if (framing->drained > framing->limits.drain)
		return error(framing, "request too large to drain");
	return FRAMING_MORE;
}

/* Records of one stream become one, as far as it goes: what is held of a request is its content,
 * however small the pieces in which it came. */
static void append_record(struct framing *framing, unsigned type, size_t length)
{
	struct buffer *request = &framing->request;
	size_t before = request->length - framing->open_record - FCGI_HEADER_LEN;

	if (request->failed)
		return; /* framing_feed() says so */
	if (framing->open_record > 0 && before + length <= FCGI_MAX_LENGTH) {
		fcgi_record_set_length(request->bytes + framing->open_record, before + length);
		return;
	}
	framing->open_record = request->length;
	fcgi_record_header(request, type, framing->id, length);
}

/* The empty record that ends a stream. */
static void append_end_of_stream(struct framing *framing, unsigned type)
{
	fcgi_record_header(&framing->request, type, framing->id, 0);
	framing->open_record = 0;
}

static enum framing_event begin_params(struct framing *framing)
{
	size_t length = framing->record.length;

	if (length == 0)
		return FRAMING_MORE;
	framing->params_length += length;
	if (framing->refused != 0 || framing->params_length > framing->limits.params)
		return drop(framing, 431, length);
	framing->content = CONTENT_PARAMS;
	append_record(framing, FCGI_PARAMS, length);
	return FRAMING_MORE;
}

static enum framing_event begin_stdin(struct framing *framing)
{
	size_t length = framing->record.length;

	if (length == 0)
		return FRAMING_MORE;
	framing->body_length += length;
	if (framing->refused != 0 || framing->body_length > framing->limits.body)
		return drop(framing, 413, length);
	framing->content = CONTENT_STDIN;
	append_record(framing, FCGI_STDIN, length);
	return FRAMING_MORE;
}

static enum framing_event begin_of_active(struct framing *framing)
{
	unsigned type = framing->record.type;

	if (type == FCGI_PARAMS && framing->stage == STAGE_PARAMS)
		return begin_params(framing);
	if (type == FCGI_STDIN && framing->stage == STAGE_STDIN)
		return begin_stdin(framing);
	if (type == FCGI_ABORT_REQUEST)
		return FRAMING_MORE;
	if (type == FCGI_BEGIN_REQUEST)
		return error(framing, "BEGIN_REQUEST for a request under way");
	return error(framing, "record out of order");
}

static enum framing_event begin_record(struct framing *framing)
{
	framing->record = fcgi_record_read(framing->header);
	framing->content_left = framing->record.length;
	framing->padding_left = framing->record.padding;
	framing->content = CONTENT_SKIPPED;
	buffer_clear(&framing->gathered);

	if (framing->record.version != FCGI_VERSION_1)
		return error(framing, "unsupported FastCGI version");
	if (framing->record.id == FCGI_NULL_REQUEST_ID) {
		if (framing->record.type != FCGI_GET_VALUES)
			return FRAMING_MORE;
		if (framing->content_left > LIMIT_VALUES)
			return error(framing, "FCGI_GET_VALUES record too long");
		framing->content = CONTENT_GATHERED;
		return FRAMING_MORE;
	}
	if (is_active(framing))
		return begin_of_active(framing);
	if (framing->record.type == FCGI_BEGIN_REQUEST) {
		if (framing->content_left != sizeof(FCGI_BeginRequestBody))
			return error(framing, "BEGIN_REQUEST of the wrong length");
		framing->content = CONTENT_GATHERED;
	}
	return FRAMING_MORE;
}

static enum framing_event take_params(struct framing *framing, const char *bytes, size_t length)
{
	enum result result = params_feed(
		&framing->params, (const unsigned char *)bytes, length, framing->limits.params);

	if (result != RESULT_OK) {
		framing->content = CONTENT_SKIPPED;
		return drop(framing, result == RESULT_LIMIT ? 431 : 400, framing->record.length);
	}
	buffer_append(&framing->request, bytes, length);
	return FRAMING_MORE;
}

static enum framing_event take_content(struct framing *framing, const char *bytes, size_t length)
{
	switch (framing->content) {
	case CONTENT_SKIPPED:
		break;
	case CONTENT_GATHERED:
		buffer_append(&framing->gathered, bytes, length);
		break;
	case CONTENT_PARAMS:
		return take_params(framing, bytes, length);
	case CONTENT_STDIN:
		buffer_append(&framing->request, bytes, length);
		break;
	}
	return FRAMING_MORE;
}

static void begin_request(struct framing *framing)
{
	framing->stage = STAGE_PARAMS;
	framing->id = framing->record.id;
	framing->refused = 0;
	framing->params = (struct params){0};
	framing->params_length = 0;
	framing->body_length = 0;
	framing->drained = 0;
	framing->open_record = 0;
	buffer_clear(&framing->request);
	fcgi_record_header(
		&framing->request, FCGI_BEGIN_REQUEST, framing->id, framing->gathered.length);
	buffer_append(&framing->request, framing->gathered.bytes, framing->gathered.length);
}

static enum framing_event end_begin_request(struct framing *framing)
{
	const FCGI_BeginRequestBody *body = (const FCGI_BeginRequestBody *)framing->gathered.bytes;

	/* Here, because the next record clears the buffer, and its failure with it. */
	if (framing->gathered.failed)
		return error(framing, "out of memory");
	if (framing->stage != STAGE_NONE) {
		fcgi_record_end_request(&framing->reply, framing->record.id, FCGI_CANT_MPX_CONN);
		return FRAMING_REPLY;
	}
	framing->kept = (body->flags & FCGI_KEEP_CONN) != 0;
	if (body->roleB1 != 0 || body->roleB0 != FCGI_RESPONDER) {
		fcgi_record_end_request(&framing->reply, framing->record.id, FCGI_UNKNOWN_ROLE);
		return FRAMING_REPLY;
	}
	begin_request(framing);
	return FRAMING_MORE;
}

/* Nothing of PARAMS that were refused can be trusted to be whole: what is handed over is a request
 * without any. */
static void end_params(struct framing *framing)
{
	if (framing->refused != 0)
		framing->request.length = FCGI_HEADER_LEN + sizeof(FCGI_BeginRequestBody);
	append_end_of_stream(framing, FCGI_PARAMS);
	framing->stage = STAGE_STDIN;
}

static enum framing_event end_of_active(struct framing *framing)
{
	bool is_end = framing->record.length == 0;

	switch (framing->record.type) {
	case FCGI_ABORT_REQUEST:
		fcgi_record_end_request(&framing->reply, framing->id, FCGI_REQUEST_COMPLETE);
		framing->stage = STAGE_NONE;
		return FRAMING_ABORT;
	case FCGI_PARAMS:
		if (!is_end)
			return FRAMING_MORE;
		if (framing->refused == 0 && !params_are_whole(&framing->params))
			return error(framing, "PARAMS end within a name-value pair");
		end_params(framing);
		return FRAMING_MORE;
	case FCGI_STDIN:
		if (!is_end)
			return FRAMING_MORE;
		append_end_of_stream(framing, FCGI_STDIN);
		framing->stage = STAGE_WHOLE;
		return FRAMING_REQUEST;
	}
	return FRAMING_MORE;
}

static enum framing_event end_management(struct framing *framing)
{
	if (framing->record.type == FCGI_GET_VALUES) {
		get_values_respond(&framing->reply, framing->gathered.bytes,
			framing->gathered.length, framing->limits.connections);
		return FRAMING_REPLY;
	}
	const unsigned char body[8] = {(unsigned char)framing->record.type};
	fcgi_record_header(&framing->reply, FCGI_UNKNOWN_TYPE, FCGI_NULL_REQUEST_ID, sizeof(body));
	buffer_append(&framing->reply, body, sizeof(body));
	return FRAMING_REPLY;
}

static enum framing_event end_record(struct framing *framing)
{
	framing->header_length = 0;
	if (framing->record.id == FCGI_NULL_REQUEST_ID)
		return end_management(framing);
	if (is_active(framing))
		return end_of_active(framing);
	if (framing->record.type == FCGI_BEGIN_REQUEST)
		return end_begin_request(framing);
	return FRAMING_MORE;
}

const struct buffer *framing_request(const struct framing *framing)
{
	return &framing->request;
}

unsigned framing_id(const struct framing *framing)
{
	return framing->id;
}

unsigned framing_refused(const struct framing *framing)
{
	return framing->refused;
}

bool framing_is_kept(const struct framing *framing)
{
	return framing->kept;
}

struct buffer *framing_reply(struct framing *framing)
{
	return &framing->reply;
}

const char *framing_reason(const struct framing *framing)
{
	return framing->reason;
}

bool framing_is_idle(const struct framing *framing)
{
	return framing->stage == STAGE_NONE && framing->header_length == 0;
}

bool framing_has_begun(const struct framing *framing)
{
	return framing->stage != STAGE_NONE;
}

void framing_finished(struct framing *framing)
{
	framing->stage = STAGE_NONE;
	/* Kept connections are many: memory for an unusual request is not kept with them. */
	if (framing->request.capacity > LIMIT_KEPT_BUFFER)
		buffer_free(&framing->request);
}
