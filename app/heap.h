#ifndef ROLLCALL_HEAP_H
#define ROLLCALL_HEAP_H

#include <stddef.h>

/* Allocation of sizes that the program itself chose. Without that memory it cannot go on, so these
 * never return NULL: they say what was wanted and end the process. What a peer sized goes through
 * buffer.h instead. Release with free(). */
void *heap_zeroed(size_t size) __attribute__((returns_nonnull, malloc));
void *heap_resized(void *old, size_t count, size_t size) __attribute__((returns_nonnull));

/* A string as printf(3) makes it. */
char *heap_printf(const char *format, ...) __attribute__((returns_nonnull, format(printf, 1, 2)));

#endif
