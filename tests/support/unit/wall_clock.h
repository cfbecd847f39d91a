#ifndef ROLLCALL_TESTS_SUPPORT_UNIT_WALL_CLOCK_H
#define ROLLCALL_TESTS_SUPPORT_UNIT_WALL_CLOCK_H

#include <stdint.h>

/* A test program that uses this has a wall clock that can be set. It goes right until then; other
 * clocks always do. */

/* Stands at so many milliseconds since 1970-01-01T00:00:00Z. */
void wall_clock_set(int64_t milliseconds);

/* Goes right again. */
void wall_clock_reset(void);

#endif
