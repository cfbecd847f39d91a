#include "store/names/name_key.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "support/test.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* What other rules once accepted is folded all the same, as far as there is room. */
TEST(folding_what_would_not_be_accepted)
{
	char key[LIMIT_NAME_KEY], long_name[LIMIT_NAME + 1];
	size_t length;

	assert_int_equal(name_key_fold("\ufb01\u200d!", 7, key, &length), RESULT_OK);
	assert_int_equal(length, 3);
	assert_memory_equal(key, "fi!", 3);
	memset(long_name, 'A', sizeof(long_name));
	assert_int_equal(name_key_fold(long_name, LIMIT_NAME, key, &length), RESULT_OK);
	assert_int_equal(length, LIMIT_NAME);
	assert_int_equal(name_key_fold(long_name, LIMIT_NAME + 1, key, &length), RESULT_LIMIT);
	/* A ligature of 18 letters, each of two bytes. */
	for (size_t i = 0; i < LIMIT_NAME - 2; i += 3)
		memcpy(long_name + i, "\ufdfa", 3);
	assert_int_equal(name_key_fold(long_name, LIMIT_NAME - 1, key, &length), RESULT_LIMIT);
}

/* Writes "'" for each other apostrophe. Returns how many bytes are left. */
static size_t make_apostrophes_one(char *text, size_t length)
{
	static const char *const others[] = {"\u2018", "\u2019", "\u02bc", "\u05f3"};
	size_t left = 0;

	for (size_t i = 0; i < length; left++) {
		size_t step = 1;
		text[left] = text[i];
		for (size_t j = 0; j < COUNT(others); j++) {
			size_t other = strlen(others[j]);
			if (length - i < other || memcmp(text + i, others[j], other) != 0)
				continue;
			text[left] = '\'';
			step = other;
		}
		i += step;
	}
	return left;
}

/* The same key as the library makes of the whole text, but for apostrophes. */
static void expect_folded(const char *text, size_t length)
{
	char key[LIMIT_NAME_KEY];
	size_t key_length;
	utf8proc_uint8_t *whole;
	utf8proc_ssize_t whole_length =
		utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)length, &whole,
			UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
				UTF8PROC_IGNORE);

	assert_true(whole_length >= 0);
	whole_length = (utf8proc_ssize_t)make_apostrophes_one((char *)whole, (size_t)whole_length);
	assert_int_equal(name_key_fold(text, length, key, &key_length), RESULT_OK);
	if (key_length != (size_t)whole_length || memcmp(key, whole, key_length) != 0)
		fail_msg("\"%.*s\" becomes \"%.*s\", not \"%.*s\"", (int)length, text,
			(int)key_length, key, (int)whole_length, whole);
	free(whole);
}

static void expect_folded_points(const utf8proc_int32_t *points, size_t count)
{
	char text[LIMIT_NAME] = "";
	size_t length = 0;

	for (size_t i = 0; i < count; i++) {
		assert_true(length + 4 <= sizeof(text));
		length +=
			(size_t)utf8proc_encode_char(points[i], (utf8proc_uint8_t *)text + length);
	}
	expect_folded(text, length);
}

/* Every code point alone, and between others that compose with marks, with vowels, with what stands
 * before or after; and taken apart, which must not change the key. */
TEST(folding_every_code_point)
{
	static const utf8proc_int32_t beside[] = {
		'e', 0xe9, 0x301, 0x1100, 0x1161, 0xac00, 0x9c7, 0xdd9, 0x1025, 0x1b05};
	utf8proc_int32_t parts[32];

	for (utf8proc_int32_t c = 1; c <= 0x10ffff; c++) {
		if (!utf8proc_codepoint_valid(c))
			continue;
		expect_folded_points(&c, 1);
		if (utf8proc_category(c) == UTF8PROC_CATEGORY_CN ||
			utf8proc_category(c) == UTF8PROC_CATEGORY_CO)
			continue;
		for (size_t i = 0; i < COUNT(beside); i++)
			expect_folded_points((utf8proc_int32_t[]){beside[i], c, beside[i]}, 3);
		int boundary = UTF8PROC_BOUNDCLASS_START;
		utf8proc_ssize_t count =
			utf8proc_decompose_char(c, parts, 32, UTF8PROC_DECOMPOSE, &boundary);
		expect_folded_points(parts, (size_t)count);
	}
}

