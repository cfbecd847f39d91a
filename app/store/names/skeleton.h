#ifndef ROLLCALL_STORE_NAMES_SKELETON_H
#define ROLLCALL_STORE_NAMES_SKELETON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <utf8proc.h>

#include "base/limit.h"

/*
 * How a name looks: two names with the same skeleton look alike (UTS 39, section 4). A skeleton is
 * for comparing, never for showing.
 */
#define SKELETON_MOST 1024

struct skeleton {
	utf8proc_int32_t points[SKELETON_MOST];
	size_t count;
};

/* False for a text that is not UTF-8, or has a longer skeleton. */
bool skeleton_of(const char *text, size_t length, struct skeleton *skeleton);

bool skeleton_is_same(const struct skeleton *a, const struct skeleton *b);

uint64_t skeleton_hash(const struct skeleton *skeleton, uint64_t seed);

/* A name and its key. Returns whether that is enough. */
typedef bool skeleton_key_cb(
	void *argument, const char *name, size_t length, const char *key, size_t key_length);

/*
 * Calls `take` with the names in ASCII that have the skeleton, and their keys, until it is enough;
 * of more than SKELETON_ASCII_NAMES not all: each takes about a third of a microsecond. A key can
 * come twice; and a key says nothing of capitals, so that a user with the key may have a name with
 * another skeleton. Returns whether it was enough.
 */
#define SKELETON_ASCII_NAMES 256

bool skeleton_ascii_keys(const struct skeleton *skeleton, skeleton_key_cb *take, void *argument);

#endif
