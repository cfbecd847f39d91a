/*
 * Writes JSON. Small answers are built as values of jansson and dumped here. Strings that a list
 * has by the thousand are written straight into the buffer, in the same form.
 */
#include "base/json_text.h"

#include <stdbool.h>

/* json_dump_callback_t */
static int append_dumped(const char *text, size_t length, void *out)
{
	buffer_append(out, text, length);
	return 0;
}

void json_text_write(struct buffer *out, json_t *value)
{
	if (value == NULL ||
		json_dump_callback(value, append_dumped, out, JSON_COMPACT | JSON_ENCODE_ANY) != 0)
		out->failed = true;
	json_decref(value);
}

static bool needs_no_json_escape(char c)
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
		while (plain < length && needs_no_json_escape(text[plain]))
			plain++;
		buffer_append(out, text + i, plain - i);
		if (plain < length)
			escape(out, text[plain++]);
		i = plain;
	}
	buffer_append(out, "\"", 1);
}
