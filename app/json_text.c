#include "json_text.h"

#include <stdbool.h>

/* In words of our own: those of the library repeat the input. */
static const char *describe(const json_error_t *error)
{
	switch (json_error_code(error)) {
	case json_error_out_of_memory:
		return NULL;
	case json_error_invalid_utf8:
		return "not UTF-8";
	case json_error_duplicate_key:
		return "a member that is there twice";
	case json_error_premature_end_of_input:
		return "the value is not complete";
	case json_error_end_of_input_expected:
		return "something follows the value";
	case json_error_numeric_overflow:
		return "a number that is too large";
	default:
		return "not JSON";
	}
}

json_t *json_text_read(const char *text, size_t length, const char **reason)
{
	const size_t flags =
		JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL;
	json_error_t error;

	json_t *value = json_loadb(text, length, flags, &error);
	if (value == NULL)
		*reason = describe(&error);
	return value;
}

/* json_dump_callback_t */
static int append(const char *text, size_t length, void *out)
{
	buffer_append(out, text, length);
	return 0;
}

void json_text_write(struct buffer *out, json_t *value)
{
	if (value == NULL ||
		json_dump_callback(value, append, out, JSON_COMPACT | JSON_ENCODE_ANY) != 0)
		out->failed = true;
	json_decref(value);
}

static bool is_plain(char c)
{
	return (unsigned char)c >= ' ' && c != '"' && c != '\\';
}

static void escape(struct buffer *out, char c)
{
	static const char letters[] = "\bb\ff\nn\rr\tt\"\"\\\\";

	for (const char *pair = letters; *pair != '\0'; pair += 2) {
		if (*pair == c) {
			const char escaped[] = {'\\', pair[1]};
			buffer_append(out, escaped, sizeof(escaped));
			return;
		}
	}
	buffer_printf(out, "\\u%04X", (unsigned)c);
}

void json_text_string(struct buffer *out, const char *text, size_t length)
{
	buffer_append(out, "\"", 1);
	for (size_t i = 0; i < length;) {
		size_t plain = i;
		while (plain < length && is_plain(text[plain]))
			plain++;
		buffer_append(out, text + i, plain - i);
		if (plain < length)
			escape(out, text[plain++]);
		i = plain;
	}
	buffer_append(out, "\"", 1);
}
