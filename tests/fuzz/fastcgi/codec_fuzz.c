/*
 * Records of any kind do no harm to the codec, though the framing lets none pass but those of a
 * request. Those of a request that is written here, in records of any length, have the parameters
 * and the body that were put in.
 */
#include "fastcgi/codec.h"

#include <fastcgi.h>
#include <stdlib.h>
#include <string.h>

#include "fastcgi/record.h"
#include "fuzz/fuzz.h"

#define PAIRS 8

static struct codec *codec;

/* All that there is of a request is read. */
static void read_request(struct buffer *pairs, struct buffer *body)
{
	char chunk[32];
	size_t length;

	for (const struct meta_variable *param = codec_params(codec); param->name != NULL;
		param++) {
		buffer_append(pairs, param->name, param->name_length);
		buffer_string(pairs, "=");
		buffer_append(pairs, param->value, strlen(param->value) + 1);
	}
	while ((length = codec_read(codec, chunk, sizeof(chunk))) > 0)
		buffer_append(body, chunk, length);
	must(!pairs->failed && !body->failed);
}

static void check_any(const char *bytes, size_t length)
{
	struct buffer pairs = {0}, body = {0};

	if (codec_decode(codec, bytes, length) == RESULT_OK) {
		read_request(&pairs, &body);
		codec_forget(codec);
	}
	must(codec_params(codec)->name == NULL && codec_read(codec, (char[1]){0}, 1) == 0);
	buffer_free(&pairs);
	buffer_free(&body);
}

static void put_length(struct fuzz_input *input, struct buffer *out, size_t length)
{
	const char four[] = {(char)0x80, 0, (char)(length >> 8), (char)length};

	if (length > 127 || fuzz_take_below(input, 4) == 0)
		buffer_append(out, four, 4);
	else
		buffer_append(out, four + 3, 1);
}

static void put_text(struct buffer *out, char c, size_t length)
{
	for (size_t i = 0; i < length; i++)
		buffer_append(out, &c, 1);
}

/* The same pair as PARAMS have it, and as it is to be read. */
static void put_pair(struct fuzz_input *input, struct buffer *params, struct buffer *pairs)
{
	size_t name = fuzz_take_below(input, 140), value = fuzz_take_below(input, 300);

	put_length(input, params, name);
	put_length(input, params, value);
	put_text(params, 'N', name);
	put_text(params, 'v', value);
	put_text(pairs, 'N', name);
	put_text(pairs, '=', 1);
	put_text(pairs, 'v', value);
	put_text(pairs, '\0', 1);
}

static void put_stream(
	struct fuzz_input *input, struct buffer *out, unsigned type, const struct buffer *content)
{
	for (size_t i = 0, step; i < content->length; i += step) {
		step = 1 + fuzz_take_below(input, 300);
		if (step > content->length - i)
			step = content->length - i;
		fcgi_record_header(out, type, 7, step);
		buffer_append(out, content->bytes + i, step);
	}
	fcgi_record_header(out, type, 7, 0);
	must(!out->failed);
}

static void expect_same(const struct buffer *one, const struct buffer *other)
{
	must(one->length == other->length);
	must(one->length == 0 || memcmp(one->bytes, other->bytes, one->length) == 0);
}

static void check_made(struct fuzz_input *input)
{
	static const char begin[8] = {0, FCGI_RESPONDER};
	struct buffer records = {0}, params = {0}, pairs = {0}, body = {0};
	struct buffer read_pairs = {0}, read_body = {0};

	for (size_t i = fuzz_take_below(input, PAIRS); i > 0; i--)
		put_pair(input, &params, &pairs);
	put_text(&body, 'b', fuzz_take_below(input, 300));
	fcgi_record_header(&records, FCGI_BEGIN_REQUEST, 7, sizeof(begin));
	buffer_append(&records, begin, sizeof(begin));
	put_stream(input, &records, FCGI_PARAMS, &params);
	put_stream(input, &records, FCGI_STDIN, &body);
	must(codec_decode(codec, records.bytes, records.length) == RESULT_OK);
	read_request(&read_pairs, &read_body);
	expect_same(&pairs, &read_pairs);
	expect_same(&body, &read_body);
	codec_forget(codec);
	buffer_free(&records);
	buffer_free(&params);
	buffer_free(&pairs);
	buffer_free(&body);
	buffer_free(&read_pairs);
	buffer_free(&read_body);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	size_t rest;

	if (codec == NULL)
		codec = codec_open();
	for (bool is_made = fuzz_is_made(&input); is_made && input.length > 0;)
		check_made(&input);
	const char *from = fuzz_rest(&input, &rest);
	check_any(from, rest);
	return 0;
}
