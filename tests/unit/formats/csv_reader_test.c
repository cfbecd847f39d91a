#include "formats/csv_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

/* What rows there were, as text: "2-4:[a][b]", the lines and the fields, or "2:unclosed". */
static enum result show(void *argument, const struct csv_row *row)
{
	static const char *const problems[] = {[CSV_QUOTE] = "quote",
		[CSV_AFTER_QUOTE] = "after quote",
		[CSV_RETURN] = "return",
		[CSV_UNCLOSED] = "unclosed",
		[CSV_TOO_LONG] = "too long"};
	struct buffer *rows = argument;

	buffer_printf(rows, "%d", (int)row->line);
	if (row->last_line != row->line)
		buffer_printf(rows, "-%d", (int)row->last_line);
	buffer_string(rows, ":");
	if (row->problem != CSV_FINE)
		buffer_string(rows, problems[row->problem]);
	for (size_t i = 0; row->problem == CSV_FINE && i < row->count; i++) {
		buffer_string(rows, "[");
		if (i < LIMIT_IMPORT_FIELDS)
			buffer_append(rows, row->fields[i].text, row->fields[i].length);
		buffer_string(rows, "]");
	}
	buffer_string(rows, "\n");
	return RESULT_OK;
}

/* Each piece in an allocation of its own, so that a sanitizer sees a byte read beyond it. */
static void feed(struct csv_reader *reader, const char *bytes, size_t length)
{
	char *copy = malloc(length + 1);

	assert_non_null(copy);
	memcpy(copy, bytes, length);
	copy = realloc(copy, length > 0 ? length : 1);
	assert_int_equal(csv_reader_feed(reader, copy, length), RESULT_OK);
	free(copy);
}

/* A first piece, and then pieces of one size. */
static struct buffer read_in_pieces(const char *input, size_t length, size_t first, size_t size)
{
	struct csv_reader reader;
	struct buffer rows = {0};

	csv_reader_begin(&reader, show, &rows);
	for (size_t at = 0, step = first; at < length; at += step, step = size) {
		if (step > length - at)
			step = length - at;
		feed(&reader, input + at, step);
	}
	assert_int_equal(csv_reader_finish(&reader), RESULT_OK);
	csv_reader_free(&reader);
	return rows;
}

static void expect_pieces(
	const char *input, size_t length, size_t first, size_t size, const char *expected)
{
	struct buffer rows = read_in_pieces(input, length, first, size);

	buffer_append(&rows, "", 1);
	assert_string_equal(rows.bytes, expected);
	buffer_free(&rows);
}

/* Whole, byte by byte, and in every two pieces: always the same. */
static void expect(const char *input, const char *expected)
{
	size_t length = strlen(input);

	expect_pieces(input, length, 1, 1, expected);
	for (size_t first = 0; first <= length; first++)
		expect_pieces(input, length, first, length, expected);
}

TEST(rows_and_fields)
{
	expect("", "");
	expect("a", "1:[a]\n");
	expect("a\n", "1:[a]\n");
	expect("a,b\r\nc,d\r\n", "1:[a][b]\n2:[c][d]\n");
	expect("a,b\nc,d", "1:[a][b]\n2:[c][d]\n");
	expect(" a , b \n", "1:[ a ][ b ]\n");
	expect("Zoë,\xff\n", "1:[Zoë][\xff]\n");
}

TEST(empty_fields_and_rows)
{
	expect(",", "1:[][]\n");
	expect(",\n", "1:[][]\n");
	expect("a,,b\n", "1:[a][][b]\n");
	expect("\n", "1:[]\n");
	expect("\r\n\r\n", "1:[]\n2:[]\n");
	expect("a\n\nb\n", "1:[a]\n2:[]\n3:[b]\n");
	expect("\"\"", "1:[]\n");
	expect("\"\",\"\"\n", "1:[][]\n");
}

