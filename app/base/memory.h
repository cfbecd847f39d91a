#ifndef ROLLCALL_BASE_MEMORY_H
#define ROLLCALL_BASE_MEMORY_H

#include <stddef.h>

/* Allocation of sizes that the program chose. These never return NULL: without memory they log the
 * size and end the process. For sizes that a peer chooses there is base/buffer.h. Release with
 * free(). */
void *memory_zeroed(size_t size) __attribute__((returns_nonnull, malloc));
void *memory_resized(void *old, size_t count, size_t size) __attribute__((returns_nonnull));

/* An array of so many elements of that size, with room for one more; `room`, 0 at first, is how
 * many it has room for. */
void *memory_with_room(void *array, size_t count, size_t *room, size_t size)
	__attribute__((returns_nonnull));

/* A string as printf(3) makes it. */
char *memory_printf(const char *format, ...) __attribute__((returns_nonnull, format(printf, 1, 2)));

#endif
