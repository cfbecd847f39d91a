#ifndef ROLLCALL_STORE_NAMES_USERNAME_H
#define ROLLCALL_STORE_NAMES_USERNAME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/limit.h"
#include "base/result.h"

/*
 * Which names are accepted, and which two are the same.
 *
 * A name has 1 to 64 code points after trimming of white space and NFC: characters of the
 * IdentifierClass (RFC 8264, section 4.2: letters, marks and digits), with single spaces, dots,
 * underscores and hyphens between them. A letter may have LIMIT_NAME_MARKS non-spacing marks, and
 * as many spacing ones, such as Burmese vowels. Fullwidth and halfwidth forms count as the
 * characters that they stand for, and names with right-to-left characters obey the Bidi rule, as in
 * RFC 8265's UsernameCaseMapped profile. Names are shown as entered; two are the same if NFKC case
 * folding makes them equal.
 */
struct username {
	char text[LIMIT_NAME]; /* as shown */
	size_t length;
	char key[LIMIT_NAME_KEY]; /* as compared */
	size_t key_length;
};

enum username_problem {
	USERNAME_FINE,
	USERNAME_EMPTY,
	USERNAME_TOO_LONG,
	USERNAME_CHARACTER, /* a character that is not allowed */
	USERNAME_SEPARATOR, /* a separator at an end, or two in a row */
	USERNAME_MARK,      /* a combining mark with nothing to combine with */
	USERNAME_MARKS,     /* too many marks in a row */
	USERNAME_DIRECTION, /* left-to-right and right-to-left mixed in a way that cannot be read
			       reliably */
	USERNAME_DIGITS,    /* Arabic-Indic digits of two kinds */
};

/* `text` may be any bytes: USERNAME_CHARACTER if they are not UTF-8. */
enum username_problem username_parse(
	const char *text, size_t length, struct username *username) MUST_CHECK;

/* The beginning of names for a search. A space at its end stands for the end of a word: the name
 * has a space there, or ends. */
struct username_beginning {
	char text[LIMIT_NAME + 1]; /* as entered, without other white space around it */
	size_t length;
	char key[LIMIT_NAME_KEY]; /* the beginning of the keys of such names */
	size_t key_length;
	size_t word_length; /* without that space: a key of this length matches, too */
};

/* Folds the beginning of a name like a name, without white space before it. USERNAME_EMPTY: it is
 * only white space. USERNAME_TOO_LONG, USERNAME_CHARACTER: no name begins with it. */
enum username_problem username_parse_beginning(
	const char *text, size_t length, struct username_beginning *beginning) MUST_CHECK;

/* The version of the Unicode tables that the rules use. */
const char *username_unicode_version(void);

#endif
