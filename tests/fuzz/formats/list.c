/*
 * The checks of lists. What a reader tells its visitor is noted as text, so that two readings can
 * be compared.
 */
#include "fuzz/formats/list.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "formats/list_reader.h"

#define USERS 5

struct reading {
	struct buffer told;
	uint64_t line; /* of what was told last */
	size_t count;
	bool has_invalid;
};

static void on_entry(void *argument, const struct entry *entry)
{
	struct reading *reading = argument;

	must(entry->line >= reading->line);
	must(utf8_is_valid(entry->name, entry->name_length));
	must(entry->number <= LIMIT_PLACE);
	must(!entry->has_created || (entry->created >= 0 && entry->created <= TIMESTAMP_LAST));
	reading->line = entry->line;
	reading->count++;
	buffer_printf(&reading->told, "%" PRIu64 " %" PRIu64 " %" PRId64 " ", entry->line,
		entry->number, entry->has_created ? entry->created : -1);
	buffer_append(&reading->told, entry->name, entry->name_length);
	buffer_string(&reading->told, "\n");
}

static void on_invalid(void *argument, uint64_t line, const char *reason)
{
	struct reading *reading = argument;

	must(line >= reading->line && *reason != '\0');
	must(utf8_is_valid(reason, strlen(reason)));
	reading->line = line;
	reading->has_invalid = true;
	buffer_printf(&reading->told, "%" PRIu64 ": %s\n", line, reason);
}

static struct reading read_list(
	const struct format *format, const char *bytes, size_t length, size_t piece)
{
	struct reading reading = {.told = {0}};
	const struct entry_visitor visitor = {on_entry, on_invalid, &reading};
	struct list_reader *reader = list_reader_open(format, &visitor);
	enum result result = RESULT_OK;

	for (size_t i = 0; i < length && result == RESULT_OK; i += piece) {
		size_t step = length - i < piece ? length - i : piece;
		char *chunk = fuzz_copy(bytes + i, step);
		result = list_reader_feed(reader, chunk, step);
		free(chunk);
	}
	if (result == RESULT_OK)
		result = list_reader_finish(reader);
	must(result == RESULT_OK || result == RESULT_MALFORMED);
	must(result == RESULT_OK || reading.has_invalid);
	buffer_printf(&reading.told, "%d", (int)result);
	must(!reading.told.failed);
	list_reader_close(reader);
	return reading;
}

static uint64_t count_lines(const char *bytes, size_t length)
{
	uint64_t lines = 1;

	for (size_t i = 0; i < length; i++)
		lines += bytes[i] == '\n';
	return lines;
}

static void check_any(const struct format *format, const char *bytes, size_t length, size_t piece)
{
	struct reading whole = read_list(format, bytes, length, length + 1);
	const size_t pieces[] = {1, piece};

	must(whole.line <= count_lines(bytes, length));
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct reading cut = read_list(format, bytes, length, pieces[i]);
		must(cut.told.length == whole.told.length);
		must(memcmp(cut.told.bytes, whole.told.bytes, cut.told.length) == 0);
		buffer_free(&cut.told);
	}
	buffer_free(&whole.told);
}

/* Any text but NUL, which no name has. */
static void make_user(struct fuzz_input *input, struct user *user)
{
	*user = (struct user){.number = 1 + fuzz_take_below(input, LIMIT_PLACE)};
	user->created = (int64_t)fuzz_take_below(input, TIMESTAMP_LAST);
	user->name = fuzz_take_text(input, &user->name_length);
	if (user->name_length == 0 || !utf8_is_valid(user->name, user->name_length)) {
		user->name = "Zo\u00eb";
		user->name_length = strlen(user->name);
	}
}

/* The line of each user is not compared: a name may have line feeds. */
static void expect_user(const char **told, const struct user *user)
{
	struct buffer expected = {0};

	must((*told = strchr(*told, ' ')) != NULL);
	buffer_printf(&expected, " %" PRIu64 " %" PRId64 " ", user->number, user->created);
	buffer_append(&expected, user->name, user->name_length);
	buffer_string(&expected, "\n");
	must(!expected.failed && strncmp(*told, expected.bytes, expected.length) == 0);
	*told += expected.length;
	buffer_free(&expected);
}

/* With a letter more, wherever it stands, it is not the same list. */
static void check_spoiled(const struct format *format, struct fuzz_input *input,
	const struct buffer *list, const struct buffer *told)
{
	struct buffer spoiled = {0};
	size_t place = fuzz_take_below(input, list->length + 1);

	buffer_append(&spoiled, list->bytes, place);
	buffer_string(&spoiled, "x");
	buffer_append(&spoiled, list->bytes + place, list->length - place);
	must(!spoiled.failed);
	struct reading reading = read_list(format, spoiled.bytes, spoiled.length, spoiled.length);
	must(reading.told.length != told->length ||
		memcmp(reading.told.bytes, told->bytes, told->length) != 0);
	buffer_free(&reading.told);
	buffer_free(&spoiled);
}

static void check_written(const struct format *format, struct fuzz_input *input, size_t piece)
{
	struct user users[USERS];
	struct buffer list = {0};
	size_t count = fuzz_take_below(input, USERS + 1);

	if (format->write_head != NULL)
		format->write_head(&list);
	for (size_t i = 0; i < count; i++) {
		make_user(input, &users[i]);
		format->write_user(&list, &users[i]);
	}
	must(!list.failed);
	struct reading reading = read_list(format, list.bytes, list.length, piece);
	if (list.length > 0)
		check_spoiled(format, input, &list, &reading.told);
	buffer_append(&reading.told, "", 1);
	must(reading.count == count && !reading.has_invalid);
	const char *told = reading.told.bytes;
	for (size_t i = 0; i < count; i++)
		expect_user(&told, &users[i]);
	must(strcmp(told, "0") == 0);
	buffer_free(&reading.told);
	buffer_free(&list);
}

void list_check(const struct format *format, struct fuzz_input *input)
{
	size_t piece = 1 + fuzz_take_below(input, 64), rest;

	for (bool is_made = fuzz_is_made(input); is_made && input->length > 0;)
		check_written(format, input, piece);
	const char *from = fuzz_rest(input, &rest);
	check_any(format, from, rest, piece);
}
