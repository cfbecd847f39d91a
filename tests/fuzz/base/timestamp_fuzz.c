/*
 * Times next to the calendar of the C library, both ways; and times as people write them, whose
 * offset from UTC is the only difference.
 */
#include "base/timestamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text/moment.h"
#include "fuzz/fuzz.h"

static void check_number(int64_t milliseconds)
{
	char text[TIMESTAMP_SIZE], expected[64];
	time_t seconds = milliseconds / 1000;
	struct tm tm;
	int64_t again;

	timestamp_format(milliseconds, text);
	must(strlen(text) == TIMESTAMP_LENGTH);
	must(timestamp_parse(text, &again) == RESULT_OK);
	must(again == (milliseconds < TIMESTAMP_LAST ? milliseconds : TIMESTAMP_LAST));
	if (milliseconds > TIMESTAMP_LAST)
		return;
	must(gmtime_r(&seconds, &tm) != NULL);
	size_t length = strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(expected + length, sizeof(expected) - length, ".%03" PRId64 "Z",
		milliseconds % 1000);
	must(strcmp(text, expected) == 0);
}

static void check_text(const char *text)
{
	char again[TIMESTAMP_SIZE];
	int64_t milliseconds;

	if (timestamp_parse(text, &milliseconds) != RESULT_OK)
		return;
	must(milliseconds >= 0 && milliseconds <= TIMESTAMP_LAST);
	timestamp_format(milliseconds, again);
	must(memcmp(text, again, TIMESTAMP_LENGTH) == 0);
}

static void check_moment(const char *text)
{
	char exact[TIMESTAMP_SIZE];
	int64_t milliseconds, again;

	if (!moment_read(text, &milliseconds))
		return;
	must(milliseconds > 0 && milliseconds <= TIMESTAMP_LAST);
	timestamp_format(milliseconds, exact);
	must(moment_read(exact, &again) && again == milliseconds);
}

/* The same wall time with an offset is so much earlier or later. */
static void check_offset(int64_t milliseconds, size_t minutes, bool is_east)
{
	char text[64], exact[TIMESTAMP_SIZE];
	int64_t shifted = milliseconds + (int64_t)minutes * (is_east ? -60000 : 60000), read;

	timestamp_format(milliseconds, exact);
	snprintf(text, sizeof(text), "%.23s%c%02zu:%02zu", exact, is_east ? '+' : '-', minutes / 60,
		minutes % 60);
	bool is_read = moment_read(text, &read);
	must(is_read == (shifted > 0 && shifted <= TIMESTAMP_LAST));
	must(!is_read || read == shifted);
}

static void check_made(struct fuzz_input *input)
{
	uint64_t number = fuzz_take_below(input, (size_t)INT64_MAX + 1);
	size_t minutes = fuzz_take_below(input, 24 * 60);
	bool is_east = fuzz_take_below(input, 2) == 1;

	check_number((int64_t)number);
	check_number((int64_t)(number % TIMESTAMP_LAST));
	check_offset((int64_t)(number % TIMESTAMP_LAST), minutes, is_east);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	size_t rest;

	for (bool is_made = fuzz_is_made(&input); is_made && input.length > 0;)
		check_made(&input);
	const char *from = fuzz_rest(&input, &rest);
	char *text = fuzz_string(from, rest);
	if (rest >= TIMESTAMP_LENGTH)
		check_text(text);
	check_moment(text);
	free(text);
	return 0;
}
