#include "store/names/name_key.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "store/names/code_points.h"
#include "store/names/folding.h"

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
	return utf8_decode(fold->text + fold->at, fold->length - fold->at, point);
}

/* Whether a character belongs to the cluster before it. */
static bool goes_on(utf8proc_int32_t point)
{
	const struct folding_page *page = folding_page(point);

	return page != &folding_unchanged && !folding_in(page, point)->is_start;
}

static size_t decompose(utf8proc_int32_t point, utf8proc_int32_t *parts, size_t most)
{
	const struct folding_page *page = folding_page(point);

	/* Hangul is decomposed, though it stays as it is; this fails for no character. */
	if (page == &folding_unchanged)
		return (size_t)code_points_decompose(point, parts, most, FOLDING_OPTIONS);
	const struct folding *folding = folding_in(page, point);
	for (size_t i = 0; i < folding->parts && i < most; i++)
		parts[i] = page->parts[folding->parts_at + i];
	return folding->parts;
}

/* The code points of a cluster, decomposed. */
static enum result take_cluster(
	struct fold *fold, utf8proc_int32_t points[static LIMIT_NAME_KEY], size_t *count)
{
	utf8proc_int32_t point;
	size_t step = decode(fold, &point);

	*count = 0;
	do {
		if (step == 0)
			return RESULT_MALFORMED;
		*count += decompose(point, points + *count, LIMIT_NAME_KEY - *count);
		if (*count > LIMIT_NAME_KEY)
			return RESULT_LIMIT;
		fold->at += step;
		if (fold->at == fold->length)
			break;
		step = decode(fold, &point);
	} while (step == 0 || goes_on(point));
	return RESULT_OK;
}

/* Does the cluster that was begun last once more, with all that belongs to it. */
static enum result fold_cluster(struct fold *fold)
{
	utf8proc_int32_t points[LIMIT_NAME_KEY];
	size_t count, length;

	fold->at = fold->cluster_at;
	fold->used = fold->cluster_used;
	enum result result = take_cluster(fold, points, &count);
	if (result != RESULT_OK)
		return result;
	count = code_points_compose(points, count, FOLDING_OPTIONS);
	if (!utf8_encode(
		    points, count, fold->key + fold->used, LIMIT_NAME_KEY - fold->used, &length))
		return RESULT_LIMIT;
	fold->used += length;
	return RESULT_OK;
}

/* The next character, and what belongs to it; or, of what stands before, what belongs to that. */
static enum result fold_next(struct fold *fold)
{
	utf8proc_int32_t point;

	if (decode(fold, &point) == 0)
		return RESULT_MALFORMED;
	if (!goes_on(point)) {
		fold->cluster_at = fold->at;
		fold->cluster_used = fold->used;
	}
	return fold_cluster(fold);
}

/* Characters that are starts, as far as there is room to copy more than is needed: most texts have
 * no others. */
static void fold_starts(struct fold *fold)
{
	size_t at = fold->at, used = fold->used;

	while (at < fold->length && LIMIT_NAME_KEY - used >= FOLDING_STRIDE) {
		utf8proc_int32_t point;
		size_t left = fold->length - at;
		size_t step = utf8_decode(fold->text + at, left, &point), taken = step;
		const char *bytes = fold->text + at;
		if (step == 0)
			break;
		const struct folding_page *page = folding_page(point);
		if (page != &folding_unchanged) {
			const struct folding *folding = folding_in(page, point);
			if (!folding->is_start || folding->bytes > FOLDING_STRIDE)
				break;
			bytes = page->bytes + folding->bytes_at;
			taken = folding->bytes;
		}
		if (page == &folding_unchanged && left < FOLDING_STRIDE)
			memcpy(fold->key + used, bytes, step);
		else
			memcpy(fold->key + used, bytes, FOLDING_STRIDE);
		fold->cluster_at = at;
		fold->cluster_used = used;
		at += step;
		used += taken;
	}
	fold->at = at;
	fold->used = used;
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

enum result name_key_fold(
	const char *text, size_t length, char key[static LIMIT_NAME_KEY], size_t *key_length)
{
	struct fold fold = {.text = text, .length = length, .key = key};
	enum result result = length <= LIMIT_NAME ? RESULT_OK : RESULT_LIMIT;

	while (result == RESULT_OK && fold.at < length) {
		if (fold_ascii(&fold))
			continue;
		fold_starts(&fold);
		if (fold.at < length)
			result = fold_next(&fold);
	}
	*key_length = fold.used;
	return result;
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
