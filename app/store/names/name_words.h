#ifndef ROLLCALL_STORE_NAMES_NAME_WORDS_H
#define ROLLCALL_STORE_NAMES_NAME_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No acceptable name has more words. Of one in an old list, those behind these are not found. */
#define NAME_WORDS_MOST 32

/* As far as words of a name are compared with each other: what they share beyond is not told. */
#define NAME_WORDS_SHARED_MOST 15

/*
 * Where a word of a name begins. A name has its first word at its beginning, and another where a
 * letter, mark or digit stands behind anything else, such as a space, hyphen or apostrophe. What is
 * compared of a word is the text from there to the end of the name, so that "jean-l" finds
 * Jean-Luc.
 */
struct name_word {
	uint16_t offset; /* bytes */
	/* The most bytes that the word has in common with any earlier one: another word of the name
	 * that is before it in memcmp()'s order. A search for that many bytes or fewer that finds
	 * this word finds the earlier one, too. NAME_WORDS_SHARED_MOST: that many or more. */
	uint16_t shared;
};

/* The words of a key or of its base form. Returns how many there are. */
size_t name_words_find(
	const char *text, size_t length, struct name_word words[static NAME_WORDS_MOST]);

/* Where the word ends that begins at `offset`. */
size_t name_words_end(const char *text, size_t length, size_t offset);

/* Whether the word at `offset` has `shared` bytes or more in common with an earlier one. It has at
 * least so many. Takes linear time, where name_words_find() compares all words with each other. */
bool name_words_has_earlier(const char *text, size_t length, size_t offset, size_t shared);

#endif
