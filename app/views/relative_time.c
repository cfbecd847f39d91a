/*
 * Every user on a page has a time: so times are put together by hand, without printf and gmtime_r.
 */
#include "views/relative_time.h"

#include <string.h>

#include "base/decimal.h"
#include "base/timestamp.h"

#define MINUTE (int64_t)60000
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define WEEK   (7 * DAY)

/* A page has these for every user on it: they go without printf and gmtime_r. */
void relative_time_date(int64_t time, char text[static RELATIVE_TIME_SIZE])
{
	static const char months[12][4] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	char exact[TIMESTAMP_SIZE]; /* 2026-01-02T03:04:05.678Z */

	timestamp_format(time, exact);
	int month = (exact[5] - '0') * 10 + exact[6] - '0';
	if (exact[8] != '0')
		*text++ = exact[8];
	*text++ = exact[9];
	*text++ = ' ';
	text = stpcpy(text, months[month - 1]);
	*text++ = ' ';
	text = mempcpy(text, exact, 4);
	text = stpcpy(text, ", ");
	text = mempcpy(text, exact + 11, 5);
	stpcpy(text, " UTC");
}

static void write_ago(int64_t count, const char *unit, char *text)
{
	text += decimal_write((uint64_t)count, text);
	*text++ = ' ';
	text = stpcpy(text, unit);
	stpcpy(text, count == 1 ? " ago" : "s ago");
}

bool relative_time_is_just_now(int64_t time, int64_t now)
{
	return now - time < MINUTE;
}

void relative_time_format(int64_t time, int64_t now, char text[static RELATIVE_TIME_SIZE])
{
	int64_t age = now - time;

	if (age < MINUTE)
		stpcpy(text, "just now");
	else if (age < HOUR)
		write_ago(age / MINUTE, "minute", text);
	else if (age < DAY)
		write_ago(age / HOUR, "hour", text);
	else if (age < WEEK)
		write_ago(age / DAY, "day", text);
	else
		relative_time_date(time, text);
}
