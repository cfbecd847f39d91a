/*
 * The one line for `systemctl status` and `rollcall status`: the load, without what it is made of.
 * A second of the minute may have been longer than one, so times are taken as they are.
 */
#include "base/meters/recent.h"

#include <inttypes.h>
#include <stdio.h>

#define UTILIZATION_SECONDS 10
#define MILLIONTHS          1000000.0

static uint64_t utilization_of(const struct minute *minute)
{
	uint64_t busy = 0, idle = 0;

	for (size_t i = 0; i < UTILIZATION_SECONDS; i++) {
		const struct second *second = minute_at(minute, i);
		for (size_t phase = 0; phase < PHASES; phase++)
			busy += second->busy[phase];
		idle += second->idle;
	}
	return busy > 0 ? (uint64_t)((double)busy / (double)(busy + idle) * MILLIONTHS + 0.5) : 0;
}

struct recent recent_of(const struct minute *minute, const struct meters *now)
{
	struct recent recent = {.users = now->disk.users, .utilization = utilization_of(minute)};

	for (size_t i = 0; i < minute_length(minute); i++)
		recent.sign_ups += minute_at(minute, i)->created;
	return recent;
}

void recent_words(const struct recent *recent, char words[static RECENT_WORDS_SIZE])
{
	/* What is not idle is not said to be. */
	uint64_t percent = (recent->utilization + 9999) / 10000;

	snprintf(words, RECENT_WORDS_SIZE,
		"%" PRIu64 " user%s, %" PRIu64 " sign-up%s in the last minute, loop %" PRIu64
		" %% busy",
		recent->users, recent->users == 1 ? "" : "s", recent->sign_ups,
		recent->sign_ups == 1 ? "" : "s", percent);
}
