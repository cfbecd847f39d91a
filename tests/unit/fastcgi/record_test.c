#include "fastcgi/record.h"

#include <fastcgi.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

TEST(a_header)
{
	static const unsigned char wanted[] = {1, FCGI_STDOUT, 0x12, 0x34, 0xfe, 0xdc, 0, 0};
	struct buffer out = {0};

	fcgi_record_header(&out, FCGI_STDOUT, 0x1234, 0xfedc);
	assert_int_equal(out.length, sizeof(wanted));
	assert_memory_equal(out.bytes, wanted, sizeof(wanted));
	buffer_free(&out);
}

TEST(a_header_read)
{
	static const unsigned char header[] = {2, FCGI_STDIN, 0xfe, 0xdc, 0x82, 0x34, 0xff, 9};
	struct fcgi_record record = fcgi_record_read(header);

	assert_int_equal(record.version, 2);
	assert_int_equal(record.type, FCGI_STDIN);
	assert_int_equal(record.id, 0xfedc);
	assert_int_equal(record.length, 0x8234);
	assert_int_equal(record.padding, 0xff);
}

TEST(a_length_set_later)
{
	static const unsigned char wanted[] = {1, FCGI_PARAMS, 0, 1, 0xfe, 0xdc, 0, 0};
	struct buffer out = {0};

	fcgi_record_header(&out, FCGI_PARAMS, 1, 3);
	fcgi_record_set_length(out.bytes, 0xfedc);
	assert_memory_equal(out.bytes, wanted, sizeof(wanted));
	buffer_free(&out);
}

TEST(the_end_of_a_request)
{
	static const unsigned char wanted[] = {
		1, FCGI_END_REQUEST, 0, 7, 0, 8, 0, 0, 0, 0, 0, 0, FCGI_UNKNOWN_ROLE, 0, 0, 0};
	struct buffer out = {0};

	fcgi_record_end_request(&out, 7, FCGI_UNKNOWN_ROLE);
	assert_int_equal(out.length, sizeof(wanted));
	assert_memory_equal(out.bytes, wanted, sizeof(wanted));
	buffer_free(&out);
}

/* Appends to `content` what the records hold, each of which must be one of STDOUT that is not
 * empty, and counts them. */
static size_t take_records(const struct buffer *records, struct buffer *content)
{
	const unsigned char *bytes = (const unsigned char *)records->bytes;
	size_t count = 0;

	for (size_t i = 0; i < records->length; count++) {
		size_t length = (size_t)bytes[i + 4] << 8 | bytes[i + 5];
		assert_int_equal(bytes[i + 1], FCGI_STDOUT);
		assert_true(length > 0 && length <= records->length - i - FCGI_HEADER_LEN);
		buffer_append(content, bytes + i + FCGI_HEADER_LEN, length);
		i += FCGI_HEADER_LEN + length;
	}
	return count;
}

static void expect_stream(size_t length, size_t count)
{
	struct buffer sent = {0}, records = {0}, received = {0};

	for (size_t i = 0; i < length; i++)
		buffer_append(&sent, &(char){(char)(i % 251)}, 1);
	fcgi_record_stream(&records, FCGI_STDOUT, 1, sent.bytes, sent.length);
	assert_int_equal(take_records(&records, &received), count);
	assert_int_equal(received.length, length);
	if (length > 0)
		assert_memory_equal(received.bytes, sent.bytes, length);
	buffer_free(&sent);
	buffer_free(&records);
	buffer_free(&received);
}

TEST(a_stream_of_any_length)
{
	expect_stream(0, 0);
	expect_stream(1, 1);
	expect_stream(FCGI_RECORD_CONTENT, 1);
	expect_stream(FCGI_RECORD_CONTENT + 1, 2);
	expect_stream(3 * FCGI_RECORD_CONTENT + 5, 4);
}
