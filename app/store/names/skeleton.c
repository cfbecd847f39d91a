/*
 * Skeletons of names, and the names in ASCII that have a given skeleton. The prototype of
 * each character, which stands for it in a skeleton, is ICU's (cmake/name_tables.c).
 *
 * Few characters of a skeleton come from more than one letter of ASCII: "l" from l, I and 1, "O"
 * from O and 0, "rn" from rn and m. So the names that could be meant are few, and no list of all
 * skeletons has to be kept for the users with Latin names.
 */
#include "store/names/skeleton.h"

#include <string.h>
#include <xxhash.h>

#include "base/scratch.h"
#include "base/utf8.h"
#include "store/names/code_points.h"
#include "store/names/name_key.h"

/* What a character is replaced by: `count` of prototype_points. */
struct prototype {
	uint32_t point;
	uint16_t at;
	uint16_t count;
};

#include "name_prototypes.h"

#define PROTOTYPES       (sizeof(prototypes) / sizeof(*prototypes))
#define ASCII_PROTOTYPES (sizeof(ascii_prototypes) / sizeof(*ascii_prototypes))

static const struct prototype *find_prototype(utf8proc_int32_t c)
{
	size_t low = 0, high = PROTOTYPES;

	if (code_point_is_ascii(c) && (ascii_with_prototype[c / 64] >> (c % 64) & 1) == 0)
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (prototypes[middle].point < (uint32_t)c)
			low = middle + 1;
		else
			high = middle;
	}
	return low < PROTOTYPES && prototypes[low].point == (uint32_t)c ? &prototypes[low] : NULL;
}

