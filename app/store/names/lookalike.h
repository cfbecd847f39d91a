#ifndef ROLLCALL_STORE_NAMES_LOOKALIKE_H
#define ROLLCALL_STORE_NAMES_LOOKALIKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Names that look alike from the first letter to the last, and are of different scripts: "Cop" in
 * Latin letters, "Сор" in Cyrillic ones. They look alike as shown, or in small letters, as their
 * keys are: "Cop" and "СОР". Other capitals do not count: "Tom" and "Том" are names of many people,
 * and differ, though "TOM" and "ТОМ" do not.
 *
 * Every letter of such a name has a counterpart in the other script, among the letters that UTS 39
 * recommends for identifiers. "Анна" is none: only a phonetic sign looks like "н".
 */

/* The part that a name, which may be any text, can have in such a pair. One of each pair is
 * LOOKALIKE_OTHER at least. */
enum lookalike {
	LOOKALIKE_NONE,  /* none: no other script has all that it looks like */
	LOOKALIKE_LATIN, /* it is the Latin one */
	LOOKALIKE_OTHER, /* one that is not Latin */
};

/* The key is name_key_fold() of the name. */
enum lookalike lookalike_of(const char *name, size_t length, const char *key, size_t key_length);

/* Hashes of the two skeletons of a name. Two names are no pair unless they have one in common. */
struct looks {
	uint64_t shown;
	uint64_t small; /* of the key */
};

/* 0: what is shown, or the key, is part of no pair. */
struct looks lookalike_looks(
	const char *name, size_t length, const char *key, size_t key_length, uint64_t seed);

/* script_set_mask() of a name. Two names that have a hash in common are a pair if their masks have
 * nothing in common, and are not both 0. */
int64_t lookalike_scripts(const char *name, size_t length);

/* Whether two names are such a pair (UTS 39: whole-script confusables). Names of one script never
 * are: "Bernie" and "Bemie" look alike, too, and both are names that people have. */
bool lookalike_is_pair(const char *a, size_t a_length, const char *b, size_t b_length);

#endif
