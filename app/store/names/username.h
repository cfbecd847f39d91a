#ifndef ROLLCALL_STORE_NAMES_USERNAME_H
#define ROLLCALL_STORE_NAMES_USERNAME_H

#include <stdbool.h>
#include <stddef.h>
#include <utf8proc.h>

#include "base/limit.h"
#include "base/result.h"
#include "store/names/lookalike.h"
#include "store/names/name_words.h"

/*
 * Which names are accepted, and which two are the same.
 *
 * A name has 1 to 64 code points after NFC, trimming of white space, and folding of several spaces
 * into one. It has words of letters, marks and digits of any script (the IdentifierClass of RFC
 * 8264, section 4.2), and between two words a space, hyphen, underscore or full stop. A full stop
 * may also end a word. An apostrophe stands within a word, before it or behind it. The joiners and
 * middle dots of RFC 5892, appendix A, stand where that appendix allows them. A letter may have
 * LIMIT_NAME_MARKS non-spacing marks, and as many spacing ones, such as Burmese vowels. Fullwidth
 * and halfwidth forms count as the characters that they stand for. If a name has letters of both
 * directions, each of its words begins with a letter and has letters of one. It has letters of one
 * script, or of those that scripts.h lets it mix.
 *
 * Names are shown as entered; two are the same if NFKC case folding, and one apostrophe for all,
 * make them equal.
 */
struct username {
	char text[LIMIT_NAME]; /* as shown */
	size_t length;
	char key[LIMIT_NAME_KEY]; /* as compared */
	size_t key_length;
	enum lookalike lookalike;
	/* For USERNAME_CHARACTER: the one that is refused, -1 if the text is not UTF-8. For
	 * USERNAME_SCRIPTS: a letter, and one of those beside it that are of another script. */
	utf8proc_int32_t refused;
	utf8proc_int32_t beside;
};

enum username_problem {
	USERNAME_FINE,
	USERNAME_EMPTY,
	USERNAME_TOO_LONG,
	USERNAME_CHARACTER, /* a character that is not allowed */
	USERNAME_SEPARATOR, /* a separator at an end or beside another, an apostrophe without a
			       letter */
	USERNAME_MARK,      /* a combining mark with nothing to combine with */
	USERNAME_MARKS,     /* too many marks in a row */
	USERNAME_DIRECTION, /* letters of both directions in a word, or a digit before those of one
			     */
	USERNAME_DIGITS,    /* digits of two kinds that are shown in different directions */
	USERNAME_SCRIPTS,   /* letters of scripts that are not mixed */
};

/* `text` may be any bytes: USERNAME_CHARACTER if they are not UTF-8. */
enum username_problem username_parse(
	const char *text, size_t length, struct username *username) MUST_CHECK;

/* A word that is typed. */
struct typed_word {
	uint16_t offset;  /* bytes, in typed_words.text */
	uint16_t length;  /* of its key, if it has an accent, else of its base form */
	bool is_accented; /* the word that it finds must have the same accents */
};

struct typed_words {
	size_t count;
	struct typed_word words[NAME_WORDS_MOST];
	char text[LIMIT_NAME_KEY];
};

/* The beginning of words of names for a search, as orders of names have it: a space for what stands
 * between words (name_key_order()). A space at its end stands for the end of a word: the name has
 * one there, or ends. */
struct username_beginning {
	char text[LIMIT_NAME + 1]; /* as entered, without other white space around it */
	size_t length;
	/* A single word is compared by its key if it has an accent, else by its base form
	 * (base_form.h): e finds é, but é finds é alone. Several words are compared by their base
	 * forms; if any of them has an accent, those that are found so are looked at once more
	 * (word_match.h). */
	bool is_accented;
	struct typed_words accents; /* count: 0 if that is not needed */
	char key[LIMIT_NAME_BASE];  /* the beginning of such words, in that form */
	size_t key_length;
	size_t word_length; /* without that space: a word of this length matches, too */
};

/* Folds the beginning of a name like a name, without white space before it. USERNAME_EMPTY: it is
 * only white space. USERNAME_TOO_LONG, USERNAME_CHARACTER: no name begins with it. */
enum username_problem username_parse_beginning(
	const char *text, size_t length, struct username_beginning *beginning) MUST_CHECK;

/* The version of the Unicode tables that the rules use. */
const char *username_unicode_version(void);

#endif
