/*
 * The one line for `systemctl status` and `rollcall status`: the load, without what it is made of.
 * A second of the minute may have been longer than one, so times are taken as they are.
 */
#include "base/meters/recent.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/meters/share.h"
#include "base/meters/utilization.h"

#define UTILIZATION_SECONDS 10
#define MILLIONS            1000000

static uint64_t utilization_of(const struct minute *minute)
{
	uint64_t busy = 0, idle = 0;

	for (size_t i = 0; i < UTILIZATION_SECONDS; i++) {
		const struct second *second = minute_at(minute, i);
		for (size_t phase = 0; phase < PHASES; phase++)
			busy += second->busy[phase];
		idle += second->idle;
	}
	if (busy == 0)
		return 0;
	uint64_t share = utilization_share(busy, idle);
	return share > 0 ? share : 1;
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
	char share[SHARE_WORDS_SIZE];

	share_words(recent->utilization, MILLIONS, share);
	snprintf(words, RECENT_WORDS_SIZE,
		"%" PRIu64 " user%s, %" PRIu64 " sign-up%s in the last minute, loop %s busy",
		recent->users, recent->users == 1 ? "" : "s", recent->sign_ups,
		recent->sign_ups == 1 ? "" : "s", share);
}
