/*
 * A form decodes to the same wherever its chunks are cut; what form_encode() writes decodes to what
 * it was; and a value is UTF-8 without a NUL.
 */
#include "http/form.h"

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

static void check_values(const struct decoded *decoded)
{
	for (size_t i = 0; i < FIELDS; i++) {
		const struct buffer *value = &decoded->fields[i].value;
		if (value->length == 0)
			continue;
		must(decoded->fields[i].is_present);
		must(memchr(value->bytes, '\0', value->length) == NULL);
		must(utf8_is_valid(value->bytes, value->length));
	}
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
	if (whole.result == RESULT_OK) {
		check_values(&whole);
		check_encoded(&whole);
	}
	decode_free(&whole);
	decode_free(&cut);
	return 0;
}
