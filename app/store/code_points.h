#ifndef ROLLCALL_CODE_POINTS_H
#define ROLLCALL_CODE_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <utf8proc.h>

/* Text as Unicode code points. */

static inline bool code_point_is_within(
	utf8proc_int32_t c, utf8proc_int32_t first, utf8proc_int32_t last)
{
	return c >= first && c <= last;
}

/* Most names are of nothing else, and need no tables. */
static inline bool code_point_is_ascii(utf8proc_int32_t c)
{
	return c < 0x80;
}

/* Decodes the first of so many bytes of UTF-8, of which there is one. Returns how many it takes, or
 * 0 if that is not UTF-8. Opening a store does this for every character, twice: so it is here. */
static inline size_t code_point_decode(const char *text, size_t length, utf8proc_int32_t *point)
{
	static const utf8proc_int32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char first = (unsigned char)*text;
	size_t count = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	*point = first;
	if (code_point_is_ascii(first))
		return 1;
	if (first < 0xc2 || first > 0xf4 || count > length)
		return 0;
	*point &= 0x7f >> count;
	for (size_t i = 1; i < count; i++) {
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (text[i] & 0x3f);
	}
	if (*point < least[count] || *point > 0x10ffff ||
		code_point_is_within(*point, 0xd800, 0xdfff))
		return 0;
	return count;
}

bool code_points_are_utf8(const char *text, size_t length);

/* How many are normalized at once, at most. */
#define CODE_POINTS_MOST 4096

/* What a code point is decomposed into, as utf8proc's options say: how many, and if that is more
 * than `most`, parts that are of no use. Negative, as utf8proc's errors are, if it is no code
 * point. */
utf8proc_ssize_t code_points_decompose(
	utf8proc_int32_t point, utf8proc_int32_t *parts, size_t most, utf8proc_option_t options);

/* Puts marks after what was decomposed into their order, and composes what can be, in place.
 * Returns how many are left. In time that is linear in the count, whatever the marks: the library
 * alone takes the square of it. */
size_t code_points_compose(utf8proc_int32_t *points, size_t count, utf8proc_option_t options);

/* Decodes UTF-8, decomposes and composes it. Returns how many code points that makes; negative, as
 * utf8proc's errors are, or more than `most`, of CODE_POINTS_MOST: it did not work out, or did not
 * fit. */
utf8proc_ssize_t code_points_normalize(const char *text, size_t length, utf8proc_int32_t *points,
	size_t most, utf8proc_option_t options);

/* Writes UTF-8, of at most `size` bytes. False if that is too little. */
bool code_points_encode(
	const utf8proc_int32_t *points, size_t count, char *text, size_t size, size_t *length);

#endif
