#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"

static void expect(const struct buffer *buffer, const char *text)
{
	assert_false(buffer->failed);
	assert_int_equal(buffer->length, strlen(text));
	assert_memory_equal(buffer->bytes, text, strlen(text));
}

static void test_a_zeroed_buffer_is_empty(void **state)
{
	struct buffer buffer = {0};

	(void)state;
	buffer_append(&buffer, NULL, 0);
	buffer_string(&buffer, "");
	assert_null(buffer.bytes);
	assert_int_equal(buffer.length, 0);
	buffer_clear(&buffer);
	buffer_consume(&buffer, 0);
	buffer_free(&buffer);
	assert_false(buffer.failed);
}

static void test_everything_is_appended_in_order(void **state)
{
	struct buffer buffer = {0};

	(void)state;
	buffer_string(&buffer, "one ");
	buffer_printf(&buffer, "%d %s", 2, "three");
	buffer_number(&buffer, 405);
	buffer_append(&buffer, "\0!", 2);
	assert_int_equal(buffer.length, strlen("one 2 three405") + 2);
	assert_memory_equal(buffer.bytes, "one 2 three405\0!", buffer.length);
	buffer_free(&buffer);
}

static void test_it_grows_past_every_power_of_two(void **state)
{
	struct buffer buffer = {0};

	(void)state;
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
static void test_printf_at_the_edge_of_the_room(void **state)
{
	(void)state;
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

static void test_consume_takes_off_the_front(void **state)
{
	struct buffer buffer = {0};

	(void)state;
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

static void test_clear_keeps_the_memory(void **state)
{
	struct buffer buffer = {0};

	(void)state;
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
static void test_a_failure_sticks_until_cleared(void **state)
{
	struct buffer buffer = {0};
	char *bytes;

	(void)state;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_zeroed_buffer_is_empty),
		cmocka_unit_test(test_everything_is_appended_in_order),
		cmocka_unit_test(test_it_grows_past_every_power_of_two),
		cmocka_unit_test(test_printf_at_the_edge_of_the_room),
		cmocka_unit_test(test_consume_takes_off_the_front),
		cmocka_unit_test(test_clear_keeps_the_memory),
		cmocka_unit_test(test_a_failure_sticks_until_cleared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
