/* Forms: the fields `name` and `a` of one, and text as a form has it. */
#include "differential/doors.h"

#include "http/form.h"

#define FIELDS 2

static void answer_form(const struct door_field *fields, size_t count, struct buffer *answer)
{
	struct form_field wanted[FIELDS] = {{.name = "name"}, {.name = "a"}};
	struct form form;

	(void)count;
	form_begin(&form, wanted, FIELDS);
	form_feed(&form, fields[0].bytes, fields[0].length);
	if (form_finish(&form) != RESULT_OK)
		door_word(answer, "malformed");
	for (size_t i = 0; i < FIELDS; i++) {
		if (form.result == RESULT_OK && wanted[i].is_present)
			door_bytes(answer, wanted[i].value.bytes, wanted[i].value.length);
		else if (form.result == RESULT_OK)
			door_word(answer, "missing");
		buffer_free(&wanted[i].value);
	}
}

static void answer_encoded(const struct door_field *fields, size_t count, struct buffer *answer)
{
	struct buffer encoded = {0};

	(void)count;
	form_encode(&encoded, fields[0].bytes, fields[0].length);
	door_bytes(answer, encoded.bytes, encoded.length);
	buffer_free(&encoded);
}

const struct door form_doors[] = {
	{"form", 1, answer_form}, {"form_encode", 1, answer_encoded}, {0}};
