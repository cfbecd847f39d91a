#ifndef ROLLCALL_STORE_NAMES_NAME_KEY_H
#define ROLLCALL_STORE_NAMES_NAME_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/limit.h"
#include "base/result.h"

/*
 * What names are compared by: the name after NFKC and case folding, in UTF-8.
 */

/* The key of a name that was accepted once, by whichever rules held then. RESULT_MALFORMED if it is
 * not UTF-8, RESULT_LIMIT if the key would not fit. */
enum result name_key_fold(const char *text, size_t length, char key[static LIMIT_NAME_KEY],
	size_t *key_length) MUST_CHECK;

/* A key need not be kept where it is the name, but for capitals of ASCII: so it is with most names.
 * These take any text whose ASCII letters are made small, as that of a key, or of such a name. */

/* Whether the key is that of the text. */
bool name_key_is_lowered(const char *key, size_t key_length, const char *text, size_t length);

/* Writes as many bytes as it is given. */
void name_key_lower(const char *text, size_t length, char *lowered);

/* How many of the first `most` bytes of a key are those of the text. */
size_t name_key_common(const char *key, const char *text, size_t most);

/* How a key compares with that: less than, equal to, or greater than 0, as their bytes do, and a
 * key before all that it begins. `is_beginning` tells whether it begins the other, which is longer.
 */
int name_key_compare(
	const char *key, size_t key_length, const char *text, size_t length, bool *is_beginning);

#endif
