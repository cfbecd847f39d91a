#ifndef ROLLCALL_HTTP_RESPONSE_HEAD_H
#define ROLLCALL_HTTP_RESPONSE_HEAD_H

#include <stddef.h>

#include "base/buffer.h"
#include "http/request_times.h"

/* The head of a response, in a buffer: a status line, and header fields. The first field begins it.
 */
void response_head_append(
	struct buffer *head, const char *name, const char *value, size_t value_length);

/* Adds fields as they stand in a head, each with its line end. */
void response_head_append_lines(struct buffer *head, const char *lines);

/* Adds the security headers that every response carries, and Server-Timing if there is `timing`.
 * Returns at which byte of the buffer the head begins: with the status line, right before the
 * header fields. */
size_t response_head_finish(
	struct buffer *head, unsigned status, const struct request_times *timing);

#endif
