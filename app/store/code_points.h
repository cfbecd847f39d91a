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

/* Decodes UTF-8, and decomposes and composes it as utf8proc's options say. Returns how many code
 * points that makes; negative, as utf8proc's errors are, or more than `most`: it did not work out,
 * or did not fit. */
utf8proc_ssize_t code_points_normalize(const char *text, size_t length, utf8proc_int32_t *points,
	utf8proc_ssize_t most, utf8proc_option_t options);

/* Writes UTF-8, of at most `size` bytes. False if that is too little. */
bool code_points_encode(
	const utf8proc_int32_t *points, size_t count, char *text, size_t size, size_t *length);

#endif
