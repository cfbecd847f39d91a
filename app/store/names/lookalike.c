/*
 * Which names could be taken for one of another script, and which two are. Most letters of most
 * scripts look like none of another; so the first question is answered at the first or the second
 * letter of nearly every name, from two bits a character.
 */
#include "store/names/lookalike.h"

#include <stdint.h>
#include <string.h>

#include "base/limit.h"
#include "base/utf8.h"
#include "store/names/scripts.h"
#include "store/names/skeleton.h"

#include "name_looks.h"

#define BLOCK 256

enum looks {
	LOOKS_LATIN,  /* it is, or it can stand in a Latin name */
	LOOKS_ALIKE,  /* it looks like something of another script */
	LOOKS_UNIQUE, /* it does not */
};

static enum looks looks_of(utf8proc_int32_t c)
{
	const uint8_t *block = looks_blocks[looks_block_of[c / BLOCK]];

	return (enum looks)(block[c % BLOCK / 4] >> (c % 4 * 2) & 3);
}

/* Eight bytes at a time: with a look at each character, a create takes 2 % more instructions. */
static bool is_ascii(const char *name, size_t length)
{
	uint64_t all = 0, word;

	for (; length >= sizeof(word); name += sizeof(word), length -= sizeof(word)) {
		memcpy(&word, name, sizeof(word));
		all |= word;
	}
	for (; length > 0; length--)
		all |= (unsigned char)*name++;
	return (all & UINT64_C(0x8080808080808080)) == 0;
}

enum lookalike lookalike_of(const char *name, size_t length)
{
	enum lookalike part = LOOKALIKE_LATIN;
	utf8proc_int32_t c;
	size_t step;

	if (is_ascii(name, length))
		return LOOKALIKE_LATIN;
	for (size_t i = 0; i < length; i += step) {
		step = utf8_decode(name + i, length - i, &c);
		if (step == 0)
			return LOOKALIKE_NONE;
		enum looks looks = looks_of(c);
		if (looks == LOOKS_UNIQUE)
			return LOOKALIKE_NONE;
		if (looks == LOOKS_ALIKE)
			part = LOOKALIKE_OTHER;
	}
	return part;
}

static struct script_set scripts_of_name(const char *name, size_t length)
{
	utf8proc_int32_t points[LIMIT_NAME];
	size_t count = 0, step;

	for (size_t i = 0; i < length && count < LIMIT_NAME; i += step) {
		step = utf8_decode(name + i, length - i, &points[count++]);
		if (step == 0)
			break;
	}
	return script_set_of_text(points, count);
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

bool lookalike_is_pair(const char *a, size_t a_length, const char *b, size_t b_length)
{
	struct skeleton first, second;

	return skeleton_of(a, a_length, &first) && skeleton_of(b, b_length, &second) &&
	       skeleton_is_same(&first, &second) &&
	       are_of_different_scripts(a, a_length, b, b_length);
}
