/* JSON Lines (jsonlines.org): an object on each line, with the members number, created and
 * username. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/json_reader.h"
#include "base/json_text.h"
#include "base/limit.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "formats/format.h"
#include "formats/line_reader.h"

struct reading {
	struct line_reader reader;
	const struct entry_visitor *visitor;
};

static void jsonl_write_user(struct buffer *out, const struct user *user)
{
	char created[TIMESTAMP_SIZE];

	timestamp_format(user->created, created);
	buffer_printf(out, "{\"number\":%" PRIu64 ",\"created\":\"%s\",\"username\":", user->number,
		created);
	json_text_string(out, user->name, user->name_length);
	buffer_string(out, "}\n");
}

enum member { MEMBER_NUMBER, MEMBER_CREATED, MEMBER_USERNAME, MEMBERS };

/* Returns what is wrong with the object, or NULL. */
static const char *take_members(const struct json_object *object, struct entry *entry)
{
	const struct json_field *number = &object->fields[MEMBER_NUMBER];
	const struct json_field *created = &object->fields[MEMBER_CREATED];
	const struct json_field *username = &object->fields[MEMBER_USERNAME];

	if (!object->is_object)
		return "not a JSON object";
	if (object->has_others)
		return "a member that is not number, created or username";
	for (size_t i = 0; i < object->count; i++) {
		if (object->fields[i].kind == JSON_FIELD_REPEATED)
			return "a repeated member";
	}
	if (number->kind != JSON_FIELD_OTHER ||
		!decimal_is_number(
			number->other, number->other_length, LIMIT_PLACE, &entry->number))
		entry->number = 0;
	entry->has_created = created->kind != JSON_FIELD_MISSING;
	if (entry->has_created &&
		(created->kind != JSON_FIELD_STRING || created->text.length != TIMESTAMP_LENGTH ||
			timestamp_parse(created->text.bytes, &entry->created) != RESULT_OK))
		return FORMAT_BAD_TIME;
	if (username->kind == JSON_FIELD_MISSING)
		return "there is no member username";
	if (username->kind != JSON_FIELD_STRING)
		return "username: expected a string";
	entry->name = username->text.length > 0 ? username->text.bytes : "";
	entry->name_length = username->text.length;
	return NULL;
}

static enum result take_object(const struct reading *reading, const struct line *line)
{
	const struct entry_visitor *visitor = reading->visitor;
	struct json_field fields[MEMBERS] = {[MEMBER_NUMBER] = {.name = "number"},
		[MEMBER_CREATED] = {.name = "created"},
		[MEMBER_USERNAME] = {.name = "username"}};
	struct json_object object = {.fields = fields, .count = MEMBERS};
	struct entry entry = {.line = line->number};

	enum result result = json_reader_read(line->text, line->length, &object);
	const char *reason = result == RESULT_OK ? take_members(&object, &entry) : object.reason;
	if (result != RESULT_MEMORY && reason == NULL)
		visitor->entry(visitor->argument, &entry);
	else if (result != RESULT_MEMORY)
		visitor->invalid(visitor->argument, line->number, reason);
	for (size_t i = 0; i < MEMBERS; i++)
		buffer_free(&fields[i].text);
	return result == RESULT_MEMORY ? RESULT_MEMORY : RESULT_OK;
}

static bool is_blank_line(const struct line *line)
{
	for (size_t i = 0; i < line->length; i++) {
		if (line->text[i] != ' ' && line->text[i] != '\t' && line->text[i] != '\r')
			return false;
	}
	return !line->is_too_long;
}

/* line_cb */
static enum result on_json_line(void *argument, const struct line *line)
{
	const struct reading *reading = argument;
	const struct entry_visitor *visitor = reading->visitor;

	if (is_blank_line(line))
		return RESULT_OK;
	if (!line->is_too_long)
		return take_object(reading, line);
	visitor->invalid(visitor->argument, line->number, "the line is too long");
	return RESULT_OK;
}

static void *jsonl_open(const struct entry_visitor *visitor)
{
	struct reading *reading = memory_zeroed(sizeof(*reading));

	line_reader_begin(&reading->reader, on_json_line, reading);
	reading->visitor = visitor;
	return reading;
}

static enum result jsonl_feed(void *argument, const char *bytes, size_t length)
{
	struct reading *reading = argument;

	return line_reader_feed(&reading->reader, bytes, length);
}

static enum result jsonl_finish(void *argument)
{
	struct reading *reading = argument;

	return line_reader_finish(&reading->reader);
}

static void jsonl_close(void *argument)
{
	struct reading *reading = argument;

	line_reader_free(&reading->reader);
	free(reading);
}

const struct format jsonl_format = {
	.name = "jsonl",
	.write_user = jsonl_write_user,
	.open = jsonl_open,
	.feed = jsonl_feed,
	.finish = jsonl_finish,
	.close = jsonl_close,
};
