#include "base/meters/clock.h"

#include "support/test.h"
#include "support/unit/wall_clock.h"

TEST(whole_milliseconds)
{
	static const int64_t times[] = {0, 1, 999, 1000, 1999, INT64_C(1796493600999)};

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		wall_clock_set(times[i]);
		assert_int_equal(clock_milliseconds(CLOCK_REALTIME), times[i]);
	}
	wall_clock_reset();
}

TEST(the_clock_that_is_wanted)
{
	struct timespec now;

	wall_clock_set(5);
	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	assert_true(clock_milliseconds(CLOCK_MONOTONIC) / 1000 >= now.tv_sec);
	wall_clock_reset();
}
