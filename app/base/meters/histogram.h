#ifndef ROLLCALL_BASE_METERS_HISTOGRAM_H
#define ROLLCALL_BASE_METERS_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

/*
 * How many values lay between fixed bounds, and their sum, from which a reader reckons rates, means
 * and quantiles. Zeroed at first; it only grows, so the difference of two moments is a histogram as
 * well.
 */
#define HISTOGRAM_BOUNDS 16

struct histogram {
	uint64_t counts[HISTOGRAM_BOUNDS + 1]; /* up to each bound and past the one before; the last
						  has what is past all */
	uint64_t sum;
};

/* From the lowest to the highest, in the unit of the values. */
typedef const uint64_t histogram_bounds[HISTOGRAM_BOUNDS];

/* 50 microseconds to 10 seconds, in nanoseconds. */
extern histogram_bounds histogram_times;

/* 1 to 32,768, each twice the one before. */
extern histogram_bounds histogram_sizes;

void histogram_add(struct histogram *histogram, histogram_bounds bounds, uint64_t value);

/* How many values it has. */
uint64_t histogram_count(const struct histogram *histogram);

#endif
