/* JSON: the members `name` and `a` of an object, and a string. */
#include "differential/doors.h"

#include "base/json_reader.h"
#include "base/json_text.h"

#define FIELDS 2

static void answer_member(const struct json_field *field, struct buffer *answer)
{
	switch (field->kind) {
	case JSON_FIELD_MISSING:
		door_word(answer, "missing");
		break;
	case JSON_FIELD_STRING:
		door_word(answer, "string");
		door_bytes(answer, field->text.bytes, field->text.length);
		break;
	case JSON_FIELD_OTHER:
		door_word(answer, "other");
		door_bytes(answer, field->other, field->other_length);
		break;
	case JSON_FIELD_REPEATED:
		door_word(answer, "repeated");
		break;
	}
}

static void answer_json(const struct door_field *fields, size_t count, struct buffer *answer)
{
	struct json_field members[FIELDS] = {{.name = "name"}, {.name = "a"}};
	struct json_object object = {.fields = members, .count = FIELDS};
	enum result result = json_reader_read(fields[0].bytes, fields[0].length, &object);

	(void)count;
	if (result != RESULT_OK)
		door_word(answer, "malformed");
	else
		door_word(answer, object.is_object ? "object" : "value");
	for (size_t i = 0; i < FIELDS; i++) {
		if (result == RESULT_OK && object.is_object)
			answer_member(&members[i], answer);
		buffer_free(&members[i].text);
	}
}

static void answer_string(const struct door_field *fields, size_t count, struct buffer *answer)
{
	struct buffer text = {0};

	(void)count;
	json_text_string(&text, fields[0].bytes, fields[0].length);
	door_bytes(answer, text.bytes, text.length);
	buffer_free(&text);
}

const struct door json_doors[] = {{"json", 1, answer_json}, {"json_string", 1, answer_string}, {0}};
