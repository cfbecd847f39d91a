/* Comma-separated values by RFC 4180, and as spreadsheets write them: a header row that names the
 * columns, and a row for each user. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/reason.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "formats/csv_reader.h"
#include "formats/format.h"

#define NOT_UTF8 "not UTF-8; spreadsheets save it as \"CSV UTF-8\""

enum column { COLUMN_NUMBER, COLUMN_CREATED, COLUMN_USERNAME, COLUMNS };

static const char *const column_names[COLUMNS] = {"number", "created", "username"};

struct reading {
	struct csv_reader reader;
	const struct entry_visitor *visitor;
	bool has_header;
	enum column columns[COLUMNS]; /* in their order in the file */
	size_t count;
	uint64_t blank_line;  /* of the first blank row of those after the last user */
	uint64_t blank_count; /* of them */
};

static void csv_write_head(struct buffer *out)
{
	buffer_string(out, "number,created,username\r\n");
}

static void write_quoted(struct buffer *out, const char *text, size_t length)
{
	const char *end = text + length;
	const char *quote;

	buffer_string(out, "\"");
	while ((quote = memchr(text, '"', (size_t)(end - text))) != NULL) {
		buffer_append(out, text, (size_t)(quote - text));
		buffer_string(out, "\"\"");
		text = quote + 1;
	}
	buffer_append(out, text, (size_t)(end - text));
	buffer_string(out, "\"");
}

static bool needs_quotes(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] == ',' || text[i] == '"' || text[i] == '\r' || text[i] == '\n')
			return true;
	}
	return false;
}

static void csv_write_user(struct buffer *out, const struct user *user)
{
	char created[TIMESTAMP_SIZE];

	timestamp_format(user->created, created);
	buffer_printf(out, "%" PRIu64 ",%s,", user->number, created);
	if (needs_quotes(user->name, user->name_length))
		write_quoted(out, user->name, user->name_length);
	else
		buffer_append(out, user->name, user->name_length);
	buffer_string(out, "\r\n");
}

static void refuse_row(const struct reading *reading, const struct csv_row *row, const char *reason)
{
	struct reason text;

	/* A quote too many swallows the rows after it: then it is good to know how many. */
	if (row->last_line > row->line) {
		reason_set(
			&text, "%.100s (the row ends on line %" PRIu64 ")", reason, row->last_line);
		reason = text.text;
	}
	reading->visitor->invalid(reading->visitor->argument, row->line, reason);
}

static const char *describe_csv_problem(enum csv_problem problem)
{
	switch (problem) {
	case CSV_QUOTE:
		return "a quote within a field that is not quoted";
	case CSV_AFTER_QUOTE:
		return "something follows the closing quote of a field";
	case CSV_RETURN:
		return "a carriage return without a line feed";
	case CSV_UNCLOSED:
		return "a quoted field that is not closed";
	case CSV_TOO_LONG:
		return "the row is too long";
	case CSV_FINE:
		break;
	}
	return NULL;
}

/* Without the spaces around it, which people put behind the commas. */
static struct csv_field trimmed(struct csv_field field)
{
	while (field.length > 0 && *field.text == ' ') {
		field.text++;
		field.length--;
	}
	while (field.length > 0 && field.text[field.length - 1] == ' ')
		field.length--;
	return field;
}

static enum column column_named(struct csv_field field)
{
	size_t i = 0;

	field = trimmed(field);
	while (i < COLUMNS && (field.length != strlen(column_names[i]) ||
				      strncasecmp(field.text, column_names[i], field.length) != 0))
		i++;
	return (enum column)i;
}

/* Spreadsheets write a row of its own for the separator, "sep=;", which the reader has seen by now.
 */
static bool is_separator_row(const struct csv_row *row)
{
	return row->count == 2 && row->fields[0].length == 4 &&
	       memcmp(row->fields[0].text, "sep=", 4) == 0 && row->fields[1].length == 0;
}

/* UTF-16 that does not say so is UTF-8 with a NUL beside each letter. */
static bool is_text_field(const struct csv_field *field)
{
	return utf8_is_valid(field->text, field->length) &&
	       memchr(field->text, '\0', field->length) == NULL;
}

static bool has_column(const struct reading *reading, enum column column)
{
	for (size_t i = 0; i < reading->count; i++) {
		if (reading->columns[i] == column)
			return true;
	}
	return false;
}

/* Of a user there are fewer columns than fields that are looked at, so one that is wrong is among
 * them. */
static enum result take_header_row(struct reading *reading, const struct csv_row *row)
{
	struct reason text;

