#include "formats/format.h"

#include "support/test.h"

TEST(by_name)
{
	assert_ptr_equal(format_find("csv"), &csv_format);
	assert_ptr_equal(format_find("jsonl"), &jsonl_format);
	assert_null(format_find(""));
	assert_null(format_find("CSV"));
	assert_null(format_find("json"));
}

TEST(by_the_end_of_a_file_name)
{
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
