#include "base/meters/utilization.h"

#include "support/test.h"

#define MS UINT64_C(1000000)

TEST(nothing_has_happened)
{
	static const struct loop_meters loop;
	struct utilization seen = {0};

	assert_int_equal(utilization_since(&seen, &loop), 0);
}

TEST(the_share_since_the_time_before)
{
	struct loop_meters loop = {.idle = 1500 * MS,
		.busy = {[PHASE_POLL] = 500 * MS},
		.callbacks = {500 * MS}}; /* which is no time */
	struct utilization seen = {0};

	assert_int_equal(utilization_since(&seen, &loop), 250000);
	loop.busy[PHASE_CHECK] += 1000 * MS;
	assert_int_equal(utilization_since(&seen, &loop), 1000000);
	loop.idle += 3000 * MS;
	assert_int_equal(utilization_since(&seen, &loop), 0);
}

/* Less than a second is no span of its own. */
TEST(soon_after)
{
	struct loop_meters loop = {.idle = 1000 * MS};
	struct utilization seen = {0};

	assert_int_equal(utilization_since(&seen, &loop), 0);
	loop.busy[PHASE_TIMERS] += 600 * MS;
	assert_int_equal(utilization_since(&seen, &loop), 1000000);
	assert_int_equal(utilization_since(&seen, &loop), 1000000);
	loop.idle += 600 * MS;
	assert_int_equal(utilization_since(&seen, &loop), 500000);
	assert_int_equal(utilization_since(&seen, &loop), 0);
}

/* Centuries fit. */
TEST(after_a_long_time)
{
	struct loop_meters loop = {.idle = UINT64_C(3000000000) * 1000 * MS,
		.busy = {[PHASE_POLL] = UINT64_C(1000000000) * 1000 * MS}};
	struct utilization seen = {0};

	assert_int_equal(utilization_since(&seen, &loop), 250000);
}
