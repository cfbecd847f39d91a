#include "heap.h"

#include <stdio.h>
#include <stdlib.h>

static void *obtained(void *memory, size_t size)
{
	if (memory == NULL) {
		fprintf(stderr, "rollcall: out of memory: %zu bytes\n", size);
		abort();
	}
	return memory;
}

void *heap_zeroed(size_t size)
{
	return obtained(calloc(1, size), size);
}

void *heap_resized(void *old, size_t count, size_t size)
{
	return obtained(reallocarray(old, count, size), count * size);
}
