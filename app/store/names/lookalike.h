#ifndef ROLLCALL_STORE_NAMES_LOOKALIKE_H
#define ROLLCALL_STORE_NAMES_LOOKALIKE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Names that look alike from the first letter to the last, and are of different scripts: "Cop" in
 * Latin letters, "Сор" in Cyrillic ones.
 */

/* The part that a name, which may be any text, can have in such a pair. One of each pair is
 * LOOKALIKE_OTHER at least. */
enum lookalike {
	LOOKALIKE_NONE,  /* none: a letter of it looks like nothing of another script */
	LOOKALIKE_LATIN, /* it is the Latin one */
	LOOKALIKE_OTHER, /* one that is not Latin */
};

enum lookalike lookalike_of(const char *name, size_t length);

/* Whether two names are such a pair (UTS 39: whole-script confusables). Names of one script never
 * are: "Bernie" and "Bemie" look alike, too, and both are names that people have. */
bool lookalike_is_pair(const char *a, size_t a_length, const char *b, size_t b_length);

#endif
