#include "support/unit/list.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "formats/list_reader.h"
#include "support/test.h"

static void show_entry(void *argument, const struct entry *entry)
{
	struct buffer *said = argument;

	buffer_printf(said, "%" PRIu64 ":[", entry->line);
	buffer_append(said, entry->name, entry->name_length);
	buffer_string(said, "]");
	if (entry->has_created)
		buffer_printf(said, " %" PRId64, entry->created);
	buffer_string(said, "\n");
}

static void show_invalid(void *argument, uint64_t line, const char *reason)
{
	buffer_printf(argument, "%" PRIu64 ": %s\n", line, reason);
}

/* Each piece in an allocation of its own, so that a sanitizer sees a byte read beyond it. */
static enum result feed(struct list_reader *reader, const char *bytes, size_t length)
{
	char *copy = malloc(length);

	assert_non_null(copy);
	memcpy(copy, bytes, length);
	enum result result = list_reader_feed(reader, copy, length);
	free(copy);
	return result;
}

static void expect_pieces(const struct format *format, const char *input, size_t length,
	size_t size, const char *expected)
{
	struct buffer said = {0};
	const struct entry_visitor visitor = {
		.entry = show_entry, .invalid = show_invalid, .argument = &said};
	struct list_reader *reader = list_reader_open(format, &visitor);
	enum result result = RESULT_OK;

	for (size_t at = 0; at < length && result == RESULT_OK; at += size)
		result = feed(reader, input + at, size < length - at ? size : length - at);
	if (result == RESULT_OK)
		result = list_reader_finish(reader);
	list_reader_close(reader);
	if (result != RESULT_OK) {
		assert_int_equal(result, RESULT_MALFORMED);
		buffer_string(&said, "refused\n");
	}
	/* A name can have a NUL. */
	assert_false(said.failed);
	buffer_append(&said, "", 1);
	for (size_t i = 0; i + 1 < said.length; i++)
		said.bytes[i] = said.bytes[i] == '\0' ? '0' : said.bytes[i];
	assert_string_equal(said.bytes, expected);
	buffer_free(&said);
}

void list_expect_bytes(
	const struct format *format, const char *input, size_t length, const char *expected)
{
	for (size_t size = 1; size <= 8; size++)
		expect_pieces(format, input, length, size, expected);
	expect_pieces(format, input, length, length + 1, expected);
}

void list_expect(const struct format *format, const char *input, const char *expected)
{
	list_expect_bytes(format, input, strlen(input), expected);
}

void list_expect_written(const struct format *format, uint64_t number, int64_t created,
	const char *name, const char *expected)
{
	const struct user user = {
		.number = number, .created = created, .name = name, .name_length = strlen(name)};
	struct buffer out = {0};

	format->write_user(&out, &user);
	assert_false(out.failed);
	buffer_append(&out, "", 1);
	assert_string_equal(out.bytes, expected);
	buffer_free(&out);
}
