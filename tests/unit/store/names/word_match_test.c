/* Several words, of which some have accents, in the keys of names. */
#include "store/names/word_match.h"

#include <string.h>

#include "support/test.h"

static bool is_found(const char *typed, bool is_whole, const char *key)
{
	struct typed_words words;

	word_match_begin(&words, typed, strlen(typed));
	return word_match_key(&words, is_whole, key, strlen(key));
}

TEST(words_one_behind_the_other)
{
	static const struct {
		const char *typed, *key;
		bool is_found, is_found_whole;
	} rows[] = {
		{"ada bob", "ada bob", true, true},
		{"ada bo", "ada bob", true, false},
		{"ada b", "ada", false, false},
		{"ada bob", "ada", false, false},
		{"ada bob", "bob ada", false, false},
		{"ada bob", "ada eve bob", false, false},
		{"ada bob", "eve ada bob", true, true},
		{"ada bob", "eve ada bobby", true, false},
		{"ada bob", "ada ada bob", true, true},
		{"ada bob", "adam bob", false, false},
		{"ad bob", "ada bob", false, false},
		{"da bob", "ada bob", false, false},
		{"ada bob eve", "ada bob", false, false},
		{"ada bob eve", "ada bob eve", true, true},
		{"ada bob eve", "ada bob evelyn", true, false},
		{"ada bob eve", "ada bo eve", false, false},
		/* without accents they stand for those with some; with them, for themselves */
		{"jurgen muller", "j\u00fcrgen m\u00fcller", true, true},
		{"jurgen mull", "j\u00fcrgen m\u00fcller", true, false},
		{"j\u00fcrgen muller", "j\u00fcrgen m\u00fcller", true, true},
		{"jurgen m\u00fcller", "j\u00fcrgen m\u00fcller", true, true},
		{"j\u00fcrgen muller", "jurgen m\u00fcller", false, false},
		{"jurgen m\u00fc", "j\u00fcrgen m\u00fcller", true, false},
		{"jurgen m\u00fc", "j\u00fcrgen muller", false, false},
		{"j\u00fcrgen m\u00fcller", "eve j\u00fcrgen m\u00fcller", true, true},
		/* the form without accents is another where there are none, too */
		{"\ud55c \uad6d", "\ud55c \uad6d", true, true},
		{"j\u00fcrgen m\u00fcller", "\u00e9ve jurgen muller", false, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (is_found(rows[i].typed, false, rows[i].key) != rows[i].is_found ||
			is_found(rows[i].typed, true, rows[i].key) != rows[i].is_found_whole)
			fail_msg("'%s' in '%s'", rows[i].typed, rows[i].key);
	}
}

/* Another search does not remember the one before. */
TEST(begun_anew)
{
	struct typed_words words;

	word_match_begin(&words, "ada bob eve", 11);
	assert_int_equal(words.count, 3);
	word_match_begin(&words, "ada bob", 7);
	assert_int_equal(words.count, 2);
	assert_true(word_match_key(&words, true, "ada bob", 7));
}

/* Longer than any that is typed can be, once it is taken apart. */
TEST(no_room)
{
	struct typed_words words;
	static const char letter[] = {(char)0xed, (char)0x95, (char)0x9c}; /* of Hangul */
	char key[601];

	for (size_t i = 0; i < 200; i++)
		memcpy(key + 3 * i + (i >= 100), letter, 3);
	key[300] = ' ';
	word_match_begin(&words, key, sizeof(key));
	assert_int_equal(words.count, 2);
	assert_int_equal(words.words[0].length, sizeof(words.text));
	assert_int_equal(words.words[1].length, 0);
}

/* No order of names needs help with one word. */
TEST(one_word)
{
	struct typed_words words;

	word_match_begin(&words, "j\u00fcrgen", 7);
	assert_int_equal(words.count, 0);
}
