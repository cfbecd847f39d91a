#ifndef ROLLCALL_STORE_NAMES_NAME_KEY_H
#define ROLLCALL_STORE_NAMES_NAME_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/limit.h"
#include "base/result.h"

/*
 * Names are compared by their keys: the name after NFKC and case folding, with one apostrophe for
 * all of them, in UTF-8.
 */

/* The key of a stored name, which may not be acceptable by today's rules. RESULT_MALFORMED if it is
 * not UTF-8, RESULT_LIMIT if the key is too long. */
enum result name_key_fold(const char *text, size_t length, char key[static LIMIT_NAME_KEY],
	size_t *key_length) MUST_CHECK;

/* Most keys are the name in lower-case ASCII letters, and are not kept beside the name. In these
 * functions `text` is such a name, or a key; upper-case ASCII letters in it count as lower-case. */

/* Whether the key is that of the text. */
bool name_key_is_lowered(const char *key, size_t key_length, const char *text, size_t length);

/* Writes the text with lower-case ASCII letters, in as many bytes. */
void name_key_lower(const char *text, size_t length, char *lowered);

/* Writes what an order of names has of the text, in as many bytes: lower-case ASCII letters, and a
 * space for each hyphen, apostrophe, full stop and underscore: "jean luc" is to find Jean-Luc. */
void name_key_order(const char *text, size_t length, char *order);

/* Compares what an order has of two texts, byte by byte, as memcmp() does; a text comes before all
 * that begin with it. Sets `is_beginning` if `b` begins with `a` and is longer. */
int name_key_compare(
	const char *a, size_t a_length, const char *b, size_t b_length, bool *is_beginning);

#endif
