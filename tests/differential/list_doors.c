/* Lists of users: the rows of any CSV, the users of a list, and a user as a list has it. */
#include "differential/doors.h"

#include <inttypes.h>

#include "base/timestamp.h"
#include "formats/csv_reader.h"
#include "formats/list_reader.h"

static const char *const problems[] = {[CSV_FINE] = "row",
	[CSV_QUOTE] = "quote",
	[CSV_AFTER_QUOTE] = "after_quote",
	[CSV_RETURN] = "return",
	[CSV_UNCLOSED] = "unclosed",
	[CSV_TOO_LONG] = "too_long"};

/* csv_row_cb */
static enum result on_row(void *argument, const struct csv_row *row)
{
	struct buffer *answer = argument;

	door_word(answer, problems[row->problem]);
	for (size_t i = 0; i < row->count && row->problem == CSV_FINE; i++)
		door_bytes(answer, row->fields[i].text, row->fields[i].length);
	return RESULT_OK;
}

static void answer_csv(const struct door_field *fields, size_t count, struct buffer *answer)
{
	struct csv_reader reader;

	(void)count;
	csv_reader_begin(&reader, on_row, answer);
	if (csv_reader_feed(&reader, fields[0].bytes, fields[0].length) != RESULT_OK ||
		csv_reader_finish(&reader) != RESULT_OK)
		door_fail("a text of CSV cannot be read");
	csv_reader_free(&reader);
}

static void on_listed(void *argument, const struct entry *entry)
{
	struct buffer *answer = argument;

	door_word(answer, "user");
	door_number(answer, entry->number);
	door_number(answer, entry->has_created ? (uint64_t)entry->created : 0);
	door_bytes(answer, entry->name, entry->name_length);
}

static void on_refused(void *argument, uint64_t line, const char *reason)
{
	(void)line;
	(void)reason;
	door_word(argument, "invalid");
}

/* The format of this name, which is the first field. */
static const struct format *format_named(const struct door_field *field)
{
	const struct format *format = format_find(field->bytes);

	if (format == NULL)
		door_fail("there is no such format");
	return format;
}

static void answer_list(const struct door_field *fields, size_t count, struct buffer *answer)
{
	const struct entry_visitor visitor = {on_listed, on_refused, answer};
	struct list_reader *reader = list_reader_open(format_named(&fields[0]), &visitor);

	(void)count;
	if (list_reader_feed(reader, fields[1].bytes, fields[1].length) != RESULT_OK ||
		list_reader_finish(reader) != RESULT_OK)
		door_word(answer, "malformed");
	list_reader_close(reader);
}

static void answer_listed(const struct door_field *fields, size_t count, struct buffer *answer)
{
	const struct format *format = format_named(&fields[0]);
	struct buffer list = {0};

	(void)count;
	if (format->write_head != NULL)
		format->write_head(&list);
	format->write_user(&list, &(struct user){.number = 7,
					  .created = 86400000,
					  .name = fields[1].bytes,
					  .name_length = fields[1].length});
	door_bytes(answer, list.bytes, list.length);
	buffer_free(&list);
}

const struct door list_doors[] = {
	{"csv", 1, answer_csv}, {"list", 2, answer_list}, {"list_of_one", 2, answer_listed}, {0}};
