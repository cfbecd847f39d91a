#ifndef ROLLCALL_TESTS_CRASH_SEEN_H
#define ROLLCALL_TESTS_CRASH_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What was met before, by its hash. A zeroed struct has met nothing. */
struct seen {
	uint64_t *hashes; /* 0 where free */
	size_t count;
	size_t capacity; /* a power of two */
};

/* Whether it is new. */
bool seen_add(struct seen *seen, const void *bytes, size_t length);
void seen_free(struct seen *seen);

#endif
