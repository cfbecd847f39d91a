/*
 * A search for several words, of which some have accents: "jürgen muller" is to find Jürgen Müller,
 * and not Jurgen Müller. No order of names has such texts one behind the other, so the users who
 * are found by the base forms of all words are looked at one by one.
 */
#include "store/names/word_match.h"

#include <string.h>

#include "base/scratch.h"
#include "store/names/base_form.h"

struct word_text {
	const char *text;
	size_t length;
};

/* The words of a key in both forms: made once, since each may be compared with each that was typed.
 */
struct key_words {
	struct word_text keys[NAME_WORDS_MOST];
	struct word_text bases[NAME_WORDS_MOST];
	size_t count;
	char text[2 * LIMIT_NAME_BASE]; /* of the base forms, with room for one more */
};

static void take_word(struct typed_words *typed, size_t *used, const char *text, size_t length)
{
	SCRATCH char base[LIMIT_NAME_BASE];
	size_t accented, base_length = base_form_make(text, length, base, &accented);
	struct word_text word = {.text = text, .length = length};

	if (accented == 0)
		word = (struct word_text){.text = base, .length = base_length};
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
	SCRATCH struct name_word words[NAME_WORDS_MOST];
	size_t count = name_words_find(key, key_length, words), used = 0;

	typed->count = 0;
	for (size_t i = 0; count > 1 && i < count; i++)
		take_word(typed, &used, key + words[i].offset,
			name_words_end(key, key_length, words[i].offset) - words[i].offset);
}

static void take_key_words(struct key_words *words, const char *key, size_t key_length)
{
	SCRATCH struct name_word found[NAME_WORDS_MOST];
	size_t used = 0, accented;

	words->count = name_words_find(key, key_length, found);
	for (size_t i = 0; i < words->count; i++) {
		const char *text = key + found[i].offset;
		size_t length = name_words_end(key, key_length, found[i].offset) - found[i].offset;
		words->keys[i] = (struct word_text){.text = text, .length = length};
		words->bases[i].text = words->text + used;
		words->bases[i].length =
			base_form_make(text, length, words->text + used, &accented);
		used += words->bases[i].length;
	}
}

static bool is_word_found(
	const struct typed_words *typed, size_t at, bool is_whole, const struct word_text *word)
{
	const struct typed_word *wanted = &typed->words[at];

	return word->length >= wanted->length && (!is_whole || word->length == wanted->length) &&
	       memcmp(word->text, typed->text + wanted->offset, wanted->length) == 0;
}

bool word_match_key(
	const struct typed_words *typed, bool is_whole, const char *key, size_t key_length)
{
	struct key_words words;

	take_key_words(&words, key, key_length);
	for (size_t first = 0; first + typed->count <= words.count; first++) {
		size_t i = 0;
		for (; i < typed->count; i++) {
			const struct word_text *forms =
				typed->words[i].is_accented ? words.keys : words.bases;
			if (!is_word_found(
				    typed, i, is_whole || i + 1 < typed->count, &forms[first + i]))
				break;
		}
		if (i == typed->count)
			return true;
	}
	return false;
}
