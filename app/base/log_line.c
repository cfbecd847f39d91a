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

/* How much of a text, up to a limit, can stand without quotes. */
static size_t bare_length(const char *text)
{
	size_t i = 0;

	while (i < LIMIT_LOG_VALUE && is_bare(text[i]))
		i++;
	return i;
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
	buffer_append(pending, field->key, field->key_length);
	if (field->text == log_time) {
		append_seconds(pending, (uint64_t)field->number);
		return;
	}
	if (field->text == NULL) {
		append_number(pending, field->number);
		return;
	}
	size_t bare = bare_length(field->text);
	if (bare > 0 && bare < LIMIT_LOG_VALUE && field->text[bare] == '\0')
		buffer_append(pending, field->text, bare);
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
