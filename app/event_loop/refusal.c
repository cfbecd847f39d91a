/*
 * systemd would start a program that cannot start again and again, once for each connection in the
 * queue of its socket. So this empties the queue, and slows restarts down.
 */
#include "event_loop/refusal.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "event_loop/listener.h"
#include "event_loop/signals.h"
#include "event_loop/systemd.h"

/* How long connections are closed: a multiple of the processor time of the start, within bounds. */
#define SHARE    9
#define LEAST_MS 2000
#define MOST_MS  30000

static int64_t milliseconds_of(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int64_t time_to_spend(void)
{
	int64_t time = SHARE * milliseconds_of(CLOCK_PROCESS_CPUTIME_ID);

	if (time < LEAST_MS)
		return LEAST_MS;
	return time < MOST_MS ? time : MOST_MS;
}

/* Whether a connection came within that time, and was closed. */
static bool turn_one_away(int listening, int64_t milliseconds)
{
	struct pollfd queue = {.fd = listening, .events = POLLIN};

	if (poll(&queue, 1, (int)milliseconds) <= 0)
		return false;
	int connection = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	if (connection >= 0)
		close(connection);
	return connection >= 0;
}

static void turn_away(int listening)
{
	int64_t until = milliseconds_of(CLOCK_MONOTONIC) + time_to_spend();
	int64_t left = 0; /* at first only what is in the queue */

	while (turn_one_away(listening, left)) {
		left = until - milliseconds_of(CLOCK_MONOTONIC);
		if (left <= 0)
			return;
	}
}

void refusal_tell(const char *reason, int error)
{
	struct listener listener;

	systemd_refused(reason, error);
	signals_let_go();
	if (signals_stop_wanted() == NULL && listener_inherit(&listener) == RESULT_OK &&
		listener.descriptor != STDIN_FILENO)
		turn_away(listener.descriptor);
}
