/*
 * A form decodes to the same wherever its chunks are cut, and to what a decoder makes of it that
 * has all of it before it; what form_encode() writes decodes to what it was.
 */
#include "http/form.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "fuzz/fuzz.h"

#define FIELDS 2

struct decoded {
	struct form_field fields[FIELDS];
	struct form form;
	enum result result;
};

static void decode_begin(struct decoded *decoded)
{
	*decoded = (struct decoded){.fields = {{.name = "a"}, {.name = "name"}}};
	form_begin(&decoded->form, decoded->fields, FIELDS);
}

static void decode_chunk(struct decoded *decoded, const char *bytes, size_t length)
{
	char *chunk = fuzz_copy(bytes, length);

	form_feed(&decoded->form, chunk, length);
	free(chunk);
}

static void decode_free(struct decoded *decoded)
{
	for (size_t i = 0; i < FIELDS; i++)
		buffer_free(&decoded->fields[i].value);
}

static void must_be_same(const struct decoded *one, const struct decoded *other)
{
	must(one->result == other->result);
	must(one->form.reason == other->form.reason);
	for (size_t i = 0; i < FIELDS && one->result == RESULT_OK; i++) {
		const struct form_field *a = &one->fields[i], *b = &other->fields[i];
		must(a->is_present == b->is_present && a->value.length == b->value.length);
		must(a->value.length == 0 ||
			memcmp(a->value.bytes, b->value.bytes, a->value.length) == 0);
	}
}

/* The fields that are there, written again. */
static struct buffer encode(const struct decoded *decoded)
{
	struct buffer text = {0};

	for (size_t i = 0; i < FIELDS; i++) {
		const struct form_field *field = &decoded->fields[i];
		if (!field->is_present)
			continue;
		if (text.length > 0)
			buffer_string(&text, "&");
		buffer_string(&text, field->name);
		buffer_string(&text, "=");
		form_encode(&text, field->value.bytes, field->value.length);
	}
	return text;
}

/* Decodes a name or a value. False: it is malformed. */
static bool decode_part(const char *text, size_t length, struct buffer *out)
{
	for (size_t i = 0; i < length; i++) {
		char c = text[i] == '+' ? ' ' : text[i];
		if (text[i] == '%') {
			char digits[3] = "";
			memcpy(digits, text + i + 1, length - i - 1 < 2 ? length - i - 1 : 2);
			if (!isxdigit((unsigned char)digits[0]) ||
				!isxdigit((unsigned char)digits[1]))
				return false;
			c = (char)strtoul(digits, NULL, 16);
			i += 2;
		}
		if (c == '\0')
			return false;
		buffer_append(out, &c, 1);
	}
	must(!out->failed);
	return true;
}

static bool is_called(const struct buffer *name, const char *wanted)
{
	return name->length == strlen(wanted) && memcmp(name->bytes, wanted, name->length) == 0;
}

/* A pair of the form, whose value is empty if it has none. False: it is malformed. */
static bool decode_pair(const char *text, size_t length, struct decoded *decoded)
{
	struct buffer name = {0}, value = {0};
	const char *equals = length > 0 ? memchr(text, '=', length) : NULL;
	size_t name_length = equals != NULL ? (size_t)(equals - text) : length;
	bool is_fine = decode_part(text, name_length, &name);

	if (equals != NULL)
		is_fine = is_fine && decode_part(equals + 1, length - name_length - 1, &value);
	for (size_t i = 0; i < FIELDS && is_fine; i++) {
		struct form_field *field = &decoded->fields[i];
		if (!is_called(&name, field->name))
			continue;
		is_fine = !field->is_present && utf8_is_valid(value.bytes, value.length);
		field->is_present = true;
		buffer_append(&field->value, value.bytes, value.length);
	}
	buffer_free(&name);
	buffer_free(&value);
	return is_fine;
}

static void check_model(const struct decoded *decoded, const char *text, size_t length)
{
	struct decoded model;
	const char *end = text + length;
	bool is_fine = true;

	decode_begin(&model);
	model.form.reason = decoded->form.reason;
	for (const char *at = text; is_fine && at < end;) {
		const char *next = memchr(at, '&', (size_t)(end - at));
		next = next != NULL ? next : end;
		is_fine = decode_pair(at, (size_t)(next - at), &model);
		at = next < end ? next + 1 : end;
	}
	model.result = is_fine ? RESULT_OK : RESULT_MALFORMED;
	must_be_same(decoded, &model);
	decode_free(&model);
}

static void check_encoded(const struct decoded *decoded)
{
	struct decoded again;
	struct buffer text = encode(decoded);

	decode_begin(&again);
	decode_chunk(&again, text.bytes, text.length);
	again.result = form_finish(&again.form);
	must_be_same(decoded, &again);
	decode_free(&again);
	buffer_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	size_t size = 1 + fuzz_take_below(&input, 16), rest;
	const char *text = fuzz_rest(&input, &rest);
	struct decoded whole, cut;

	decode_begin(&whole);
	decode_chunk(&whole, text, rest);
	whole.result = form_finish(&whole.form);
	decode_begin(&cut);
	for (size_t i = 0; i < rest; i += size)
		decode_chunk(&cut, text + i, rest - i < size ? rest - i : size);
	cut.result = form_finish(&cut.form);
	must_be_same(&whole, &cut);
	must((whole.result == RESULT_MALFORMED) == (whole.form.reason != NULL));
	if (rest > 0)
		check_model(&whole, text, rest);
	if (whole.result == RESULT_OK)
		check_encoded(&whole);
	decode_free(&whole);
	decode_free(&cut);
	return 0;
}
