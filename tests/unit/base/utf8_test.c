#include "base/utf8.h"

#include <utf8proc.h>

#include "support/test.h"

/* Every two, three and four bytes of which the first is no ASCII, as far as they decide. */
TEST(decoding)
{
	static const unsigned char last[] = {0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xff};

	for (uint32_t i = 0; i < 0x10000; i++) {
		for (size_t j = 0; j < sizeof(last) * sizeof(last); j++) {
			const char text[] = {
				(char)(i >> 8), (char)i, (char)last[j % 6], (char)last[j / 6]};
			for (size_t length = 1; length <= sizeof(text); length++) {
				utf8proc_int32_t point, wanted;
				utf8proc_ssize_t step =
					utf8proc_iterate((const utf8proc_uint8_t *)text,
						(utf8proc_ssize_t)length, &wanted);
				size_t ours = utf8_decode(text, length, &point);
				assert_int_equal(ours, step > 0 ? step : 0);
				assert_true(ours == 0 || point == wanted);
			}
		}
	}
}

/* Of every length, with and without another byte at every place. */
TEST(ascii)
{
	char text[20];

	for (size_t length = 0; length <= sizeof(text); length++) {
		memset(text, 0x7f, sizeof(text));
		assert_true(utf8_is_ascii(text, length));
		for (size_t i = 0; i < sizeof(text); i++) {
			text[i] = (char)0x80;
			assert_int_equal(utf8_is_ascii(text, length), i >= length);
			text[i] = 0;
		}
	}
}

/* One of each length in UTF-8. */
TEST(encoding)
{
	static const int32_t points[] = {'z', 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000};
	static const char wanted[] =
		"z\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80";
	char text[sizeof(wanted)];
	size_t length;

	assert_true(utf8_encode(points, 7, text, sizeof(wanted) - 1, &length));
	assert_int_equal(length, sizeof(wanted) - 1);
	assert_memory_equal(text, wanted, length);
	for (size_t size = 0; size < sizeof(wanted) - 1; size++)
		assert_false(utf8_encode(points, 7, text, size, &length));
	assert_true(utf8_encode(points, 0, text, 0, &length));
	assert_int_equal(length, 0);
}

TEST(text_is_valid_to_its_last_byte)
{
	assert_true(utf8_is_valid("", 0));
	assert_true(utf8_is_valid("more than eight, then \xc3\xa9", 24));
	assert_false(utf8_is_valid("more than eight, then \xc3\xa9", 23));
	assert_false(utf8_is_valid("\xed\xa0\x80", 3)); /* a surrogate */
}
