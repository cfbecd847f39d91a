/*
 * Where the time of a request went. Most moments are the beginning of a callback, which is known
 * (loop_span.h): a request that is answered at once reads the clock one more time, at its end, and
 * one that waits for the disk twice.
 */
#include "http/request_times.h"

#include <string.h>

#include "base/decimal.h"
#include "base/meters/loop_span.h"

void request_times_begin(struct request_times *times)
{
	if (times->arrived != 0)
		return;
	times->routed = meters_clock();
	times->arrived = times->routed;
	times->began = times->routed;
}

void request_times_settle(struct request_times *times)
{
	times->settled = meters_clock();
}

/* The callback may have begun before the route returned, if it is the same. */
void request_times_resume(struct request_times *times)
{
	uint64_t now = loop_span_began();

	if (times->settled != 0 && times->resumed == 0)
		times->resumed = now > times->settled ? now : times->settled;
}

void request_times_block(struct request_times *times, bool is_blocked)
{
	uint64_t now;

	if (is_blocked == (times->blocked != 0))
		return;
	now = meters_clock();
	times->peer += is_blocked ? 0 : now - times->blocked;
	times->blocked = is_blocked ? now : 0;
}

uint64_t request_times_duration(const struct request_times *times, uint64_t now)
{
	return now - times->arrived;
}

struct request_waits request_times_waits(const struct request_times *times, uint64_t now)
{
	struct request_waits waits = {.arriving = times->arrived - times->began,
		.queue = times->routed - times->arrived,
		.route = now - times->routed,
		.peer = times->peer + (times->blocked != 0 ? now - times->blocked : 0)};

	if (times->settled != 0)
		waits.disk = (times->resumed != 0 ? times->resumed : now) - times->settled;
	waits.route -= waits.disk + waits.peer;
	return waits;
}

const char *request_waits_longest(const struct request_waits *waits)
{
	const struct {
		const char *name;
		uint64_t time;
	} rows[] = {{"arriving", waits->arriving}, {"queue", waits->queue}, {"route", waits->route},
		{"disk", waits->disk}, {"peer", waits->peer}};
	size_t longest = 0;

	for (size_t i = 1; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].time > rows[longest].time)
			longest = i;
	}
	return rows[longest].name;
}

static void append_timing(struct buffer *head, const char *name, uint64_t nanoseconds)
{
	char digits[4] = ".";
	uint64_t microseconds = nanoseconds / 1000;

	buffer_string(head, name);
	buffer_string(head, ";dur=");
	buffer_number(head, microseconds / 1000);
	decimal_write_wide(microseconds % 1000, digits + 1, 3);
	buffer_append(head, digits, sizeof(digits));
}

void request_times_header(const struct request_times *times, struct buffer *head)
{
	const struct request_waits waits = request_times_waits(times, meters_clock());

	buffer_string(head, "Server-Timing: ");
	append_timing(head, "queue", waits.queue);
	append_timing(head, ", route", waits.route);
	if (times->settled != 0)
		append_timing(head, ", disk", waits.disk);
	buffer_string(head, "\r\n");
}
