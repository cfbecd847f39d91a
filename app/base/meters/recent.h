#ifndef ROLLCALL_BASE_METERS_RECENT_H
#define ROLLCALL_BASE_METERS_RECENT_H

#include <stdint.h>

#include "base/meters/minute.h"

/* What an operator wants to know first, from the last minute. */
struct recent {
	uint64_t users;
	uint64_t sign_ups;    /* in the last minute, or since the start if that is less */
	uint64_t utilization; /* of the loop in the last 10 seconds, in millionths */
};

/* `now` has the number of users. */
struct recent recent_of(const struct minute *minute, const struct meters *now);

/* In words: "1234 users, 12 sign-ups in the last minute, loop 3.4% busy". */
#define RECENT_WORDS_SIZE 128
void recent_words(const struct recent *recent, char words[static RECENT_WORDS_SIZE]);

#endif
