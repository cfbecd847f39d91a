/* Node calls it event loop utilization: what tells a loop that has much to do from one that waits
 * for others, which the processor time of the process does not. */
#include "base/meters/utilization.h"

#define LEAST    UINT64_C(1000000000)
#define MILLIONS 1000000.0

uint64_t utilization_share(uint64_t busy, uint64_t idle)
{
	uint64_t all = busy + idle;

	return all > 0 ? (uint64_t)((double)busy / (double)all * MILLIONS + 0.5) : 0;
}

uint64_t utilization_since(struct utilization *seen, const struct loop_meters *loop)
{
	struct utilization now = {.idle = loop->idle};

	for (unsigned phase = 0; phase < PHASES; phase++)
		now.busy += loop->busy[phase];
	uint64_t busy = now.busy - seen->busy, idle = now.idle - seen->idle;
	if (busy + idle >= LEAST)
		*seen = now;
	return utilization_share(busy, idle);
}