/* Appends what a character decomposes to, with combining classes. */
static bool append_parts(struct skeleton *skeleton, utf8proc_int32_t c)
{
	size_t room = SKELETON_MOST - skeleton->count;

	if (code_point_is_ascii(c) && room > 0) {
		skeleton->points[skeleton->count++] = c;
		return true;
	}
	utf8proc_ssize_t count = code_points_decompose(
		c, skeleton->points + skeleton->count, room, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
	if (count < 0 || (size_t)count > room)
		return false;
	skeleton->count += (size_t)count;
	return true;
}

/* Appends the prototype of a character in NFD. */
static bool append_prototype(struct skeleton *skeleton, utf8proc_int32_t c)
{
	const struct prototype *prototype = find_prototype(c);

	if (prototype == NULL)
		return append_parts(skeleton, c);
	for (size_t i = 0; i < prototype->count; i++) {
		uint32_t point = prototype_points[prototype->at + i];
		if (!append_parts(skeleton, (utf8proc_int32_t)point))
			return false;
	}
	return true;
}

static void order(struct skeleton *skeleton)
{
	skeleton->count = code_points_compose(skeleton->points, skeleton->count, UTF8PROC_STABLE);
}

bool skeleton_of(const char *text, size_t length, struct skeleton *skeleton)
{
	SCRATCH struct skeleton decomposed;
	utf8proc_int32_t c;
	size_t step;

	decomposed.count = 0; /* and not 4 KB of zeros */
	for (size_t i = 0; i < length; i += step) {
		step = utf8_decode(text + i, length - i, &c);
		if (step == 0)
			return false;
		/* The joiners show nothing. */
		bool is_shown = code_point_is_ascii(c) || !utf8proc_get_property(c)->ignorable;
		if (is_shown && !append_parts(&decomposed, c))
			return false;
	}
	order(&decomposed);
	skeleton->count = 0;
	for (size_t i = 0; i < decomposed.count; i++) {
		if (!append_prototype(skeleton, decomposed.points[i]))
			return false;
	}
	order(skeleton);
	return true;
}

static size_t size_of(const struct skeleton *skeleton)
{
	return skeleton->count * sizeof(*skeleton->points);
}

bool skeleton_is_same(const struct skeleton *a, const struct skeleton *b)
{
	return a->count == b->count && memcmp(a->points, b->points, size_of(a)) == 0;
}

uint64_t skeleton_hash(const struct skeleton *skeleton, uint64_t seed)
{
	return XXH3_64bits_withSeed(skeleton->points, size_of(skeleton), seed);
}

/* No name that is longer is looked for. */
#define LETTERS_MOST 128

/* A letter that can stand for the next code points of a skeleton. */
struct choice {
	utf8proc_int32_t letter; /* -1: there is none */
	size_t length;           /* of its prototype */
	size_t next;             /* in ascii_prototypes, to be tried after it */
};

/* The state of writing the names in ASCII that have a skeleton. */
struct spelling {
	const struct skeleton *skeleton;
	bool goes[LETTERS_MOST + 1]; /* whether the rest from there on can be written */
	struct choice letters[LETTERS_MOST];
	size_t count;
	size_t at;    /* in the skeleton, behind the letters */
	size_t tries; /* that are left */
	skeleton_key_cb *take;
	void *argument;
	bool is_enough;
};

/* The first of ascii_prototypes that begins with a code point, if any does. */
static size_t seek_ascii(utf8proc_int32_t point)
{
	size_t low = 0, high = ASCII_PROTOTYPES;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct prototype *prototype = &prototypes[ascii_prototypes[middle]];
		if (prototype_points[prototype->at] < (uint32_t)point)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool fits(const struct prototype *prototype, const struct skeleton *skeleton, size_t at)
{
	if (prototype->count > skeleton->count - at)
		return false;
	for (size_t i = 0; i < prototype->count; i++) {
		if (prototype_points[prototype->at + i] != (uint32_t)skeleton->points[at + i])
			return false;
	}
	return true;
}

/* The next letter for a place, of those whose prototype is another text. */
static struct choice next_choice(const struct spelling *spelling, size_t at, size_t from)
{
	const struct skeleton *skeleton = spelling->skeleton;

	for (size_t i = from; i < ASCII_PROTOTYPES; i++) {
		const struct prototype *prototype = &prototypes[ascii_prototypes[i]];
		utf8proc_int32_t letter = (utf8proc_int32_t)prototype->point;
		if (prototype_points[prototype->at] != (uint32_t)skeleton->points[at])
			break;
		if (fits(prototype, skeleton, at))
			return (struct choice){letter, prototype->count, i + 1};
	}
	return (struct choice){.letter = -1};
}

/* The first letter for a place: itself, if it is ASCII. */
static struct choice first_choice(const struct spelling *spelling, size_t at)
{
	utf8proc_int32_t c = spelling->skeleton->points[at];

	if (code_point_is_ascii(c) && find_prototype(c) == NULL)
		return (struct choice){c, 1, seek_ascii(c)};
	return next_choice(spelling, at, seek_ascii(c));
}

/* From the end, so that no name is begun that cannot be finished. */
static void find_ways(struct spelling *spelling)
{
	size_t count = spelling->skeleton->count;

	spelling->goes[count] = true;
	for (size_t at = count; at-- > 0;) {
		spelling->goes[at] = false;
		for (struct choice choice = first_choice(spelling, at);
			choice.letter >= 0 && !spelling->goes[at];
			choice = next_choice(spelling, at, choice.next))
			spelling->goes[at] = spelling->goes[at + choice.length];
	}
}

static void take_spelling(struct spelling *spelling)
{
	SCRATCH utf8proc_int32_t points[LETTERS_MOST];
	SCRATCH char text[LIMIT_NAME], key[LIMIT_NAME_KEY];
	size_t length, key_length;

	spelling->tries--;
	for (size_t i = 0; i < spelling->count; i++)
		points[i] = spelling->letters[i].letter;
	if (utf8_encode(points, spelling->count, text, sizeof(text), &length) &&
		name_key_fold(text, length, key, &key_length) == RESULT_OK)
		spelling->is_enough =
			spelling->take(spelling->argument, text, length, key, key_length);
}

/* Takes the last letter back, for the next one in its place. */
static struct choice step_back(struct spelling *spelling)
{
	struct choice last = spelling->letters[--spelling->count];

	spelling->at -= last.length;
	return next_choice(spelling, spelling->at, last.next);
}

/* Writes the name in every way. */
static void spell(struct spelling *spelling)
{
	struct choice choice = first_choice(spelling, 0);

	spelling->count = spelling->at = 0;
	while (spelling->tries > 0 && !spelling->is_enough) {
		if (choice.letter < 0) {
			if (spelling->count == 0)
				return;
			choice = step_back(spelling);
		} else if (!spelling->goes[spelling->at + choice.length]) {
			choice = next_choice(spelling, spelling->at, choice.next);
		} else {
			spelling->letters[spelling->count++] = choice;
			spelling->at += choice.length;
			if (spelling->at < spelling->skeleton->count) {
				choice = first_choice(spelling, spelling->at);
				continue;
			}
			take_spelling(spelling);
			choice = step_back(spelling);
		}
	}
}

bool skeleton_ascii_keys(const struct skeleton *skeleton, skeleton_key_cb *take, void *argument)
{
	struct spelling spelling = {.skeleton = skeleton, .take = take, .argument = argument};

	if (skeleton->count == 0 || skeleton->count > LETTERS_MOST)
		return false;
	spelling.tries = SKELETON_ASCII_NAMES;
	find_ways(&spelling);
	if (spelling.goes[0])
		spell(&spelling);
	return spelling.is_enough;
}