TEST(quotes)
{
	expect("\"a\",\"b\"\r\n", "1:[a][b]\n");
	expect("\"a,b\",c\n", "1:[a,b][c]\n");
	expect("\"say \"\"hi\"\"\"\n", "1:[say \"hi\"]\n");
	expect("\"\"\"\"\n", "1:[\"]\n");
	expect("\"a\"", "1:[a]\n");
	expect("a,\"b\"\nc\n", "1:[a][b]\n2:[c]\n");
}

TEST(spaces_around_quotes)
{
	expect("a, \"b,c\" ,  \"\"\nd\n", "1:[a][b,c][]\n2:[d]\n");
	expect(" \"a\" \n  \"\"\"\"  ", "1:[a]\n2:[\"]\n");
	expect("1,2,3,4,5,6,7,8,9, \"x,y\",z\n", "1:[1][2][3][4][5][6][7][8][9][x,y][z]\n");
	expect("a\"b\" \nc\n", "1:quote\n2:[c]\n");
}

/* The first that the first row has; if it has none, a comma. */
TEST(separators)
{
	expect("a;b\nc;d,e\tf\n", "1:[a][b]\n2:[c][d,e\tf]\n");
	expect("a\tb\r\nc\t\"d;e\"\t\r\n", "1:[a][b]\n2:[c][d;e][]\n");
	expect("a,b\nc;d\n", "1:[a][b]\n2:[c;d]\n");
	expect(";a,b\n;c\n", "1:[][a,b]\n2:[][c]\n");
	expect("\"a;b\",c\nd;e\n", "1:[a;b][c]\n2:[d;e]\n");
	expect("\"a\" ;b\nc;d\n", "1:[a][b]\n2:[c][d]\n");
	expect("a\nb;c\td,e\n", "1:[a]\n2:[b;c\td][e]\n");
}

TEST(lines_within_quotes_are_counted)
{
	expect("\"a\nb\",c\nd\n", "1-2:[a\nb][c]\n3:[d]\n");
	expect("\"a\r\n\r\nb\"\r\nd\r\n", "1-3:[a\r\n\r\nb]\n4:[d]\n");
	expect("\"a\rb\"\nd\n", "1:[a\rb]\n2:[d]\n");
}

TEST(a_problem_ends_with_its_line)
{
	expect("a\"b,c\nd\n", "1:quote\n2:[d]\n");
	expect("\"a\"b,c\nd\n", "1:after quote\n2:[d]\n");
	expect("\"a\" b,c\r\nd\n", "1:after quote\n2:[d]\n");
	expect("\"a\" \"b\"\nd\n", "1:after quote\n2:[d]\n");
	expect("\"a\nb\"x\nd\n", "1-2:after quote\n3:[d]\n");
	expect("a\"\"\"b", "1:quote\n");
}

TEST(a_return_is_half_an_end)
{
	expect("a\rb\nc\n", "1:return\n2:[c]\n");
	expect("a\r\r\nc\n", "1:return\n2:[c]\n");
	expect("\"a\"\r,b\nc\n", "1:return\n2:[c]\n");
	expect("\r", "1:return\n");
	expect("a\r", "1:return\n");
}

TEST(quotes_that_are_never_closed)
{
	expect("\"", "1:unclosed\n");
	expect("a\n\"b,c\nd\ne", "1:[a]\n2-4:unclosed\n");
	expect("\"a\"\"", "1:unclosed\n");
}

TEST(more_fields_than_are_kept)
{
	struct buffer input = {0}, expected = {0};

	buffer_string(&expected, "1:");
	for (int i = 1; i <= LIMIT_IMPORT_FIELDS + 2; i++) {
		buffer_printf(&input, "%d,", i);
		if (i <= LIMIT_IMPORT_FIELDS)
			buffer_printf(&expected, "[%d]", i);
		else
			buffer_string(&expected, "[]");
	}
	buffer_string(&input, "\na\n");
	buffer_append(&input, "", 1);
	buffer_string(&expected, "[]\n2:[a]\n");
	buffer_append(&expected, "", 1);
	expect(input.bytes, expected.bytes);
	buffer_free(&input);
	buffer_free(&expected);
}

