/*
 * Times that people write into settings: with an offset, and with or without a fraction (RFC 3339,
 * section 5.6). Put into the one form that the program reads everywhere else (timestamp.h), so that
 * the calendar is in one place.
 */
#include "base/text/moment.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "base/timestamp.h"

#define SECONDS_LENGTH 19 /* 2026-12-05T18:00:00 */

/* Up to three digits of a fraction into `milliseconds`; returns how long all of it is. */
static size_t read_fraction(const char *text, char milliseconds[static 3])
{
	size_t digits = *text == '.' ? strspn(text + 1, "0123456789") : 0;

	if (digits == 0)
		return 0;
	memcpy(milliseconds, text + 1, digits < 3 ? digits : 3);
	return 1 + digits;
}

static bool read_two(const char *text, int most, int *value)
{
	if (!isdigit((unsigned char)text[0]) || !isdigit((unsigned char)text[1]))
		return false;
	*value = (text[0] - '0') * 10 + text[1] - '0';
	return *value <= most;
}

/* Z, or +01:00. */
static bool read_offset(const char *text, int64_t *milliseconds)
{
	int hours, minutes;

	*milliseconds = 0;
	if ((*text == 'Z' || *text == 'z') && text[1] == '\0')
		return true;
	if ((*text != '+' && *text != '-') || !read_two(text + 1, 23, &hours) || text[3] != ':' ||
		!read_two(text + 4, 59, &minutes) || text[6] != '\0')
		return false;
	*milliseconds = (int64_t)(hours * 60 + minutes) * (*text == '+' ? 60000 : -60000);
	return true;
}

bool moment_read(const char *text, int64_t *milliseconds)
{
	char exact[TIMESTAMP_SIZE] = "0000-00-00T00:00:00.000Z";
	int64_t offset;

	if (strlen(text) < SECONDS_LENGTH)
		return false;
	memcpy(exact, text, SECONDS_LENGTH);
	if (exact[10] == 't' || exact[10] == ' ')
		exact[10] = 'T';
	text += SECONDS_LENGTH;
	text += read_fraction(text, exact + SECONDS_LENGTH + 1);
	if (!read_offset(text, &offset) || timestamp_parse(exact, milliseconds) != RESULT_OK)
		return false;
	*milliseconds -= offset;
	return *milliseconds > 0 && *milliseconds <= TIMESTAMP_LAST;
}
