/*
 * Which names could be taken for one of another script, and which two are. Most letters of most
 * scripts look like none of another; so the first question is answered after a few letters of
 * nearly every name, from four bits a character.
 */
#include "store/names/lookalike.h"

#include <stdint.h>
#include <string.h>

#include "base/limit.h"
#include "base/scratch.h"
#include "base/utf8.h"
#include "store/names/name_key.h"
#include "store/names/scripts.h"
#include "store/names/skeleton.h"

#include "name_looks.h"

#define BLOCK 256

/* Four bits a character: of three groups of scripts, those in which something looks like it; and
 * whether it can stand in a Latin name. */
#define LOOKS_ALL      7
#define LOOKS_IS_LATIN 8

static unsigned looks_of(utf8proc_int32_t c)
{
	const uint8_t *block = looks_blocks[looks_block_of[c / BLOCK]];

	return block[c % BLOCK / 2] >> (c % 2 * 4) & 0xf;
}

/* Of a text as it is, with no other capitals. */
static enum lookalike part_of_text(const char *text, size_t length)
{
	unsigned common = LOOKS_ALL | LOOKS_IS_LATIN;
	utf8proc_int32_t c;
	size_t step;

	if (utf8_is_ascii(text, length))
		return LOOKALIKE_LATIN;
	for (size_t i = 0; i < length; i += step) {
		step = utf8_decode(text + i, length - i, &c);
		if (step == 0)
			return LOOKALIKE_NONE;
		common &= looks_of(c);
		if ((common & LOOKS_ALL) == 0)
			return LOOKALIKE_NONE;
	}
	return (common & LOOKS_IS_LATIN) != 0 ? LOOKALIKE_LATIN : LOOKALIKE_OTHER;
}

enum lookalike lookalike_of(const char *name, size_t length, const char *key, size_t key_length)
{
	enum lookalike shown = part_of_text(name, length);

	if (shown == LOOKALIKE_LATIN)
		return shown; /* so is the key */
	return shown == LOOKALIKE_OTHER ? shown : part_of_text(key, key_length);
}

static uint64_t look_of_text(enum lookalike part, const char *text, size_t length, uint64_t seed)
{
	SCRATCH struct skeleton skeleton;

	if (part == LOOKALIKE_NONE || !skeleton_of(text, length, &skeleton))
		return 0;
	return skeleton_hash(&skeleton, seed);
}

struct looks lookalike_looks(
	const char *name, size_t length, const char *key, size_t key_length, uint64_t seed)
{
	enum lookalike part = part_of_text(name, length);
	uint64_t shown = look_of_text(part, name, length, seed);

	if (length == key_length && memcmp(name, key, length) == 0)
		return (struct looks){.shown = shown, .small = shown};
	if (part != LOOKALIKE_LATIN)
		part = part_of_text(key, key_length);
	return (struct looks){.shown = shown, .small = look_of_text(part, key, key_length, seed)};
}

static struct script_set scripts_of_name(const char *name, size_t length)
{
	SCRATCH utf8proc_int32_t points[LIMIT_NAME];
	size_t count = 0, step;

	for (size_t i = 0; i < length && count < LIMIT_NAME; i += step) {
		step = utf8_decode(name + i, length - i, &points[count++]);
		if (step == 0)
			break;
	}
	return script_set_of_text(points, count);
}

int64_t lookalike_scripts(const char *name, size_t length)
{
	struct script_set set = scripts_of_name(name, length);

	return script_set_mask(&set);
}

/* Names with words of two scripts have none in common with any, not even with each other. */
static bool are_of_different_scripts(const char *a, size_t a_length, const char *b, size_t b_length)
{
	struct script_set first = scripts_of_name(a, a_length);
	struct script_set second = scripts_of_name(b, b_length);
	struct script_set common = script_set_common(&first, &second);

	return script_set_is_empty(&common) &&
	       !(script_set_is_empty(&first) && script_set_is_empty(&second));
}

static bool have_same_skeleton(const char *a, size_t a_length, const char *b, size_t b_length)
{
	SCRATCH struct skeleton first, second;

	return part_of_text(a, a_length) != LOOKALIKE_NONE &&
	       part_of_text(b, b_length) != LOOKALIKE_NONE && skeleton_of(a, a_length, &first) &&
	       skeleton_of(b, b_length, &second) && skeleton_is_same(&first, &second);
}

bool lookalike_is_pair(const char *a, size_t a_length, const char *b, size_t b_length)
{
	SCRATCH char a_key[LIMIT_NAME_KEY], b_key[LIMIT_NAME_KEY];
	size_t a_key_length, b_key_length;

	if (!are_of_different_scripts(a, a_length, b, b_length))
		return false;
	return have_same_skeleton(a, a_length, b, b_length) ||
	       (name_key_fold(a, a_length, a_key, &a_key_length) == RESULT_OK &&
		       name_key_fold(b, b_length, b_key, &b_key_length) == RESULT_OK &&
		       have_same_skeleton(a_key, a_key_length, b_key, b_key_length));
}
