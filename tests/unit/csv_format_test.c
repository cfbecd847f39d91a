#include <string.h>

#include "cmocka_all.h"
#include "formats/format.h"
#include "limit.h"
#include "list.h"

#define HEADER "number,created,username\r\n"
#define TIME   "2025-11-24T16:00:00.000Z"

static void expect(const char *input, const char *expected)
{
	list_expect(&csv_format, input, expected);
}

static void test_columns_in_any_order(void **state)
{
	(void)state;
	expect(HEADER "1," TIME ",alice\r\n", "2:[alice] 1764000000000\n");
	expect("username,created,number\nalice," TIME ",1\n", "2:[alice] 1764000000000\n");
	expect("\"username\",\"created\"\nalice," TIME "\n", "2:[alice] 1764000000000\n");
	expect("username\nalice\n\"bob\"", "2:[alice]\n3:[bob]\n");
	expect("created,username\n,alice\n", "2:[alice]\n");
}

static void test_the_number_is_not_looked_at(void **state)
{
	(void)state;
	expect("number,username\nnonsense,alice\n,bob\n", "2:[alice]\n3:[bob]\n");
}

static void test_no_users(void **state)
{
	(void)state;
	expect(HEADER, "");
	expect("username", "");
}

static void test_headers_that_are_refused(void **state)
{
	(void)state;
	expect("", "1: there is no header row that names the columns\nrefused\n");
	expect("number,created\n1,\n", "1: there is no column username\nrefused\n");
	expect("username,email\na,b\n",
		"1: column 2 is not number, created or username\nrefused\n");
	expect("alice\nbob\n", "1: column 1 is not number, created or username\nrefused\n");
	expect("Username\nbob\n", "1: column 1 is not number, created or username\nrefused\n");
	expect("username, created\n", "1: column 2 is not number, created or username\nrefused\n");
	expect("user\n", "1: column 1 is not number, created or username\nrefused\n");
	expect("\nusername\n", "1: column 1 is not number, created or username\nrefused\n");
	expect("username,number,username\n", "1: column 3 is there twice\nrefused\n");
	expect("username,number,created,,,,,,,,,,,\n",
		"1: column 4 is not number, created or username\nrefused\n");
	expect("user\"name\nbob\n", "1: a quote within a field that is not quoted\nrefused\n");
	expect("username\rbob\r", "1: a carriage return without a line feed\nrefused\n");
	expect("\"username\nbob\n",
		"1: a quoted field that is not closed (the row ends on line 3)\nrefused\n");
}

static void test_rows_with_too_few_or_too_many_fields(void **state)
{
	(void)state;
	expect("number,username\n1\n1,alice\n1,bob,\n\n",
		"2: 1 fields, but 2 columns\n3:[alice]\n"
		"4: 3 fields, but 2 columns\n5: 1 fields, but 2 columns\n");
	expect("username\n,,,,,,,,,,,\n", "2: 12 fields, but 1 columns\n");
}

static void test_times(void **state)
{
	static const char reason[] = ": created: expected a time like 2026-01-02T03:04:05.678Z\n";
	static const char *const wrong[] = {"yesterday", "2026-02-30T00:00:00.000Z",
		"2026-01-02T03:04:05Z", "2026-01-02T03:04:05.678+00:00", "1969-12-31T23:59:59.999Z",
		" " TIME, TIME " ", "0"};

	(void)state;
	expect("created,username\n1970-01-01T00:00:00.000Z,alice\n", "2:[alice] 0\n");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct buffer input = {0};
		struct buffer expected = {0};
		buffer_printf(&input, "created,username\n%s,alice\n,bob\n", wrong[i]);
		buffer_printf(&expected, "2%s3:[bob]\n%c", reason, '\0');
		list_expect_bytes(&csv_format, input.bytes, input.length, expected.bytes);
		buffer_free(&input);
		buffer_free(&expected);
	}
}

