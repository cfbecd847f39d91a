/*
 * Values are compared with the bounds from below: those of a loop that is well are in the first
 * buckets, and a search by halves would be slower for them.
 */
#include "base/meters/histogram.h"

#define MICROSECOND UINT64_C(1000)
#define MILLISECOND (1000 * MICROSECOND)
#define SECOND      (1000 * MILLISECOND)

histogram_bounds histogram_times = {50 * MICROSECOND, 100 * MICROSECOND, 250 * MICROSECOND,
	500 * MICROSECOND, MILLISECOND, 2500 * MICROSECOND, 5 * MILLISECOND, 10 * MILLISECOND,
	25 * MILLISECOND, 50 * MILLISECOND, 100 * MILLISECOND, 250 * MILLISECOND, 500 * MILLISECOND,
	SECOND, 2500 * MILLISECOND, 10 * SECOND};

histogram_bounds histogram_sizes = {
	1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768};

void histogram_add(struct histogram *histogram, histogram_bounds bounds, uint64_t value)
{
	size_t bucket = 0;

	while (bucket < HISTOGRAM_BOUNDS && value > bounds[bucket])
		bucket++;
	histogram->counts[bucket]++;
	histogram->sum += value;
}

uint64_t histogram_count(const struct histogram *histogram)
{
	uint64_t count = 0;

	for (size_t i = 0; i <= HISTOGRAM_BOUNDS; i++)
		count += histogram->counts[i];
	return count;
}
