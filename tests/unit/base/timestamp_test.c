#include "base/timestamp.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "support/test.h"
#include "support/unit/wall_clock.h"

#define DAY INT64_C(86400000)

static int64_t parsed(const char *text)
{
	int64_t milliseconds = -1;

	assert_int_equal(strlen(text), TIMESTAMP_LENGTH);
	if (timestamp_parse(text, &milliseconds) != RESULT_OK)
		fail_msg("not taken: %s", text);
	return milliseconds;
}

static void expect_both_ways(int64_t milliseconds, const char *text)
{
	char written[TIMESTAMP_SIZE];

	timestamp_format(milliseconds, written);
	assert_string_equal(written, text);
	assert_int_equal(parsed(text), milliseconds);
}

static void expect_refused(const char *text)
{
	char exact[TIMESTAMP_SIZE] = {0};
	int64_t milliseconds;

	memcpy(exact, text, strlen(text) < TIMESTAMP_LENGTH ? strlen(text) : TIMESTAMP_LENGTH);
	if (timestamp_parse(exact, &milliseconds) != RESULT_MALFORMED)
		fail_msg("taken: %s", text);
}

TEST(the_ends_of_time)
{
	expect_both_ways(0, "1970-01-01T00:00:00.000Z");
	expect_both_ways(1, "1970-01-01T00:00:00.001Z");
	expect_both_ways(INT64_C(253402300799999), "9999-12-31T23:59:59.999Z");
	expect_both_ways(INT64_C(2147483648000), "2038-01-19T03:14:08.000Z");
	expect_both_ways(INT64_C(1795491701123), "2026-11-24T03:41:41.123Z");
}

/* The digits of the second before are kept. */
TEST(one_second_after_another)
{
	expect_both_ways(INT64_C(1795491701999), "2026-11-24T03:41:41.999Z");
	expect_both_ways(INT64_C(1795491701007), "2026-11-24T03:41:41.007Z");
	expect_both_ways(INT64_C(1795491702007), "2026-11-24T03:41:42.007Z");
	expect_both_ways(INT64_C(1795491701007), "2026-11-24T03:41:41.007Z");
	expect_both_ways(INT64_C(1795578101007), "2026-11-25T03:41:41.007Z");
}

TEST(times_before_1970)
{
	expect_refused("1969-12-31T23:59:59.999Z");
	expect_refused("1900-01-01T00:00:00.000Z");
	expect_refused("0000-01-01T00:00:00.000Z");
}

TEST(every_month)
{
	static const char *const last_days[] = {"01-31", "02-28", "03-31", "04-30", "05-31",
		"06-30", "07-31", "08-31", "09-30", "10-31", "11-30", "12-31"};
	int64_t day = parsed("2025-01-01T00:00:00.000Z");

	for (size_t month = 0; month < 12; month++) {
		char text[64];
		snprintf(text, sizeof(text), "2025-%sT12:00:00.000Z", last_days[month]);
		int64_t last = parsed(text) - DAY / 2;
		assert_true(last > day);
		day = last;
		snprintf(text, sizeof(text), "2025-%02zu-%02dT00:00:00.000Z", month + 1,
			(last_days[month][3] - '0') * 10 + last_days[month][4] - '0' + 1);
		expect_refused(text);
	}
	assert_int_equal(day - parsed("2025-01-01T00:00:00.000Z"), 364 * DAY);
}

TEST(leap_years)
{
	expect_both_ways(INT64_C(951782400000), "2000-02-29T00:00:00.000Z");
	expect_both_ways(INT64_C(1709164800000), "2024-02-29T00:00:00.000Z");
	assert_int_equal(parsed("2024-03-01T00:00:00.000Z"), INT64_C(1709164800000) + DAY);
	assert_int_equal(
		parsed("2100-03-01T00:00:00.000Z"), parsed("2100-02-28T00:00:00.000Z") + DAY);
	expect_refused("2023-02-29T00:00:00.000Z");
	expect_refused("2100-02-29T00:00:00.000Z");
	expect_refused("2024-02-30T00:00:00.000Z");
}

