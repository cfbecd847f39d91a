/*
 * The first letters of words. Nearly every word begins with a letter that is known, so that costs
 * next to nothing: a bit of ASCII, or a binary search. What the letters look like is worked out
 * when a new one comes.
 */
#include "store/index/first_letters.h"

#include <stdbool.h>
#include <string.h>
#include <utf8proc.h>

#include "store/names/base_form.h"
#include "store/names/code_points.h"
#include "store/names/scripts.h"

/* The consonants of Hangul that stand first, as keyboards have them; NFKC makes them U+1100 and
 * those behind it again. */
static const uint16_t consonants[] = {0x3131, 0x3132, 0x3134, 0x3137, 0x3138, 0x3139, 0x3141,
	0x3142, 0x3143, 0x3145, 0x3146, 0x3147, 0x3148, 0x3149, 0x314a, 0x314b, 0x314c, 0x314d,
	0x314e};

static int32_t as_shown(int32_t point)
{
	if (code_point_is_within(point, 0x1100, 0x1112))
		return consonants[point - 0x1100];
	return utf8proc_totitle(point);
}

#define SCRIPTS (UINT8_MAX + 1)

/* So many letters of each script are shown that all together are LIMIT_LETTERS at most; with as
 * many as are left, one more of the first scripts that have more. Returns that number, and how many
 * are left. */
static size_t share_room(const size_t counts[static SCRIPTS], size_t *left)
{
	size_t share = 0, shown = 0, more;

	*left = LIMIT_LETTERS;
	for (;;) {
		more = 0;
		for (size_t i = 0; i < SCRIPTS; i++)
			more += counts[i] > share;
		if (more == 0 || shown + more > LIMIT_LETTERS)
			break;
		shown += more;
		share++;
	}
	*left = LIMIT_LETTERS - shown;
	return share;
}

static void write_letters(struct first_letters *letters)
{
	size_t counts[SCRIPTS] = {0}, shown[SCRIPTS] = {0}, left, used = 0, length;
	int last = 0;

	for (size_t i = 0; i < letters->count; i++)
		counts[letters->scripts[i]]++;
	size_t share = share_room(counts, &left);
	for (size_t i = 0; i < letters->count; i++) {
		uint8_t script = letters->scripts[i];
		int32_t point = as_shown(letters->points[i]);
		if (shown[script] >= share && (shown[script] > share || left == 0))
			continue;
		left -= shown[script]++ == share;
		if (last > 0 && script != last) /* digits are of all scripts, the first number */
			letters->text[used++] = ' ';
		last = script;
		if (utf8_encode(&point, 1, letters->text + used, UTF8_MOST, &length))
			used += length;
	}
	letters->text[used] = '\0';
}

/* The place of the first letter that is not less. */
static size_t place_of(const struct first_letters *letters, int32_t point)
{
	size_t low = 0, high = letters->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (letters->points[middle] < point)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Of too many, the last goes. */
static void insert_letter(struct first_letters *letters, int32_t point)
{
	size_t at = place_of(letters, point);

	if (at == LIMIT_LETTERS_KEPT || (at < letters->count && letters->points[at] == point))
		return;
	if (letters->count < LIMIT_LETTERS_KEPT)
		letters->count++;
	memmove(letters->points + at + 1, letters->points + at,
		(letters->count - 1 - at) * sizeof(*letters->points));
	memmove(letters->scripts + at + 1, letters->scripts + at, letters->count - 1 - at);
	const struct script_set set = script_set_of(point);
	letters->points[at] = point;
	letters->scripts[at] = (uint8_t)script_set_first(&set);
	write_letters(letters);
}

static bool is_ascii_letter(int32_t point)
{
	return code_point_is_within(point, 'a', 'z') || code_point_is_within(point, '0', '9');
}

static void add_ascii(struct first_letters *letters, int32_t point)
{
	uint64_t bit = UINT64_C(1) << (point & 63);

	if ((letters->ascii[point >> 6] & bit) != 0)
		return;
	letters->ascii[point >> 6] |= bit;
	if (is_ascii_letter(point))
		insert_letter(letters, point);
}

void first_letters_add(struct first_letters *letters, const char *word, size_t length)
{
	int32_t point;

	if (length == 0)
		return;
	if (code_point_is_ascii((unsigned char)*word))
		add_ascii(letters, *word);
	else if (utf8_decode(word, length, &point) > 0 && base_form_is_in_word(point))
		insert_letter(letters, point);
}

size_t first_letters_length(const char *word, size_t length)
{
	int32_t point;
	size_t step = utf8_decode(word, length, &point);

	if (step == 0)
		return 0;
	if (code_point_is_ascii(point))
		return is_ascii_letter(point) ? step : 0;
	return base_form_is_in_word(point) ? step : 0;
}

void first_letters_remove(struct first_letters *letters, const char *word, size_t length)
{
	int32_t point;

	if (utf8_decode(word, length, &point) == 0)
		return;
	if (code_point_is_ascii(point))
		letters->ascii[point >> 6] &= ~(UINT64_C(1) << (point & 63));
	size_t at = place_of(letters, point);
	if (at == letters->count || letters->points[at] != point)
		return;
	letters->count--;
	memmove(letters->points + at, letters->points + at + 1,
		(letters->count - at) * sizeof(*letters->points));
	memmove(letters->scripts + at, letters->scripts + at + 1, letters->count - at);
	write_letters(letters);
}
