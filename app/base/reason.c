/*
 * Reasons are made here and nowhere else, so that a function can set one and fail in a single
 * statement, and every reason has the same room.
 */
#include "base/reason.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void format_reason(struct reason *reason, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));

static void format_reason(struct reason *reason, const char *format, va_list arguments)
{
	int cause = errno;

	vsnprintf(reason->text, sizeof(reason->text), format, arguments);
	errno = cause;
}

void reason_set(struct reason *reason, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	format_reason(reason, format, arguments);
	va_end(arguments);
}

enum result reason_fail(struct reason *reason, enum result result, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	format_reason(reason, format, arguments);
	va_end(arguments);
	return result;
}

enum result reason_fail_errno(struct reason *reason, const char *format, ...)
{
	int cause = errno;
	va_list arguments;

	va_start(arguments, format);
	format_reason(reason, format, arguments);
	va_end(arguments);
	size_t length = strlen(reason->text);
	snprintf(reason->text + length, sizeof(reason->text) - length, ": %s", strerror(cause));
	errno = cause;
	return RESULT_SYSTEM;
}
