#ifndef ROLLCALL_TESTS_SUPPORT_UNIT_STOPPED_CLOCK_H
#define ROLLCALL_TESTS_SUPPORT_UNIT_STOPPED_CLOCK_H

#include <stdint.h>

/* A clock of the meters that stands still: of tests that are linked with --wrap=meters_clock. */

/* It goes on by that, and returns the new time. */
uint64_t stopped_clock_pass(uint64_t nanoseconds);

uint64_t stopped_clock_now(void);

#define STOPPED_CLOCK_MS UINT64_C(1000000)

#endif
