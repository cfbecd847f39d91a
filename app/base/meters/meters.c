/*
 * The one set of meters. It is static memory: about 70 KB, most of it requests by route, method and
 * status, of which only the pages that are used become resident.
 */
#include "base/meters/meters.h"

#include <time.h>

struct meters meters;

/* The call fails only for a clock that the system does not have. */
uint64_t meters_clock(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}
