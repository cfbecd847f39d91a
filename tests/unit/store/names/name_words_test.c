/* Words of names, and at which of several a name is found. */
#include "support/test.h"

#include <stdio.h>
#include <string.h>

#include "store/names/name_words.h"

static void expect_words(const char *text, const char *expected)
{
	struct name_word words[NAME_WORDS_MOST];
	char found[1024] = "";
	size_t count = name_words_find(text, strlen(text), words), length = 0;

	for (size_t i = 0; i < count; i++)
		length += (size_t)snprintf(found + length, sizeof(found) - length, "%s%u",
			i > 0 ? " " : "", words[i].offset);
	assert_string_equal(found, expected);
}

TEST(offsets)
{
	expect_words("", "0");
	expect_words("ann", "0");
	expect_words("jean-luc picard", "0 5 9");
	expect_words("j. r. r. tolkien", "0 3 6 9");
	expect_words("o'brien", "0 2");
	expect_words("'abd", "0 1");
	expect_words("guest_12", "0 6");
	expect_words("guest12", "0");
	expect_words("gal\u00b7la", "0 5");
	expect_words("\u00e9mile zola", "0 7");
	expect_words("\u5c71\u7530", "0");
	expect_words("a\u0301b", "0");
	expect_words("...", "0");
	expect_words("a ", "0");
	expect_words("a@z[0`9{a/z:0", "0 2 4 6 8 10 12");
}

TEST(too_many_words)
{
	struct name_word words[NAME_WORDS_MOST];
	char text[256];

	for (size_t i = 0; i < sizeof(text); i += 2)
		memcpy(text + i, "a ", 2);
	assert_int_equal(name_words_find(text, sizeof(text), words), NAME_WORDS_MOST);
	assert_int_equal(words[NAME_WORDS_MOST - 1].offset, 2 * (NAME_WORDS_MOST - 1));
}

/* Of those words that begin with a text, it is the first in the order alone whose `shared` is less
 * than the text is long. */
static void expect_one_shown(const char *name, const char *text, size_t length)
{
	struct name_word words[NAME_WORDS_MOST];
	size_t count = name_words_find(name, strlen(name), words);
	const char *first = NULL, *shown = NULL;

	for (size_t i = 0; i < count; i++) {
		const char *word = name + words[i].offset;
		if (strncmp(word, text, length) != 0)
			continue;
		if (first == NULL || strcmp(word, first) < 0)
			first = word;
		assert_int_equal(
			name_words_has_earlier(name, strlen(name), words[i].offset, length),
			words[i].shared >= length);
		if (words[i].shared < length) {
			assert_null(shown);
			shown = word;
		}
	}
	assert_ptr_equal(shown, first);
}

TEST(shared)
{
	unsigned random = 1;
	char name[32];

	for (size_t i = 0; i < 5000; i++) {
		size_t length = 1 + i % 20;
		for (size_t j = 0; j < length; j++) {
			random = random * 1664525 + 1013904223;
			name[j] = "aab -"[(random >> 16) % 5];
		}
		name[length] = '\0';
		for (size_t start = 0; start < length; start++)
			for (size_t end = start + 1; end <= length; end++)
				expect_one_shown(name, name + start, end - start);
	}
}
