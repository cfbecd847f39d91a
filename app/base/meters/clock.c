/* The clocks that the program has always can be read: CLOCK_MONOTONIC, CLOCK_REALTIME and the one
 * of the process. */
#include "base/meters/clock.h"

int64_t clock_milliseconds(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
