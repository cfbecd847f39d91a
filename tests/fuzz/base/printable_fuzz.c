/*
 * Text that is made fit for a log: what is written is UTF-8 without anything that controls a
 * terminal or turns the direction of the text, it cannot end its quotes, and it can be turned back
 * into what it was. A text that is cut is not cut within a character.
 */
#include "base/printable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>

#include "base/utf8.h"
#include "fuzz/fuzz.h"

static void check_shown(const struct buffer *out)
{
	int32_t point;

	must(utf8_is_valid(out->bytes, out->length));
	for (size_t i = 0; i < out->length;) {
		i += utf8_decode(out->bytes + i, out->length - i, &point);
		must(!utf8_is_control(point));
		must(!uc_is_property_bidi_control((ucs4_t)point));
		must(!uc_is_property_line_separator((ucs4_t)point));
		must(!uc_is_property_paragraph_separator((ucs4_t)point));
	}
}

/* What an escape stands for; moves on behind it. */
static void undo_escape(const char **at, struct buffer *text)
{
	unsigned number;
	int used = 0;
	size_t length;
	char bytes[UTF8_MOST];

	if (sscanf(*at, "\\x%2x%n", &number, &used) == 1 && used == 4) {
		buffer_append(text, &(char){(char)number}, 1);
	} else if (sscanf(*at, "\\u{%x}%n", &number, &used) == 1 && used > 0) {
		must(utf8_encode(&(int32_t){(int32_t)number}, 1, bytes, sizeof(bytes), &length));
		buffer_append(text, bytes, length);
	} else {
		used = 2;
		must((*at)[1] == '\\' || (*at)[1] == '"');
		buffer_append(text, *at + 1, 1);
	}
	*at += used;
}

static void check_undone(const char *shown, const char *original, size_t length)
{
	struct buffer text = {0};

	while (*shown != '\0') {
		must(*shown != '"');
		if (*shown == '\\')
			undo_escape(&shown, &text);
		else
			buffer_append(&text, shown++, 1);
	}
	must(!text.failed && text.length == length);
	must(length == 0 || memcmp(text.bytes, original, length) == 0);
	buffer_free(&text);
}

static void check_cut(const char *text, size_t length, size_t most)
{
	size_t kept = printable_length(text, length, most);
	int32_t point;

	must(kept <= most && kept <= length && (kept == length || kept + UTF8_MOST > most));
	if (utf8_is_valid(text, length))
		must(utf8_is_valid(text, kept));
	/* A character that would have fitted is kept. */
	if (kept < length)
		must(kept == most || kept + utf8_decode(text + kept, length - kept, &point) > most);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	size_t most = fuzz_take_below(&input, 256), rest;
	const char *from = fuzz_rest(&input, &rest);
	char *text = fuzz_copy(from, rest);
	struct buffer out = {0};

	printable_append(&out, text, rest, "\"\\");
	check_shown(&out);
	buffer_append(&out, "", 1);
	must(!out.failed);
	check_undone(out.bytes, text, rest);
	check_cut(text, rest, most);
	must(utf8_is_valid(PRINTABLE_BYTES(text, rest), strlen(PRINTABLE_BYTES(text, rest))));
	buffer_free(&out);
	free(text);
	return 0;
}
