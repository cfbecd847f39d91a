#include "base/text/moment.h"

#include <string.h>

#include "base/timestamp.h"
#include "support/test.h"

static void expect_moment(const char *text, const char *exact)
{
	char found[TIMESTAMP_SIZE];
	int64_t time;

	assert_true(moment_read(text, &time));
	timestamp_format(time, found);
	assert_string_equal(found, exact);
}

TEST(moments)
{
	expect_moment("2026-12-05T18:00:00Z", "2026-12-05T18:00:00.000Z");
	expect_moment("2026-12-05t18:00:00z", "2026-12-05T18:00:00.000Z");
	expect_moment("2026-12-05 18:00:00Z", "2026-12-05T18:00:00.000Z");
	expect_moment("2026-12-05T18:00:00.5Z", "2026-12-05T18:00:00.500Z");
	expect_moment("2026-12-05T18:00:00.123456Z", "2026-12-05T18:00:00.123Z");
	expect_moment("2026-12-05T18:00:00+01:00", "2026-12-05T17:00:00.000Z");
	expect_moment("2026-12-31T18:00:00-05:30", "2026-12-31T23:30:00.000Z");
	expect_moment("2026-12-31T23:59:59.999-00:01", "2027-01-01T00:00:59.999Z");
	expect_moment("2028-02-29T00:00:00-00:00", "2028-02-29T00:00:00.000Z");
}

TEST(what_is_none)
{
	static const char *const wrong[] = {"", "2026-12-05", "2026-12-05T18:00",
		"2026-12-05T18:00:00", "2026-12-05T18:00:00.Z", "2026-12-05T18:00:00+01",
		"2026-12-05T18:00:00+0100", "2026-12-05T18:00:00+24:00",
		"2026-12-05T18:00:00+01:60", "2026-12-05T18:00:00Zx", "2026-12-05T18:00:00+01:00x",
		"2026-13-05T18:00:00Z", "2027-02-29T18:00:00Z", "2026-12-05T24:00:00Z",
		"2026-12-05T18:00:60Z", "26-12-05T18:00:00.000Z", " 2026-12-05T18:00:00Z",
		"1970-01-01T00:00:00Z", "1970-01-01T00:00:01+01:00", "9999-12-31T23:59:59-01:00",
		"tomorrow, at about six o'clock"};
	int64_t time;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (moment_read(wrong[i], &time))
			fail_msg("%s is taken", wrong[i]);
	}
}