/* Against the C library, a day at a time, at an odd time of the day. */
TEST(every_day_of_eight_centuries)
{
	for (int64_t day = 0; day < 800 * 366; day++) {
		int64_t milliseconds = day * DAY + 45296789;
		time_t seconds = (time_t)(milliseconds / 1000);
		char text[TIMESTAMP_SIZE], expected[64];
		struct tm utc;
		gmtime_r(&seconds, &utc);
		strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%S.789Z", &utc);
		timestamp_format(milliseconds, text);
		assert_string_equal(text, expected);
		assert_int_equal(parsed(text), milliseconds);
	}
}

TEST(only_the_one_form)
{
	static const char *const wrong[] = {
		"",
		"2026-11-24T03:41:41.12Z",
		"2026-11-24T03:41:41,123Z",
		"2026-11-24 03:41:41.123Z",
		"2026-11-24t03:41:41.123Z",
		"2026-11-24T03:41:41.123z",
		"2026-11-24T03:41:41.123+",
		"2026-11-24T03-41-41.123Z",
		"2026/11/24T03:41:41.123Z",
		"2026-00-24T03:41:41.123Z",
		"2026-13-24T03:41:41.123Z",
		"2026-11-00T03:41:41.123Z",
		"2026-11-31T03:41:41.123Z",
		"2026-11-24T24:00:00.000Z",
		"2026-11-24T03:60:41.123Z",
		"2026-11-24T03:41:60.123Z",
		"+026-11-24T03:41:41.123Z",
		"-026-11-24T03:41:41.123Z",
		" 026-11-24T03:41:41.123Z",
		"2026-11-24T03:41:41.1x3Z",
		"2026-1 -24T03:41:41.123Z",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		expect_refused(wrong[i]);
}

/* Any byte in place of any other: either it is refused, or it is a digit. */
TEST(every_byte_is_looked_at)
{
	static const char whole[] = "2011-11-11T11:11:11.111Z";

	for (size_t i = 0; i < TIMESTAMP_LENGTH; i++) {
		for (int byte = 0; byte < 256; byte++) {
			char text[TIMESTAMP_SIZE];
			int64_t milliseconds;
			memcpy(text, whole, sizeof(whole));
			text[i] = (char)byte;
			if (timestamp_parse(text, &milliseconds) != RESULT_OK)
				continue;
			bool was_digit = whole[i] >= '0' && whole[i] <= '9';
			assert_true(was_digit ? byte >= '0' && byte <= '9' : text[i] == whole[i]);
		}
	}
}

/* Ten thousand years have no written form. A clock that is past them says so, and is not written
 * as if it were at their beginning. */
TEST(a_clock_past_the_last_time)
{
	char text[TIMESTAMP_SIZE];

	wall_clock_set(TIMESTAMP_LAST);
	assert_int_equal(timestamp_now(), TIMESTAMP_LAST);
	wall_clock_set(TIMESTAMP_LAST + 1);
	assert_true(timestamp_now() > TIMESTAMP_LAST);
	wall_clock_reset();
	timestamp_format(TIMESTAMP_LAST + 1, text);
	assert_string_equal(text, "9999-12-31T23:59:59.999Z");
	timestamp_format(INT64_MAX, text);
	assert_string_equal(text, "9999-12-31T23:59:59.999Z");
}

TEST(now_is_now)
{
	struct timespec before, after;

	clock_gettime(CLOCK_REALTIME, &before);
	int64_t now = timestamp_now();
	clock_gettime(CLOCK_REALTIME, &after);
	assert_true(
		now >= (int64_t)before.tv_sec * 1000 && now <= (int64_t)after.tv_sec * 1000 + 999);
}

TEST(whole_milliseconds)
{
	static const int64_t times[] = {0, 1, 999, 1000, 1999, INT64_C(1796493600999)};

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		wall_clock_set(times[i]);
		assert_int_equal(timestamp_of_clock(CLOCK_REALTIME), times[i]);
	}
	wall_clock_reset();
}

TEST(the_clock_that_is_asked_for)
{
	struct timespec now;

	wall_clock_set(5);
	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	assert_true(timestamp_of_clock(CLOCK_MONOTONIC) / 1000 >= now.tv_sec);
	wall_clock_reset();
}
