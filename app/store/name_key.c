#include "name_key.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

#include "code_points.h"

/* No character becomes longer than this by NFKC and case folding, in UTF-8: U+FDFA, from three
 * bytes to 33. */
#define FOLD_EXPANSION 11

#define FOLD_OPTIONS                                                                               \
	(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE)

static enum status fold_text(
	const char *text, size_t length, char key[static LIMIT_NAME_KEY], size_t *key_length)
{
	utf8proc_int32_t points[LIMIT_NAME_KEY];
	utf8proc_ssize_t count =
		code_points_normalize(text, length, points, LIMIT_NAME_KEY, FOLD_OPTIONS);

	if (count < 0)
		return STATUS_MALFORMED;
	if (count > LIMIT_NAME_KEY ||
		!code_points_encode(points, (size_t)count, key, LIMIT_NAME_KEY, key_length))
		return STATUS_LIMIT;
	return STATUS_OK;
}

/* Whether it is never composed with what stands before it, nor moved there: so it is with all that
 * is neither a mark nor a vowel or final consonant of Hangul. */
static bool begins_anew(utf8proc_int32_t c)
{
	utf8proc_category_t category = utf8proc_category(c);

	return category != UTF8PROC_CATEGORY_MN && category != UTF8PROC_CATEGORY_MC &&
	       category != UTF8PROC_CATEGORY_ME && !code_point_is_within(c, 0x1160, 0x11ff);
}

/* What a character becomes by folding. */
struct folding {
	utf8proc_int32_t point;
	bool is_alone; /* it becomes that whatever stands beside it */
	unsigned char length;
	char bytes[FOLD_EXPANSION - 1];
};

static struct folding fold_character(utf8proc_int32_t point)
{
	struct folding folding = {.point = point};
	utf8proc_int32_t parts[32];
	char text[4], key[LIMIT_NAME_KEY];
	int boundary = UTF8PROC_BOUNDCLASS_START;
	size_t key_length;

	size_t length = (size_t)utf8proc_encode_char(point, (utf8proc_uint8_t *)text);
	utf8proc_ssize_t count = utf8proc_decompose_char(point, parts, 32, FOLD_OPTIONS, &boundary);
	/* Beyond U+FFFF, tables newer than this have letters that are composed. */
	if (point > 0xffff || count < 1 || count > 32 || !begins_anew(parts[0]) ||
		fold_text(text, length, key, &key_length) != STATUS_OK ||
		key_length > sizeof(folding.bytes))
		return folding;
	folding.is_alone = true;
	folding.length = (unsigned char)key_length;
	memcpy(folding.bytes, key, key_length);
	return folding;
}

static const struct folding *find_folding(utf8proc_int32_t point)
{
	static _Thread_local struct folding known[4096];
	struct folding *folding = &known[(size_t)point % (sizeof(known) / sizeof(*known))];

	if (folding->point != point)
		*folding = fold_character(point);
	return folding;
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

static uint64_t load_eight(const char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

/* Eight characters at once, if all of them are ASCII. */
static bool fold_eight(const char *text, uint64_t *folded)
{
	uint64_t word = load_eight(text);

	/* The highest bit of each byte tells whether it is from A to Z: no sum is over 255. */
	uint64_t from_a = word + EACH(0x80 - 'A'), behind_z = word + EACH(0x80 - 'Z' - 1);
	*folded = word | ((from_a ^ behind_z) & EACH(0x80)) >> 2;
	return (word & EACH(0x80)) == 0;
}

static char fold_ascii(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* Opening a store folds every name, and looking names up in their order some dozens: worth a path
 * of its own for all whose characters fold one by one. ASCII does, and the letters of most scripts;
 * what those become is remembered. False: it has to be folded as a whole. */
static bool fold_one_by_one(
	const char *text, size_t length, char key[static LIMIT_NAME_KEY], size_t *key_length)
{
	size_t i = 0, used = 0;
	uint64_t eight;

	while (i < length && used <= LIMIT_NAME_KEY - FOLD_EXPANSION) {
		unsigned char c = (unsigned char)text[i];
		if (length - i >= 8 && fold_eight(text + i, &eight)) {
			memcpy(key + used, &eight, sizeof(eight));
			i += 8;
			used += 8;
			continue;
		}
		if (c < 0x80) {
			key[used++] = fold_ascii(text[i++]);
			continue;
		}
		utf8proc_int32_t point;
		utf8proc_ssize_t step = utf8proc_iterate(
			(const utf8proc_uint8_t *)text + i, (utf8proc_ssize_t)(length - i), &point);
		const struct folding *folding = step > 0 ? find_folding(point) : NULL;
		if (folding == NULL || !folding->is_alone)
			return false;
		memcpy(key + used, folding->bytes, folding->length);
		used += folding->length;
		i += (size_t)step;
	}
	*key_length = used;
	return i == length;
}

enum status name_key_fold(
	const char *text, size_t length, char key[static LIMIT_NAME_KEY], size_t *key_length)
{
	if (length > LIMIT_NAME)
		return STATUS_LIMIT;
	if (fold_one_by_one(text, length, key, key_length))
		return STATUS_OK;
	return fold_text(text, length, key, key_length);
}

bool name_key_can_fold(const char *text, size_t length)
{
	char key[LIMIT_NAME_KEY];
	size_t key_length;

	return length <= LIMIT_NAME_KEY / FOLD_EXPANSION ||
	       name_key_fold(text, length, key, &key_length) == STATUS_OK;
}

static int compare_bytes(const char *key, size_t key_length, const char *other, size_t other_length,
	bool *is_beginning)
{
	bool is_shorter = key_length < other_length;
	int comparison = memcmp(key, other, is_shorter ? key_length : other_length);

	*is_beginning = comparison == 0 && is_shorter;
	if (comparison != 0)
		return comparison;
	return is_shorter ? -1 : key_length > other_length;
}

/* Either leaves the character before it as it is. */
static bool is_ascii_or_end(const char *text, size_t length, size_t i)
{
	return i == length || (text[i] & 0x80) == 0;
}

/* How much of a key is the same as the beginning of that of a name, as far as that is ASCII. */
static size_t common_length(const char *key, size_t key_length, const char *text, size_t length)
{
	size_t most = key_length < length ? key_length : length, i = 0;
	uint64_t eight;

	for (; most - i >= 8 && fold_eight(text + i, &eight); i += 8) {
		uint64_t difference = eight ^ load_eight(key + i);
		if (difference != 0)
			return i + (size_t)__builtin_ctzll(le64toh(difference)) / 8;
	}
	while (i < most && (text[i] & 0x80) == 0 && key[i] == fold_ascii(text[i]))
		i++;
	return i;
}

/* Most names differ from others early, where both are ASCII. */
int name_key_compare(
	const char *key, size_t key_length, const char *text, size_t length, bool *is_beginning)
{
	char own[LIMIT_NAME_KEY];
	size_t own_length, i = common_length(key, key_length, text, length);

	if (i == length) {
		*is_beginning = false;
		return key_length > length;
	}
	if (is_ascii_or_end(text, length, i) && is_ascii_or_end(text, length, i + 1)) {
		own[0] = fold_ascii(text[i]);
		return compare_bytes(key + i, key_length - i, own, 1, is_beginning);
	}
	if (name_key_fold(text, length, own, &own_length) != STATUS_OK)
		own_length = 0;
	return compare_bytes(key, key_length, own, own_length, is_beginning);
}
