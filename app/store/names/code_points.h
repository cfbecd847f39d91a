#ifndef ROLLCALL_STORE_NAMES_CODE_POINTS_H
#define ROLLCALL_STORE_NAMES_CODE_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
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

#endif
