/*
 * Name-value pairs: whatever the stream, and wherever it is cut, the outcome is that of a reader
 * which has all of it before it. Pairs that are written here are whole, and have their lengths read
 * back.
 */
#include "fastcgi/params.h"

#include <string.h>

#include "fuzz/fuzz.h"

#define PAIRS 4

struct outcome {
	enum result result;
	bool is_whole;
};

/* Cut every so many bytes. */
static struct outcome feed_in_pieces(const char *bytes, size_t length, size_t piece, size_t most)
{
	struct params params = {0};
	struct outcome outcome = {.result = RESULT_OK};

	for (size_t i = 0; i < length && outcome.result == RESULT_OK; i += piece) {
		size_t step = length - i < piece ? length - i : piece;
		outcome.result = params_feed(&params, (const unsigned char *)bytes + i, step, most);
	}
	outcome.is_whole = outcome.result == RESULT_OK && params_are_whole(&params);
	return outcome;
}

/* The specification, section 3.4: one byte, or four with the highest bit set. */
static bool read_length(const unsigned char **at, const unsigned char *end, size_t *length)
{
	size_t left = (size_t)(end - *at);

	if (left < 1 || ((**at & 0x80) != 0 && left < 4))
		return false;
	if ((**at & 0x80) == 0) {
		*length = *(*at)++;
		return true;
	}
	*length = (size_t)((*at)[0] & 0x7f) << 24 | (size_t)(*at)[1] << 16 | (size_t)(*at)[2] << 8 |
		  (*at)[3];
	*at += 4;
	return true;
}

static struct outcome judge(const unsigned char *bytes, size_t length, size_t most)
{
	const unsigned char *at = bytes, *end = length > 0 ? bytes + length : bytes;

	while (at < end) {
		size_t name, value;
		if (!read_length(&at, end, &name) || !read_length(&at, end, &value))
			return (struct outcome){RESULT_OK, false};
		size_t left = (size_t)(end - at), content = name + value;
		if (content > 0 && (size_t)(at - bytes) + content > most)
			return (struct outcome){RESULT_LIMIT, false};
		if (memchr(at, '\0', content < left ? content : left) != NULL)
			return (struct outcome){RESULT_MALFORMED, false};
		if (content > left)
			return (struct outcome){RESULT_OK, false};
		at += content;
	}
	return (struct outcome){RESULT_OK, true};
}

static void check_stream(const char *bytes, size_t length, size_t piece, size_t most)
{
	struct outcome expected = judge((const unsigned char *)bytes, length, most);
	const size_t pieces[] = {length + 1, 1, piece};

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct outcome outcome = feed_in_pieces(bytes, length, pieces[i], most);
		must(outcome.result == expected.result);
		must(outcome.is_whole == expected.is_whole);
	}
}

static void put_length(struct fuzz_input *input, struct buffer *out, size_t length)
{
	const unsigned char four[] = {0x80, 0, (unsigned char)(length >> 8), (unsigned char)length};

	if (length > 127 || fuzz_take_below(input, 2) == 1)
		buffer_append(out, four, 4);
	else
		buffer_append(out, four + 3, 1);
}

static void put_text(struct buffer *out, size_t length)
{
	for (size_t i = 0; i < length; i++)
		buffer_string(out, "x");
}

/* Lengths of either form. */
static void check_made(struct fuzz_input *input, size_t piece)
{
	struct buffer stream = {0};
	size_t count = fuzz_take_below(input, PAIRS + 1);

	for (size_t i = 0; i < count; i++) {
		size_t before = stream.length, name = fuzz_take_below(input, 140);
		size_t value = fuzz_take_below(input, 140), read_name, read_value;
		put_length(input, &stream, name);
		put_length(input, &stream, value);
		must(!stream.failed);
		size_t head = params_read_lengths((unsigned char *)stream.bytes + before,
			stream.length - before, &read_name, &read_value);
		must(head == stream.length - before && read_name == name && read_value == value);
		put_text(&stream, name + value);
	}
	must(!stream.failed);
	struct outcome outcome = feed_in_pieces(stream.bytes, stream.length, piece, stream.length);
	must(outcome.result == RESULT_OK && outcome.is_whole);
	check_stream(stream.bytes, stream.length, piece, fuzz_take_below(input, 1000));
	buffer_free(&stream);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	size_t piece = 1 + fuzz_take_below(&input, 64), most = fuzz_take_below(&input, 4096), rest;

	for (bool is_made = fuzz_is_made(&input); is_made && input.length > 0;)
		check_made(&input, piece);
	const char *from = fuzz_rest(&input, &rest);
	check_stream(from, rest, piece, most);
	return 0;
}
