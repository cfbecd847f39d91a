#include "base/printable.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "support/test.h"

/* A text and how it is to be printed; NULL: as it is. */
static const struct {
	const char *text;
	const char *printed;
} cases[] = {
	{"", NULL},
	{"plain text, with \"quotes\" and 'others'", NULL},
	{"back\\slash", "back\\\\slash"},
	{"a\nb\r\n\tc\x1b[2J\x7f", "a\\x0ab\\x0d\\x0a\\x09c\\x1b[2J\\x7f"},
	/* Not UTF-8: a byte alone, one too many, overlong, a surrogate, past the last, cut short.
	 */
	{"\x80", "\\x80"},
	{"\xc3\xab\xab", "ë\\xab"},
	{"\xc0\xaf\xe0\x80\xaf", "\\xc0\\xaf\\xe0\\x80\\xaf"},
	{"\xed\xa0\x80", "\\xed\\xa0\\x80"},
	{"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
	{"\xff\xfe", "\\xff\\xfe"},
	{"\xe2\x82", "\\xe2\\x82"},
	{"\xe2\x82 \xf0\x9f\x8e", "\\xe2\\x82 \\xf0\\x9f\\x8e"},
	/* Not printable: C1, separators, directions, other formats, private, unassigned. */
	{"\xc2\x80\xc2\x85\xc2\x9b"
	 "31m\xc2\x9f",
		"\\u{80}\\u{85}\\u{9b}31m\\u{9f}"},
	{"a\u2028b\u2029", "a\\u{2028}b\\u{2029}"},
	{"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e",
		"\\u{61c}\\u{200e}\\u{200f}\\u{202a}\\u{202b}\\u{202c}\\u{202d}\\u{202e}"},
	{"\u2066\u2067\u2068\u2069", "\\u{2066}\\u{2067}\\u{2068}\\u{2069}"},
	{"\u00ad\u200b\ufeff\ufff9\U000e0041", "\\u{ad}\\u{200b}\\u{feff}\\u{fff9}\\u{e0041}"},
	{"\ue000\ufdd0\uffff\U0010ffff\u0378", "\\u{e000}\\u{fdd0}\\u{ffff}\\u{10ffff}\\u{378}"},
	/* What people write. */
	{"Zoë, Đặng, Åsa", NULL},
	{"مريم عبد‌الله", NULL}, /* with a joiner */
	{"Ольга 王小明 さくら 김민준 प्रिया", NULL},
	{"e\u0301 a\u0323\u0302", NULL},
	{"🎉 ❤️ 👩‍👩‍👧", NULL},
	{"\u0600١٢٣", NULL},
};

TEST(table)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(PRINTABLE(cases[i].text),
			cases[i].printed != NULL ? cases[i].printed : cases[i].text);
}

TEST(bytes_with_a_nul)
{
	assert_string_equal(PRINTABLE_BYTES("a\0b", 3), "a\\x00b");
	assert_string_equal(PRINTABLE_BYTES("€uro", 2), "\\xe2\\x82");
}

TEST(other_characters_can_be_escaped)
{
	struct buffer out = {0};

	printable_append(&out, "a\"b\\c'", 6, "\"'");
	buffer_append(&out, "", 1);
	assert_string_equal(out.bytes, "a\\\"b\\c\\'");
	buffer_free(&out);
}

TEST(lengths_are_whole_characters)
{
	static const char text[] = "a€é🎉z"; /* of 1, 3, 2, 4 and 1 bytes */
	static const size_t kept[] = {0, 1, 1, 1, 4, 4, 6, 6, 6, 6, 10, 11, 11};

	for (size_t most = 0; most < sizeof(kept) / sizeof(kept[0]); most++)
		assert_int_equal(printable_length(text, strlen(text), most), kept[most]);
	/* What is no character can be cut anywhere. */
	for (size_t most = 0; most <= 4; most++)
		assert_int_equal(printable_length("\x80\x80\xf0\x9f\x8e", 5, most), most);
}

TEST(messages_are_cut_and_marked)
{
	char text[PRINTABLE_MOST + 8];

	memset(text, '\x80', sizeof(text));
	const char *printed = PRINTABLE_BYTES(text, sizeof(text));
	assert_int_equal(strlen(printed), PRINTABLE_SIZE - 1);
	assert_string_equal(printed + 4 * PRINTABLE_MOST, PRINTABLE_CUT);
	printed = PRINTABLE_BYTES(text, PRINTABLE_MOST);
	assert_int_equal(strlen(printed), 4 * PRINTABLE_MOST);
}

/* Of one line, valid, and without anything that commands or hides. */
static void expect_printable(const char *text)
{
	utf8proc_ssize_t length = (utf8proc_ssize_t)strlen(text), used;

	for (utf8proc_ssize_t i = 0; i < length; i += used) {
		utf8proc_int32_t c;
		used = utf8proc_iterate((const utf8proc_uint8_t *)text + i, length - i, &c);
		assert_true(used > 0);
		assert_true(c >= ' ' && !(c >= 0x7F && c <= 0x9F));
		assert_true(
			c != 0x2028 && c != 0x2029 && c != 0x061C && c != 0x200E && c != 0x200F);
		assert_true(!(c >= 0x202A && c <= 0x202E) && !(c >= 0x2066 && c <= 0x2069));
	}
}

static uint32_t dice;

static uint32_t roll(uint32_t sides)
{
	dice = dice * 1664525 + 1013904223;
	return (dice >> 8) % sides;
}

/* Bytes as they come, and characters as they come, in turn. */
static size_t make_text(char *text, size_t size)
{
	size_t length = 0;

	while (length + 4 <= size) {
		utf8proc_uint8_t *end = (utf8proc_uint8_t *)text + length;
		if (roll(2) == 0)
			length += (size_t)utf8proc_encode_char(
				(utf8proc_int32_t)roll(roll(2) == 0 ? 0x3000 : 0x110000), end);
		else
			text[length++] = (char)roll(256);
	}
	return length;
}

TEST(whatever_comes_is_printable)
{
	for (uint32_t seed = 1; seed <= 3000; seed++) {
		char text[200];
		dice = seed;
		size_t length = make_text(text, sizeof(text));
		size_t kept = printable_length(text, length, roll(200));
		expect_printable(PRINTABLE_BYTES(text, length));
		expect_printable(PRINTABLE_BYTES(text, kept));
	}
}
