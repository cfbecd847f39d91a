#include "formats/line_reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "support/test.h"

/* What lines there were, as text: "2:[a]", or "2:too long". */
static enum result show(void *argument, const struct line *line)
{
	struct buffer *lines = argument;

	buffer_printf(lines, "%d:", (int)line->number);
	buffer_string(lines, line->is_too_long ? "too long" : "[");
	buffer_append(lines, line->text, line->length);
	buffer_string(lines, line->is_too_long ? "\n" : "]\n");
	return RESULT_OK;
}

/* Each piece in an allocation of its own, so that a sanitizer sees a byte read beyond it. */
static void expect_pieces(const char *input, size_t length, size_t size, const char *expected)
{
	struct line_reader reader;
	struct buffer lines = {0};

	line_reader_begin(&reader, show, &lines);
	for (size_t at = 0, step = size; at < length; at += step) {
		step = step < length - at ? step : length - at;
		char *copy = malloc(step);
		assert_non_null(copy);
		memcpy(copy, input + at, step);
		assert_int_equal(line_reader_feed(&reader, copy, step), RESULT_OK);
		free(copy);
	}
	assert_int_equal(line_reader_finish(&reader), RESULT_OK);
	line_reader_free(&reader);
	buffer_append(&lines, "", 1);
	assert_string_equal(lines.bytes, expected);
	buffer_free(&lines);
}

static void expect(const char *input, const char *expected)
{
	for (size_t size = 1; size <= strlen(input) + 1; size++)
		expect_pieces(input, strlen(input), size, expected);
}

TEST(lines)
{
	expect("", "");
	expect("a", "1:[a]\n");
	expect("a\nbc\n", "1:[a]\n2:[bc]\n");
	expect("a\r\nb", "1:[a\r]\n2:[b]\n");
	expect("\n\na\n", "1:[]\n2:[]\n3:[a]\n");
}

TEST(lines_that_are_too_long)
{
	static char input[LIMIT_IMPORT_ROW + 8];

	memset(input, 'x', sizeof(input));
	memcpy(input + LIMIT_IMPORT_ROW + 1, "\nb\n", 3);
	for (size_t size = 1; size < 3 * LIMIT_IMPORT_ROW; size = size * 3 + 1) {
		expect_pieces(input, LIMIT_IMPORT_ROW + 4, size, "1:too long\n2:[b]\n");
		expect_pieces(input, LIMIT_IMPORT_ROW + 1, size, "1:too long\n");
	}
}

static enum result count(void *argument, const struct line *line)
{
	*(size_t *)argument = line->is_too_long ? 0 : line->length;
	return RESULT_OK;
}

TEST(a_line_as_long_as_may_be)
{
	static char input[LIMIT_IMPORT_ROW + 1];
	struct line_reader reader;
	size_t length = 0;

	memset(input, 'x', LIMIT_IMPORT_ROW);
	input[LIMIT_IMPORT_ROW] = '\n';
	line_reader_begin(&reader, count, &length);
	assert_int_equal(line_reader_feed(&reader, input, sizeof(input)), RESULT_OK);
	assert_int_equal(length, LIMIT_IMPORT_ROW);
	line_reader_free(&reader);
}

static enum result refuse(void *argument, const struct line *line)
{
	(void)line;
	++*(int *)argument;
	return RESULT_TAKEN;
}

TEST(the_visitor_can_end_it)
{
	struct line_reader reader;
	int calls = 0;

	line_reader_begin(&reader, refuse, &calls);
	assert_int_equal(line_reader_feed(&reader, "a\nb\n", 4), RESULT_TAKEN);
	assert_int_equal(calls, 1);
	line_reader_free(&reader);
	line_reader_begin(&reader, refuse, &calls);
	assert_int_equal(line_reader_feed(&reader, "a", 1), RESULT_OK);
	assert_int_equal(line_reader_finish(&reader), RESULT_TAKEN);
	line_reader_free(&reader);
}
