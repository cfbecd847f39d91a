/*
 * Names that mix scripts, such as "pаypal" with a Cyrillic "а", are refused: UTS 39 has the levels
 * of mixing. People who write their name in two scripts put a space between: "Ali محمد" is a name,
 * and looks like none that is in one script. Between Latin, Cyrillic and Greek, whole words look
 * alike: "Сор Smith" would be one. Numerals behind a name are Latin everywhere: "Иван II".
 *
 * The sets of scripts are ICU's (cmake/name_tables.c): libunistring knows the script of a
 * character, but not the others that it is used in.
 */
#include "store/names/scripts.h"

#include "base/limit.h"
#include "base/scratch.h"
#include "store/names/code_points.h"

/* A set is that of all code points from `first` up to the next range. */
struct script_range {
	uint32_t first;
	uint16_t set;
};

#include "name_scripts.h"

#define SETS              (sizeof(script_sets) / sizeof(*script_sets))
#define RANGES            (sizeof(script_ranges) / sizeof(*script_ranges))
#define WORDS             (sizeof(struct script_set) / sizeof(uint64_t))
#define IDEOGRAPHIC_SPACE 0x3000

static const struct script_set all_scripts = {{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}};

/* Small Greek letters that names in Latin letters are written with, and that look like none of
 * ASCII: epsilon in Akan, theta, lambda and chi in the Salish languages. */
static bool is_borrowed(utf8proc_int32_t c)
{
	return c == 0x3b5 || c == 0x3b8 || c == 0x3bb || c == 0x3c7;
}

static struct script_set find_set(utf8proc_int32_t c)
{
	size_t low = 0, high = 1;

	/* Most letters are in one of the first ranges. */
	while (high < RANGES && script_ranges[high].first <= (uint32_t)c) {
		low = high;
		high *= 2;
	}
	high = high < RANGES ? high : RANGES;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (script_ranges[middle].first <= (uint32_t)c)
			low = middle;
		else
			high = middle;
	}
	return script_sets[script_ranges[low].set];
}

struct script_set script_set_of(utf8proc_int32_t c)
{
	struct script_set set = code_point_is_apostrophe(c) ? all_scripts : find_set(c);

	if (is_borrowed(c))
		set.bits[SCRIPT_LATIN / 64] |= UINT64_C(1) << (SCRIPT_LATIN % 64);
	return set;
}

static bool has_script(const struct script_set *set, int script)
{
	return set->bits[script / 64] >> (script % 64) & 1;
}

int script_set_first(const struct script_set *set)
{
	for (size_t i = 0; i < WORDS; i++)
		if (set->bits[i] != 0)
			return (int)(i * 64) + __builtin_ctzll(set->bits[i]);
	return -1;
}

/* How many scripts below that number are in wide use. */
static int count_wide(int script)
{
	int count = 0;

	for (int i = 0; i < script / 64; i++)
		count += __builtin_popcountll(recommended_scripts->bits[i]);
	if (script % 64 > 0)
		count += __builtin_popcountll(
			recommended_scripts->bits[script / 64] << (64 - script % 64));
	return count;
}

/* The scripts in wide use have the first bits, one each. */
static int mask_bit_of(int script)
{
	int wide = count_wide((int)WORDS * 64);

	return has_script(recommended_scripts, script) ? count_wide(script)
						       : wide + script % (63 - wide);
}

int64_t script_set_mask(const struct script_set *set)
{
	int64_t mask = 0;

	for (int i = 0; i < (int)WORDS * 64; i++)
		if (has_script(set, i))
			mask |= INT64_C(1) << mask_bit_of(i);
	return mask;
}

bool script_set_is_empty(const struct script_set *set)
{
	uint64_t all = 0;

	for (size_t i = 0; i < WORDS; i++)
		all |= set->bits[i];
	return all == 0;
}

struct script_set script_set_common(const struct script_set *a, const struct script_set *b)
{
	struct script_set common;

	for (size_t i = 0; i < WORDS; i++)
		common.bits[i] = a->bits[i] & b->bits[i];
	return common;
}

static bool are_disjoint(const struct script_set *a, const struct script_set *b)
{
	struct script_set common = script_set_common(a, b);

	return script_set_is_empty(&common);
}

static void narrow(struct script_set *set, const struct script_set *other)
{
	*set = script_set_common(set, other);
}

struct script_set script_set_of_text(const utf8proc_int32_t *points, size_t count)
{
	struct script_set resolved = all_scripts;

