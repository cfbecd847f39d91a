/*
 * Messages on standard error that are not part of the log: why a command failed, why the server
 * does not start. systemd's journal reads a priority at the beginning of a line; a person does not
 * want to see one, so it is only written where the journal reads.
 */
#include "base/standard_error.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/printable.h"

/* The longest message has two texts from outside the program, and words around them. */
#define MESSAGE_SIZE (2 * PRINTABLE_SIZE + 1024)

bool standard_error_is_journal(int descriptor)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char actual[64];
	struct stat status;

	if (stream == NULL || fstat(descriptor, &status) != 0)
		return false;
	snprintf(actual, sizeof(actual), "%ju:%ju", (uintmax_t)status.st_dev,
		(uintmax_t)status.st_ino);
	return strcmp(stream, actual) == 0;
}

const char *standard_error_priority(enum log_level level)
{
	static const char *const priorities[] = {
		[LOG_ERROR] = "<3>", [LOG_WARN] = "<4>", [LOG_INFO] = "<6>", [LOG_DEBUG] = "<7>"};

	return priorities[level];
}

__attribute__((format(printf, 2, 0))) static void write_message(
	enum log_level level, const char *format, va_list arguments)
{
	const char *priority =
		standard_error_is_journal(STDERR_FILENO) ? standard_error_priority(level) : "";
	char message[MESSAGE_SIZE];

	vsnprintf(message, sizeof(message), format, arguments);
	for (const char *line = message; *line != '\0';) {
		size_t length = strcspn(line, "\n");
		fprintf(stderr, "%s%.*s\n", priority, (int)length, line);
		line += length + (line[length] == '\n');
	}
}

void standard_error_say(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_message(LOG_ERROR, format, arguments);
	va_end(arguments);
}

void standard_error_warn(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_message(LOG_WARN, format, arguments);
	va_end(arguments);
}
