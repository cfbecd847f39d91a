#ifndef ROLLCALL_STORE_NAMES_CODE_POINTS_H
#define ROLLCALL_STORE_NAMES_CODE_POINTS_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
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
	uint32_t word = 0, c;

	if (length >= sizeof(word))
		memcpy(&word, text, sizeof(word));
	else
		memcpy(&word, text,
			length); /* and what is missing is no good byte of a character */
	word = le32toh(word);
	*point = (utf8proc_int32_t)(word & 0x7f);
	if ((word & 0x80) == 0)
		return 1;
	if ((word & 0xc0e0) == 0x80c0) {
		c = (word & 0x1f) << 6 | (word >> 8 & 0x3f);
		*point = (utf8proc_int32_t)c;
		return c >= 0x80 ? 2 : 0;
	}
	if ((word & 0xc0c0f0) == 0x8080e0) {
		c = (word & 0xf) << 12 | (word >> 2 & 0xfc0) | (word >> 16 & 0x3f);
		*point = (utf8proc_int32_t)c;
		return c >= 0x800 && c >> 11 != 0xd800 >> 11 ? 3 : 0;
	}
	c = (word & 7) << 18 | (word << 4 & 0x3f000) | (word >> 10 & 0xfc0) | (word >> 24 & 0x3f);
	*point = (utf8proc_int32_t)c;
	return (word & 0xc0c0c0f8) == 0x808080f0 && c >= 0x10000 && c <= 0x10ffff ? 4 : 0;
}

bool code_points_are_utf8(const char *text, size_t length);

/* How many are normalized at once, at most. */
#define CODE_POINTS_MOST 4096

/* A code point and its combining class, above it. */
#define CODE_POINT_CLASS_SHIFT 24
#define CODE_POINT_MASK        0x1fffff

/* What a code point is decomposed into, as utf8proc's options say, each with its combining class
 * above it: how many, and if that is more than `most`, parts that are of no use. Negative, as
 * utf8proc's errors are, if it is no code point. */
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
