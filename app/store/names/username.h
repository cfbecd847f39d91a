#ifndef ROLLCALL_STORE_NAMES_USERNAME_H
#define ROLLCALL_STORE_NAMES_USERNAME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/limit.h"
#include "base/result.h"

/*
 * Which names are accepted, and when two are the same.
 *
 * A name is 1 to 64 code points after trimming white space and NFC: characters of the
 * IdentifierClass (RFC 8264, section 4.2, its letters, marks and digits), with single spaces, dots,
 * underscores and hyphens between them. A letter has up to LIMIT_NAME_MARKS marks that stand over
 * or under it, and as many that stand beside it, as the vowels of Burmese do. Fullwidth and
 * halfwidth forms are judged as what they stand for, and names with right-to-left characters obey
 * the Bidi rule, as for RFC 8265's UsernameCaseMapped profile. Shown as entered; the same as
 * another if NFKC case folding makes them equal.
 */
struct username {
	char text[LIMIT_NAME]; /* as it is shown */
	size_t length;
	char key[LIMIT_NAME_KEY]; /* as it is compared */
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

/* `text` is any bytes: USERNAME_CHARACTER if they are not UTF-8. */
enum username_problem username_parse(
	const char *text, size_t length, struct username *username) MUST_CHECK;

/* The beginning of names, as a client searches for it. A space at its end stands for the end of a
 * word: the name has a space there, or ends. */
struct username_beginning {
	char text[LIMIT_NAME + 1]; /* as entered, without any other space around it */
	size_t length;
	char key[LIMIT_NAME_KEY]; /* the beginning of the keys of such names */
	size_t key_length;
	size_t word_length; /* without that space: a key that ends here matches, too */
};

/* Folds the beginning of a name as names are folded, without white space before it. USERNAME_EMPTY:
 * there is only white space. USERNAME_TOO_LONG, USERNAME_CHARACTER: no name begins with it. */
enum username_problem username_parse_beginning(
	const char *text, size_t length, struct username_beginning *beginning) MUST_CHECK;

/* The version of the Unicode tables that the rules use. */
const char *username_unicode_version(void);

#endif
