#ifndef ROLLCALL_JSON_TEXT_H
#define ROLLCALL_JSON_TEXT_H

#include <jansson.h>
#include <stddef.h>

#include "buffer.h"

/* JSON (RFC 8259) as text. jansson reads and writes it; how strictly, and in which words, is
 * decided here. */

/*
 * Reads a text of UTF-8 that is nothing but one value. A member that is there twice is an error, a
 * NUL in a string is not. All numbers become reals: none is looked at, and so none is too large for
 * being whole. The caller owns the value. NULL: `reason` says why in a few words, and is NULL
 * itself when it was memory.
 */
json_t *json_text_read(const char *text, size_t length, const char **reason);

/* Writes the value compactly, with UTF-8 as it is, and gives it back to jansson. NULL, which is
 * what jansson builds when memory is short, is a failed append. */
void json_text_write(struct buffer *out, json_t *value);

/* Writes a string of UTF-8, as that would: for what is written so often that to build values first
 * would cost ten times the rest. */
void json_text_string(struct buffer *out, const char *text, size_t length);

#endif
