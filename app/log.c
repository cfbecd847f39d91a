#include "log.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "heap.h"
#include "limit.h"
#include "timestamp.h"

/* How long the end of the program may wait for a reader that takes nothing. */
#define LAST_WRITE_MS 1000

struct log {
	int descriptor;
	enum log_level most;
	struct buffer pending;
	uint64_t dropped;
	int64_t moment; /* of the last line */
	char moment_text[TIMESTAMP_SIZE];
};

const char *log_level_name(unsigned level)
{
	static const char *const names[] = {[LOG_ERROR] = "error",
		[LOG_WARN] = "warn",
		[LOG_INFO] = "info",
		[LOG_DEBUG] = "debug"};

	return level < sizeof(names) / sizeof(names[0]) ? names[level] : NULL;
}

struct log *log_open(int descriptor, enum log_level most)
{
	struct log *log = heap_zeroed(sizeof(*log));

	log->descriptor = descriptor;
	log->most = most;
	return log;
}

/* How much of a text, up to a limit, can stand without quotes. */
static size_t bare_length(const char *text)
{
	size_t i = 0;

	while (i < LIMIT_LOG_VALUE && text[i] > ' ' && text[i] <= '~' && text[i] != '"' &&
		text[i] != '=' && text[i] != '\\')
		i++;
	return i;
}

/* Bytes over 127 go through as they are, so that UTF-8 stays readable; control bytes never do. */
static void append_quoted(struct buffer *pending, const char *text, size_t length)
{
	buffer_string(pending, "\"");
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];
		if (byte == '"' || byte == '\\')
			buffer_printf(pending, "\\%c", byte);
		else if (byte < ' ' || byte == 127)
			buffer_printf(pending, "\\x%02x", byte);
		else
			buffer_append(pending, text + i, 1);
	}
	buffer_string(pending, "\"");
}

static void append_number(struct buffer *pending, int64_t number)
{
	if (number < 0)
		buffer_string(pending, "-");
	buffer_number(pending, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

static void append_field(struct buffer *pending, const struct log_field *field)
{
	buffer_string(pending, field->key);
	if (field->text == NULL) {
		append_number(pending, field->number);
		return;
	}
	size_t bare = bare_length(field->text);
	if (bare > 0 && bare < LIMIT_LOG_VALUE && field->text[bare] == '\0')
		buffer_append(pending, field->text, bare);
	else
		append_quoted(pending, field->text, strnlen(field->text, LIMIT_LOG_VALUE));
}

/* Many lines are of the same millisecond. */
static void append_time(struct log *log)
{
	int64_t now = timestamp_now();

	if (now != log->moment || log->moment_text[0] == '\0')
		timestamp_format(now, log->moment_text);
	log->moment = now;
	buffer_append(&log->pending, log->moment_text, TIMESTAMP_LENGTH);
}

static void append_line(
	struct log *log, enum log_level level, const char *event, const struct log_field *fields)
{
	struct buffer *pending = &log->pending;

	buffer_string(pending, "time=");
	append_time(log);
	buffer_string(pending, " level=");
	buffer_string(pending, log_level_name(level));
	buffer_string(pending, " event=");
	buffer_string(pending, event);
	for (const struct log_field *field = fields; field->key != NULL; field++)
		append_field(pending, field);
	buffer_string(pending, "\n");
}

static void note_dropped(struct log *log)
{
	if (log->dropped == 0)
		return;
	struct log_field fields[] = {LOG_NUMBER("lines", log->dropped), {0}};
	append_line(log, LOG_WARN, "log-dropped", fields);
	log->dropped = 0;
}

void log_fields(
	struct log *log, enum log_level level, const char *event, const struct log_field *fields)
{
	if (level > log->most)
		return;
	if (log->pending.length + LIMIT_LOG_LINE > LIMIT_LOG_PENDING)
		log_flush(log);
	if (log->pending.length + LIMIT_LOG_LINE > LIMIT_LOG_PENDING) {
		log->dropped++;
		return;
	}
	note_dropped(log);
	append_line(log, level, event, fields);
	if (level <= LOG_WARN)
		log_flush(log);
}

/* A pipe that polls writable takes PIPE_BUF bytes at once, so this much never waits. */
static bool write_some(struct log *log, int timeout)
{
	struct pollfd ready = {.fd = log->descriptor, .events = POLLOUT};

	int polled = poll(&ready, 1, timeout);
	if (polled < 0 && errno == EINTR)
		return true;
	if (polled < 1 || (ready.revents & POLLOUT) == 0)
		return false;
	size_t length = log->pending.length < PIPE_BUF ? log->pending.length : PIPE_BUF;
	ssize_t written = write(log->descriptor, log->pending.bytes, length);
	if (written < 0)
		return errno == EINTR;
	buffer_consume(&log->pending, (size_t)written);
	return true;
}

void log_flush(struct log *log)
{
	while (log->pending.length > 0 && write_some(log, 0))
		;
}

void log_close(struct log *log)
{
	if (log == NULL)
		return;
	note_dropped(log);
	while (log->pending.length > 0 && write_some(log, LAST_WRITE_MS))
		;
	buffer_free(&log->pending);
	free(log);
}
