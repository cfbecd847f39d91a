#ifndef ROLLCALL_BASE_PRINTABLE_H
#define ROLLCALL_BASE_PRINTABLE_H

#include <stddef.h>
#include <string.h>

#include "base/buffer.h"

/*
 * Text from outside the program, made fit for a log, a terminal or a service manager: one line of
 * valid UTF-8 that commands nothing and hides nothing. A name in any script stays as it is.
 *
 *	\x0a, \xff      an ASCII control character; a byte that is not UTF-8
 *	\u{202e}        any other character that is not printable: controls (C1), line and paragraph
 *	                separators, formats (of direction above all), those that are private or not
 *	                assigned. Joiners within words stay.
 *	\\              a backslash, so that the others cannot be imitated
 *
 * What is too long is cut between two characters, and ends with PRINTABLE_CUT.
 */
#define PRINTABLE_CUT "\u2026" /* a horizontal ellipsis */

/* How much of the text to keep, of at most `most` bytes: less than that where a character would be
 * cut in two. */
size_t printable_length(const char *text, size_t length, size_t most);

/* For printf(3): a text that is cut, and marked where it is, but not escaped yet, like
 * printf(PRINTABLE_FORMAT "\n", PRINTABLE_UP_TO(200, text)). */
#define PRINTABLE_FORMAT "%.*s%s"
#define PRINTABLE_UP_TO(most, text)                                                                \
	(int)printable_length((text), strlen(text), (most)), (text),                               \
		strlen(text) > (most) ? PRINTABLE_CUT : ""

/* Appends all of the text. `escaped` has the printable characters of ASCII, at most four, that get
 * a backslash too: "\\" in most places. */
void printable_append(struct buffer *out, const char *text, size_t length, const char *escaped);

/* The text for a message, cut after PRINTABLE_MOST bytes: valid until the end of the block. */
#define PRINTABLE_MOST                1024
#define PRINTABLE_SIZE                (sizeof(char[4]) * PRINTABLE_MOST + sizeof(PRINTABLE_CUT))
#define PRINTABLE(text)               PRINTABLE_BYTES((text), strlen(text))
#define PRINTABLE_BYTES(text, length) printable((char[PRINTABLE_SIZE]){0}, (text), (length))
const char *printable(char room[static PRINTABLE_SIZE], const char *text, size_t length);

#endif
