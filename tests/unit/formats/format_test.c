#include "formats/format.h"

#include <string.h>

#include "formats/list_reader.h"
#include "support/test.h"
#include "support/unit/short_memory.h"

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

static void show_entry(void *argument, const struct entry *entry)
{
	buffer_append(argument, entry->name, entry->name_length);
	buffer_string(argument, ";");
}

static void show_invalid(void *argument, uint64_t line, const char *reason)
{
	(void)line;
	buffer_string(argument, reason);
	buffer_string(argument, ";");
}

/* Fed as one, with an allocation failing unless that is the last; false if none has failed. What
 * the visitor was told by then is right. */
static bool read_short(
	const struct format *format, const struct buffer *list, size_t after, const char *expected)
{
	struct buffer said = {0};
	const struct entry_visitor visitor = {
		.entry = show_entry, .invalid = show_invalid, .argument = &said};

	assert_true(buffer_reserve(&said, strlen(expected) + 1));
	struct list_reader *reader = list_reader_open(format, &visitor);
	short_memory_begin(after, 1);
	enum result result = list_reader_feed(reader, list->bytes, list->length);
	if (result == RESULT_OK)
		result = list_reader_finish(reader);
	bool has_failed = short_memory_end();
	list_reader_close(reader);
	assert_int_equal(result, has_failed ? RESULT_MEMORY : RESULT_OK);
	assert_true(said.length <= strlen(expected));
	assert_memory_equal(said.bytes, expected, said.length);
	if (!has_failed)
		assert_int_equal(said.length, strlen(expected));
	buffer_free(&said);
	return has_failed;
}

static void expect_reads_short(
	const struct format *format, const struct buffer *list, const char *expected)
{
	size_t tried = 0;

	while (read_short(format, list, tried, expected))
		tried++;
	assert_true(tried > 0);
}

/* With each allocation failing in turn, also in UTF-16. */
TEST(memory_runs_out)
{
	static const struct {
		const struct format *format;
		const char *row, *said;
	} rows[] = {{&csv_format, "\"name, quoted\"\n", "name, quoted;"},
		{&jsonl_format, "{\"username\":\"n\\u00e4me\"}\n", "n\u00e4me;"}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buffer list = {0}, wide = {0}, said = {0};
		if (rows[i].format == &csv_format)
			buffer_string(&list, "username\n");
		for (int row = 0; row < 300; row++) {
			buffer_string(&list, rows[i].row);
			buffer_string(&said, rows[i].said);
		}
		list.length--; /* the last line is not ended */
		buffer_append(&said, "", 1);
		expect_reads_short(rows[i].format, &list, said.bytes);
		buffer_append(&wide, "\xff\xfe", 2);
		for (size_t at = 0; at < list.length; at++)
			buffer_append(&wide, (char[]){list.bytes[at], '\0'}, 2);
		expect_reads_short(rows[i].format, &wide, said.bytes);
		buffer_free(&list);
		buffer_free(&wide);
		buffer_free(&said);
	}
}
