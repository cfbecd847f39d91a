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
#include <unistd.h>

#include "base/timestamp.h"
#include "event_loop/listener.h"
#include "event_loop/signals.h"
#include "event_loop/systemd.h"

/* A multiple of the processor time of the start, within bounds. */
#define SHARE    9
#define LEAST_MS 2000
#define MOST_MS  30000

int64_t refusal_time(int64_t start)
{
	int64_t time = SHARE * start;

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
	int64_t until = timestamp_of_clock(CLOCK_MONOTONIC) +
			refusal_time(timestamp_of_clock(CLOCK_PROCESS_CPUTIME_ID));
	int64_t left = 0; /* at first only what is in the queue */

	while (turn_one_away(listening, left)) {
		left = until - timestamp_of_clock(CLOCK_MONOTONIC);
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
