/*
 * A search for several words, of which some have accents: "jürgen muller" is to find Jürgen Müller,
 * and not Jurgen Müller. No order of names has such texts one behind the other, so the users who
 * are found by the base forms of all words are looked at one by one.
 */
#include "store/names/word_match.h"

#include <string.h>

#include "store/names/base_form.h"

/* In either form. */
struct word_text {
	const char *text;
	size_t length;
	char base[LIMIT_NAME_BASE];
};

static void begin_word(struct word_text *word, const char *text, size_t length, bool is_accented)
{
	size_t accented;

	word->text = text;
	word->length = length;
	if (is_accented)
		return;
	word->length = base_form_make(text, length, word->base, &accented);
	word->text = word->base;
}

static void take_word(struct typed_words *typed, size_t *used, const char *text, size_t length)
{
	struct word_text word;
	size_t accented;

	begin_word(&word, text, length, false);
	base_form_make(text, length, word.base, &accented);
	if (accented > 0)
		begin_word(&word, text, length, true);
	if (word.length > sizeof(typed->text) - *used)
		word.length = sizeof(typed->text) - *used;
	memcpy(typed->text + *used, word.text, word.length);
	typed->words[typed->count++] = (struct typed_word){.offset = (uint16_t)*used,
		.length = (uint16_t)word.length,
		.is_accented = accented > 0};
	*used += word.length;
}

void word_match_begin(struct typed_words *typed, const char *key, size_t key_length)
{
	struct name_word words[NAME_WORDS_MOST];
	size_t count = name_words_find(key, key_length, words), used = 0;

	typed->count = 0;
	for (size_t i = 0; count > 1 && i < count; i++)
		take_word(typed, &used, key + words[i].offset,
			name_words_end(key, key_length, words[i].offset) - words[i].offset);
}

static bool is_word_found(
	const struct typed_words *typed, size_t at, bool is_whole, const char *text, size_t length)
{
	const struct typed_word *wanted = &typed->words[at];
	struct word_text word;

	begin_word(&word, text, length, wanted->is_accented);
	return word.length >= wanted->length && (!is_whole || word.length == wanted->length) &&
	       memcmp(word.text, typed->text + wanted->offset, wanted->length) == 0;
}

bool word_match_key(
	const struct typed_words *typed, bool is_whole, const char *key, size_t key_length)
{
	struct name_word words[NAME_WORDS_MOST];
	size_t count = name_words_find(key, key_length, words);

	for (size_t first = 0; first + typed->count <= count; first++) {
		size_t i = 0;
		for (; i < typed->count; i++) {
			size_t offset = words[first + i].offset;
			size_t end = name_words_end(key, key_length, offset);
			if (!is_word_found(typed, i, is_whole || i + 1 < typed->count, key + offset,
				    end - offset))
				break;
		}
		if (i == typed->count)
			return true;
	}
	return false;
}
