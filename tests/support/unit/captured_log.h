#ifndef ROLLCALL_TESTS_SUPPORT_UNIT_CAPTURED_LOG_H
#define ROLLCALL_TESTS_SUPPORT_UNIT_CAPTURED_LOG_H

#include <stddef.h>

#include "base/log.h"

/* A log whose lines a test can read. */
struct captured_log {
	struct log *log;
	int file;
	char *text;
};

void captured_log_open(struct captured_log *captured, enum log_level most);

/* All lines so far; valid until the next call. */
const char *captured_log_text(struct captured_log *captured);

/* Fails the test if the text is not in the log. */
void captured_log_expect(struct captured_log *captured, const char *text);

/* How many lines of it have that event. */
size_t captured_log_count(struct captured_log *captured, const char *event);

void captured_log_close(struct captured_log *captured);

#endif
