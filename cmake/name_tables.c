/*
 * Writes the tables of Unicode that the rules for names need, from the data of the ICU that is
 * installed: `name_tables scripts FILE` writes the scripts that each character is used in,
 * `prototypes` what it is in a skeleton (UTS 39), and `looks` which scripts have one that looks
 * like it. Only this program is linked with ICU: the library and its data take 36 MB, the tables 50
 * KB.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

#define POINTS 0x110000
#define BLOCK  256
#define MOST   64

struct set {
	uint64_t bits[4]; /* by UScriptCode */
};

/* By their categories: these, marks and digits. */
static const uint32_t letters = U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK;

static UErrorCode error = U_ZERO_ERROR;
static USpoofChecker *spoof;
static const UNormalizer2 *nfd;
static const USet *recommended_points; /* for identifiers: UTS 39, section 3.1 */
static struct set sets[1024];
static size_t set_count;
static uint16_t set_of[POINTS]; /* an index of sets */

static void must(bool is_fine, const char *what)
{
	if (is_fine && U_SUCCESS(error))
		return;
	fprintf(stderr, "name_tables: %s: %s\n", what, u_errorName(error));
	exit(EXIT_FAILURE);
}

static bool has(const struct set *set, int script)
{
	return set->bits[script / 64] >> (script % 64) & 1;
}

static void include(struct set *set, int script)
{
	must(script < 256, "more scripts than a set has room for");
	set->bits[script / 64] |= UINT64_C(1) << (script % 64);
}

static bool is_disjoint(const struct set *a, const struct set *b)
{
	for (size_t i = 0; i < 4; i++) {
		if ((a->bits[i] & b->bits[i]) != 0)
			return false;
	}
	return true;
}

/* Section 5.1 of UTS 39: the scripts that are used together in one language count as one more. */
static void augment(struct set *set)
{
	bool is_han = has(set, USCRIPT_HAN);

	if (is_han || has(set, USCRIPT_HIRAGANA) || has(set, USCRIPT_KATAKANA))
		include(set, USCRIPT_JAPANESE);
	if (is_han || has(set, USCRIPT_HANGUL))
		include(set, USCRIPT_KOREAN);
	if (is_han || has(set, USCRIPT_BOPOMOFO))
		include(set, USCRIPT_HAN_WITH_BOPOMOFO);
}

/* All bits: it is used in any script. So are the marks of this block, though newer versions of
 * Unicode list the scripts that each is known from. */
static struct set scripts_of(UChar32 c)
{
	UScriptCode scripts[MOST];
	struct set set = {{0}};
	int count = uscript_getScriptExtensions(c, scripts, MOST, &error);

	must(count > 0, "script extensions");
	for (int i = 0; i < count; i++)
		include(&set, scripts[i]);
	if (has(&set, USCRIPT_COMMON) || has(&set, USCRIPT_INHERITED) ||
		ublock_getCode(c) == UBLOCK_COMBINING_DIACRITICAL_MARKS)
		memset(&set, 0xff, sizeof(set));
	augment(&set);
	return set;
}

static uint16_t index_of(struct set set)
{
	size_t at = 0;

	while (at < set_count && memcmp(&sets[at], &set, sizeof(set)) != 0)
		at++;
	must(at < sizeof(sets) / sizeof(*sets), "more sets than there is room for");
	if (at == set_count)
		sets[set_count++] = set;
	return (uint16_t)at;
}

static void read_scripts(void)
{
	for (UChar32 c = 0; c < POINTS; c++)
		set_of[c] = index_of(scripts_of(c));
}

static void print_set(const struct set *set)
{
	printf("\t{{");
	for (size_t i = 0; i < 4; i++)
		printf("UINT64_C(0x%llx)%s", (unsigned long long)set->bits[i],
			i < 3 ? ", " : "}},\n");
}

/* A range goes up to the next one; what no version of Unicode has yet belongs to the one before it.
 */
