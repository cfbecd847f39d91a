#ifndef ROLLCALL_BASE_LOG_LINE_H
#define ROLLCALL_BASE_LOG_LINE_H

#include "base/buffer.h"
#include "base/log.h"

/* Appends a line of the log (log.h): the time as timestamp_format() has it, and fields up to one
 * without a key. */
void log_line_append(struct buffer *out, const char *time, enum log_level level, const char *event,
	const struct log_field *fields);

#endif
