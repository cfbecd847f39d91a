/*
 * The words of names. Of two words of one name that a text finds, the list shows the user at one
 * only, the first in the order: which of them that is depends on the length of the text alone, so
 * it is worked out here, once.
 */
#include "store/names/name_words.h"

#include <stdbool.h>

#include "base/utf8.h"
#include "store/names/base_form.h"
#include "store/names/code_points.h"

static bool is_in_word(int32_t point)
{
	if (!code_point_is_ascii(point))
		return base_form_is_in_word(point);
	return code_point_is_within(point | 0x20, 'a', 'z') ||
	       code_point_is_within(point, '0', '9');
}

static size_t find_words(
	const char *text, size_t length, struct name_word words[static NAME_WORDS_MOST])
{
	bool was_in_word = true; /* the first word is at the beginning, whatever that is */
	size_t count = 1;

	words[0] = (struct name_word){.offset = 0};
	for (size_t i = 0; i < length && count < NAME_WORDS_MOST;) {
		int32_t point = (unsigned char)text[i];
		size_t step = 1;
		/* Decoding ASCII, too, a create takes 300 instructions more, 1 %. */
		if (!code_point_is_ascii(point))
			step = utf8_decode(text + i, length - i, &point);
		if (is_in_word(point) && !was_in_word)
			words[count++] = (struct name_word){.offset = (uint16_t)i};
		was_in_word = is_in_word(point);
		i += step > 0 ? step : 1;
	}
	return count;
}

/* Compares two words. The one with the smaller number begins earlier, and so is longer. */
static void share(const char *text, size_t length, struct name_word *a, struct name_word *b)
{
	size_t same = 0, most = length - b->offset;

	while (same < most && text[a->offset + same] == text[b->offset + same])
		same++;
	bool is_b_first = same == most || (unsigned char)text[b->offset + same] <
						  (unsigned char)text[a->offset + same];
	struct name_word *later = is_b_first ? a : b;
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
