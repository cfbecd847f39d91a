/* The letters that words begin with. */
#include "support/test.h"

#include <string.h>

#include "store/index/first_letters.h"

static void add(struct first_letters *letters, const char *word)
{
	first_letters_add(letters, word, strlen(word));
}

TEST(as_shown)
{
	static const char *const words[] = {"zola", "anna", "emile", "7", "anton", "", "'abd",
		"...", "\u0438van", "\u1112\u1161", "\u1100a", "\u5c71", "\u10d0", "\u03c9",
		"\u30fb", "\u0438"};
	struct first_letters letters = {0};

	assert_string_equal(letters.text, "");
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		add(&letters, words[i]);
	assert_string_equal(letters.text, "7AEZ\u03a9\u0418\u10d0\u3131\u314e\u5c71");
}

/* The first of too many stay, in whatever order they come. */
TEST(too_many)
{
	for (unsigned order = 0; order < 3; order++) {
		struct first_letters letters = {0};
		for (int32_t i = 0; i < 200; i++) {
			int32_t point = 0x4e00 + (order == 0          ? i
							 : order == 1 ? 199 - i
								      : i * 77 % 200);
			char word[UTF8_MOST];
			size_t length;
			assert_true(utf8_encode(&point, 1, word, sizeof(word), &length));
			first_letters_add(&letters, word, length);
			first_letters_add(&letters, word, length);
		}
		add(&letters, "a");
		assert_int_equal(letters.count, LIMIT_LETTERS);
		assert_int_equal(strlen(letters.text), 1 + 3 * (LIMIT_LETTERS - 1));
		assert_memory_equal(letters.text, "A\u4e00\u4e01\u4e02", 10);
		add(&letters, "\u4e00");
		assert_int_equal(letters.points[1], 0x4e00);
		assert_int_equal(letters.points[LIMIT_LETTERS - 1], 0x4e00 + LIMIT_LETTERS - 2);
	}
}
