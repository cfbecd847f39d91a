#include "name_key.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

#include "../heap.h"
#include "code_points.h"

#define FOLD_OPTIONS                                                                               \
	(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE)

/* What a character becomes by folding. */
struct folding {
	uint16_t at;    /* where that is in the bytes of its page */
	uint8_t length; /* of that */
	bool is_start;  /* it becomes that whatever stands before it, and leaves that as it is */
	bool is_whole;  /* that is a single character, which cannot be decomposed */
};

/* Characters that follow each other in Unicode, mostly of one script. */
#define PAGE 256
struct page {
	struct folding foldings[PAGE];
	char bytes[];
};

/* No character becomes longer than this, in UTF-8: U+FDFA, of 18 letters. */
#define MOST_BYTES 33

/* So many bytes are copied at once, whatever the length: nearly all are shorter. */
#define STRIDE 8

/* Where a name is being folded. A cluster is a character that is a start, and what follows up to
 * the next: no more than that is ever composed. */
struct fold {
	const char *text;
	size_t length;
	size_t at;
	char *key;
	size_t used;
	/* The cluster that was begun last, which may go on. */
	size_t cluster_at;
	size_t cluster_used;
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

/* Writes what it becomes, alone, behind what there is. */
static struct folding fold_character(
	utf8proc_int32_t point, char bytes[static PAGE * MOST_BYTES], size_t *used)
{
	struct folding folding = {.at = (uint16_t)*used};
	utf8proc_int32_t parts[32];
	size_t length;

	utf8proc_ssize_t decomposed = code_points_decompose(point, parts, 32, FOLD_OPTIONS);
	if (decomposed < 1 || decomposed > 32)
		return folding; /* nothing is left of it, or it is no character */
	folding.is_start = begins_anew(parts[0]);
	folding.is_whole = decomposed == 1;
	size_t count = code_points_compose(parts, (size_t)decomposed, FOLD_OPTIONS);
	if (!code_points_encode(parts, count, bytes + *used, MOST_BYTES, &length))
		return (struct folding){0};
	folding.length = (uint8_t)length;
	*used += length;
	return folding;
}

static bool is_unchanged(utf8proc_int32_t point, const struct folding *folding, const char *bytes)
{
	char text[4];
	size_t length;

	return folding->is_start && code_points_encode(&point, 1, text, sizeof(text), &length) &&
	       length == folding->length && memcmp(text, bytes + folding->at, length) == 0;
}

/* The characters of a page that all stay as they are: most scripts without small letters do. */
static const struct page unchanged_page;

static const struct page *make_page(utf8proc_int32_t first)
{
	struct folding foldings[PAGE];
	char bytes[PAGE * MOST_BYTES];
	size_t used = 0;
	bool is_unchanged_page = true;

	for (int i = 0; i < PAGE; i++) {
		foldings[i] = fold_character(first + i, bytes, &used);
		is_unchanged_page &= is_unchanged(first + i, &foldings[i], bytes);
	}
	if (is_unchanged_page)
		return &unchanged_page;
	struct page *page = heap_zeroed(sizeof(*page) + used + STRIDE);
	memcpy(page->foldings, foldings, sizeof(foldings));
	memcpy(page->bytes, bytes, used);
	return page;
}

/* Found out once for each page that names have characters of. */
static const struct page *find_page(utf8proc_int32_t point)
{
	static _Thread_local const struct page *pages[0x110000 / PAGE];
	const struct page **page = &pages[point / PAGE];

	if (*page == NULL)
		*page = make_page(point - point % PAGE);
	return *page;
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

static uint64_t load_eight(const char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

/* Eight bytes at once: letters of ASCII become small, all others stay. The highest bit of a sum
 * tells whether a byte is from A to Z, and no sum is over 255. */
static uint64_t lower_eight(uint64_t word)
{
	uint64_t low = word & EACH(0x7f);
	uint64_t from_a = low + EACH(0x80 - 'A'), behind_z = low + EACH(0x80 - 'Z' - 1);

	return word | ((from_a ^ behind_z) & ~word & EACH(0x80)) >> 2;
}

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static size_t decode(const struct fold *fold, utf8proc_int32_t *point)
{
	return code_point_decode(fold->text + fold->at, fold->length - fold->at, point);
}

/* What follows the first character of a cluster that does not begin one itself. */
static bool goes_on(utf8proc_int32_t point)
{
	const struct page *page = find_page(point);

	return page != &unchanged_page && !page->foldings[point % PAGE].is_start;
}

static size_t decompose(utf8proc_int32_t point, utf8proc_int32_t *parts, size_t most)
{
	const struct page *page = find_page(point);
	const struct folding *folding = &page->foldings[point % PAGE];

	if (page != &unchanged_page && folding->is_whole && most > 0)
		return code_point_decode(page->bytes + folding->at, folding->length, parts) > 0;
	/* Fails for no character. */
	return (size_t)code_points_decompose(point, parts, most, FOLD_OPTIONS);
}

/* The code points of a cluster, decomposed. */
static enum status take_cluster(
	struct fold *fold, utf8proc_int32_t points[static LIMIT_NAME_KEY], size_t *count)
{
	utf8proc_int32_t point;
	size_t step = decode(fold, &point);

	*count = 0;
	do {
		size_t parts = decompose(point, points + *count, LIMIT_NAME_KEY - *count);
		if (step == 0 || parts > LIMIT_NAME_KEY - *count)
			return step == 0 ? STATUS_MALFORMED : STATUS_LIMIT;
		*count += parts;
		fold->at += step;
		if (fold->at == fold->length)
			break;
		step = decode(fold, &point);
	} while (step == 0 || goes_on(point));
	return STATUS_OK;
}

/* Does the cluster that was begun last once more, with all that belongs to it. */
static enum status fold_cluster(struct fold *fold)
{
	utf8proc_int32_t points[LIMIT_NAME_KEY];
	size_t count, length;

	fold->at = fold->cluster_at;
	fold->used = fold->cluster_used;
	enum status status = take_cluster(fold, points, &count);
	if (status != STATUS_OK)
		return status;
	count = code_points_compose(points, count, FOLD_OPTIONS);
	if (!code_points_encode(
		    points, count, fold->key + fold->used, LIMIT_NAME_KEY - fold->used, &length))
		return STATUS_LIMIT;
	fold->used += length;
	return STATUS_OK;
}

static enum status put(struct fold *fold, const char *bytes, size_t length)
{
	if (LIMIT_NAME_KEY - fold->used < length)
		return STATUS_LIMIT;
	memcpy(fold->key + fold->used, bytes, length);
	fold->used += length;
	return STATUS_OK;
}

/* Characters of pages that all stay as they are. */
static enum status fold_unchanged(struct fold *fold)
{
	utf8proc_int32_t point;
	size_t start = fold->at, step;

	for (; fold->at < fold->length; fold->at += step) {
		step = decode(fold, &point);
		if (step == 0 || find_page(point) != &unchanged_page)
			break;
		fold->cluster_at = fold->at;
	}
	fold->cluster_used = fold->used + fold->cluster_at - start;
	return put(fold, fold->text + start, fold->at - start);
}

/* The next character; or more. */
static enum status fold_next(struct fold *fold)
{
	utf8proc_int32_t point;
	size_t step = decode(fold, &point);

	if (step == 0)
		return STATUS_MALFORMED;
	const struct page *page = find_page(point);
	if (page == &unchanged_page)
		return fold_unchanged(fold);
	const struct folding *folding = &page->foldings[point % PAGE];
	if (!folding->is_start)
		return fold_cluster(fold);
	fold->cluster_at = fold->at;
	fold->cluster_used = fold->used;
	fold->at += step;
	if (folding->length > STRIDE || LIMIT_NAME_KEY - fold->used < STRIDE)
		return put(fold, page->bytes + folding->at, folding->length);
	memcpy(fold->key + fold->used, page->bytes + folding->at, STRIDE);
	fold->used += folding->length;
	return STATUS_OK;
}

/* Eight characters at once, if all of them are ASCII. A mark may follow the last of them. */
static bool fold_ascii(struct fold *fold)
{
	uint64_t word;

	if (fold->length - fold->at < sizeof(word) || LIMIT_NAME_KEY - fold->used < sizeof(word))
		return false;
	word = load_eight(fold->text + fold->at);
	if ((word & EACH(0x80)) != 0)
		return false;
	word = lower_eight(word);
	memcpy(fold->key + fold->used, &word, sizeof(word));
	fold->at += sizeof(word);
	fold->used += sizeof(word);
	fold->cluster_at = fold->at - 1;
	fold->cluster_used = fold->used - 1;
	return true;
}

enum status name_key_fold(
	const char *text, size_t length, char key[static LIMIT_NAME_KEY], size_t *key_length)
{
	struct fold fold = {.text = text, .length = length, .key = key};
	enum status status = length <= LIMIT_NAME ? STATUS_OK : STATUS_LIMIT;

	while (status == STATUS_OK && fold.at < length) {
		if (!fold_ascii(&fold))
			status = fold_next(&fold);
	}
	*key_length = fold.used;
	return status;
}

void name_key_lower(const char *text, size_t length, char *lowered)
{
	size_t i = 0;

	for (; length - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
		uint64_t word = lower_eight(load_eight(text + i));
		memcpy(lowered + i, &word, sizeof(word));
	}
	for (; i < length; i++)
		lowered[i] = lower(text[i]);
}

size_t name_key_common(const char *key, const char *text, size_t most)
{
	size_t i = 0;

	for (; most - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
		uint64_t difference = lower_eight(load_eight(text + i)) ^ load_eight(key + i);
		if (difference != 0)
			return i + (size_t)__builtin_ctzll(le64toh(difference)) / 8;
	}
	while (i < most && key[i] == lower(text[i]))
		i++;
	return i;
}

int name_key_compare(
	const char *key, size_t key_length, const char *text, size_t length, bool *is_beginning)
{
	size_t i = name_key_common(key, text, key_length < length ? key_length : length);

	*is_beginning = i == key_length && i < length;
	if (i < key_length && i < length)
		return (unsigned char)key[i] - (unsigned char)lower(text[i]);
	return (key_length > length) - (key_length < length);
}

bool name_key_is_lowered(const char *key, size_t key_length, const char *text, size_t length)
{
	return key_length == length && name_key_common(key, text, length) == length;
}
