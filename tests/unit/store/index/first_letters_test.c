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
	assert_string_equal(letters.text, "7AEZ \u03a9 \u0418 \u10d0 \u3131\u314e \u5c71");
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
		assert_int_equal(strlen(letters.text), 2 + 3 * (LIMIT_LETTERS - 1));
		assert_memory_equal(letters.text, "A \u4e00\u4e01\u4e02", 11);
	}
}

static void add_points(struct first_letters *letters, int32_t first, int32_t count)
{
	for (int32_t i = 0; i < count; i++) {
		char word[UTF8_MOST];
		int32_t point = first + i;
		size_t length;
		assert_true(utf8_encode(&point, 1, word, sizeof(word), &length));
		first_letters_add(letters, word, length);
	}
}

/* Hangul's consonants, as keyboards have them. */
TEST(consonants)
{
	struct first_letters letters = {0};

	add_points(&letters, 0x1100, 19);
	assert_string_equal(letters.text,
		"\u3131\u3132\u3134\u3137\u3138\u3139\u3141\u3142\u3143\u3145"
		"\u3146\u3147\u3148\u3149\u314a\u314b\u314c\u314d\u314e");
}

/* Few letters are all shown, and the scripts that have many share the rest. */
TEST(every_script_has_some)
{
	struct first_letters letters = {0};
	char wanted[sizeof(letters.text)] = "0";

	add_points(&letters, 0x4e00, 3000);
	add_points(&letters, 'a', 26);
	add_points(&letters, 0x430, 32);
	add(&letters, "0");
	add(&letters, "\u03c9");
	for (char c = 'A'; c <= 'U'; c++)
		strncat(wanted, &c, 1);
	strcat(wanted, " \u03a9 \u0410\u0411\u0412");
	assert_memory_equal(letters.text, wanted, strlen(wanted));
	size_t shown = 0;
	for (const char *at = letters.text; *at != '\0'; at++)
		shown += *at != ' ' && ((unsigned char)*at & 0xc0) != 0x80;
	assert_int_equal(shown, LIMIT_LETTERS);
	assert_non_null(strstr(letters.text, " \u4e00\u4e01"));
	for (int32_t i = 0; i < 26; i++)
		first_letters_remove(&letters, &(char){(char)('a' + i)}, 1);
	assert_null(strchr(letters.text, 'A'));
	assert_non_null(strstr(letters.text, "\u042e"));
}
