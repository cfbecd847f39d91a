#ifndef ROLLCALL_BASE_TEXT_PLAIN_TEXT_H
#define ROLLCALL_BASE_TEXT_PLAIN_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/reason.h"

/* A text for people: `most` characters (code points) of UTF-8, without control characters. */
struct plain_text_rule {
	size_t most;
	bool has_lines;   /* line feeds are taken */
	bool has_escapes; /* a backslash and an n are a line feed, too: in an option */
	bool is_required; /* something of it can be seen */
};

/* Copies the value, with real line feeds, into `text`, which has room for 4 * most + 1 bytes;
 * nothing if nothing of it can be seen. False after a failure, which is explained. */
bool plain_text_read(
	const char *value, const struct plain_text_rule *rule, char *text, struct reason *reason);

#endif
