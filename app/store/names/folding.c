#include "store/names/folding.h"

#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "store/names/code_points.h"

/* No character becomes more than this: U+FDFA, of 18 letters, most of two bytes each. */
#define MOST_BYTES 36
#define MOST_PARTS 18

const struct folding_page folding_unchanged;
_Thread_local const struct folding_page *folding_pages[0x110000 / FOLDING_PAGE];

/* A page that is being made. */
struct draft {
	struct folding foldings[FOLDING_PAGE];
	char bytes[FOLDING_PAGE * MOST_BYTES];
	utf8proc_int32_t parts[FOLDING_PAGE * MOST_PARTS];
	size_t byte_count;
	size_t part_count;
	bool is_unchanged;
};

/* Whether it is never composed with what stands before it, nor moved there. So it is with all that
 * takes no part in compositions and is of class 0, as an ideograph is; and with letters, which are
 * only ever the first part, but for the vowels and final consonants of Hangul. Beyond U+FFFF,
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

static bool is_unchanged(utf8proc_int32_t point, const char *bytes, size_t count)
{
	char text[4];
	size_t length;

	return utf8_encode(&point, 1, text, sizeof(text), &length) && length == count &&
	       memcmp(text, bytes, count) == 0;
}

static void fold_character(struct draft *draft, utf8proc_int32_t point, struct folding *folding)
{
	utf8proc_int32_t *parts = draft->parts + draft->part_count, composed[MOST_PARTS];
	char *bytes = draft->bytes + draft->byte_count;
	size_t length;

	/* Fails for none but surrogates, which no text has. */
	utf8proc_ssize_t count = code_points_decompose(point, parts, MOST_PARTS, FOLDING_OPTIONS);
	if (count < 0 || count > MOST_PARTS)
		count = 0;
	memcpy(composed, parts, (size_t)count * sizeof(*parts));
	size_t left = code_points_compose(composed, (size_t)count, FOLDING_OPTIONS);
	if (!utf8_encode(composed, left, bytes, MOST_BYTES, &length))
		length = 0;
	*folding = (struct folding){.bytes_at = (uint16_t)draft->byte_count,
		.bytes = (uint8_t)length,
		.is_start = count > 0 && begins_anew(parts[0] & CODE_POINT_MASK),
		.parts_at = (uint16_t)draft->part_count,
		.parts = (uint8_t)count};
	draft->byte_count += length;
	draft->part_count += (size_t)count;
	draft->is_unchanged &= folding->is_start && is_unchanged(point, bytes, length);
}

/* The page, its parts and its bytes are one piece of memory. */
static const struct folding_page *keep(const struct draft *draft)
{
	size_t parts_size = draft->part_count * sizeof(*draft->parts);
	struct folding_page *page =
		memory_zeroed(sizeof(*page) + parts_size + draft->byte_count + FOLDING_STRIDE);
	utf8proc_int32_t *parts = (utf8proc_int32_t *)(page + 1);
	char *bytes = (char *)(parts + draft->part_count);

	memcpy(page->foldings, draft->foldings, sizeof(draft->foldings));
	memcpy(parts, draft->parts, parts_size);
	memcpy(bytes, draft->bytes, draft->byte_count);
	page->parts = parts;
	page->bytes = bytes;
	return page;
}

const struct folding_page *folding_make_page(utf8proc_int32_t point)
{
	struct draft draft;
	utf8proc_int32_t first = point - point % FOLDING_PAGE;

	draft.byte_count = draft.part_count = 0;
	draft.is_unchanged = true;
	for (int i = 0; i < FOLDING_PAGE; i++)
		fold_character(&draft, first + i, &draft.foldings[i]);
	const struct folding_page *page = draft.is_unchanged ? &folding_unchanged : keep(&draft);
	folding_pages[point / FOLDING_PAGE] = page;
	return page;
}
