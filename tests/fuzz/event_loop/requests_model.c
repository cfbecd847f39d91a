/*
 * A reader of requests that knows only the plain case: one after the other on a kept connection,
 * each begun when the one before was settled. Where anything else comes, it stops.
 */
#include "fuzz/event_loop/requests_model.h"

#include <fastcgi.h>
#include <string.h>

enum part { PART_NONE, PART_PARAMS, PART_STDIN };

struct requests_model {
	const struct options *options;
	enum part part;
	unsigned id;
	bool is_settled;
	size_t body;
	struct buffer params;
	size_t whole; /* requests, that were settled before anything followed */
	bool has_stopped;
};

/* The record at this place; false if it is not whole. */
static bool read_record(const struct fuzz_input *input, size_t place, size_t *content, size_t *size)
{
	const uint8_t *header = input->bytes + place;
	size_t left = input->length - place;

	if (left < FCGI_HEADER_LEN)
		return false;
	*content = (size_t)header[4] << 8 | header[5];
	*size = FCGI_HEADER_LEN + *content + header[6];
	return *size <= left;
}

bool segment_next(const struct fuzz_input *input, struct segment *segment)
{
	size_t content, size;

	*segment = (struct segment){.from = segment->next, .next = segment->next};
	while (read_record(input, segment->next, &content, &size)) {
		const uint8_t *header = input->bytes + segment->next;
		if (header[1] == FCGI_ABORT_REQUEST && segment->next > segment->from)
			return true;
		segment->next += size;
		segment->actions = header[7];
		if (segment->actions != 0)
			return true;
	}
	segment->next = input->length;
	return segment->next > segment->from;
}

/* One length of a name-value pair; false if it is cut off. */
static bool read_length(const struct buffer *params, size_t *place, size_t *length)
{
	const unsigned char *bytes = (const unsigned char *)params->bytes + *place;
	size_t left = params->length - *place;

	if (left == 0 || (bytes[0] >= 0x80 && left < 4))
		return false;
	if (bytes[0] < 0x80) {
		*length = bytes[0];
		*place += 1;
		return true;
	}
	*length = (size_t)(bytes[0] & 0x7f) << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 |
		  bytes[3];
	*place += 4;
	return true;
}

static bool are_pairs_fine(const struct buffer *params)
{
	size_t place = 0, name, value;

	while (place < params->length) {
		if (!read_length(params, &place, &name) || !read_length(params, &place, &value) ||
			name + value > params->length - place ||
			memchr(params->bytes + place, '\0', name + value) != NULL)
			return false;
		place += name + value;
	}
	return true;
}

static bool take_begin(
	struct requests_model *model, unsigned id, const uint8_t *body, size_t length)
{
	if (model->part != PART_NONE || !model->is_settled || length != 8 || body[0] != 0 ||
		body[1] != FCGI_RESPONDER || (body[2] & FCGI_KEEP_CONN) == 0)
		return false;
	model->id = id;
	model->part = PART_PARAMS;
	model->body = 0;
	buffer_clear(&model->params);
	return true;
}

static bool take_params(struct requests_model *model, const uint8_t *content, size_t length)
{
	if (model->part != PART_PARAMS)
		return false;
	buffer_append(&model->params, content, length);
	if (length == 0)
		model->part = PART_STDIN;
	return model->params.length <= (size_t)model->options->max_params &&
	       (length > 0 || are_pairs_fine(&model->params));
}

static bool take_stdin(struct requests_model *model, size_t length)
{
	if (model->part != PART_STDIN)
		return false;
	model->body += length;
	if (length == 0) {
		model->part = PART_NONE;
		model->is_settled = false;
	}
	return model->body <= (size_t)model->options->max_body;
}

/* Whether it still is the plain case after this record. */
static bool take_request_record(struct requests_model *model, const uint8_t *header, size_t length)
{
	unsigned id = (unsigned)header[2] << 8 | header[3];
	const uint8_t *content = header + FCGI_HEADER_LEN;

	if (header[0] != FCGI_VERSION_1 || id == 0)
		return false;
	if (header[1] == FCGI_BEGIN_REQUEST)
		return take_begin(model, id, content, length);
	if (id != model->id)
		return false;
	if (header[1] == FCGI_PARAMS)
		return take_params(model, content, length);
	return header[1] == FCGI_STDIN && take_stdin(model, length);
}

static void settle(struct requests_model *model)
{
	model->whole += !model->is_settled;
	model->is_settled = true;
}

void requests_check(
	const struct fuzz_input *input, const struct options *options, struct records_seen seen)
{
	struct requests_model model = {.options = options, .is_settled = true};
	size_t place = 0, content, size, tenths = 0;

	while (!model.has_stopped && read_record(input, place, &content, &size)) {
		const uint8_t *header = input->bytes + place;
		unsigned actions = header[7];
		model.has_stopped = !take_request_record(&model, header, content);
		if (!model.has_stopped &&
			((actions & ACTION_WORK) != 0 || place + size == input->length))
			settle(&model);
		tenths += (actions & ACTION_TENTH) != 0;
		/* A connection that waits for long is closed. */
		model.has_stopped |= (actions & (ACTION_SECOND | ACTION_MINUTE)) != 0 || tenths > 8;
		place += size;
	}
	buffer_free(&model.params);
	/* What goes on has no end, and no other request gets in. */
	if (seen.goes_on)
		return;
	must(seen.ended >= model.whole);
	must(model.has_stopped || place < input->length || seen.ended == model.whole);
}
