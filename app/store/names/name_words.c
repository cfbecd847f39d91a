/*
 * The words of names. Of two words of one name that a text finds, the list shows the user at one
 * only, the first in the order: which of them that is depends on the length of the text alone, so
 * it is worked out here, once.
 */
#include "store/names/name_words.h"

#include <string.h>

#include "base/scratch.h"
#include "base/utf8.h"
#include "store/names/base_form.h"
#include "store/names/code_points.h"

/* A bit for each character of ASCII: letters and digits. */
static const uint64_t ascii_in_words[] = {0x03ff000000000000, 0x07fffffe07fffffe};

static size_t end_of_ascii_row(const char *text, size_t length, size_t at, bool are_in_word)
{
	while (at < length) {
		unsigned c = (unsigned char)text[at];
		if (c > 127 || (ascii_in_words[c >> 6] >> (c & 63) & 1) != are_in_word)
			break;
		at++;
	}
	return at;
}

/* The end of a row of characters that all are in a word, or all between two. */
static size_t end_of_row(const char *text, size_t length, size_t at, bool are_in_word)
{
	for (;;) {
		int32_t point;
		at = end_of_ascii_row(text, length, at, are_in_word);
		if (at == length || code_point_is_ascii((unsigned char)text[at]))
			return at;
		size_t step = utf8_decode(text + at, length - at, &point);
		if (base_form_is_in_word(point) != are_in_word)
			return at;
		at += step > 0 ? step : 1;
	}
}

static size_t find_words(
	const char *text, size_t length, struct name_word words[static NAME_WORDS_MOST])
{
	size_t count = 0, at = 0; /* the first word is at the beginning, whatever that is */

	do {
		words[count++] = (struct name_word){.offset = (uint16_t)at};
		at = end_of_row(text, length, at, true);
		at = end_of_row(text, length, at, false);
	} while (at < length && count < NAME_WORDS_MOST);
	return count;
}

/* Whether the text from one word on comes before that from another. */
static bool word_is_before(const char *text, size_t length, size_t offset, size_t other)
{
	int order = memcmp(text + offset, text + other, length - (offset > other ? offset : other));

	return order != 0 ? order < 0 : offset > other;
}

/* Compares two words, of which `b` begins later. */
static void share(const char *text, size_t length, struct name_word *a, struct name_word *b)
{
	size_t same = 0, most = length - b->offset;

	if (most > NAME_WORDS_SHARED_MOST)
		most = NAME_WORDS_SHARED_MOST;
	while (same < most && text[a->offset + same] == text[b->offset + same])
		same++;
	struct name_word *later = word_is_before(text, length, b->offset, a->offset) ? a : b;
	if (later->shared < same)
		later->shared = (uint16_t)same;
}

size_t name_words_find(
	const char *text, size_t length, struct name_word words[static NAME_WORDS_MOST])
{
	size_t count = find_words(text, length, words);

	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < i; j++)
			share(text, length, &words[j], &words[i]);
	return count;
}

size_t name_words_end(const char *text, size_t length, size_t offset)
{
	return end_of_row(text, length, offset, true);
}

bool name_words_has_earlier(const char *text, size_t length, size_t offset, size_t shared)
{
	SCRATCH struct name_word words[NAME_WORDS_MOST];
	size_t count = find_words(text, length, words);

	for (size_t i = 0; i < count && length - words[i].offset >= shared; i++)
		if (words[i].offset != offset &&
			memcmp(text + words[i].offset, text + offset, shared) == 0 &&
			word_is_before(text, length, words[i].offset, offset))
			return true;
	return false;
}
