/* JSON Lines (jsonlines.org): an object on each line, with the members number, created and
 * username. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../heap.h"
#include "../json_text.h"
#include "../timestamp.h"
#include "format.h"
#include "line_reader.h"

struct reading {
	struct line_reader reader;
	const struct entry_visitor *visitor;
};

static void write_user(struct buffer *out, const struct user *user)
{
	char created[TIMESTAMP_SIZE];

	timestamp_format(user->created, created);
	buffer_printf(out, "{\"number\":%" PRIu64 ",\"created\":\"%s\",\"username\":", user->number,
		created);
	json_text_string(out, user->name, user->name_length);
	buffer_string(out, "}\n");
}

static const char *take_username(const json_t *value, struct entry *entry)
{
	if (!json_is_string(value))
		return "username: expected a string";
	entry->name = json_string_value(value);
	entry->name_length = json_string_length(value);
	return NULL;
}

static const char *take_created(const json_t *value, struct entry *entry)
{
	if (!json_is_string(value) || json_string_length(value) != TIMESTAMP_LENGTH ||
		timestamp_parse(json_string_value(value), &entry->created) != STATUS_OK)
		return FORMAT_BAD_TIME;
	entry->has_created = true;
	return NULL;
}

/* Returns what is wrong with the object, or NULL. */
static const char *take_members(json_t *object, struct entry *entry)
{
	const char *reason = NULL;
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return "not a JSON object";
	json_object_foreach(object, key, value)
	{
		if (strcmp(key, "username") == 0)
			reason = take_username(value, entry);
		else if (strcmp(key, "created") == 0)
			reason = take_created(value, entry);
		else if (strcmp(key, "number") != 0)
			reason = "a member that is not number, created or username";
		if (reason != NULL)
			return reason;
	}
	return entry->name == NULL ? "there is no member username" : NULL;
}

static void take_object(const struct reading *reading, json_t *object, uint64_t line)
{
	const struct entry_visitor *visitor = reading->visitor;
	struct entry entry = {.line = line};
	const char *reason = take_members(object, &entry);

	if (reason == NULL)
		visitor->entry(visitor->argument, &entry);
	else
		visitor->invalid(visitor->argument, line, reason);
}

static bool is_blank(const struct line *line)
{
	for (size_t i = 0; i < line->length; i++) {
		if (line->text[i] != ' ' && line->text[i] != '\t' && line->text[i] != '\r')
			return false;
	}
	return !line->is_too_long;
}

/* line_visit */
static enum status take_line(void *argument, const struct line *line)
{
	const struct reading *reading = argument;
	const struct entry_visitor *visitor = reading->visitor;
	const char *reason;

	if (is_blank(line))
		return STATUS_OK;
	if (line->is_too_long) {
		visitor->invalid(visitor->argument, line->number, "the line is too long");
		return STATUS_OK;
	}
	json_t *object = json_text_read(line->text, line->length, &reason);
	if (object != NULL) {
		take_object(reading, object, line->number);
		json_decref(object);
		return STATUS_OK;
	}
	if (reason == NULL)
		return STATUS_MEMORY;
	visitor->invalid(visitor->argument, line->number, reason);
	return STATUS_OK;
}

static void *open_reading(const struct entry_visitor *visitor)
{
	struct reading *reading = heap_zeroed(sizeof(*reading));

	line_reader_begin(&reading->reader, take_line, reading);
	reading->visitor = visitor;
	return reading;
}

static enum status feed(void *argument, const char *bytes, size_t length)
{
	struct reading *reading = argument;

	return line_reader_feed(&reading->reader, bytes, length);
}

static enum status finish(void *argument)
{
	struct reading *reading = argument;

	return line_reader_finish(&reading->reader);
}

static void close_reading(void *argument)
{
	struct reading *reading = argument;

	line_reader_free(&reading->reader);
	free(reading);
}

const struct format jsonl_format = {
	.name = "jsonl",
	.write_user = write_user,
	.open = open_reading,
	.feed = feed,
	.finish = finish,
	.close = close_reading,
};