static void print_scripts(void)
{
	int before = -1;
	struct set recommended = {{0}};

	printf("static const struct script_set script_sets[] = {\n");
	for (size_t i = 0; i < set_count; i++)
		print_set(&sets[i]);
	printf("};\n\nstatic const struct script_range script_ranges[] = {\n");
	for (UChar32 c = 0; c < POINTS; c++) {
		if (set_of[c] == before || (c > 0 && !u_isdefined(c)))
			continue;
		before = set_of[c];
		printf("\t{0x%x, %d},\n", (unsigned)c, before);
	}
	printf("};\n\n");
	for (int script = 0; script <= u_getIntPropertyMaxValue(UCHAR_SCRIPT); script++) {
		if (uscript_getUsage(script) == USCRIPT_USAGE_RECOMMENDED)
			include(&recommended, script);
	}
	printf("/* In wide use: Unicode Standard Annex 31, table 5. */\n"
	       "static const struct script_set recommended_scripts[] = {\n");
	print_set(&recommended);
	printf("};\n\nenum {\n\tSCRIPT_COMMON = %d,\n\tSCRIPT_LATIN = %d,\n\tSCRIPT_GREEK = "
	       "%d,\n\tSCRIPT_CYRILLIC = %d,\n",
		USCRIPT_COMMON, USCRIPT_LATIN, USCRIPT_GREEK, USCRIPT_CYRILLIC);
	printf("\tSCRIPT_JAPANESE = %d,\n\tSCRIPT_KOREAN = %d,\n\tSCRIPT_HAN_WITH_BOPOMOFO = "
	       "%d,\n};\n",
		USCRIPT_JAPANESE, USCRIPT_KOREAN, USCRIPT_HAN_WITH_BOPOMOFO);
}

/* Signs that names can have: apostrophes, middle dots, and the exceptions of RFC 5892. */
static bool is_sign_in_names(UChar32 c)
{
	static const UChar32 signs[] = {' ', '\'', '-', '.', '_', 0xb7, 0x5f3, 0x5f4, 0x6fd, 0x6fe,
		0xf0b, 0x2018, 0x2019, 0x3007, 0x30fb};
	size_t at = 0;

	while (at < sizeof(signs) / sizeof(*signs) && signs[at] != c)
		at++;
	return at < sizeof(signs) / sizeof(*signs);
}

