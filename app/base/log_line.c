/*
 * One line of the log, in logfmt: a time, a level, an event, and fields key=value. Values can hold
 * bytes from peers, so whatever could split a line or imitate a field is quoted and escaped, and
 * long values are cut.
 */
#include "base/log_line.h"

#include <string.h>

#include "base/decimal.h"
#include "base/limit.h"
#include "base/printable.h"
#include "base/timestamp.h"
#include "base/utf8.h"

const char log_time[] = "";

const char *log_level_name(unsigned level)
{
	static const char *const names[] = {[LOG_ERROR] = "error",
		[LOG_WARN] = "warn",
		[LOG_INFO] = "info",
		[LOG_DEBUG] = "debug"};

	return level < sizeof(names) / sizeof(names[0]) ? names[level] : NULL;
}

/* Whether it can stand without quotes. */
static bool is_bare(char c)
{
	switch (c) {
	case '"':
	case '=':
	case '\\':
		return false;
	default:
		return c > ' ' && c <= '~';
	}
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (unsigned char)(byte))

/* Has the highest bit of a byte set if one is zero, and perhaps that of bytes after it. */
static uint64_t zero_bytes(uint64_t eight)
{
	return (eight - EACH(1)) & ~eight & EACH(0x80);
}

/* Whether all of eight bytes can stand without quotes. */
static bool are_bare(const char *bytes)
{
	uint64_t eight;

	memcpy(&eight, bytes, sizeof(eight));
	return ((((eight - EACH(' ' + 1)) & ~eight) | eight | (eight + EACH(1))) & EACH(0x80)) ==
		       0 &&
	       (zero_bytes(eight ^ EACH('"')) | zero_bytes(eight ^ EACH('=')) |
		       zero_bytes(eight ^ EACH('\\'))) == 0;
}

/* Whether all of it can. Most texts are identifiers and paths, eight bytes at a time: that saves
 * 150 instructions of a request. */
static bool is_bare_text(const char *text, size_t length)
{
	size_t i = 0;

	while (i + sizeof(uint64_t) <= length && are_bare(text + i))
		i += sizeof(uint64_t);
	while (i < length && is_bare(text[i]))
		i++;
	return i == length;
}

static void append_quoted(struct buffer *pending, const char *text)
{
	/* printable_length() looks one character ahead of where it cuts. */
	size_t length = strnlen(text, LIMIT_LOG_VALUE + UTF8_MOST);
	size_t kept = printable_length(text, length, LIMIT_LOG_VALUE);

	buffer_append(pending, "\"", 1);
	printable_append(pending, text, kept, "\"\\");
	if (kept < length)
		buffer_string(pending, PRINTABLE_CUT);
	buffer_append(pending, "\"", 1);
}

static void append_number(struct buffer *pending, int64_t number)
{
	if (number < 0)
		buffer_string(pending, "-");
	buffer_number(pending, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

#define MICROSECONDS 1000000

/* Microseconds are enough: "0.000128". */
static void append_seconds(struct buffer *pending, uint64_t nanoseconds)
{
	uint64_t microseconds = nanoseconds / 1000;
	char digits[8] = "0.";

	decimal_write_wide(microseconds % MICROSECONDS, digits + 2, 6);
	if (microseconds < MICROSECONDS) {
		buffer_append(pending, digits, 8);
		return;
	}
	buffer_number(pending, microseconds / MICROSECONDS);
	buffer_append(pending, digits + 1, 7);
}

static void append_log_field(struct buffer *pending, const struct log_field *field)
{
	buffer_string(pending, field->key);
	if (field->text == log_time) {
		append_seconds(pending, (uint64_t)field->number);
		return;
	}
	if (field->text == NULL) {
		append_number(pending, field->number);
		return;
	}
	size_t length = strnlen(field->text, LIMIT_LOG_VALUE);
	if (length > 0 && length < LIMIT_LOG_VALUE && is_bare_text(field->text, length))
		buffer_append(pending, field->text, length);
	else
		append_quoted(pending, field->text);
}

void log_line_append(struct buffer *out, const char *time, enum log_level level, const char *event,
	const struct log_field *fields)
{
	buffer_string(out, "time=");
	buffer_append(out, time, TIMESTAMP_LENGTH);
	buffer_string(out, " level=");
	buffer_string(out, log_level_name(level));
	buffer_string(out, " event=");
	buffer_string(out, event);
	for (const struct log_field *field = fields; field->key != NULL; field++)
		append_log_field(out, field);
	buffer_string(out, "\n");
}