	for (size_t i = 0; i < row->count; i++) {
		enum column column = column_named(row->fields[i]);
		if (!is_text_field(&row->fields[i])) {
			refuse_row(reading, row, NOT_UTF8);
			return RESULT_MALFORMED;
		}
		if (column == COLUMNS || has_column(reading, column)) {
			reason_set(&text,
				column == COLUMNS ? "column %zu is not number, created or username"
						  : "column %zu is repeated",
				i + 1);
			refuse_row(reading, row, text.text);
			return RESULT_MALFORMED;
		}
		reading->columns[reading->count++] = column;
	}
	reading->has_header = true;
	if (has_column(reading, COLUMN_USERNAME))
		return RESULT_OK;
	refuse_row(reading, row, "there is no column username");
	return RESULT_MALFORMED;
}

/* Returns what is wrong, or NULL. */
static const char *take_created(struct csv_field field, struct entry *entry)
{
	field = trimmed(field);
	entry->has_created = field.length > 0;
	if (entry->has_created &&
		(field.length != TIMESTAMP_LENGTH ||
			timestamp_parse(field.text, &entry->created) != RESULT_OK))
		return FORMAT_BAD_TIME;
	return NULL;
}

static const char *take_username(const struct csv_field *field, struct entry *entry)
{
	entry->name = field->text;
	entry->name_length = field->length;
	return utf8_is_valid(field->text, field->length) ? NULL : NOT_UTF8;
}

static void take_user(struct reading *reading, const struct csv_row *row)
{
	struct entry entry = {.line = row->line};
	struct reason text;
	const char *reason = NULL;

	if (row->count != reading->count) {
		reason_set(&text, "%zu fields, but %zu columns", row->count, reading->count);
		reason = text.text;
	}
	for (size_t i = 0; i < reading->count && reason == NULL; i++) {
		if (reading->columns[i] == COLUMN_USERNAME)
			reason = take_username(&row->fields[i], &entry);
		else if (reading->columns[i] == COLUMN_CREATED)
			reason = take_created(row->fields[i], &entry);
	}
	if (reason == NULL)
		reading->visitor->entry(reading->visitor->argument, &entry);
	else
		refuse_row(reading, row, reason);
}

/* Blank rows are nothing at the end of a list, where spreadsheets leave them; before a user they
 * are users without a name. */
static void hold_blank(struct reading *reading, const struct csv_row *row)
{
	if (reading->blank_count++ == 0)
		reading->blank_line = row->line;
}

static void take_blanks(struct reading *reading)
{
	struct entry entry = {.line = reading->blank_line, .name = ""};

	for (; reading->blank_count > 0; reading->blank_count--) {
		reading->visitor->entry(reading->visitor->argument, &entry);
		entry.line++;
	}
}

/* csv_row_cb */
static enum result take_row(void *argument, const struct csv_row *row)
{
	struct reading *reading = argument;

	if (row->problem == CSV_FINE && row->is_blank && reading->has_header) {
		hold_blank(reading, row);
		return RESULT_OK;
	}
	take_blanks(reading);
	if (row->problem != CSV_FINE) {
		refuse_row(reading, row, describe_csv_problem(row->problem));
		return reading->has_header ? RESULT_OK : RESULT_MALFORMED;
	}
	if (!reading->has_header)
		return is_separator_row(row) ? RESULT_OK : take_header_row(reading, row);
	take_user(reading, row);
	return RESULT_OK;
}

static void *csv_open(const struct entry_visitor *visitor)
{
	struct reading *reading = memory_zeroed(sizeof(*reading));

	csv_reader_begin(&reading->reader, take_row, reading);
	reading->visitor = visitor;
	return reading;
}

static enum result csv_feed(void *argument, const char *bytes, size_t length)
{
	struct reading *reading = argument;

	return csv_reader_feed(&reading->reader, bytes, length);
}

static enum result csv_finish(void *argument)
{
	struct reading *reading = argument;
	enum result result = csv_reader_finish(&reading->reader);

	if (result != RESULT_OK || reading->has_header)
		return result;
	reading->visitor->invalid(
		reading->visitor->argument, 1, "there is no header row that names the columns");
	return RESULT_MALFORMED;
}

static void csv_close(void *argument)
{
	struct reading *reading = argument;

	csv_reader_free(&reading->reader);
	free(reading);
}

const struct format csv_format = {
	.name = "csv",
	.write_head = csv_write_head,
	.write_user = csv_write_user,
	.open = csv_open,
	.feed = csv_feed,
	.finish = csv_finish,
	.close = csv_close,
};
