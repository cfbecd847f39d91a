/*
 * Comma-separated values by RFC 4180, and as spreadsheets write them: a header row that names the
 * columns, and a row for each user.
 *
 * A spreadsheet takes a field that begins with =, +, -, @, a tab or a carriage return for a
 * formula, and quotes do not keep it from that. An apostrophe before it does: writing puts it
 * there, and reading takes it away, so that names come back as they were.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/decimal.h"
#include "base/limit.h"
#include "base/memory.h"
#include "base/reason.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "formats/csv_reader.h"
#include "formats/format.h"

#define SAVE_AS  "spreadsheets save it as \"CSV UTF-8\""
#define NOT_UTF8 "not UTF-8; " SAVE_AS
#define WORKBOOK "a workbook and not CSV; " SAVE_AS

/* What the workbooks of spreadsheets begin with: they are ZIP files. */
#define ZIP_MARK "PK\x03\x04"

/* COLUMN_NONE has no heading: spreadsheets write a column whose cells were emptied. */
enum column { COLUMN_NUMBER, COLUMN_CREATED, COLUMN_USERNAME, COLUMNS, COLUMN_NONE };

static const char *const column_names[COLUMNS] = {"number", "created", "username"};

struct reading {
	struct csv_reader reader;
	const struct entry_visitor *visitor;
	bool has_header;
	enum column columns[LIMIT_IMPORT_FIELDS]; /* in their order in the file */
	size_t count;
	uint64_t blank_line;  /* of the first blank row of those after the last user */
	uint64_t blank_count; /* of them */
};

static void csv_write_head(struct buffer *out)
{
	buffer_string(out, "number,created,username\r\n");
}

/* Whether a spreadsheet takes it for a formula; or would, without apostrophes before it. */
static bool is_formula(const char *text, size_t length)
{
	static const char marks[] = {'=', '+', '-', '@', '\t', '\r'};
	size_t i = 0;

	while (i < length && text[i] == '\'')
		i++;
	return i < length && memchr(marks, text[i], sizeof(marks)) != NULL;
}

static void write_quoted(struct buffer *out, const char *text, size_t length)
{
	const char *end = text + length;
	const char *quote;

	buffer_string(out, is_formula(text, length) ? "\"'" : "\"");
	while ((quote = memchr(text, '"', (size_t)(end - text))) != NULL) {
		buffer_append(out, text, (size_t)(quote - text));
		buffer_string(out, "\"\"");
		text = quote + 1;
	}
	buffer_append(out, text, (size_t)(end - text));
	buffer_string(out, "\"");
}

static void write_plain(struct buffer *out, const char *text, size_t length)
{
	if (is_formula(text, length))
		buffer_string(out, "'");
	buffer_append(out, text, length);
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
		write_plain(out, user->name, user->name_length);
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
	if (field.length == 0)
		return COLUMN_NONE;
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

/* Sets what is wrong with a heading. */
static enum result take_heading(
	struct reading *reading, const struct csv_field *field, struct reason *reason)
{
	enum column column = column_named(*field);
	size_t place = reading->count + 1;

	if (!is_text_field(field))
		return reason_fail(reason, RESULT_MALFORMED, "%s", NOT_UTF8);
	if (column == COLUMNS)
		return reason_fail(reason, RESULT_MALFORMED,
			"column %zu is not number, created or username", place);
	if (column != COLUMN_NONE && has_column(reading, column))
		return reason_fail(reason, RESULT_MALFORMED, "column %zu is repeated", place);
	reading->columns[reading->count++] = column;
	return RESULT_OK;
}

static enum result check_header_row(
	struct reading *reading, const struct csv_row *row, struct reason *reason)
{
	const struct csv_field *first = &row->fields[0];
	enum result result = RESULT_OK;

	if (first->length >= strlen(ZIP_MARK) &&
		memcmp(first->text, ZIP_MARK, strlen(ZIP_MARK)) == 0)
		return reason_fail(reason, RESULT_MALFORMED, WORKBOOK);
	if (row->count > LIMIT_IMPORT_FIELDS)
		return reason_fail(
			reason, RESULT_MALFORMED, "more than %d columns", LIMIT_IMPORT_FIELDS);
	for (size_t i = 0; i < row->count && result == RESULT_OK; i++)
		result = take_heading(reading, &row->fields[i], reason);
	if (result == RESULT_OK && !has_column(reading, COLUMN_USERNAME))
		return reason_fail(reason, RESULT_MALFORMED, "there is no column username");
	return result;
}

static enum result take_header_row(struct reading *reading, const struct csv_row *row)
{
	struct reason reason;

	if (check_header_row(reading, row, &reason) != RESULT_OK) {
		refuse_row(reading, row, reason.text);
		return RESULT_MALFORMED;
	}
	reading->has_header = true;
	return RESULT_OK;
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

static void take_listed_number(struct csv_field field, struct entry *entry)
{
	field = trimmed(field);
	if (!decimal_is_number(field.text, field.length, LIMIT_PLACE, &entry->number))
		entry->number = 0;
}

static const char *take_username(const struct csv_field *field, struct entry *entry)
{
	size_t mark = is_formula(field->text, field->length) && *field->text == '\'' ? 1 : 0;

	entry->name = field->text + mark;
	entry->name_length = field->length - mark;
	return utf8_is_valid(field->text, field->length) ? NULL : NOT_UTF8;
}

/* Returns what is wrong, or NULL. */
static const char *take_field(
	enum column column, const struct csv_field *field, struct entry *entry)
{
	switch (column) {
	case COLUMN_USERNAME:
		return take_username(field, entry);
	case COLUMN_CREATED:
		return take_created(*field, entry);
	case COLUMN_NONE:
		return trimmed(*field).length > 0 ? "a field in a column without a heading" : NULL;
	case COLUMN_NUMBER:
		take_listed_number(*field, entry);
		break;
	case COLUMNS:
		break;
	}
	return NULL;
}

/* Spreadsheets leave separators out at the end of some rows and not of others. What goes missing by
 * that is empty; what comes too much has to be. */
static bool has_the_columns(const struct reading *reading, const struct csv_row *row)
{
	for (size_t i = row->count; i < reading->count; i++) {
		if (reading->columns[i] == COLUMN_USERNAME)
			return false;
	}
	for (size_t i = reading->count; i < row->count; i++) {
		if (i >= LIMIT_IMPORT_FIELDS || trimmed(row->fields[i]).length > 0)
			return false;
	}
	return true;
}

static void take_user(struct reading *reading, const struct csv_row *row)
{
	struct entry entry = {.line = row->line};
	struct reason text;
	const char *reason = NULL;

	if (!has_the_columns(reading, row)) {
		reason_set(&text, "%zu fields, but %zu columns", row->count, reading->count);
		reason = text.text;
	}
	for (size_t i = 0; i < reading->count && i < row->count && reason == NULL; i++)
		reason = take_field(reading->columns[i], &row->fields[i], &entry);
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