	for (size_t i = 0; i < count; i++) {
		struct script_set set = script_set_of(points[i]);
		narrow(&resolved, &set);
	}
	return resolved;
}

/* One script, or highly restrictive. */
static bool are_written_together(const struct script_set *sets, size_t count)
{
	struct script_set all = all_scripts, others = all_scripts;

	for (size_t i = 0; i < count; i++) {
		narrow(&all, &sets[i]);
		if (!has_script(&sets[i], SCRIPT_LATIN))
			narrow(&others, &sets[i]);
	}
	return !script_set_is_empty(&all) || has_script(&others, SCRIPT_JAPANESE) ||
	       has_script(&others, SCRIPT_KOREAN) || has_script(&others, SCRIPT_HAN_WITH_BOPOMOFO);
}

/* Whether it belongs to one of the scripts that have whole words in common by their looks. */
static bool is_of_family(const struct script_set *set)
{
	return has_script(set, SCRIPT_LATIN) || has_script(set, SCRIPT_CYRILLIC) ||
	       has_script(set, SCRIPT_GREEK);
}

/* Not more than one script of the family, with one in wide use that is not. */
static bool may_stand_side_by_side(const struct script_set *sets, size_t count)
{
	struct script_set family = all_scripts, others = all_scripts;

	for (size_t i = 0; i < count; i++)
		narrow(is_of_family(&sets[i]) ? &family : &others, &sets[i]);
	return !script_set_is_empty(&family) && !are_disjoint(&others, recommended_scripts);
}

static bool is_between_words(utf8proc_int32_t c)
{
	return c == ' ' || c == IDEOGRAPHIC_SPACE;
}

static bool is_allowed(const utf8proc_int32_t *points, const struct script_set *sets, size_t count)
{
	if (are_written_together(sets, count))
		return true;
	if (!may_stand_side_by_side(sets, count))
		return false;
	for (size_t i = 0, end; i < count; i = end + 1) {
		end = i;
		while (end < count && !is_between_words(points[end]))
			end++;
		if (!are_written_together(sets + i, end - i))
			return false;
	}
	return true;
}

static size_t count_like(
	const struct script_set *sets, size_t count, const struct script_set *wanted)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		found += !has_script(&sets[i], SCRIPT_COMMON) && !are_disjoint(&sets[i], wanted);
	return found;
}

/* The first letter that the name can't have behind those before it, and the first of these that is
 * of another script. The one of which there are fewer is the stranger. */
static struct script_mix find_mix(
	const utf8proc_int32_t *points, const struct script_set *sets, size_t count)
{
	struct script_mix mix = {.at = 1};

	while (mix.at + 1 < count && is_allowed(points, sets, mix.at + 1))
		mix.at++;
	while (mix.beside < mix.at && !are_disjoint(&sets[mix.beside], &sets[mix.at]))
		mix.beside++;
	if (count_like(sets, count, &sets[mix.at]) > count_like(sets, count, &sets[mix.beside]))
		mix = (struct script_mix){.at = mix.beside, .beside = mix.at};
	return mix;
}

/* In Latin letters, whatever the name: "Иван II". */
static bool is_numeral(utf8proc_int32_t c)
{
	return c == 'I' || c == 'V' || c == 'X';
}

/* A numeral that is a word, but not the first, goes with any script. */
static void admit_numerals(const utf8proc_int32_t *points, struct script_set *sets, size_t count)
{
	size_t end = 0;

	while (end < count && !is_between_words(points[end]))
		end++;
	for (size_t i = end + 1; i < count; i = end + 1) {
		bool is_one = !is_between_words(points[i]);
		for (end = i; end < count && !is_between_words(points[end]); end++)
			is_one = is_one && is_numeral(points[end]);
		for (size_t j = i; is_one && j < end; j++)
			sets[j] = all_scripts;
	}
}

bool scripts_allow(const utf8proc_int32_t *points, size_t count, struct script_mix *mix)
{
	SCRATCH struct script_set sets[LIMIT_NAME_CODE_POINTS];

	for (size_t i = 0; i < count; i++)
		sets[i] = script_set_of(points[i]);
	if (count < 2 || is_allowed(points, sets, count))
		return true;
	admit_numerals(points, sets, count);
	if (is_allowed(points, sets, count))
		return true;
	*mix = find_mix(points, sets, count);
	return false;
}
