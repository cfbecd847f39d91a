/*
 * Escapes text for people. A name may hold characters that move the cursor, reverse the direction
 * of the text or cannot be seen; in a log or on a terminal they must do nothing. Letters of every
 * script stay as they are.
 */
#include "base/printable.h"

#include <stdbool.h>
#include <stdint.h>
#include <utf8proc.h>

#include "base/utf8.h"

/* A character, or a byte that is none. */
struct unit {
	size_t length;
	int32_t code_point; /* negative: not UTF-8 */
};

static struct unit unit_at(const char *text, size_t length)
{
	int32_t code_point;
	size_t used = utf8_decode(text, length, &code_point);

	return used > 0 ? (struct unit){used, code_point} : (struct unit){1, -1};
}

size_t printable_length(const char *text, size_t length, size_t most)
{
	if (length <= most)
		return length;
	/* A character that the limit cuts in two began at most three bytes before. */
	for (size_t start = most > 3 ? most - 3 : 0; start < most; start++) {
		struct unit unit = unit_at(text + start, length - start);
		if (unit.code_point >= 0 && start + unit.length > most)
			return start;
	}
	return most;
}

/* Formats that can be seen, and stand before digits; and the two joiners, which words of several
 * scripts and emoji are written with. */
static bool is_written_format(int32_t c)
{
	return (c >= 0x0600 && c <= 0x0605) || c == 0x06DD || c == 0x070F || c == 0x0890 ||
	       c == 0x0891 || c == 0x08E2 || c == 0x110BD || c == 0x110CD || c == 0x200C ||
	       c == 0x200D;
}

static bool is_printable(int32_t code_point)
{
	switch (utf8proc_category(code_point)) {
	case UTF8PROC_CATEGORY_CF:
		return is_written_format(code_point);
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return false;
	default:
		return true;
	}
}

static bool is_unescaped(char c, const char *escaped)
{
	return c >= ' ' && c <= '~' && strchr(escaped, c) == NULL;
}

/* What is not plain ASCII. Returns how many bytes it was. */
static size_t append_unit(struct buffer *out, const char *text, size_t length)
{
	struct unit unit = unit_at(text, length);
	unsigned char byte = (unsigned char)*text;

	if (unit.code_point < 0 || byte < ' ' || byte == 0x7F)
		buffer_printf(out, "\\x%02x", byte);
	else if (byte < 0x80)
		buffer_append(out, (const char[]){'\\', *text}, 2);
	else if (is_printable(unit.code_point))
		buffer_append(out, text, unit.length);
	else
		buffer_printf(out, "\\u{%x}", (unsigned)unit.code_point);
	return unit.length;
}

void printable_append(struct buffer *out, const char *text, size_t length, const char *escaped)
{
	for (size_t i = 0; i < length;) {
		size_t plain = i;
		while (plain < length && is_unescaped(text[plain], escaped))
			plain++;
		buffer_append(out, text + i, plain - i);
		i = plain;
		if (i < length)
			i += append_unit(out, text + i, length - i);
	}
}

const char *printable(char room[static PRINTABLE_SIZE], const char *text, size_t length)
{
	size_t kept = printable_length(text, length, PRINTABLE_MOST);
	struct buffer out = {0};

	printable_append(&out, text, kept, "\\");
	if (kept < length)
		buffer_string(&out, PRINTABLE_CUT);
	size_t written = out.failed ? 0 : out.length;
	if (written > 0)
		memcpy(room, out.bytes, written);
	room[written] = '\0';
	buffer_free(&out);
	return room;
}
