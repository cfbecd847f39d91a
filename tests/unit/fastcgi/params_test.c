#include "fastcgi/params.h"

#include <string.h>

#include "base/buffer.h"
#include "support/test.h"

#define MOST 65536

static void append_length(struct buffer *out, size_t length, bool is_long)
{
	const unsigned char four[4] = {(unsigned char)(0x80 | length >> 24),
		(unsigned char)(length >> 16), (unsigned char)(length >> 8), (unsigned char)length};
	const unsigned char one = (unsigned char)length;

	if (is_long)
		buffer_append(out, four, 4);
	else
		buffer_append(out, &one, 1);
}

static void append_content(struct buffer *out, size_t length)
{
	for (size_t i = 0; i < length; i++)
		buffer_append(out, "\xff", 1);
}

/* A pair of these lengths, each written in the shortest way; its content looks like lengths. */
static void append_pair(struct buffer *out, size_t name, size_t value)
{
	append_length(out, name, name > 127);
	append_length(out, value, value > 127);
	append_content(out, name + value);
}

static const unsigned char *bytes_of(const struct buffer *buffer)
{
	return (const unsigned char *)buffer->bytes;
}

static enum result feed(
	struct params *params, const struct buffer *stream, size_t from, size_t to, size_t most)
{
	return params_feed(params, bytes_of(stream) + from, to - from, most);
}

/* Cut everywhere into two, and byte by byte, the stream is whole at its end and nowhere else. */
static void expect_whole_at_the_end(const struct buffer *stream)
{
	struct params bytewise = {0};

	for (size_t cut = 0; cut <= stream->length; cut++) {
		struct params params = {0};
		assert_int_equal(feed(&params, stream, 0, cut, MOST), RESULT_OK);
		assert_int_equal(params_are_whole(&params), cut == 0 || cut == stream->length);
		assert_int_equal(feed(&params, stream, cut, stream->length, MOST), RESULT_OK);
		assert_true(params_are_whole(&params));
		if (cut > 0)
			assert_int_equal(feed(&bytewise, stream, cut - 1, cut, MOST), RESULT_OK);
	}
	assert_true(params_are_whole(&bytewise));
}

TEST(nothing_is_whole)
{
	struct params params = {0};

	assert_true(params_are_whole(&params));
	assert_int_equal(params_feed(&params, NULL, 0, 0), RESULT_OK);
	assert_true(params_are_whole(&params));
}

TEST(lengths_around_127)
{
	static const size_t lengths[] = {0, 1, 126, 127, 128, 129, 255, 256};
	const size_t count = sizeof(lengths) / sizeof(lengths[0]);

	for (size_t i = 0; i < count * count; i++) {
		struct buffer stream = {0};
		size_t name = lengths[i / count], value = lengths[i % count];
		append_pair(&stream, name, value);
		expect_whole_at_the_end(&stream);
		buffer_free(&stream);
	}
}

/* Four bytes may hold a short length too. */
TEST(short_lengths_in_four_bytes)
{
	for (unsigned form = 0; form < 4; form++) {
		struct buffer stream = {0};
		append_length(&stream, 3, form & 1);
		append_length(&stream, 0, form & 2);
		append_content(&stream, 3);
		expect_whole_at_the_end(&stream);
		buffer_free(&stream);
	}
}

TEST(many_pairs_cut_anywhere)
{
	struct buffer stream = {0};

	append_pair(&stream, 1, 2);
	append_pair(&stream, 0, 0);
	append_pair(&stream, 130, 1);
	append_pair(&stream, 4, 300);
	append_pair(&stream, 0, 200);
	for (size_t first = 0; first <= stream.length; first++) {
		for (size_t second = first; second <= stream.length; second += 7) {
			struct params params = {0};
			assert_int_equal(feed(&params, &stream, 0, first, MOST), RESULT_OK);
			assert_int_equal(feed(&params, &stream, first, second, MOST), RESULT_OK);
			assert_int_equal(
				feed(&params, &stream, second, stream.length, MOST), RESULT_OK);
			assert_true(params_are_whole(&params));
		}
	}
	buffer_free(&stream);
}

TEST(the_limit_is_for_the_whole_stream)
{
	struct buffer stream = {0};

	append_pair(&stream, 10, 10);
	append_pair(&stream, 20, 300);
	for (size_t cut = 0; cut <= stream.length; cut++) {
		struct params exact = {0}, less = {0};
		assert_int_equal(feed(&exact, &stream, 0, cut, stream.length), RESULT_OK);
		assert_int_equal(
			feed(&exact, &stream, cut, stream.length, stream.length), RESULT_OK);
		enum result first = feed(&less, &stream, 0, cut, stream.length - 1);
		enum result second = first == RESULT_OK ? feed(&less, &stream, cut, stream.length,
								  stream.length - 1)
							: first;
		assert_int_equal(second, RESULT_LIMIT);
	}
	buffer_free(&stream);
}

/* The claim is enough: none of the content has come yet. */
static void expect_claim_refused(size_t name, size_t value)
{
	struct buffer stream = {0};
	struct params params = {0};

	append_length(&stream, name, true);
	append_length(&stream, value, true);
	for (size_t i = 0; i + 1 < stream.length; i++)
		assert_int_equal(feed(&params, &stream, i, i + 1, MOST), RESULT_OK);
	assert_int_equal(
		feed(&params, &stream, stream.length - 1, stream.length, MOST), RESULT_LIMIT);
	buffer_free(&stream);
}

TEST(claims_of_gigabytes)
{
	expect_claim_refused(0x7fffffff, 0);
	expect_claim_refused(0, 0x7fffffff);
	expect_claim_refused(0x7fffffff, 0x7fffffff);
	expect_claim_refused(0x7fffffff, 1);
	expect_claim_refused(MOST, 0);
	expect_claim_refused(MOST - 8, 1);
}

TEST(the_largest_that_fits)
{
	struct buffer stream = {0};
	struct params params = {0};

	append_pair(&stream, 128, MOST - 128 - 8);
	assert_int_equal(stream.length, MOST);
	assert_int_equal(feed(&params, &stream, 0, MOST, MOST), RESULT_OK);
	assert_true(params_are_whole(&params));
	buffer_free(&stream);
}

/* Fed in two parts, from a place in memory that ends with the stream. */
static enum result feed_cut(const struct buffer *stream, size_t cut)
{
	struct params params = {0};
	enum result result = feed(&params, stream, 0, cut, MOST);

	return result == RESULT_OK ? feed(&params, stream, cut, stream->length, MOST) : result;
}

/* Lengths have NULs in them, too: those are none of a name's or a value's. */
TEST(a_nul_in_a_name_or_a_value)
{
	struct buffer stream = {0};

	append_length(&stream, 3, true);
	append_length(&stream, 0, false);
	append_content(&stream, 3);
	append_pair(&stream, 0, 0);
	append_length(&stream, 1, false);
	append_length(&stream, 256, true);
	size_t first = stream.length - 5 - 2 - 3, last = stream.length;
	append_content(&stream, 257);
	for (size_t cut = 0; cut <= stream.length; cut++)
		assert_int_equal(feed_cut(&stream, cut), RESULT_OK);
	for (size_t at = first; at < stream.length; at += at == first + 2 ? last - at : 1) {
		stream.bytes[at] = '\0';
		for (size_t cut = 0; cut <= stream.length; cut++) {
			if (feed_cut(&stream, cut) != RESULT_MALFORMED)
				fail_msg("a NUL at %zu, cut at %zu", at, cut);
		}
		stream.bytes[at] = (char)0xff;
	}
	buffer_free(&stream);
}
