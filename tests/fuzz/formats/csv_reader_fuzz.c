/*
 * CSV that is written here, in any way that RFC 4180 and spreadsheets have, is read back field by
 * field: with each separator, with and without quotes, with either end of a row.
 */
#include "formats/csv_reader.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

#define ROWS   4
#define FIELDS 5

struct made {
	struct buffer fields[ROWS][FIELDS];
	size_t count[ROWS];
	size_t rows;
	char separator;
};

/* What was made, and which row comes next. */
struct expected {
	const struct made *made;
	size_t row;
	uint64_t line;
};

/* csv_row_cb */
static enum result on_row(void *argument, const struct csv_row *row)
{
	struct expected *expected = argument;
	const struct made *made = expected->made;
	size_t number = expected->row++;

	must(number < made->rows && row->problem == CSV_FINE);
	must(row->line > expected->line && row->last_line >= row->line);
	must(row->count == made->count[number]);
	for (size_t i = 0; i < row->count; i++) {
		const struct buffer *field = &made->fields[number][i];
		must(row->fields[i].length == field->length);
		must(field->length == 0 ||
			memcmp(row->fields[i].text, field->bytes, field->length) == 0);
	}
	expected->line = row->last_line;
	return RESULT_OK;
}

/* Until the first row has a separator, any is one. */
static bool needs_quotes(const struct made *made, const struct buffer *field)
{
	bool is_first = field == &made->fields[0][0];

	for (size_t i = 0; i < field->length; i++) {
		char c = field->bytes[i];
		if (c == '"' || c == '\r' || c == '\n' || c == made->separator ||
			(is_first && (c == ',' || c == ';' || c == '\t')))
			return true;
	}
	return false;
}

static void put_field(struct fuzz_input *input, const struct made *made, const struct buffer *field,
	struct buffer *out)
{
	if (!needs_quotes(made, field) && fuzz_take_below(input, 2) == 0) {
		buffer_append(out, field->bytes, field->length);
		return;
	}
	const char *around = fuzz_take_below(input, 2) == 0 ? "" : "  ";
	buffer_string(out, around);
	buffer_string(out, "\"");
	for (size_t i = 0; i < field->length; i++) {
		if (field->bytes[i] == '"')
			buffer_string(out, "\"");
		buffer_append(out, &field->bytes[i], 1);
	}
	buffer_string(out, "\"");
	buffer_string(out, around);
}

/* Half of them are such as mean something in CSV. */
static char make_char(struct fuzz_input *input)
{
	static const char some[] = {'a', ' ', ',', ';', '\t', '"', '\r', '\n'};
	uint8_t byte = fuzz_take_byte(input);

	return byte < 128 ? some[byte % sizeof(some)] : (char)byte;
}

/* If the first row has no separator, it is a comma. No row is empty, for at the end of a text that
 * would be none. */
static void make_rows(struct fuzz_input *input, struct made *made)
{
	made->separator = ",;\t"[fuzz_take_below(input, 3)];
	made->rows = 1 + fuzz_take_below(input, ROWS);
	for (size_t row = 0; row < made->rows; row++) {
		made->count[row] = 1 + fuzz_take_below(input, FIELDS);
		if (made->count[row] == 1 && row == 0 && made->separator != ',')
			made->count[row]++;
		if (made->count[row] == 1)
			buffer_string(&made->fields[row][0], "x");
		for (size_t i = 0; i < made->count[row]; i++) {
			size_t length = fuzz_take_below(input, 8);
			for (size_t j = 0; j < length; j++)
				buffer_append(&made->fields[row][i], &(char){make_char(input)}, 1);
		}
	}
}

static struct buffer write_rows(struct fuzz_input *input, const struct made *made)
{
	struct buffer out = {0};

	for (size_t row = 0; row < made->rows; row++) {
		for (size_t i = 0; i < made->count[row]; i++) {
			if (i > 0)
				buffer_append(&out, &made->separator, 1);
			put_field(input, made, &made->fields[row][i], &out);
		}
		if (row + 1 < made->rows || fuzz_take_below(input, 2) == 0)
			buffer_string(&out, fuzz_take_below(input, 2) == 0 ? "\n" : "\r\n");
	}
	must(!out.failed);
	return out;
}

static void expect_rows(const struct made *made, const struct buffer *text, size_t piece)
{
	struct expected expected = {.made = made};
	struct csv_reader reader;

	csv_reader_begin(&reader, on_row, &expected);
	for (size_t i = 0; i < text->length; i += piece) {
		size_t step = text->length - i < piece ? text->length - i : piece;
		char *chunk = fuzz_copy(text->bytes + i, step);
		must(csv_reader_feed(&reader, chunk, step) == RESULT_OK);
		free(chunk);
	}
	must(csv_reader_finish(&reader) == RESULT_OK);
	must(expected.row == made->rows);
	csv_reader_free(&reader);
}

static void check_made(struct fuzz_input *input)
{
	struct made made = {.rows = 0};
	size_t piece = 1 + fuzz_take_below(input, 16);

	make_rows(input, &made);
	struct buffer text = write_rows(input, &made);
	expect_rows(&made, &text, piece);
	expect_rows(&made, &text, text.length);
	for (size_t row = 0; row < ROWS; row++) {
		for (size_t i = 0; i < FIELDS; i++)
			buffer_free(&made.fields[row][i]);
	}
	buffer_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};

	while (input.length > 0)
		check_made(&input);
	return 0;
}