static uint32_t next_random(uint32_t *random)
{
	*random ^= *random << 13;
	*random ^= *random >> 17;
	*random ^= *random << 5;
	return *random;
}

/* Letters, marks and anything else in any order. */
TEST(folding_random_texts)
{
	static const utf8proc_int32_t starts[] = {0x20, 0xc0, 0x300, 0x370, 0x900, 0xe30, 0x1100,
		0x1160, 0x11a0, 0x1e00, 0xac00, 0xff00};
	uint32_t random = 2463534242;

	for (size_t i = 0; i < 200000; i++) {
		utf8proc_int32_t points[12];
		size_t count = 1 + next_random(&random) % COUNT(points);
		for (size_t j = 0; j < count; j++)
			points[j] = starts[next_random(&random) % COUNT(starts)] +
				    (utf8proc_int32_t)(next_random(&random) % 0x80);
		expect_folded_points(points, count);
	}
}

/* Names of few letters with many marks, some of which are composed, in any order; and such that run
 * into the end of a key. */
TEST(folding_many_marks)
{
	static const utf8proc_int32_t letters[] = {
		'J', 'a', 'E', 0x1ebe, 0x1fb3, 0xfdfa, 0x1100, 0xac00, 0x915, 0x20000};
	uint32_t random = 88172645;

	for (size_t i = 0; i < 20000; i++) {
		utf8proc_int32_t points[LIMIT_NAME_CODE_POINTS];
		uint32_t letters_in = 2 + next_random(&random) % 20;
		size_t count = 1 + next_random(&random) % COUNT(points);
		for (size_t j = 0; j < count; j++)
			points[j] =
				next_random(&random) % letters_in == 0
					? letters[next_random(&random) % COUNT(letters)]
					: 0x300 + (utf8proc_int32_t)(next_random(&random) % 0x70);
		expect_folded_points(points, count);
	}
}

/* Every length of a key up to the limit, and what would be longer, with each kind of end. */
TEST(keys_at_their_limit)
{
	static const char *const ends[] = {"a", "\u1ebe", "\u4e00", "e\u0301", "\ufdfa",
		"abcdefghi", "\U00020000", "\U0001d400"};

	for (size_t i = 0; i < COUNT(ends); i++) {
		for (size_t before = 0; before <= 30; before++) {
			char text[LIMIT_NAME] = "", key[LIMIT_NAME_KEY];
			size_t key_length, end_length;
			for (size_t j = 0; j < 21; j++)
				strcat(text, "\ufdfa");
			for (size_t j = 0; j < before; j++)
				strcat(text, "x");
			for (size_t j = 0; j < 4; j++)
				strcat(text, ends[i]);
			enum result result = name_key_fold(text, strlen(text), key, &key_length);
			if (result == RESULT_OK)
				expect_folded(text, strlen(text));
			else
				assert_int_equal(result, RESULT_LIMIT);
			assert_int_equal(name_key_fold(ends[i], strlen(ends[i]), key, &end_length),
				RESULT_OK);
			assert_int_equal(result == RESULT_OK,
				21 * 33 + before + 4 * end_length <= LIMIT_NAME_KEY);
		}
	}
}

static int sign(int comparison)
{
	return (comparison > 0) - (comparison < 0);
}

