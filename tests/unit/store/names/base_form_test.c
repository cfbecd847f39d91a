/* Base forms of keys: a table, and the library's decomposition. */
#include "support/test.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "store/names/base_form.h"
#include "store/names/name_key.h"

static void expect_base(const char *key, const char *expected, size_t accented)
{
	char base[LIMIT_NAME_BASE];
	size_t found;
	size_t length = base_form_make(key, strlen(key), base, &found);

	assert_int_equal(length, strlen(expected));
	assert_memory_equal(base, expected, length);
	assert_int_equal(found, accented);
}

TEST(table)
{
	expect_base("", "", 0);
	expect_base("jean-luc 2", "jean-luc 2", 0);
	expect_base("\u00e9mile", "emile", 2);
	expect_base("jos\u00e9 lee", "jose lee", 5);
	expect_base("nguy\u1ec5n", "nguyen", 7);
	expect_base("\u00f8\u0142\u0111\u0131", "oldi", 8);
	expect_base("\u00e6\u0153\u00fe", "aeoeth", 6);
	/* A mark that goes with no letter. */
	expect_base("x\u0301\u0323", "x", 5);
	expect_base("\u0301", "", 2);
	/* Cyrillic and Greek. */
	expect_base("\u0439\u0451", "\u0438\u0435", 4);
	expect_base("\u03ac\u0390", "\u03b1\u03b9", 4);
	/* Points of Hebrew and Arabic, and a hamza on its alef. */
	expect_base("\u05d3\u05b8\u05bc\u05d5", "\u05d3\u05d5", 6);
	expect_base("\u0645\u064e\u0651", "\u0645", 6);
	expect_base("\u0623", "\u0627", 2);
}

/* What is a letter of its own in its script stays, if decomposed, and is no accent. */
TEST(letters_of_their_own)
{
	expect_base("\ud558", "\u1112\u1161", 0);
	expect_base("\ud55c\uad6d", "\u1112\u1161\u11ab\u1100\u116e\u11a8", 0);
	expect_base("\u304c\u3071\u30f4", "\u304c\u3071\u30f4", 0);
	expect_base("\u0929\u094d\u0915\u093f", "\u0928\u093c\u094d\u0915\u093f", 0);
	expect_base("\u0e01\u0e34\u0e49", "\u0e01\u0e34\u0e49", 0);
	expect_base("\u1019\u1039", "\u1019\u1039", 0);
	expect_base("\u5c71\u7530", "\u5c71\u7530", 0);
}

/* No key is so long that its base form does not fit. */
TEST(longest)
{
	char key[LIMIT_NAME_KEY], base[LIMIT_NAME_BASE];
	size_t accented;

	for (size_t i = 0; i + 3 <= sizeof(key); i += 3)
		memcpy(key + i, "\ud55c", 3);
	assert_int_equal(base_form_make(key, sizeof(key), base, &accented), LIMIT_NAME_BASE);
}

static bool is_dropped(utf8proc_int32_t point)
{
	utf8proc_propval_t class = utf8proc_get_property(point)->combining_class;

	return (class >= 200 && class <= 240) || (class >= 10 && class <= 36);
}

/* What the library makes of a character, without diacritics; kana with a voicing mark stay. */
static size_t decompose(const char *text, char *base, bool *is_accented)
{
	utf8proc_uint8_t *decomposed;
	utf8proc_int32_t point;
	size_t length = 0;

	assert_true(utf8proc_map((const utf8proc_uint8_t *)text, 0, &decomposed,
			    UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_DECOMPOSE) > 0);
	*is_accented = false;
	for (const utf8proc_uint8_t *at = decomposed; *at != 0;) {
		at += utf8proc_iterate(at, -1, &point);
		*is_accented |= is_dropped(point);
		if (!is_dropped(point))
			length += (size_t)utf8proc_encode_char(
				point, (utf8proc_uint8_t *)base + length);
	}
	free(decomposed);
	if (utf8proc_get_property(point)->combining_class == 8)
		length = (size_t)(stpcpy(base, text) - base);
	return length;
}

/* Every character is what the library says, but for the few letters that are replaced; and no base
 * form has another. */
TEST(every_character)
{
	char text[8], base[LIMIT_NAME_BASE], again[LIMIT_NAME_BASE], expected[64];
	size_t replaced = 0, accented, twice;

	for (utf8proc_int32_t point = 1; point < 0x110000; point++) {
		bool is_accented;
		if (point >= 0xd800 && point < 0xe000)
			continue;
		utf8proc_ssize_t size = utf8proc_encode_char(point, (utf8proc_uint8_t *)text);
		text[size] = '\0';
		size_t length = base_form_make(text, (size_t)size, base, &accented);
		size_t expected_length = decompose(text, expected, &is_accented);
		if (length != expected_length || memcmp(base, expected, length) != 0)
			replaced++;
		else
			assert_int_equal(accented, is_accented ? (size_t)size : 0);
		assert_int_equal(base_form_make(base, length, again, &twice), length);
		assert_memory_equal(again, base, length);
		assert_int_equal(twice, 0);
	}
	assert_true(replaced > 10 && replaced < 60);
}

TEST(words)
{
	static const utf8proc_int32_t in[] = {0xe9, 0x301, 0x5c71, 0x93f, 0x2bb, 0x664, 0x200d};
	static const utf8proc_int32_t between[] = {0xb7, 0x30fb, 0x3000, 0x5f4};

	for (size_t i = 0; i < sizeof(in) / sizeof(*in); i++)
		assert_true(base_form_is_in_word(in[i]));
	for (size_t i = 0; i < sizeof(between) / sizeof(*between); i++)
		assert_false(base_form_is_in_word(between[i]));
}
