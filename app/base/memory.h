#ifndef ROLLCALL_BASE_MEMORY_H
#define ROLLCALL_BASE_MEMORY_H

#include <stddef.h>

/* Marks memory that is kept for its next use: then the address sanitizer finds what uses it too
 * late, as it finds uses of freed memory. Without the sanitizer these do nothing. Debian 13 has the
 * header in a package of its own. */
#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size)   ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

/* Allocation of sizes that the program chose. These never return NULL: without memory they log the
 * size and end the process. For sizes that a peer chooses there is base/buffer.h. Release with
 * free(). */
void *memory_zeroed(size_t size) __attribute__((returns_nonnull, malloc));
void *memory_resized(void *old, size_t count, size_t size) __attribute__((returns_nonnull));

/* The array, resized if it has no room for an element behind the first `count`. `room`, 0 at first,
 * is how many elements it has room for; `size` is that of one. */
void *memory_with_room(void *array, size_t count, size_t *room, size_t size)
	__attribute__((returns_nonnull));

/* A string as printf(3) makes it. */
char *memory_printf(const char *format, ...) __attribute__((returns_nonnull, format(printf, 1, 2)));

#endif