/* Whether it compares with what an order has of the text as their bytes say. */
static void expect_compared(const char *key, size_t key_length, const char *text, size_t length)
{
	char own[LIMIT_NAME_KEY], lowered[LIMIT_NAME_KEY];
	bool is_beginning, is_shorter = key_length < length;

	name_key_lower(text, length, lowered);
	name_key_order(text, length, own);
	int wanted = memcmp(key, own, is_shorter ? key_length : length);
	bool begins = wanted == 0 && is_shorter;
	if (wanted == 0)
		wanted = (key_length > length) - is_shorter;
	int actual = name_key_compare(key, key_length, text, length, &is_beginning);
	if (sign(actual) != sign(wanted) || is_beginning != begins)
		fail_msg("\"%.*s\" compared with that of \"%.*s\": %d, %d", (int)key_length, key,
			(int)length, text, actual, is_beginning);
	assert_int_equal(name_key_is_lowered(key, key_length, text, length),
		key_length == length && memcmp(key, lowered, length) == 0);
}

/* With its own key, with what that begins with, and with others that differ from it anywhere. */
static void expect_compares(const char *text, size_t length)
{
	char key[LIMIT_NAME_KEY];

	name_key_order(text, length, key);
	key[length] = 'a';
	for (size_t i = 0; i <= length + 1; i++)
		expect_compared(key, i, text, length);
	for (size_t i = 0; i < length; i++) {
		char kept = key[i];
		for (int step = -1; step <= 1; step += 2) {
			key[i] = (char)(kept + step);
			expect_compared(key, length, text, length);
			expect_compared(key, i + 1, text, length);
		}
		key[i] = kept;
	}
}

TEST(order_of_each_byte)
{
	for (int byte = 0; byte <= UCHAR_MAX; byte++) {
		char c = (char)byte, wanted = c, order;
		if (byte >= 'A' && byte <= 'Z')
			wanted = (char)(c - 'A' + 'a');
		else if (byte != 0 && strchr("-'._", byte) != NULL)
			wanted = ' ';
		name_key_order(&c, 1, &order);
		assert_int_equal(order, wanted);
	}
}

TEST(comparing)
{
	static const char *const texts[] = {"", "a", "A", "Zoe", "Zo\u00eb", "Zoe\u0308", "e\u0301",
		"eight888", "eight88e\u0301", "nine99999", "\u00c5ngstr\u00f6m", "sixteen-letters!",
		"SIXTEEN-letters!e\u0301", "sixteen-letters\u00e9", "twentyfour-letters-abcd\u0327",
		"Stra\u00dfe", "\ufb01sh", "a\u200db", "\u200d", "ends\u200d",
		"Mar\u00eda Jos\u00e9"};

	for (size_t i = 0; i < COUNT(texts); i++) {
		expect_compares(texts[i], strlen(texts[i]));
		for (size_t j = 0; j < COUNT(texts); j++) {
			char key[LIMIT_NAME_KEY];
			name_key_order(texts[j], strlen(texts[j]), key);
			expect_compared(key, strlen(texts[j]), texts[i], strlen(texts[i]));
		}
	}
}

/* Letters of ASCII become small, and every other byte stays as it is, whatever it stands beside. */
TEST(small_letters)
{
	char text[LIMIT_NAME], lowered[LIMIT_NAME];

	for (int i = 0; i < 256; i++) {
		for (int j = 0; j < 256; j++) {
			for (size_t at = 0; at < 12; at++)
				text[at] = (char)(at % 2 == 0 ? i : j);
			name_key_lower(text, 12, lowered);
			for (size_t at = 0; at < 12; at++) {
				bool is_capital = text[at] >= 'A' && text[at] <= 'Z';
				assert_int_equal(lowered[at], text[at] + (is_capital ? 32 : 0));
			}
		}
	}
}

/* Mostly ASCII, with marks that change what stands before them. */
TEST(comparing_random_texts)
{
	static const char *const parts[] = {"a", "B", "e", "E", "o", "x", "Z", "1", "-", "\u0301",
		"\u0327", "\u00e9", "\u200d", "abcdefgh", "ABCDEFGE"};
	uint32_t random = 88172645;

	for (size_t i = 0; i < 20000; i++) {
		char text[LIMIT_NAME] = "";
		for (size_t j = next_random(&random) % 12; j > 0; j--)
			strcat(text, parts[next_random(&random) % COUNT(parts)]);
		expect_compares(text, strlen(text));
	}
}
