#ifndef ROLLCALL_STORE_NAMES_NAME_KEY_H
#define ROLLCALL_STORE_NAMES_NAME_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/limit.h"
#include "base/result.h"

/*
 * What names are compared by: the name after NFKC and case folding, in UTF-8.
 */

/* The key of a name that was accepted once, by the rules of that time. RESULT_MALFORMED if it is
 * not UTF-8, RESULT_LIMIT if the key is too long. */
enum result name_key_fold(const char *text, size_t length, char key[static LIMIT_NAME_KEY],
	size_t *key_length) MUST_CHECK;

/* Most keys are the name with small ASCII letters, and need not be kept beside it. These functions
 * compare with such a name, or with a key: both are `text`, of which any capital ASCII letter is
 * read as a small one. */

/* Whether the key is that of the text. */
bool name_key_is_lowered(const char *key, size_t key_length, const char *text, size_t length);

/* Writes the text with small ASCII letters: as many bytes as it has. */
void name_key_lower(const char *text, size_t length, char *lowered);

/* Compares a key with that of the text, byte by byte, as memcmp() does; a key stands before all
 * that begin with it. `is_beginning` is set if the text goes on behind the key. */
int name_key_compare(
	const char *key, size_t key_length, const char *text, size_t length, bool *is_beginning);

#endif
