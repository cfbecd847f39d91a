/*
 * The reader of JSON next to jansson, which no one here wrote: what the one takes the other takes,
 * apart from what json_reader.h says of both, and strings are the same. A string that
 * json_text_string() writes is read back as it was. A value within a text that was read is JSON by
 * itself, and a text that was read is none without its end.
 */
#include "base/json_reader.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"

#define FIELDS 2

struct read {
	struct json_field fields[FIELDS];
	struct json_object object;
	enum result result;
};

/* `text` has to live as long as what was read. */
static void read_text(struct read *read, const char *text, size_t length)
{
	*read = (struct read){.fields = {{.name = "a"}, {.name = "name"}}};
	read->object = (struct json_object){.fields = read->fields, .count = FIELDS};
	read->result = json_reader_read(text, length, &read->object);
}

static void read_free(struct read *read)
{
	for (size_t i = 0; i < FIELDS; i++)
		buffer_free(&read->fields[i].text);
}

static void check_strings(const struct read *read, const json_t *value)
{
	for (size_t i = 0; i < FIELDS; i++) {
		const struct json_field *field = &read->fields[i];
		const json_t *member = json_object_get(value, field->name);
		must((member != NULL) == (field->kind != JSON_FIELD_MISSING));
		if (field->kind == JSON_FIELD_OTHER)
			must(!json_is_string(member));
		if (field->kind != JSON_FIELD_STRING)
			continue;
		must(json_is_string(member) && json_string_length(member) == field->text.length);
		must(field->text.length == 0 || memcmp(json_string_value(member), field->text.bytes,
							field->text.length) == 0);
	}
}

/* jansson has no numbers that are too large for C and no half of a pair of surrogates, and ends its
 * reading at some NULs. */
static void check_against_jansson(const struct read *read, const char *text, size_t length)
{
	json_error_t error;
	json_t *value = json_loadb(text, length, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);

	if (read->result == RESULT_OK && value == NULL)
		must(json_error_code(&error) == json_error_numeric_overflow ||
			memmem(text, length, "\\u", 2) != NULL);
	if (read->result != RESULT_OK && value != NULL)
		must(strcmp(read->object.reason, "values that are nested too deeply") == 0 ||
			memchr(text, '\0', length) != NULL);
	if (read->result == RESULT_OK && value != NULL) {
		must(json_is_object(value) == read->object.is_object);
		check_strings(read, value);
	}
	json_decref(value);
}

/* Values that are not wanted as strings are shown as they are written. */
static void check_others(const struct read *read, const char *text, size_t length)
{
	for (size_t i = 0; i < FIELDS; i++) {
		const struct json_field *field = &read->fields[i];
		struct read alone;

		if (field->kind != JSON_FIELD_OTHER)
			continue;
		must(field->other >= text && field->other + field->other_length <= text + length);
		read_text(&alone, field->other, field->other_length);
		must(alone.result == RESULT_OK);
		read_free(&alone);
	}
}

/* An object is none without its end, and stays the same with space around it. */
static void check_edges(const struct read *read, const char *text, size_t length)
{
	struct buffer spaced = {0};
	struct read other;
	size_t end = length;

	while (end > 0 && strchr(" \t\r\n", text[end - 1]) != NULL)
		end--;
	if (read->object.is_object) {
		char *cut = fuzz_copy(text, end - 1);
		read_text(&other, cut, end - 1);
		must(other.result == RESULT_MALFORMED);
		read_free(&other);
		free(cut);
	}
	buffer_string(&spaced, " \t");
	buffer_append(&spaced, text, length);
	buffer_string(&spaced, "\r\n");
	read_text(&other, spaced.bytes, spaced.length);
	must(other.result == RESULT_OK && other.object.is_object == read->object.is_object);
	must(other.object.has_others == read->object.has_others);
	read_free(&other);
	buffer_free(&spaced);
}

static void check_written(const char *text, size_t length)
{
	struct buffer written = {0};
	struct read read;

	if (!utf8_is_valid(text, length))
		return;
	buffer_string(&written, "{\"name\":");
	json_text_string(&written, text, length);
	buffer_string(&written, "}");
	read_text(&read, written.bytes, written.length);
	must(read.result == RESULT_OK && read.fields[1].kind == JSON_FIELD_STRING);
	must(read.fields[1].text.length == length);
	must(length == 0 || memcmp(read.fields[1].text.bytes, text, length) == 0);
	read_free(&read);
	buffer_free(&written);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *text = fuzz_copy((const char *)bytes, length);
	struct read read;

	read_text(&read, text, length);
	must(read.result == RESULT_OK || read.result == RESULT_MALFORMED);
	must((read.result == RESULT_MALFORMED) == (read.object.reason != NULL));
	check_against_jansson(&read, text, length);
	if (read.result == RESULT_OK) {
		must(utf8_is_valid(text, length));
		for (size_t i = 0; i < FIELDS; i++)
			must(utf8_is_valid(read.fields[i].text.bytes, read.fields[i].text.length));
		check_others(&read, text, length);
		check_edges(&read, text, length);
	}
	check_written(text, length);
	read_free(&read);
	free(text);
	return 0;
}
