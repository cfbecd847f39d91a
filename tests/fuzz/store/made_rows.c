#include "fuzz/store/made_rows.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "base/memory.h"
#include "store/database/node/database_statements.h"

#define COLUMNS   (READING_TIMELINE + 1)
#define ROWS_MOST 4096

struct made_value {
	char *bytes; /* NULL: it is NULL */
	size_t length;
};

struct made_row {
	struct made_value values[COLUMNS];
	bool has_own; /* values, not those of the row before but for the numbers */
};

struct made_rows {
	struct libpq libpq;
	struct made_row *rows;
	size_t count, room;
	size_t columns;
	bool is_binary;
};

static struct made_value make_value(const void *bytes, size_t length)
{
	return (struct made_value){fuzz_string(bytes, length), length};
}

static struct made_value make_number(uint64_t number, size_t width)
{
	uint64_t wide = htobe64(number);

	return width > 8 ? (struct made_value){NULL, 0}
			 : make_value((const char *)&wide + 8 - width, width);
}

/* Mostly a small number; else one at the end of a type, or of another width, or NULL. */
static struct made_value take_number(struct fuzz_input *input, uint64_t more)
{
	static const struct {
		uint64_t number;
		size_t width;
	} others[] = {{0, 9}, {INT64_MAX, 8}, {(uint64_t)INT64_MIN, 8}, {UINT64_MAX, 8},
		{UINT64_C(1) << 32, 8}, {LIMIT_PLACE, 8}, {7, 4}, {UINT64_MAX, 4}, {7, 2},
		{UINT64_MAX, 2}, {7, 3}, {1, 1}, {0, 0}, {1000, 8}, {1025, 8}, {2100, 8}};
	uint8_t byte = fuzz_take_byte(input);

	if (byte < 256 - sizeof(others) / sizeof(*others))
		return make_number((uint64_t)byte - (byte >= 200 ? 216U : 0U) + more, 8);
	size_t other = byte - (256 - sizeof(others) / sizeof(*others));
	return make_number(others[other].number + more, others[other].width);
}

static struct made_value take_name(struct fuzz_input *input)
{
	size_t length;
	const char *text = fuzz_take_text(input, &length);

	return length == 1 && *text == '?' ? (struct made_value){NULL, 0}
					   : make_value(text, length);
}

static void take_row(struct fuzz_input *input, struct made_row *row)
{
	uint8_t kind = fuzz_take_byte(input);

	*row = (struct made_row){.has_own = true};
	row->values[READING_KIND] = make_number(kind % 10U, 2);
	row->values[READING_PLACE] = take_number(input, 0);
	row->values[READING_NUMBER] = take_number(input, 0);
	row->values[READING_CREATED] = take_number(input, 0);
	row->values[READING_NAME] = take_name(input);
	for (size_t i = READING_VERSION; kind % 10U == READING_STATE && i < COLUMNS; i++)
		row->values[i] = i == READING_UNICODE ? take_name(input) : take_number(input, 0);
}

static struct made_row *add_row(struct made_rows *made)
{
	if (made->count == made->room) {
		made->room = made->room > 0 ? 2 * made->room : 16;
		made->rows = memory_resized(made->rows, made->room, sizeof(*made->rows));
	}
	return &made->rows[made->count++];
}

/* A row, or many that differ in their numbers. */
static void take_alike_rows(struct fuzz_input *input, struct made_rows *made)
{
	uint8_t byte = fuzz_take_byte(input);
	size_t times = byte < 248 ? 1 : (size_t)1 << (byte - 244);
	struct fuzz_input numbers = *input;

	fuzz_take_byte(&numbers);
	take_row(input, add_row(made));
	for (size_t i = 1; i < times && made->count < ROWS_MOST; i++) {
		struct fuzz_input again = numbers;
		struct made_row row = made->rows[made->count - 1];
		row.has_own = false;
		row.values[READING_PLACE] = take_number(&again, i);
		row.values[READING_NUMBER] = take_number(&again, i);
		*add_row(made) = row;
	}
}

static int made_tuples(const PGresult *result)
{
	return (int)((const struct made_rows *)(const void *)result)->count;
}

static int made_fields(const PGresult *result)
{
	return (int)((const struct made_rows *)(const void *)result)->columns;
}

static int made_binary(const PGresult *result)
{
	return ((const struct made_rows *)(const void *)result)->is_binary;
}

/* libpq warns of what is not there; the program is not to ask. */
static const struct made_value *value_at(const PGresult *result, int row, int column)
{
	const struct made_rows *made = (const void *)result;

	must(row >= 0 && (size_t)row < made->count);
	must(column >= 0 && (size_t)column < made->columns);
	return &made->rows[row].values[column];
}

static int made_null(const PGresult *result, int row, int column)
{
	return value_at(result, row, column)->bytes == NULL;
}

static int made_length(const PGresult *result, int row, int column)
{
	return (int)value_at(result, row, column)->length;
}

static char *made_bytes(const PGresult *result, int row, int column)
{
	const struct made_value *value = value_at(result, row, column);

	must(value->bytes != NULL);
	return value->bytes;
}

struct made_rows *made_rows_take(struct fuzz_input *input)
{
	struct made_rows *made = memory_zeroed(sizeof(*made));
	uint8_t form = fuzz_take_byte(input);
	size_t count = fuzz_take_byte(input) % 40U;

	made->libpq = (struct libpq){.PQntuples = made_tuples,
		.PQnfields = made_fields,
		.PQbinaryTuples = made_binary,
		.PQgetisnull = made_null,
		.PQgetlength = made_length,
		.PQgetvalue = made_bytes};
	made->is_binary = form % 16 != 1;
	made->columns = form % 16 == 2 ? fuzz_take_below(input, COLUMNS) : COLUMNS;
	for (size_t i = 0; i < count && input->length > 0; i++)
		take_alike_rows(input, made);
	return made;
}

void made_rows_free(struct made_rows *made)
{
	for (size_t i = 0; i < made->count; i++) {
		const struct made_row *row = &made->rows[i];
		for (size_t column = 0; column < COLUMNS; column++)
			if (row->has_own || column == READING_PLACE || column == READING_NUMBER)
				free(row->values[column].bytes);
	}
	free(made->rows);
	free(made);
}

struct rows made_rows_of(const struct made_rows *made)
{
	return (struct rows){&made->libpq, (const PGresult *)(const void *)made};
}
