#ifndef ROLLCALL_NAME_KEY_H
#define ROLLCALL_NAME_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "../limit.h"
#include "../status.h"

/*
 * What names are compared by: the name after NFKC and case folding, in UTF-8.
 */

/* The key of a name that was accepted once, by whichever rules held then. STATUS_MALFORMED if it is
 * not UTF-8, STATUS_LIMIT if the key would not fit. */
enum status name_key_fold(const char *text, size_t length, char key[static LIMIT_NAME_KEY],
	size_t *key_length) MUST_CHECK;

/* Whether that will work for valid UTF-8, found out without doing it where possible. */
bool name_key_can_fold(const char *text, size_t length);

/* How a key compares with that of a name, one that can be folded: less than, equal to, or greater
 * than 0, as their bytes do, and a key before all that it begins. `is_beginning` tells whether it
 * begins the name's, which is longer. Folds the name only where ASCII does not decide. */
int name_key_compare(
	const char *key, size_t key_length, const char *text, size_t length, bool *is_beginning);

#endif
