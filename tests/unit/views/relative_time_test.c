/* How long ago something was, in words. */
#include "views/relative_time.h"

#include "base/timestamp.h"
#include "support/test.h"

#define SECOND (int64_t)1000
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static int64_t parse(const char *text)
{
	int64_t time;

	assert_int_equal(timestamp_parse(text, &time), RESULT_OK);
	return time;
}

TEST(words)
{
	static const struct {
		int64_t age;
		const char *words;
	} rows[] = {
		{0, "just now"},
		{MINUTE - 1, "just now"},
		{-5 * SECOND, "just now"},
		{-400 * DAY, "just now"},
		{MINUTE, "1 minute ago"},
		{2 * MINUTE - 1, "1 minute ago"},
		{2 * MINUTE, "2 minutes ago"},
		{HOUR - 1, "59 minutes ago"},
		{HOUR, "1 hour ago"},
		{2 * HOUR, "2 hours ago"},
		{DAY - 1, "23 hours ago"},
		{DAY, "1 day ago"},
		{3 * DAY + 5 * HOUR, "3 days ago"},
		{7 * DAY - 1, "6 days ago"},
		{7 * DAY, "2 Mar 2026, 03:04 UTC"},
		{16 * 365 * DAY, "13 Mar 2010, 03:04 UTC"},
	};
	const int64_t now = parse("2026-03-09T03:04:05.678Z");
	char text[RELATIVE_TIME_SIZE];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		relative_time_format(now - rows[i].age, now, text);
		assert_string_equal(text, rows[i].words);
	}
}

TEST(days_and_exact_times)
{
	static const char *const rows[][3] = {
		{"1970-01-01T00:00:00.000Z", "1 Jan 1970", "1 January 1970, 00:00:00 UTC"},
		{"2026-05-31T23:59:59.999Z", "31 May 2026", "31 May 2026, 23:59:59 UTC"},
		{"2026-09-10T10:11:12.013Z", "10 Sep 2026", "10 September 2026, 10:11:12 UTC"},
		{"9999-12-31T23:59:59.999Z", "31 Dec 9999", "31 December 9999, 23:59:59 UTC"},
	};
	char text[RELATIVE_TIME_SIZE];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		relative_time_day(parse(rows[i][0]), text);
		assert_string_equal(text, rows[i][1]);
		relative_time_exact(parse(rows[i][0]), text);
		assert_string_equal(text, rows[i][2]);
	}
}

TEST(dates)
{
	static const char *const rows[][2] = {
		{"1970-01-01T00:00:00.000Z", "1 Jan 1970, 00:00 UTC"},
		{"2024-02-29T23:59:59.999Z", "29 Feb 2024, 23:59 UTC"},
		{"2026-10-10T10:10:10.010Z", "10 Oct 2026, 10:10 UTC"},
		{"9999-12-31T23:59:59.999Z", "31 Dec 9999, 23:59 UTC"},
	};
	char text[RELATIVE_TIME_SIZE];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		relative_time_date(parse(rows[i][0]), text);
		assert_string_equal(text, rows[i][1]);
	}
}

TEST(times_ahead)
{
	static const struct {
		int64_t left;
		const char *words;
	} rows[] = {
		{1, "in less than a minute"},
		{59999, "in less than a minute"},
		{60000, "in 1 minute"},
		{3599999, "in 59 minutes"},
		{3600000, "in 1 hour"},
		{INT64_C(2) * 86400000 - 1, "in 47 hours"},
		{INT64_C(2) * 86400000, "in 2 days"},
		{INT64_C(3) * 86400000 - 1, "in 3 days"},
		{INT64_C(40) * 86400000, "in 40 days"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[RELATIVE_TIME_SIZE];
		relative_time_until(1000 + rows[i].left, 1000, text);
		assert_string_equal(text, rows[i].words);
	}
}
