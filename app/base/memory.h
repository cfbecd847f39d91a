#ifndef ROLLCALL_BASE_MEMORY_H
#define ROLLCALL_BASE_MEMORY_H

#include <stddef.h>

/* Allocation of sizes that the program itself chose. Without that memory it cannot go on, so these
 * never return NULL: they say what was wanted and end the process. What a peer sized goes through
 * buffer.h instead. Release with free(). */
void *memory_zeroed(size_t size) __attribute__((returns_nonnull, malloc));
void *memory_resized(void *old, size_t count, size_t size) __attribute__((returns_nonnull));

/* A multiple of HEAP_LARGE_PAGE, for what is filled from its beginning on: what is not used yet
 * costs no memory, and what is used is in large pages where the system has some. */
#define HEAP_LARGE_PAGE ((size_t)2 << 20)
void *memory_large(size_t size) __attribute__((returns_nonnull, malloc));

/* A string as printf(3) makes it. */
char *memory_printf(const char *format, ...) __attribute__((returns_nonnull, format(printf, 1, 2)));

#endif
