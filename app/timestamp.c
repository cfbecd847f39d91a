#include "timestamp.h"

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#define DAY 86400

int64_t timestamp_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec >= 0 ? (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 : 0;
}

void timestamp_format(int64_t milliseconds, char text[static TIMESTAMP_SIZE])
{
	time_t seconds = (time_t)(milliseconds / 1000);
	struct tm utc;

	gmtime_r(&seconds, &utc);
	/* The bounds tell the compiler what it cannot see: each number fits its columns. */
	snprintf(text, TIMESTAMP_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ",
		(unsigned)(utc.tm_year + 1900) % 10000, (unsigned)(utc.tm_mon + 1) % 100,
		(unsigned)utc.tm_mday % 100, (unsigned)utc.tm_hour % 100,
		(unsigned)utc.tm_min % 100, (unsigned)utc.tm_sec % 100,
		(unsigned)(milliseconds % 1000) % 1000);
}

static bool read_digits(
	const char *text, unsigned count, unsigned least, unsigned most, unsigned *value)
{
	*value = 0;
	for (unsigned i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*value = *value * 10 + (unsigned)(text[i] - '0');
	}
	return *value >= least && *value <= most;
}

static unsigned days_in(unsigned month, bool leap)
{
	static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

/* Days from 1970-01-01, counted in years that begin in March so that a leap day is the last of its
 * year. timegm() would do, but opening a store does this once for every record. */
static int64_t days_since_epoch(unsigned year, unsigned month, unsigned day)
{
	int64_t y = (int64_t)year - (month <= 2 ? 1 : 0);
	int64_t era = y / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

enum status timestamp_parse(const char *text, int64_t *milliseconds)
{
	unsigned year, month, day, hour, minute, second, fraction;

	bool digits = read_digits(text, 4, 1970, 9999, &year) &&
		      read_digits(text + 5, 2, 1, 12, &month) &&
		      read_digits(text + 8, 2, 1, 31, &day) &&
		      read_digits(text + 11, 2, 0, 23, &hour) &&
		      read_digits(text + 14, 2, 0, 59, &minute) &&
		      read_digits(text + 17, 2, 0, 59, &second) &&
		      read_digits(text + 20, 3, 0, 999, &fraction);
	if (!digits || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
		text[16] != ':' || text[19] != '.' || text[23] != 'Z')
		return STATUS_MALFORMED;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (day > days_in(month, leap))
		return STATUS_MALFORMED;

	int64_t seconds = days_since_epoch(year, month, day) * DAY + (int64_t)hour * 3600 +
			  (int64_t)minute * 60 + second;
	*milliseconds = seconds * 1000 + fraction;
	return STATUS_OK;
}
