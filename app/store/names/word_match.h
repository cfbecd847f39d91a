#ifndef ROLLCALL_STORE_NAMES_WORD_MATCH_H
#define ROLLCALL_STORE_NAMES_WORD_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "store/names/username.h"

/* Takes a key apart that was typed. Of a single word there is nothing to take: `count` is 0. */
void word_match_begin(struct typed_words *typed, const char *key, size_t key_length);

/* Whether words of the key, one behind the other, begin with those that were typed: with their
 * accents if they have any, else whatever accents the key has. All but the last have to be the
 * whole word; the last one, too, if it `is_whole`. Takes 1 to 7 us. */
bool word_match_key(
	const struct typed_words *typed, bool is_whole, const char *key, size_t key_length);

#endif
