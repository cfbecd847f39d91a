#include "support/patience.h"

#include <errno.h>
#include <poll.h>
#include <time.h>

#include "support/test.h"

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

int64_t patience_begin(void)
{
	return now() + PATIENCE_MS;
}

static int left(int64_t until, const char *awaited)
{
	int64_t milliseconds = until - now();

	if (milliseconds <= 0)
		fail_msg("waited too long for %s", awaited);
	return (int)milliseconds;
}

void patience_check(int64_t until, const char *awaited)
{
	(void)left(until, awaited);
}

void patience_let_pass(int milliseconds)
{
	const struct timespec time = {
		.tv_sec = milliseconds / 1000, .tv_nsec = (long)(milliseconds % 1000) * 1000000};

	assert_int_equal(clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL), 0);
}

short patience_poll(int descriptor, short events, int64_t until, const char *awaited)
{
	struct pollfd ready = {.fd = descriptor, .events = events};
	int found;

	do {
		found = poll(&ready, 1, left(until, awaited));
		if (found < 0 && errno != EINTR)
			fail_msg("poll failed while waiting for %s: errno %d", awaited, errno);
	} while (found <= 0);
	return ready.revents;
}
