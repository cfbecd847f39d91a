#ifndef ROLLCALL_STORE_NAMES_CODE_POINTS_H
#define ROLLCALL_STORE_NAMES_CODE_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <utf8proc.h>

/* Text as Unicode code points. `options` are utf8proc's. */

static inline bool code_point_is_within(
	utf8proc_int32_t c, utf8proc_int32_t first, utf8proc_int32_t last)
{
	return c >= first && c <= last;
}

static inline bool code_point_is_ascii(utf8proc_int32_t c)
{
	return c < 0x80;
}

/* The characters that are typed for an apostrophe: on keyboards, by word processors (which also
 * turn it the other way, and Uzbek is written with that one), and as the letter that it is in some
 * languages. One key stands for all of them. */
static inline bool code_point_is_apostrophe(utf8proc_int32_t c)
{
	return c == '\'' || c == 0x2018 || c == 0x2019 || c == 0x02bc;
}

/* Hebrew keyboards have the apostrophe, and books the geresh. */
static inline bool code_point_folds_to_apostrophe(utf8proc_int32_t c)
{
	return code_point_is_apostrophe(c) || c == 0x5f3;
}

/* No code point is decomposed into more than this: U+FDFA. */
#define CODE_POINT_PARTS 18

/* The most code points normalized at once. */
#define CODE_POINTS_MOST 4096

/* A decomposed code point has its combining class in the bits above it. */
#define CODE_POINT_CLASS_SHIFT 24
#define CODE_POINT_MASK        0x1fffff

/* Decomposes a code point into `parts`, each with its combining class. Returns their number; if it
 * is more than `most`, the parts are not valid. For an invalid code point returns one of utf8proc's
 * errors, which are negative. */
utf8proc_ssize_t code_points_decompose(
	utf8proc_int32_t point, utf8proc_int32_t *parts, size_t most, utf8proc_option_t options);

/* Puts the marks of decomposed text in canonical order, and with UTF8PROC_COMPOSE composes the text
 * in place. Returns the number of code points left. Takes linear time. */
size_t code_points_compose(utf8proc_int32_t *points, size_t count, utf8proc_option_t options);

/* Writes what NFKC makes of a code point. Returns how many code points that is; 0 for an invalid
 * one. */
size_t code_point_nfkc(utf8proc_int32_t point, utf8proc_int32_t parts[static CODE_POINT_PARTS]);

/* Decodes, decomposes and composes UTF-8. Returns the number of code points. It is more than
 * `most`, which is at most CODE_POINTS_MOST, if they do not fit; and negative, one of utf8proc's
 * errors, on failure. */
utf8proc_ssize_t code_points_normalize(const char *text, size_t length, utf8proc_int32_t *points,
	size_t most, utf8proc_option_t options);

#endif
