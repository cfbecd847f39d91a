#include "formats/format.h"

#include "cmocka_all.h"

static void test_by_name(void **state)
{
	(void)state;
	assert_ptr_equal(format_find("csv"), &csv_format);
	assert_ptr_equal(format_find("jsonl"), &jsonl_format);
	assert_null(format_find(""));
	assert_null(format_find("CSV"));
	assert_null(format_find("json"));
}

static void test_by_the_end_of_a_file_name(void **state)
{
	(void)state;
	assert_ptr_equal(format_of_file("users.csv"), &csv_format);
	assert_ptr_equal(format_of_file("/var/a.jsonl/USERS.CSV"), &csv_format);
	assert_ptr_equal(format_of_file("a.csv.jsonl"), &jsonl_format);
	assert_ptr_equal(format_of_file(".csv"), &csv_format);
	assert_null(format_of_file("csv"));
	assert_null(format_of_file("users.csv.gz"));
	assert_null(format_of_file("users.csv/list"));
	assert_null(format_of_file("users."));
	assert_null(format_of_file(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_name),
		cmocka_unit_test(test_by_the_end_of_a_file_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