/* Whether names can have it, by its category and its decomposition. A few more do no harm. */
static bool is_in_names(UChar32 c)
{
	int type = u_getIntPropertyValue(c, UCHAR_DECOMPOSITION_TYPE);

	if ((U_GET_GC_MASK(c) & letters) == 0 ||
		u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
		return is_sign_in_names(c);
	return type == U_DT_WIDE || type == U_DT_NARROW || type == U_DT_COMPAT ||
	       u_getIntPropertyValue(c, UCHAR_NFKC_QUICK_CHECK) != UNORM_NO;
}

static int decode(const UChar *text, int length, UChar32 *points)
{
	int count = 0;

	for (int i = 0; i < length;) {
		UChar32 c;
		U16_NEXT(text, i, length, c);
		points[count++] = c;
	}
	return count;
}

static int decompose(UChar32 c, UChar32 *points)
{
	UChar text[MOST];
	int length = unorm2_getDecomposition(nfd, c, text, MOST, &error);

	must(true, "decomposition");
	points[0] = c;
	return length < 0 ? 1 : decode(text, length, points);
}

/* The data of UTS 39 has the small palochka of Caucasian languages look like i. Fonts draw it like
 * the capital one, which looks like l. */
#define SMALL_PALOCHKA 0x4cf

static int find_skeleton(UChar32 c, UChar32 *points)
{
	UChar text[2], found[MOST];
	int length = 0;

	if (c == SMALL_PALOCHKA) {
		points[0] = 'l';
		return 1;
	}
	U16_APPEND_UNSAFE(text, length, c);
	length = uspoof_getSkeleton(spoof, 0, text, length, found, MOST, &error);
	must(length <= MOST, "skeleton");
	return decode(found, length, points);
}

/* A character that a name can have in NFD. */
struct part {
	UChar32 point;
	UChar32 skeleton[MOST];
	int count;
};

static struct part *parts;
static size_t part_count;

static void read_parts(void)
{
	UChar32 points[MOST];

	parts = calloc(POINTS, sizeof(*parts));
	must(parts != NULL, "memory");
	for (UChar32 c = 0; c < POINTS; c++) {
		if (!is_in_names(c) || decompose(c, points) != 1 || points[0] != c)
			continue;
		struct part *part = &parts[part_count++];
		part->point = c;
		part->count = find_skeleton(c, part->skeleton);
	}
}

static bool is_changed(const struct part *part)
{
	return part->count != 1 || part->skeleton[0] != part->point;
}

/* What can be written in Latin names: Latin letters, and signs and digits of all scripts. */
static bool is_latin(UChar32 c)
{
	return has(&sets[set_of[c]], USCRIPT_LATIN);
}

static int compare_sources(const void *a, const void *b)
{
	const struct part *x = &parts[*(const size_t *)a], *y = &parts[*(const size_t *)b];

	if (x->skeleton[0] != y->skeleton[0])
		return x->skeleton[0] < y->skeleton[0] ? -1 : 1;
	return x->point < y->point ? -1 : 1;
}

static void print_prototypes(void)
{
	uint64_t ascii[2] = {0};
	size_t at = 0;

	printf("static const uint32_t prototype_points[] = {\n");
	for (size_t i = 0; i < part_count; i++) {
		for (int j = 0; is_changed(&parts[i]) && j < parts[i].count; j++)
			printf("\t0x%x,\n", (unsigned)parts[i].skeleton[j]);
	}
	printf("};\n\nstatic const struct prototype prototypes[] = {\n");
	for (size_t i = 0; i < part_count; i++) {
		if (!is_changed(&parts[i]))
			continue;
		printf("\t{0x%x, %zu, %d},\n", (unsigned)parts[i].point, at, parts[i].count);
		at += (size_t)parts[i].count;
		if (parts[i].point < 0x80)
			ascii[parts[i].point / 64] |= UINT64_C(1) << (parts[i].point % 64);
	}
	must(at <= UINT16_MAX, "prototypes beyond 65535 code points");
	printf("};\n\n/* The ASCII characters that have a prototype. */\n"
	       "static const uint64_t ascii_with_prototype[] = {UINT64_C(0x%llx), "
	       "UINT64_C(0x%llx)};\n\n",
		(unsigned long long)ascii[0], (unsigned long long)ascii[1]);
}

/* The prototypes of ASCII, by the first code point of the prototype. */
static void print_sources(void)
{
	size_t *sources = calloc(part_count, sizeof(*sources)), count = 0;

	must(sources != NULL, "memory");
	for (size_t i = 0; i < part_count; i++) {
		if (is_changed(&parts[i]) && parts[i].point < 0x80)
			sources[count++] = i;
	}
	qsort(sources, count, sizeof(*sources), compare_sources);
	printf("static const uint16_t ascii_prototypes[] = {\n");
	for (size_t i = 0; i < count; i++) {
		size_t at = 0;
		for (size_t j = 0; j < sources[i]; j++)
			at += is_changed(&parts[j]);
		printf("\t%zu,\n", at);
	}
	printf("};\n\n");
	free(sources);
}

/* That a skeleton has a code point from a character with a set of scripts. Characters that are in
 * hardly any name do not count, such as phonetic signs: with them half of the Cyrillic and the
 * Greek names could be taken for something else. */
static uint64_t *producers;
static size_t producer_count;

static uint64_t producer(UChar32 point, uint16_t set)
{
	return (uint64_t)point << 16 | set;
}

static int compare_producers(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void read_producers(void)
{
	size_t room = 0, left = 0;

	for (size_t i = 0; i < part_count; i++)
		room += (size_t)parts[i].count;
	producers = calloc(room, sizeof(*producers));
	must(producers != NULL, "memory");
	for (size_t i = 0; i < part_count; i++) {
		if (!uset_contains(recommended_points, parts[i].point))
			continue;
		for (int j = 0; j < parts[i].count; j++)
			producers[producer_count++] =
				producer(parts[i].skeleton[j], set_of[parts[i].point]);
	}
	qsort(producers, producer_count, sizeof(*producers), compare_producers);
	for (size_t i = 0; i < producer_count; i++) {
		if (left == 0 || producers[left - 1] != producers[i])
			producers[left++] = producers[i];
	}
	producer_count = left;
}

/* What a character looks like: a bit for each group of scripts that has the same. */
enum {
	LOOKS_LATIN = 1,
	LOOKS_GREEK_OR_CYRILLIC = 2,
	LOOKS_OTHER = 4,
	LOOKS_ALL = 7,
	LOOKS_IS_LATIN = 8, /* it can be written in Latin names */
};

static int groups_of(const struct set *set)
{
	int groups = 0;

	if (has(set, USCRIPT_LATIN))
		groups |= LOOKS_LATIN;
	if (has(set, USCRIPT_GREEK) || has(set, USCRIPT_CYRILLIC))
		groups |= LOOKS_GREEK_OR_CYRILLIC;
	return groups != 0 ? groups : LOOKS_OTHER;
}

/* The groups in which text that has nothing of these scripts can have the code point in its
 * skeleton. Marks that are used in Latin and in Cyrillic are common to both, and no sign that the
 * text is of one of them. */
static int find_elsewhere(UChar32 point, const struct set *set)
{
	size_t low = 0, high = producer_count;
	int groups = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (producers[middle] < producer(point, 0))
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < producer_count && producers[low] >> 16 == (uint64_t)point; low++) {
		const struct set *other = &sets[producers[low] & 0xffff];
		if (has(other, USCRIPT_LATIN) && has(other, USCRIPT_CYRILLIC))
			return LOOKS_ALL;
		if (is_disjoint(other, set))
			groups |= groups_of(other);
	}
	return groups;
}

/* A character has in common with others what all of its parts have. */
static int find_looks(UChar32 c)
{
	UChar32 points[MOST], skeleton[MOST];
	int count = decompose(c, points), looks = LOOKS_ALL | LOOKS_IS_LATIN;

	for (int i = 0; i < count; i++) {
		if (is_latin(points[i]))
			continue;
		int length = find_skeleton(points[i], skeleton);
		for (int j = 0; j < length; j++)
			looks &= find_elsewhere(skeleton[j], &sets[set_of[points[i]]]);
	}
	return looks;
}

static void print_block(const uint8_t *block)
{
	printf("\t{");
	for (size_t i = 0; i < BLOCK / 2; i++)
		printf("%d%s", block[i], i + 1 < BLOCK / 2 ? "," : "},\n");
}

static void print_looks(void)
{
	static uint8_t blocks[POINTS / BLOCK][BLOCK / 2];
	static size_t places[POINTS / BLOCK];
	size_t count = 0;

	for (UChar32 c = 0; c < POINTS; c++) {
		if (!U_IS_SURROGATE(c) &&
			((U_GET_GC_MASK(c) & letters) != 0 || is_sign_in_names(c)))
			blocks[count][c % BLOCK / 2] |= (uint8_t)(find_looks(c) << (c % 2 * 4));
		if (c % BLOCK != BLOCK - 1)
			continue;
		size_t at = 0;
		while (memcmp(blocks[at], blocks[count], sizeof(blocks[at])) != 0)
			at++;
		places[c / BLOCK] = at;
		if (at == count)
			count++;
		else
			memset(blocks[count], 0, sizeof(blocks[count]));
	}
	must(count <= 256, "more blocks than a byte counts");
	printf("static const uint8_t looks_blocks[][%d] = {\n", BLOCK / 2);
	for (size_t i = 0; i < count; i++)
		print_block(blocks[i]);
	printf("};\n\nstatic const uint8_t looks_block_of[] = {\n");
	for (size_t i = 0; i < POINTS / BLOCK; i++)
		printf("\t%zu,\n", places[i]);
	printf("};\n");
}

int main(int argc, char **argv)
{
	spoof = uspoof_open(&error);
	nfd = unorm2_getNFDInstance(&error);
	recommended_points = uspoof_getRecommendedSet(&error);
	must(argc == 3, "usage: name_tables scripts|prototypes|looks FILE");
	must(freopen(argv[2], "w", stdout) != NULL, argv[2]);
	printf("/* Made by cmake/name_tables.c from ICU %s, Unicode %s. */\n\n", U_ICU_VERSION,
		U_UNICODE_VERSION);
	read_scripts();
	read_parts();
	if (strcmp(argv[1], "scripts") == 0) {
		print_scripts();
	} else if (strcmp(argv[1], "prototypes") == 0) {
		print_prototypes();
		print_sources();
	} else {
		read_producers();
		print_looks();
	}
	must(fflush(stdout) == 0 && !ferror(stdout), argv[2]);
	return EXIT_SUCCESS;
}
