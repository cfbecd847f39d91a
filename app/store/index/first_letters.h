#ifndef ROLLCALL_STORE_INDEX_FIRST_LETTERS_H
#define ROLLCALL_STORE_INDEX_FIRST_LETTERS_H

#include <stddef.h>
#include <stdint.h>

#include "base/limit.h"
#include "base/utf8.h"

/*
 * The letters and digits that words begin with, in their base form: the first LIMIT_LETTERS_KEPT of
 * them by their code points. They are added with the words. A zeroed struct has none.
 */
struct first_letters {
	uint64_t ascii[2]; /* a bit for each of them that was added */
	size_t count;
	int32_t points[LIMIT_LETTERS_KEPT];
	uint8_t scripts[LIMIT_LETTERS_KEPT]; /* of each */
	/* For people: capitals where there are, and the letters of Hangul as they are typed, one
	 * after the other, with a space between scripts. LIMIT_LETTERS at most: if there are more,
	 * those scripts that have many show their first. Terminated. Each letter, typed, finds
	 * these words. */
	char text[LIMIT_LETTERS * (UTF8_MOST + 1) + 1];
};

/* Adds the first character of a word, unless it is neither letter nor digit. */
void first_letters_add(struct first_letters *letters, const char *word, size_t length);

/* Bytes of the first character of a word; 0: it is neither letter nor digit. */
size_t first_letters_length(const char *word, size_t length);

/* Removes the first character of a word, of which there are no more words. */
void first_letters_remove(struct first_letters *letters, const char *word, size_t length);

#endif
