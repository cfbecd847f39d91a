/*
 * Reads CSV with a state machine, one byte at a time, so that chunks may be cut anywhere. After a
 * mistake in a row it goes on at the next line: one bad row of an import must not hide the mistakes
 * in the others.
 */
#include "formats/csv_reader.h"

#include <string.h>

void csv_reader_begin(struct csv_reader *reader, csv_row_cb *visit, void *argument)
{
	*reader = (struct csv_reader){.visit = visit, .argument = argument, .line = 1, .at = 1};
}

void csv_reader_free(struct csv_reader *reader)
{
	buffer_free(&reader->text);
}

/* The first problem of a row is the one that counts. */
static void note_problem(struct csv_reader *reader, enum csv_problem problem)
{
	if (reader->problem == CSV_FINE)
		reader->problem = problem;
}

/* Where the next field begins is anybody's guess now. Where the next row does is a better one. */
static void lose(struct csv_reader *reader, enum csv_problem problem)
{
	note_problem(reader, problem);
	reader->state = CSV_LOST;
}

static void put(struct csv_reader *reader, const char *bytes, size_t length)
{
	if (length > LIMIT_IMPORT_ROW - reader->text.length)
		note_problem(reader, CSV_TOO_LONG);
	if (reader->problem == CSV_FINE)
		buffer_append(&reader->text, bytes, length);
}

static bool is_separator(const struct csv_reader *reader, char byte)
{
	return reader->separator != '\0' ? byte == reader->separator
					 : byte == ',' || byte == ';' || byte == '\t';
}

/* Tabs that are no separators are space, too. */
static bool is_blank_field(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] != ' ' && text[i] != '\t')
			return false;
	}
	return true;
}

static void end_field(struct csv_reader *reader)
{
	if (reader->count < LIMIT_IMPORT_FIELDS)
		reader->ends[reader->count] = reader->text.length;
	reader->start = reader->text.length;
	reader->count++;
	reader->state = CSV_AT_FIELD;
}

static enum result show_row(struct csv_reader *reader)
{
	struct csv_field fields[LIMIT_IMPORT_FIELDS];
	const char *text = reader->text.bytes != NULL ? reader->text.bytes : "";
	size_t start = 0;

	for (size_t i = 0; i < reader->count && i < LIMIT_IMPORT_FIELDS; i++) {
		fields[i] = (struct csv_field){text + start, reader->ends[i] - start};
		start = reader->ends[i];
	}
	return reader->visit(
		reader->argument, &(struct csv_row){.line = reader->line,
					  .last_line = reader->at,
					  .problem = reader->problem,
					  .is_blank = is_blank_field(text, reader->text.length),
					  .count = reader->count,
					  .fields = fields});
}

static enum result end_row(struct csv_reader *reader)
{
	end_field(reader);
	enum result result = reader->text.failed ? RESULT_MEMORY : show_row(reader);

	if (reader->separator == '\0')
		reader->separator = ',';
	reader->line = ++reader->at;
	reader->problem = CSV_FINE;
	reader->count = 0;
	reader->start = 0;
	buffer_clear(&reader->text);
	return result;
}

/* The bytes that can be taken together, because they change nothing but the text of the field. */
static size_t run_of(const struct csv_reader *reader, const char *bytes, size_t length)
{
	const char *end = NULL;
	size_t i = 0;

	switch (reader->state) {
	case CSV_AT_FIELD:
	case CSV_IN_FIELD:
		while (i < length && !is_separator(reader, bytes[i]) && bytes[i] != '"' &&
			bytes[i] != '\r' && bytes[i] != '\n')
			i++;
		return i;
	case CSV_IN_QUOTES:
		end = memchr(bytes, '"', length);
		return end != NULL ? (size_t)(end - bytes) : length;
	case CSV_LOST:
		end = memchr(bytes, '\n', length);
		return end != NULL ? (size_t)(end - bytes) : length;
	case CSV_AT_QUOTE:
	case CSV_PAST_QUOTES:
	case CSV_AT_RETURN:
		break;
	}
	return 0;
}

static void take_run(struct csv_reader *reader, const char *bytes, size_t length)
{
	put(reader, bytes, length);
	if (reader->state == CSV_AT_FIELD)
		reader->state = CSV_IN_FIELD;
	if (reader->state != CSV_IN_QUOTES)
		return;
	for (size_t i = 0; i < length; i++)
		reader->at += bytes[i] == '\n';
}

/* After a field, which `problem` is of if nothing of the kind follows. */
static enum result take_field_end(struct csv_reader *reader, char byte, enum csv_problem problem)
{
	if (is_separator(reader, byte)) {
		reader->separator = byte;
		end_field(reader);
		return RESULT_OK;
	}
	switch (byte) {
	case '\n':
		return end_row(reader);
	case '\r':
		reader->state = CSV_AT_RETURN;
		return RESULT_OK;
	default:
		lose(reader, problem);
		return RESULT_OK;
	}
}

static enum result take_past_quotes(struct csv_reader *reader, char byte)
{
	return byte == ' ' ? RESULT_OK : take_field_end(reader, byte, CSV_AFTER_QUOTE);
}

/* A quote behind nothing but spaces opens the field, and they are no part of it. */
static bool open_quotes(struct csv_reader *reader, char byte)
{
	size_t length = reader->text.length - reader->start;

	if (byte != '"' ||
		(length > 0 && !is_blank_field(reader->text.bytes + reader->start, length)))
		return false;
	reader->text.length = reader->start;
	reader->state = CSV_IN_QUOTES;
	return true;
}

static enum result take_csv_byte(struct csv_reader *reader, char byte)
{
	switch (reader->state) {
	case CSV_AT_FIELD:
	case CSV_IN_FIELD:
		return open_quotes(reader, byte) ? RESULT_OK
						 : take_field_end(reader, byte, CSV_QUOTE);
	case CSV_IN_QUOTES:
		reader->state = CSV_AT_QUOTE;
		break;
	case CSV_AT_QUOTE:
		if (byte == '"') {
			put(reader, &byte, 1);
			reader->state = CSV_IN_QUOTES;
			break;
		}
		reader->state = CSV_PAST_QUOTES;
		return take_past_quotes(reader, byte);
	case CSV_PAST_QUOTES:
		return take_past_quotes(reader, byte);
	case CSV_AT_RETURN:
		if (byte == '\n')
			return end_row(reader);
		lose(reader, CSV_RETURN);
		break;
	case CSV_LOST:
		return end_row(reader);
	}
	return RESULT_OK;
}

enum result csv_reader_feed(struct csv_reader *reader, const char *bytes, size_t length)
{
	enum result result = RESULT_OK;

	while (length > 0 && result == RESULT_OK) {
		size_t run = run_of(reader, bytes, length);
		if (run > 0)
			take_run(reader, bytes, run);
		else
			result = take_csv_byte(reader, *bytes);
		run = run > 0 ? run : 1;
		bytes += run;
		length -= run;
	}
	return result;
}

enum result csv_reader_finish(struct csv_reader *reader)
{
	if (reader->state == CSV_AT_FIELD && reader->count == 0)
		return RESULT_OK;
	if (reader->state == CSV_IN_QUOTES)
		note_problem(reader, CSV_UNCLOSED);
	if (reader->state == CSV_AT_RETURN)
		note_problem(reader, CSV_RETURN);
	return end_row(reader);
}
