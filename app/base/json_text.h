#ifndef ROLLCALL_BASE_JSON_TEXT_H
#define ROLLCALL_BASE_JSON_TEXT_H

#include <jansson.h>
#include <stddef.h>

#include "base/buffer.h"

/* Writes JSON (RFC 8259), which json_reader.h reads. */

/* Writes the value compactly, with UTF-8 as it is, and gives it back to jansson. NULL, which is
 * what jansson builds when memory is short, is a failed append. */
void json_text_write(struct buffer *out, json_t *value);

/* Writes a string of UTF-8, as that would: for what is written so often that to build values first
 * would cost ten times the rest. */
void json_text_string(struct buffer *out, const char *text, size_t length);

#endif
