/* Parameters in PostgreSQL's binary form, byte by byte; whether a server takes them is in
 * link_test.c and wherever statements are tested. */
#include "store/database/parameters.h"

#include <string.h>

#include "support/test.h"

static int set_up(void **state)
{
	*state = test_calloc(1, sizeof(struct parameters));
	return 0;
}

static int tear_down(void **state)
{
	parameters_free(*state);
	test_free(*state);
	return 0;
}

#define PARAMETERS_TEST(name)                                                                      \
	TEST_GIVEN(struct parameters, parameters, set_up, tear_down, NULL, name)

/* The only parameter, or the last. */
#define assert_last(parameters, bytes)                                                             \
	assert_value(parameters, (parameters)->count - 1, bytes, sizeof(bytes) - 1)

static void assert_value(
	const struct parameters *parameters, int index, const char *bytes, size_t length)
{
	struct parameter_list list;

	parameters_list(parameters, &list);
	assert_false(parameters->bytes.failed);
	assert_non_null(list.values[index]);
	assert_int_equal(list.formats[index], 1);
	assert_int_equal(list.lengths[index], length);
	assert_memory_equal(list.values[index], bytes, length);
}

PARAMETERS_TEST(numbers_have_eight_bytes_the_highest_first)
{
	parameters_number(parameters, 1);
	assert_last(parameters, "\0\0\0\0\0\0\0\1");
	parameters_number(parameters, -2);
	assert_last(parameters, "\xff\xff\xff\xff\xff\xff\xff\xfe");
	parameters_number(parameters, INT64_MIN);
	assert_last(parameters, "\x80\0\0\0\0\0\0\0");
	parameters_number(parameters, 0x0102030405060708);
	assert_last(parameters, "\1\2\3\4\5\6\7\x08");
	assert_int_equal(parameters->count, 4);
	assert_value(parameters, 0, "\0\0\0\0\0\0\0\1", 8);
}

PARAMETERS_TEST(a_boolean_is_one_byte)
{
	parameters_boolean(parameters, true);
	assert_last(parameters, "\1");
	parameters_boolean(parameters, false);
	assert_last(parameters, "\0");
}

PARAMETERS_TEST(texts_and_bytes_are_as_they_are)
{
	parameters_text(parameters, "Zoë", strlen("Zoë"));
	assert_last(parameters, "Zo\xc3\xab");
	parameters_bytes(parameters, "\0\xff\n", 3);
	assert_last(parameters, "\0\xff\n");
}

/* libpq takes a NULL pointer for NULL. */
PARAMETERS_TEST(an_empty_text_is_not_null)
{
	parameters_text(parameters, "", 0);
	assert_last(parameters, "");
}

PARAMETERS_TEST(null_has_no_value)
{
	struct parameter_list list;

	parameters_number(parameters, 7);
	parameters_null(parameters);
	parameters_text(parameters, "x", 1);
	parameters_list(parameters, &list);
	assert_int_equal(parameters->count, 3);
	assert_null(list.values[1]);
	assert_last(parameters, "x");
}

PARAMETERS_TEST(an_array_of_numbers)
{
	parameters_number(parameters, 9);
	parameters_array_begin(parameters, TYPE_NUMBER);
	parameters_item_number(parameters, 3);
	parameters_item_number(parameters, -1);
	parameters_array_end(parameters);
	assert_last(parameters, "\0\0\0\1"         /* dimensions */
				"\0\0\0\0"         /* no NULL */
				"\0\0\0\x14"       /* bigint */
				"\0\0\0\2\0\0\0\1" /* two, from 1 */
				"\0\0\0\x08\0\0\0\0\0\0\0\3"
				"\0\0\0\x08\xff\xff\xff\xff\xff\xff\xff\xff");
	parameters_number(parameters, 5);
	assert_last(parameters, "\0\0\0\0\0\0\0\5");
	assert_value(parameters, 0, "\0\0\0\0\0\0\0\x09", 8);
}

PARAMETERS_TEST(items_are_as_wide_as_their_type)
{
	parameters_array_begin(parameters, TYPE_INTEGER);
	parameters_item_number(parameters, 0x01020304);
	parameters_array_end(parameters);
	assert_last(parameters, "\0\0\0\1\0\0\0\0\0\0\0\x17\0\0\0\1\0\0\0\1\0\0\0\4\1\2\3\4");
	parameters_array_begin(parameters, TYPE_SMALL);
	parameters_item_number(parameters, -2);
	parameters_array_end(parameters);
	assert_last(parameters, "\0\0\0\1\0\0\0\0\0\0\0\x15\0\0\0\1\0\0\0\1\0\0\0\2\xff\xfe");
	parameters_array_begin(parameters, TYPE_BOOLEAN);
	parameters_item_boolean(parameters, true);
	parameters_item_boolean(parameters, false);
	parameters_array_end(parameters);
	assert_last(parameters, "\0\0\0\1\0\0\0\0\0\0\0\x10\0\0\0\2\0\0\0\1\0\0\0\1\1\0\0\0\1\0");
}

PARAMETERS_TEST(an_array_of_texts_with_null)
{
	parameters_array_begin(parameters, TYPE_TEXT);
	parameters_item_text(parameters, "ab", 2);
	parameters_item_null(parameters);
	parameters_item_text(parameters, "", 0);
	parameters_array_end(parameters);
	assert_last(parameters, "\0\0\0\1\0\0\0\1\0\0\0\x19\0\0\0\3\0\0\0\1"
				"\0\0\0\2"
				"ab"
				"\xff\xff\xff\xff"
				"\0\0\0\0");
	parameters_array_begin(parameters, TYPE_BYTES);
	parameters_item_bytes(parameters, "\0z", 2);
	parameters_array_end(parameters);
	assert_last(parameters, "\0\0\0\1\0\0\0\0\0\0\0\x11\0\0\0\1\0\0\0\1\0\0\0\2\0z");
}

PARAMETERS_TEST(an_array_without_items_has_no_dimensions)
{
	parameters_array_begin(parameters, TYPE_NUMBER);
	parameters_array_end(parameters);
	assert_last(parameters, "\0\0\0\0\0\0\0\0\0\0\0\x14");
	parameters_boolean(parameters, true);
	assert_last(parameters, "\1");
}

PARAMETERS_TEST(the_buffer_is_used_again)
{
	parameters_number(parameters, 1);
	size_t capacity = parameters->bytes.capacity;
	parameters_clear(parameters);
	assert_int_equal(parameters->count, 0);
	parameters_number(parameters, 2);
	assert_last(parameters, "\0\0\0\0\0\0\0\2");
	assert_int_equal(parameters->bytes.capacity, capacity);
}

/* As if memory had been short: nothing is written, and the sender sees it. */
PARAMETERS_TEST(a_failure_sticks)
{
	parameters_number(parameters, 1);
	parameters->bytes.failed = true;
	parameters_array_begin(parameters, TYPE_TEXT);
	parameters_item_text(parameters, "ab", 2);
	parameters_array_end(parameters);
	parameters_null(parameters);
	assert_true(parameters->bytes.failed);
	assert_int_equal(parameters->count, 3);
}
