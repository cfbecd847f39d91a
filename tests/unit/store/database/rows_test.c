/* Rows as a server sends them, and as one should not: results are made with libpq's own functions,
 * which the program has no use for. */
#include "store/database/rows.h"

#include <dlfcn.h>
#include <string.h>

#include "store/database/parameters.h"
#include "support/test.h"

struct fixture {
	struct libpq libpq;
	PGresult *result;
	struct rows rows;
	__typeof__(PQmakeEmptyPGresult) *make;
	__typeof__(PQsetResultAttrs) *set_columns;
	__typeof__(PQsetvalue) *set_value;
};

#define COLUMNS 3

static void find(const struct fixture *fixture, const char *name, void *function, size_t size)
{
	void *found = dlsym(fixture->libpq.library, name);

	assert_non_null(found);
	memcpy(function, &found, size);
}

/* Of three columns, with text in place of binary values or not. */
static void make_result(struct fixture *fixture, int format)
{
	PGresAttDesc columns[COLUMNS] = {
		{.name = (char[]){"a"}, .format = format, .typid = TYPE_NUMBER},
		{.name = (char[]){"b"}, .format = format, .typid = TYPE_BOOLEAN},
		{.name = (char[]){"c"}, .format = format, .typid = TYPE_TEXT},
	};

	fixture->libpq.PQclear(fixture->result);
	fixture->result = fixture->make(NULL, PGRES_TUPLES_OK);
	assert_non_null(fixture->result);
	assert_int_equal(fixture->set_columns(fixture->result, COLUMNS, columns), 1);
	fixture->rows = (struct rows){&fixture->libpq, fixture->result};
}

static int set_up(void **state)
{
	struct fixture *fixture = test_calloc(1, sizeof(*fixture));
	struct reason reason;

	*state = fixture;
	if (libpq_open(&fixture->libpq, &reason) != RESULT_OK)
		fail_msg("%s", reason.text);
	find(fixture, "PQmakeEmptyPGresult", &fixture->make, sizeof(fixture->make));
	find(fixture, "PQsetResultAttrs", &fixture->set_columns, sizeof(fixture->set_columns));
	find(fixture, "PQsetvalue", &fixture->set_value, sizeof(fixture->set_value));
	make_result(fixture, 1);
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	fixture->libpq.PQclear(fixture->result);
	libpq_close(&fixture->libpq);
	test_free(fixture);
	return 0;
}

/* NULL if `bytes` is. */
static void put(struct fixture *fixture, int row, int column, const char *bytes, int length)
{
	char copy[16];

	if (bytes != NULL)
		memcpy(copy, bytes, (size_t)length);
	assert_int_equal(fixture->set_value(fixture->result, row, column,
				 bytes != NULL ? copy : NULL, bytes != NULL ? length : -1),
		1);
}

FIXTURE_TEST(no_rows)
{
	assert_int_equal(rows_count(&fixture->rows), 0);
	assert_true(rows_is_null(&fixture->rows, 0, 0));
	assert_int_equal(rows_number(&fixture->rows, 0, 0), 0);
}

FIXTURE_TEST(numbers_of_every_width)
{
	put(fixture, 0, 0, "\0\0\0\1\0\0\0\2", 8);
	put(fixture, 1, 0, "\xff\xff\xff\xff\xff\xff\xff\xfe", 8);
	put(fixture, 2, 0, "\0\1\0\2", 4);
	put(fixture, 3, 0, "\xff\xff\xff\xfd", 4);
	put(fixture, 4, 0, "\1\2", 2);
	put(fixture, 5, 0, "\xff\xff", 2);
	assert_int_equal(rows_count(&fixture->rows), 6);
	assert_int_equal(rows_number(&fixture->rows, 0, 0), (INT64_C(1) << 32) + 2);
	assert_int_equal(rows_number(&fixture->rows, 1, 0), -2);
	assert_int_equal(rows_number(&fixture->rows, 2, 0), 65538);
	assert_int_equal(rows_number(&fixture->rows, 3, 0), -3);
	assert_int_equal(rows_number(&fixture->rows, 4, 0), 258);
	assert_int_equal(rows_number(&fixture->rows, 5, 0), -1);
}

FIXTURE_TEST(booleans_and_texts)
{
	size_t length;

	put(fixture, 0, 1, "\1", 1);
	put(fixture, 1, 1, "\0", 1);
	put(fixture, 0, 2, "Zo\xc3\xab", 4);
	put(fixture, 1, 2, "a\0b", 3);
	assert_true(rows_boolean(&fixture->rows, 0, 1));
	assert_false(rows_boolean(&fixture->rows, 1, 1));
	assert_string_equal(rows_bytes(&fixture->rows, 0, 2, &length), "Zo\xc3\xab");
	assert_int_equal(length, 4);
	assert_memory_equal(rows_bytes(&fixture->rows, 1, 2, &length), "a\0b", 4);
	assert_int_equal(length, 3);
}

FIXTURE_TEST(null_is_not_an_empty_text)
{
	size_t length = 9;

	put(fixture, 0, 2, NULL, 0);
	put(fixture, 1, 2, "", 0);
	assert_true(rows_is_null(&fixture->rows, 0, 2));
	assert_false(rows_is_null(&fixture->rows, 1, 2));
	assert_string_equal(rows_bytes(&fixture->rows, 0, 2, &length), "");
	assert_int_equal(length, 0);
	assert_int_equal(rows_number(&fixture->rows, 0, 2), 0);
	assert_false(rows_boolean(&fixture->rows, 0, 2));
}

FIXTURE_TEST(what_is_of_another_type_is_nothing)
{
	put(fixture, 0, 0, "\1\2\3", 3);
	put(fixture, 0, 1, "\1\1", 2);
	put(fixture, 0, 2, "123456789", 9);
	assert_int_equal(rows_number(&fixture->rows, 0, 0), 0);
	assert_false(rows_boolean(&fixture->rows, 0, 1));
	assert_int_equal(rows_number(&fixture->rows, 0, 2), 0);
}

FIXTURE_TEST(what_is_not_there_is_nothing)
{
	size_t length;

	put(fixture, 0, 0, "\0\0\0\0\0\0\0\1", 8);
	assert_int_equal(rows_number(&fixture->rows, 1, 0), 0);
	assert_int_equal(rows_number(&fixture->rows, 0, COLUMNS), 0);
	assert_int_equal(rows_number(&fixture->rows, SIZE_MAX, SIZE_MAX), 0);
	assert_string_equal(rows_bytes(&fixture->rows, 0, COLUMNS, &length), "");
	assert_int_equal(length, 0);
}

FIXTURE_TEST(a_result_in_text_is_nothing)
{
	make_result(fixture, 0);
	put(fixture, 0, 0, "12", 2);
	assert_int_equal(rows_count(&fixture->rows), 1);
	assert_int_equal(rows_number(&fixture->rows, 0, 0), 0);
}
