#include "support/test.h"

#include <string.h>

#include "base/limit.h"
#include "store/flat_file/header.h"
#include "store/names/username.h"

static enum result parse(const char *line, struct header *header)
{
	return header_parse(line, strlen(line), header);
}

static void expect_malformed(const char *line)
{
	struct header header;

	assert_int_equal(parse(line, &header), RESULT_MALFORMED);
}

TEST(of_a_new_file)
{
	struct buffer line = {0};
	struct header header;

	header_append(&line, 0);
	assert_int_equal(line.bytes[line.length - 1], '\n');
	assert_int_equal(header_parse(line.bytes, line.length - 1, &header), RESULT_OK);
	assert_string_equal(header.unicode, username_unicode_version());
	assert_int_equal(header.numbered, 0);
	buffer_free(&line);
}

TEST(numbered)
{
	static const uint64_t numbers[] = {1, 10, 123456789, LIMIT_PLACE};
	struct header header;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		struct buffer line = {0};
		header_append(&line, numbers[i]);
		assert_int_equal(header_parse(line.bytes, line.length - 1, &header), RESULT_OK);
		assert_true(header.numbered == numbers[i]);
		buffer_free(&line);
	}
}

/* Nobody could have one after it. */
TEST(numbered_too_high)
{
	static const uint64_t numbers[] = {(uint64_t)LIMIT_PLACE + 1, UINT64_MAX};
	struct header header;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		struct buffer line = {0};
		header_append(&line, numbers[i]);
		assert_int_equal(header_parse(line.bytes, line.length - 1, &header), RESULT_LIMIT);
		buffer_free(&line);
	}
	assert_int_equal(
		parse("rollcall-users\t1\tunicode 15.0.0\tnumbered 18446744073709551616\t00000000",
			&header),
		RESULT_MALFORMED);
}

/* Every beginning of one is, and nothing else. */
TEST(cut)
{
	static const char line[] = "rollcall-users\t1\tunicode 15.0.0\tnumbered 42\tf2bebeed";

	assert_false(header_is_cut(line, 0));
	for (size_t length = 1; length < sizeof(line); length++)
		assert_true(header_is_cut(line, length));
	assert_false(header_is_cut("rollcall-users\t3", 16));
	assert_false(header_is_cut("hello", 5));
}

TEST(one_spelling)
{
	struct header header;

	assert_int_equal(parse("rollcall-users\t1\tunicode 15.0.0", &header), RESULT_OK);
	assert_string_equal(header.unicode, "15.0.0");
	/* Checksum by Python's zlib.crc32. */
	assert_int_equal(parse("rollcall-users\t1\tunicode 15.0.0\tnumbered 42\tf2bebeed", &header),
		RESULT_OK);
	assert_int_equal(header.numbered, 42);
}

/* A number that is too low would let one be given twice. */
TEST(every_changed_byte_is_noticed)
{
	struct buffer line = {0};
	struct header header;

	header_append(&line, 1234567);
	for (size_t i = 0; i < line.length - 1; i++) {
		line.bytes[i] ^= 1;
		assert_int_equal(
			header_parse(line.bytes, line.length - 1, &header), RESULT_MALFORMED);
		line.bytes[i] ^= 1;
	}
	for (size_t length = 0; length < line.length - 1; length++) {
		/* Without what is optional it is whole. */
		if (length ==
			strlen("rollcall-users\t1\tunicode ") + strlen(username_unicode_version()))
			continue;
		if (header_parse(line.bytes, length, &header) == RESULT_OK)
			assert_int_equal(header.numbered, 0);
	}
	buffer_free(&line);
}

TEST(malformed)
{
	expect_malformed("");
	expect_malformed("rollcall-users");
	expect_malformed("rollcall-users\t1\tunicode ");
	expect_malformed("rollcall-users\t3\tunicode 15.0.0");
	expect_malformed("rollcall-users\t1\tunicode x");
	expect_malformed("rollcall-users\t1\tunicode 15.0.0 ");
	expect_malformed("rollcall-users\t1\tunicode 15.0.0\t");
	expect_malformed("rollcall-users\t1\tunicode 15.0.0\tnumbered");
	expect_malformed("rollcall-users\t1\tunicode 15.0.0\tnumbered 42");
	expect_malformed("rollcall-users\t1\tunicode 15.0.0\tnumbered 042\t00000000");
	expect_malformed("rollcall-users\t1\tunicode 11111111111111111111111111111111111111");
}
