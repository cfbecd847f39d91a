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

static const char months[12][10] = {"January", "February", "March", "April", "May", "June", "July",
	"August", "September", "October", "November", "December"};

/* Writes the day of a timestamp, 2026-01-02T03:04:05.678Z, with so many letters of its month at
 * most. Returns the end. */
static char *write_day(char *text, const char exact[static TIMESTAMP_SIZE], size_t letters)
{
	int month = (exact[5] - '0') * 10 + exact[6] - '0';
	size_t length = strnlen(months[month - 1], letters);

	if (exact[8] != '0')
		*text++ = exact[8];
	*text++ = exact[9];
	*text++ = ' ';
	text = mempcpy(text, months[month - 1], length);
	*text++ = ' ';
	text = mempcpy(text, exact, 4);
	*text = '\0';
	return text;
}

/* Of the time of day the first characters: 5 to the minute, 8 to the second. */
static void write_clock(char *text, const char exact[static TIMESTAMP_SIZE], size_t length)
{
	text = stpcpy(text, ", ");
	text = mempcpy(text, exact + 11, length);
	stpcpy(text, " UTC");
}

void relative_time_date(int64_t time, char text[static RELATIVE_TIME_SIZE])
{
	char exact[TIMESTAMP_SIZE];

	timestamp_format(time, exact);
	write_clock(write_day(text, exact, 3), exact, 5);
}

void relative_time_day(int64_t time, char text[static RELATIVE_TIME_SIZE])
{
	char exact[TIMESTAMP_SIZE];

	timestamp_format(time, exact);
	write_day(text, exact, 3);
}

void relative_time_exact(int64_t time, char text[static RELATIVE_TIME_SIZE])
{
	char exact[TIMESTAMP_SIZE];

	timestamp_format(time, exact);
	write_clock(write_day(text, exact, sizeof(months[0])), exact, 8);
}

/* "5 hours"; returns the end. */
static char *write_units(int64_t count, const char *unit, char *text)
{
	text += decimal_write((uint64_t)count, text);
	*text++ = ' ';
	text = stpcpy(text, unit);
	return stpcpy(text, count == 1 ? "" : "s");
}

static void write_ago(int64_t count, const char *unit, char *text)
{
	stpcpy(write_units(count, unit, text), " ago");
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

void relative_time_until(int64_t time, int64_t now, char text[static RELATIVE_TIME_SIZE])
{
	int64_t left = time - now;

	text = stpcpy(text, "in ");
	if (left < MINUTE)
		stpcpy(text, "less than a minute");
	else if (left < HOUR)
		write_units(left / MINUTE, "minute", text);
	else if (left < 2 * DAY)
		write_units(left / HOUR, "hour", text);
	else
		write_units((left + DAY / 2) / DAY, "day", text);
}
