/*
 * Blocks of megabytes, which an index of users begins with and a scan of a file reads into, are
 * kept from one input to the next: to give such a one back and take it anew costs a sanitizer more
 * time than all the rest of an input. The linker puts these functions in place of the program's and
 * the library's (--wrap). Nothing is ever read at the end of such a block, so that no fault is
 * missed there.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "fuzz/fuzz.h"

#define LARGE (1 << 20)
#define KEPT  8

static struct {
	void *bytes;
	size_t size;
	bool is_used;
} blocks[KEPT];

void *__real_memory_resized(void *old, size_t count, size_t size);
void __real_free(void *bytes);
void *__wrap_memory_resized(void *old, size_t count, size_t size);
void __wrap_free(void *bytes);

static void *take_large(size_t size)
{
	for (size_t i = 0; i < KEPT; i++) {
		if (blocks[i].is_used || (blocks[i].bytes != NULL && blocks[i].size != size))
			continue;
		if (blocks[i].bytes == NULL)
			blocks[i].bytes = __real_memory_resized(NULL, size, 1);
		blocks[i].size = size;
		blocks[i].is_used = true;
		return blocks[i].bytes;
	}
	return __real_memory_resized(NULL, size, 1);
}

void *__wrap_memory_resized(void *old, size_t count, size_t size)
{
	return old == NULL && size > 0 && count >= LARGE / size
		       ? take_large(count * size)
		       : __real_memory_resized(old, count, size);
}

void __wrap_free(void *bytes)
{
	for (size_t i = 0; i < KEPT && bytes != NULL; i++) {
		if (blocks[i].bytes == bytes) {
			must(blocks[i].is_used);
			blocks[i].is_used = false;
			return;
		}
	}
	__real_free(bytes);
}