static void test_names_are_any_bytes(void **state)
{
	static const char nul[] = "username\na\0b\n";

	(void)state;
	expect("username\n\"a,b\"\n\"say \"\"hi\"\"\"\n\n \n",
		"2:[a,b]\n3:[say \"hi\"]\n4:[]\n5:[ ]\n");
	expect("username\n\"a\r\nb\"\n\xff\xfe\n", "2:[a\r\nb]\n4:[\xff\xfe]\n");
	list_expect_bytes(&csv_format, nul, sizeof(nul) - 1, "2:[a0b]\n");
}

static void test_rows_that_are_not_csv(void **state)
{
	(void)state;
	expect("username\na\"b\nbob\n", "2: a quote within a field that is not quoted\n3:[bob]\n");
	expect("username\n\"a\"b\nbob\n",
		"2: something follows the closing quote of a field\n3:[bob]\n");
	expect("username\na\rb\nbob\n", "2: a carriage return without a line feed\n3:[bob]\n");
	expect("username\n\"a\nbob\ncarol\n",
		"2: a quoted field that is not closed (the row ends on line 5)\n");
}

static void test_a_row_that_is_too_long(void **state)
{
	struct buffer input = {0};

	(void)state;
	buffer_string(&input, "username\n\"");
	for (size_t i = 0; i <= LIMIT_IMPORT_ROW; i++)
		buffer_string(&input, "x");
	buffer_string(&input, "\"\nbob\n");
	list_expect_bytes(
		&csv_format, input.bytes, input.length, "2: the row is too long\n3:[bob]\n");
	buffer_free(&input);
}

static void test_a_byte_order_mark(void **state)
{
	(void)state;
	expect("\xef\xbb\xbfusername\nalice\n", "2:[alice]\n");
	expect("\xef\xbb\xbf\"username\"\nalice\n", "2:[alice]\n");
	expect("\xef\xbb\xbf", "1: there is no header row that names the columns\nrefused\n");
	expect("\xef\xbb\xbf\xef\xbb\xbfusername\n",
		"1: column 1 is not number, created or username\nrefused\n");
	expect("\xef\xbbusername\n", "1: column 1 is not number, created or username\nrefused\n");
	expect("\xef", "1: column 1 is not number, created or username\nrefused\n");
	expect("username\n\xef\xbb\xbf"
	       "alice\n",
		"2:[\xef\xbb\xbf"
		"alice]\n");
}

static void test_the_head(void **state)
{
	struct buffer out = {0};

	(void)state;
	csv_format.write_head(&out);
	assert_int_equal(out.length, strlen(HEADER));
	assert_memory_equal(out.bytes, HEADER, out.length);
	buffer_free(&out);
}

static void expect_written(const char *name, const char *expected)
{
	struct buffer row = {0};

	buffer_printf(&row, "18," TIME ",%s\r\n%c", expected, '\0');
	list_expect_written(&csv_format, 18, INT64_C(1764000000000), name, row.bytes);
	buffer_free(&row);
}

static void test_users_are_quoted_where_that_is_needed(void **state)
{
	(void)state;
	expect_written("alice", "alice");
	expect_written("Zoë von Ö", "Zoë von Ö");
	expect_written("a,b", "\"a,b\"");
	expect_written("\"", "\"\"\"\"");
	expect_written("say \"hi\"!", "\"say \"\"hi\"\"!\"");
	expect_written("a\nb", "\"a\nb\"");
	expect_written("a\rb", "\"a\rb\"");
}

static void test_the_greatest_number(void **state)
{
	(void)state;
	list_expect_written(&csv_format, UINT64_MAX, INT64_C(253402300799999), "a",
		"18446744073709551615,9999-12-31T23:59:59.999Z,a\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns_in_any_order),
		cmocka_unit_test(test_the_number_is_not_looked_at),
		cmocka_unit_test(test_no_users),
		cmocka_unit_test(test_headers_that_are_refused),
		cmocka_unit_test(test_rows_with_too_few_or_too_many_fields),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_names_are_any_bytes),
		cmocka_unit_test(test_rows_that_are_not_csv),
		cmocka_unit_test(test_a_row_that_is_too_long),
		cmocka_unit_test(test_a_byte_order_mark),
		cmocka_unit_test(test_the_head),
		cmocka_unit_test(test_users_are_quoted_where_that_is_needed),
		cmocka_unit_test(test_the_greatest_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