/* `before`, then as many letters as asked for, then `after`. */
static void expect_long(size_t letters, const char *before, const char *after, const char *expected)
{
	struct buffer input = {0};

	buffer_string(&input, before);
	for (size_t i = 0; i < letters; i++)
		buffer_string(&input, "x");
	buffer_string(&input, after);
	assert_false(input.failed);
	expect_pieces(input.bytes, input.length, input.length, 1, expected);
	expect_pieces(input.bytes, input.length, 1, 1, expected);
	expect_pieces(input.bytes, input.length, 1000, 4096, expected);
	buffer_free(&input);
}

TEST(a_row_that_is_too_long)
{
	expect_long(LIMIT_IMPORT_ROW + 1, "a,", "\nb\n", "1:too long\n2:[b]\n");
	expect_long(LIMIT_IMPORT_ROW, "a,", "\nb\n", "1:too long\n2:[b]\n");
	expect_long(LIMIT_IMPORT_ROW + 1, "\"\n", "\",c\nb\n", "1-2:too long\n3:[b]\n");
	expect_long(LIMIT_IMPORT_ROW * 3, "\"", "", "1:too long\n");
}

static enum result count(void *argument, const struct csv_row *row)
{
	size_t *bytes = argument;

	*bytes = row->problem == CSV_FINE ? row->fields[0].length : 0;
	return RESULT_OK;
}

TEST(a_row_as_long_as_may_be)
{
	static char input[LIMIT_IMPORT_ROW];
	struct csv_reader reader;
	size_t bytes = 0;

	memset(input, 'x', sizeof(input));
	csv_reader_begin(&reader, count, &bytes);
	feed(&reader, input, sizeof(input));
	assert_int_equal(csv_reader_finish(&reader), RESULT_OK);
	assert_int_equal(bytes, LIMIT_IMPORT_ROW);
	csv_reader_free(&reader);
}

/* A row of nothing but separators takes no memory, however long. */
TEST(fields_beyond_number)
{
	static char commas[1 << 20];
	struct csv_reader reader;
	struct buffer rows = {0};

	memset(commas, ',', sizeof(commas));
	csv_reader_begin(&reader, show, &rows);
	feed(&reader, commas, sizeof(commas));
	assert_int_equal(reader.text.capacity, 0);
	assert_int_equal(csv_reader_finish(&reader), RESULT_OK);
	assert_int_equal(rows.length, strlen("1:\n") + 2 * (sizeof(commas) + 1));
	csv_reader_free(&reader);
	buffer_free(&rows);
}

static enum result refuse(void *argument, const struct csv_row *row)
{
	int *calls = argument;

	(void)row;
	++*calls;
	return RESULT_TAKEN;
}

TEST(the_visitor_can_end_it)
{
	struct csv_reader reader;
	int calls = 0;

	csv_reader_begin(&reader, refuse, &calls);
	assert_int_equal(csv_reader_feed(&reader, "a\nb\n", 4), RESULT_TAKEN);
	assert_int_equal(calls, 1);
	csv_reader_free(&reader);
	csv_reader_begin(&reader, refuse, &calls);
	assert_int_equal(csv_reader_feed(&reader, "a", 1), RESULT_OK);
	assert_int_equal(csv_reader_finish(&reader), RESULT_TAKEN);
	csv_reader_free(&reader);
}

/* Any text at all, from the bytes that matter: where it is cut changes nothing. */
TEST(cuts_change_nothing)
{
	static const char alphabet[] = {'a', ',', '"', '\r', '\n'};
	char input[8];

	for (unsigned seed = 0; seed < 390625; seed += 7) {
		unsigned rest = seed;
		for (size_t i = 0; i < sizeof(input); i++, rest /= sizeof(alphabet))
			input[i] = alphabet[rest % sizeof(alphabet)];
		struct buffer whole = read_in_pieces(input, sizeof(input), sizeof(input), 1);
		struct buffer bytes = read_in_pieces(input, sizeof(input), 1, 1);
		assert_int_equal(whole.length, bytes.length);
		assert_memory_equal(whole.bytes, bytes.bytes, whole.length);
		buffer_free(&whole);
		buffer_free(&bytes);
	}
}
