#include "base/meters/histogram.h"

#include "support/test.h"

/* Each bound belongs to its own bucket, and what is past it to the next. */
TEST(bounds_belong_to_their_bucket)
{
	struct histogram histogram = {0};

	for (size_t i = 0; i < HISTOGRAM_BOUNDS; i++) {
		histogram_add(&histogram, histogram_times, histogram_times[i]);
		histogram_add(&histogram, histogram_times, histogram_times[i] + 1);
	}
	assert_int_equal(histogram.counts[0], 1);
	for (size_t i = 1; i < HISTOGRAM_BOUNDS; i++)
		assert_int_equal(histogram.counts[i], 2);
	assert_int_equal(histogram.counts[HISTOGRAM_BOUNDS], 1);
}

TEST(the_extremes)
{
	struct histogram histogram = {0};

	histogram_add(&histogram, histogram_sizes, 0);
	histogram_add(&histogram, histogram_sizes, 32768);
	histogram_add(&histogram, histogram_sizes, 1u << 30);
	assert_int_equal(histogram.counts[0], 1);
	assert_int_equal(histogram.counts[HISTOGRAM_BOUNDS - 1], 1);
	assert_int_equal(histogram.counts[HISTOGRAM_BOUNDS], 1);
	assert_int_equal(histogram.sum, 32768 + (1u << 30));
	assert_int_equal(histogram_count(&histogram), 3);
}

/* A search from below relies on it. */
TEST(bounds_rise)
{
	for (size_t i = 1; i < HISTOGRAM_BOUNDS; i++) {
		assert_true(histogram_times[i - 1] < histogram_times[i]);
		assert_true(histogram_sizes[i - 1] < histogram_sizes[i]);
	}
}
