#include "crash/seen.h"

#include <stdlib.h>
#include <xxhash.h>

#include "base/memory.h"

static bool put(struct seen *seen, uint64_t hash)
{
	size_t at = (size_t)hash & (seen->capacity - 1);

	while (seen->hashes[at] != 0) {
		if (seen->hashes[at] == hash)
			return false;
		at = (at + 1) & (seen->capacity - 1);
	}
	seen->hashes[at] = hash;
	return true;
}

static void grow(struct seen *seen)
{
	struct seen larger = {.capacity = seen->capacity > 0 ? seen->capacity * 2 : 4096};

	larger.hashes = memory_zeroed(larger.capacity * sizeof(*larger.hashes));
	for (size_t i = 0; i < seen->capacity; i++)
		if (seen->hashes[i] != 0)
			(void)put(&larger, seen->hashes[i]);
	larger.count = seen->count;
	free(seen->hashes);
	*seen = larger;
}

bool seen_add(struct seen *seen, const void *bytes, size_t length)
{
	if (seen->count * 2 >= seen->capacity)
		grow(seen);
	bool is_new = put(seen, XXH3_64bits(bytes, length) | 1);
	seen->count += is_new;
	return is_new;
}

void seen_free(struct seen *seen)
{
	free(seen->hashes);
	*seen = (struct seen){0};
}
