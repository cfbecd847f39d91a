#ifndef ROLLCALL_STORE_NAMES_BASE_FORM_H
#define ROLLCALL_STORE_NAMES_BASE_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <utf8proc.h>

#include "base/limit.h"

/*
 * A search compares names by the base form of their keys, in which é is e: the key in NFD, without
 * accents and other diacritics, and with a base letter for those few that have one and no
 * decomposition, such as ø. A syllable of Hangul begins with the letters that it is typed with: 하
 * is the beginning of 한. What makes another letter of its own in its script stays: vowel signs,
 * virama and nukta, tone marks of Thai. A voiced kana stays one character, as it is typed: か is
 * not the beginning of が. Of several characters of ASCII between two words, as in "J. R.", there
 * is one space.
 */

/* Writes the base form of a key, or of its beginning. Returns its length. `accented` is set to how
 * many bytes of the key there are up to the end of its last letter that lost an accent or was
 * replaced; 0: there is none. Loop thread only. */
size_t base_form_make(
	const char *key, size_t key_length, char base[static LIMIT_NAME_BASE], size_t *accented);

/* Whether a key in ASCII, which has no accents, differs from its base form all the same: it has
 * several characters between two words. */
bool base_form_has_row(const char *key, size_t length);

/* Whether a character that is not ASCII is part of a word: a letter, mark or digit. */
bool base_form_is_in_word(utf8proc_int32_t point);

#endif
