#include "store/names/code_points.h"

#include <string.h>

#include "support/test.h"

#define MOST 8

static const utf8proc_option_t composed = UTF8PROC_STABLE | UTF8PROC_COMPOSE;

static utf8proc_ssize_t normalize(const char *text, utf8proc_int32_t points[static MOST])
{
	return code_points_normalize(text, strlen(text), points, MOST, composed);
}

TEST(normalizing)
{
	utf8proc_int32_t points[MOST];

	assert_int_equal(normalize("", points), 0);
	assert_int_equal(normalize("Zoe\u0308", points), 3);
	assert_int_equal(points[0], 'Z');
	assert_int_equal(points[2], 0xeb);
	assert_int_equal(normalize("\U00020000", points), 1);
	assert_int_equal(points[0], 0x20000);
}

/* What is composed again but for one in so many exclusions, and the longest there is. */
TEST(compatibility_of_one)
{
	static const struct {
		utf8proc_int32_t point;
		size_t count;
		utf8proc_int32_t first, last;
	} rows[] = {{'A', 1, 'A', 'A'}, {0xe9, 1, 0xe9, 0xe9}, {0xfb01, 2, 'f', 'i'},
		{0x958, 2, 0x915, 0x93c}, {0xfdfa, 18, 0x635, 0x645}, {0x110000, 0, 0, 0},
		{-1, 0, 0, 0}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		utf8proc_int32_t parts[CODE_POINT_PARTS];
		size_t count = code_point_nfkc(rows[i].point, parts);
		assert_int_equal(count, rows[i].count);
		assert_int_equal(count > 0 ? parts[0] : 0, rows[i].first);
		assert_int_equal(count > 0 ? parts[count - 1] : 0, rows[i].last);
	}
}

TEST(what_cannot_be_normalized)
{
	utf8proc_int32_t points[MOST];

	assert_true(normalize("a\xff", points) < 0);
	assert_true(normalize("nine char", points) > MOST);
}

/* As the library has it, however many marks there are in a row, in whichever order. */
TEST(many_marks)
{
	utf8proc_int32_t points[CODE_POINTS_MOST], wanted[CODE_POINTS_MOST];
	char text[2 * CODE_POINTS_MOST];
	uint32_t random = 2463534242;

	for (size_t most = 1; most <= 1000; most += most / 3 + 1) {
		size_t length = 0;
		text[length++] = 'e';
		for (size_t i = 0; i < most; i++) {
			random = random * 1664525 + 1013904223;
			length += (size_t)utf8proc_encode_char(
				0x300 + (utf8proc_int32_t)((random >> 16) % 0x70),
				(utf8proc_uint8_t *)text + length);
		}
		utf8proc_ssize_t count = utf8proc_decompose((utf8proc_uint8_t *)text,
			(utf8proc_ssize_t)length, wanted, CODE_POINTS_MOST, composed);
		count = utf8proc_normalize_utf32(wanted, count, composed);
		assert_int_equal(
			code_points_normalize(text, length, points, CODE_POINTS_MOST, composed),
			count);
		assert_memory_equal(points, wanted, (size_t)count * sizeof(*points));
	}
}
