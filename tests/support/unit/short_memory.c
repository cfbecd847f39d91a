#include "support/unit/short_memory.h"

#include <stdatomic.h>
#include <stdint.h>

/* Of the loop's thread and the workers together. */
static atomic_size_t count, first = SIZE_MAX, behind_last = SIZE_MAX;

/* The linker puts the first of each two in the place of the second. */
void *__wrap_malloc(size_t size);
void *__real_malloc(size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__real_realloc(void *old, size_t size);

void short_memory_begin(size_t after, size_t times)
{
	count = 0;
	behind_last = times < SIZE_MAX - after ? after + times : SIZE_MAX;
	first = after;
}

bool short_memory_end(void)
{
	bool has_failed = count > first;

	first = SIZE_MAX;
	return has_failed;
}

static bool is_short(void)
{
	size_t number = count++;

	return number >= first && number < behind_last;
}

void *__wrap_malloc(size_t size)
{
	return is_short() ? NULL : __real_malloc(size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return is_short() ? NULL : __real_realloc(old, size);
}
