/*
 * Allocation that does not fail. The program could do nothing sensible without memory of a size
 * that it chose itself; so it says how much it wanted, and ends, in one place. Memory of sizes that
 * peers choose comes from base/buffer, which fails softly.
 */
#include "base/memory.h"
#include "base/standard_error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_ROOM 64

static void *obtained(void *memory, size_t size)
{
	if (memory == NULL) {
		standard_error_say("rollcall: out of memory: %zu bytes", size);
		abort();
	}
	return memory;
}

void *memory_zeroed(size_t size)
{
	return obtained(calloc(1, size), size);
}

void *memory_resized(void *old, size_t count, size_t size)
{
	return obtained(reallocarray(old, count, size), count * size);
}

void *memory_with_room(void *array, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return array;
	*room = *room > 0 ? *room * 2 : FIRST_ROOM;
	return memory_resized(array, *room, size);
}

char *memory_printf(const char *format, ...)
{
	va_list arguments;
	char *string;

	va_start(arguments, format);
	int length = vasprintf(&string, format, arguments);
	va_end(arguments);
	return obtained(length >= 0 ? string : NULL, 0);
}
