#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

#include "support/test.h"

static void expect(const struct buffer *buffer, const char *text)
{
	assert_false(buffer->failed);
	assert_int_equal(buffer->length, strlen(text));
	assert_memory_equal(buffer->bytes, text, strlen(text));
}

TEST(a_zeroed_buffer_is_empty)
{
	struct buffer buffer = {0};

	buffer_append(&buffer, NULL, 0);
	buffer_string(&buffer, "");
	assert_null(buffer.bytes);
	assert_int_equal(buffer.length, 0);
	buffer_clear(&buffer);
	buffer_consume(&buffer, 0);
	buffer_free(&buffer);
	assert_false(buffer.failed);
}

TEST(everything_is_appended_in_order)
{
	struct buffer buffer = {0};

	buffer_string(&buffer, "one ");
	buffer_printf(&buffer, "%d %s", 2, "three");
	buffer_number(&buffer, 405);
	buffer_append(&buffer, "\0!", 2);
	assert_int_equal(buffer.length, strlen("one 2 three405") + 2);
	assert_memory_equal(buffer.bytes, "one 2 three405\0!", buffer.length);
	buffer_free(&buffer);
}

TEST(it_grows_past_every_power_of_two)
{
	struct buffer buffer = {0};

	for (size_t i = 0; i < 100000; i++) {
		char byte = (char)(i % 251);
		buffer_append(&buffer, &byte, 1);
		assert_true(buffer.capacity >= buffer.length);
	}
	for (size_t i = 0; i < 100000; i++)
		assert_int_equal((unsigned char)buffer.bytes[i], i % 251);
	buffer_free(&buffer);
}

/* The terminator that printf writes needs room that it does not keep. */
TEST(printf_at_the_edge_of_the_room)
{
	for (size_t length = 250; length < 260; length++) {
		struct buffer buffer = {0};
		for (size_t i = 0; i < length; i++)
			buffer_string(&buffer, "x");
		buffer_printf(&buffer, "%s", "abcdef");
		assert_int_equal(buffer.length, length + 6);
		assert_memory_equal(buffer.bytes + length, "abcdef", 6);
		buffer_free(&buffer);
	}
}

TEST(consume_takes_off_the_front)
{
	struct buffer buffer = {0};

	buffer_string(&buffer, "abcdef");
	buffer_consume(&buffer, 2);
	expect(&buffer, "cdef");
	buffer_consume(&buffer, 0);
	expect(&buffer, "cdef");
	buffer_consume(&buffer, 4);
	assert_int_equal(buffer.length, 0);
	buffer_string(&buffer, "g");
	expect(&buffer, "g");
	buffer_free(&buffer);
}

TEST(clear_keeps_the_memory)
{
	struct buffer buffer = {0};

	buffer_string(&buffer, "abc");
	size_t capacity = buffer.capacity;
	buffer_clear(&buffer);
	assert_int_equal(buffer.length, 0);
	assert_int_equal(buffer.capacity, capacity);
	buffer_string(&buffer, "d");
	expect(&buffer, "d");
	buffer_free(&buffer);
	assert_null(buffer.bytes);
	assert_int_equal(buffer.capacity, 0);
}

/* More than any capacity, so that it is refused without asking for memory. */
TEST(a_failure_sticks_until_cleared)
{
	struct buffer buffer = {0};
	char *bytes;

	buffer_string(&buffer, "abc");
	bytes = buffer.bytes;
	assert_false(buffer_reserve(&buffer, SIZE_MAX - 16));
	assert_true(buffer.failed);
	assert_int_equal(buffer.length, 3);
	assert_ptr_equal(buffer.bytes, bytes);
	buffer_string(&buffer, "d");
	buffer_printf(&buffer, "%d", 1);
	assert_true(buffer.failed);
	assert_int_equal(buffer.length, 3);
	assert_memory_equal(buffer.bytes, "abc", 3);
	buffer_clear(&buffer);
	buffer_string(&buffer, "e");
	expect(&buffer, "e");
	buffer_free(&buffer);
}
