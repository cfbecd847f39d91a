/*
 * The folding of each character, computed by the library once and then kept. The library is slow:
 * without this table, opening a list of Cyrillic names takes 1.8 times the instructions (callgrind,
 * 100,000 names: 744 million in place of 411 million).
 */
#include "store/names/folding.h"

#include <string.h>

#include "base/memory.h"
#include "base/scratch.h"
#include "base/utf8.h"
#include "store/names/code_point_map.h"
#include "store/names/code_points.h"

/* No character has a longer folding: U+FDFA again, with most of its parts of two bytes. */
#define MOST_BYTES 36

static struct code_point_map foldings;

/* Whether it is never composed with what stands before it, nor moved there. So it is with all that
 * takes no part in compositions and is of class 0, as an ideograph is; and with letters, which are
 * only ever the first part, except the vowels and final consonants of Hangul. Beyond U+FFFF,
 * tables newer than this have letters that are the second. */
static bool begins_anew(utf8proc_int32_t c)
{
	const utf8proc_property_t *property = utf8proc_get_property(c);
	bool is_mark = property->category == UTF8PROC_CATEGORY_MN ||
		       property->category == UTF8PROC_CATEGORY_MC ||
		       property->category == UTF8PROC_CATEGORY_ME;

	if (property->combining_class != 0 || code_point_is_within(c, 0x1160, 0x11ff))
		return false;
	return property->comb_index == utf8proc_get_property(0x4e00)->comb_index ||
	       (!is_mark && c <= 0xffff);
}

static const struct folding *fold_character(utf8proc_int32_t point)
{
	SCRATCH utf8proc_int32_t parts[CODE_POINT_PARTS], composed[CODE_POINT_PARTS];
	SCRATCH char bytes[MOST_BYTES];
	size_t length;

	/* Fails for none but surrogates, which no text has. */
	utf8proc_ssize_t decomposed =
		code_points_decompose(point, parts, CODE_POINT_PARTS, FOLDING_OPTIONS);
	size_t count = decomposed < 0 || decomposed > CODE_POINT_PARTS ? 0 : (size_t)decomposed;
	for (size_t i = 0; i < count; i++)
		parts[i] = code_point_folds_to_apostrophe(parts[i]) ? '\'' : parts[i];
	memcpy(composed, parts, count * sizeof(*parts));
	size_t left = code_points_compose(composed, count, FOLDING_OPTIONS);
	if (!utf8_encode(composed, left, bytes, MOST_BYTES, &length))
		length = 0;

	struct folding *folding = memory_zeroed(sizeof(*folding) + count * sizeof(*parts) + length);
	folding->is_start = count > 0 && begins_anew(parts[0] & CODE_POINT_MASK);
	folding->part_count = (uint8_t)count;
	folding->byte_count = (uint8_t)length;
	folding->bytes = memcpy(folding->parts + count, bytes, length);
	memcpy(folding->parts, parts, count * sizeof(*parts));
	return folding;
}

const struct folding *folding_of(utf8proc_int32_t point)
{
	const void **folding = code_point_map_at(&foldings, point);

	if (*folding == NULL)
		*folding = fold_character(point);
	return *folding;
}
