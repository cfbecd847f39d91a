#ifndef ROLLCALL_TESTS_SUPPORT_UNIT_SHORT_MEMORY_H
#define ROLLCALL_TESTS_SUPPORT_UNIT_SHORT_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Memory that runs out, for what has to go on without it: buffers (base/buffer.h) and what waits to
 * be written. A test is linked with rollcall_short_memory(), and tries a thing again and again,
 * each time with the next of its allocations failing, until it needs no more of them.
 */

/* Lets so many allocations pass from now on, then `times` of them fail. */
void short_memory_begin(size_t after, size_t times);

/* All pass again. Whether one has failed. */
bool short_memory_end(void);

#endif
