#ifndef ROLLCALL_BASE_METERS_UTILIZATION_H
#define ROLLCALL_BASE_METERS_UTILIZATION_H

#include <stdint.h>

#include "base/meters/meters.h"

/* What one reader has seen of the loop. Zeroed at first: nothing. */
struct utilization {
	uint64_t busy; /* nanoseconds, in all phases */
	uint64_t idle;
};

/* The part of both that was busy, in millionths. */
uint64_t utilization_share(uint64_t busy, uint64_t idle);

/* The share of its time, in millionths, in which the loop was not idle since this reader asked
 * before, or since the start. What was seen is kept for the next time once a second has passed: of
 * two requests at once, the second is not told of no time at all. */
uint64_t utilization_since(struct utilization *seen, const struct loop_meters *loop);

#endif
