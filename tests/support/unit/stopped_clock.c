#include "support/unit/stopped_clock.h"

/* meters_clock(), for a program that is linked so. */
uint64_t __wrap_meters_clock(void);

static uint64_t stopped_at = 1000;

uint64_t __wrap_meters_clock(void)
{
	return stopped_at;
}

uint64_t stopped_clock_pass(uint64_t nanoseconds)
{
	stopped_at += nanoseconds;
	return stopped_at;
}

uint64_t stopped_clock_now(void)
{
	return stopped_at;
}
