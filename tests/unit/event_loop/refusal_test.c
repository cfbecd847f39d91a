/* For how long a refused start turns connections away; that it does is in tests/protocol. */
#include "event_loop/refusal.h"

#include "support/test.h"

TEST(nine_times_as_long_within_bounds)
{
	static const struct {
		int64_t start;
		int64_t time;
	} rows[] = {{0, 2000}, {222, 2000}, {223, 2007}, {1000, 9000}, {3333, 29997}, {3334, 30000},
		{100000, 30000}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(refusal_time(rows[i].start), rows[i].time);
}
