/*
 * Reports the state of the service to systemd by its library: sd_notify(3) sends a datagram to the
 * socket that the environment names.
 */
#include "event_loop/systemd.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include "base/memory.h"
#include "base/meters/loop_span.h"
#include "base/printable.h"

/* Longer than any step that reports no progress: syncing a large file, or sorting its names. */
#define EXTEND_USEC 300000000

/* Added to the time of a stop, for the last batch to reach the disk. */
#define STOP_USEC 10000000

struct systemd {
	uv_timer_t watchdog;
	char listening[PRINTABLE_SIZE + 64]; /* its usual status */
};

/* The result of sd_notify() makes no difference. */
static void tell_systemd(const char *state)
{
	(void)sd_notify(0, state);
}

static void feed_watchdog(uv_timer_t *timer)
{
	(void)timer;
	loop_span_begin(PHASE_TIMERS, __func__);
	tell_systemd("WATCHDOG=1");
}

struct systemd *systemd_open(uv_loop_t *loop)
{
	struct systemd *systemd = memory_zeroed(sizeof(*systemd));
	uint64_t microseconds;

	uv_timer_init(loop, &systemd->watchdog); /* cannot fail */
	systemd->watchdog.data = systemd;
	uv_unref((uv_handle_t *)&systemd->watchdog);
	if (sd_watchdog_enabled(0, &microseconds) > 0) {
		/* Twice as often as necessary, as sd_watchdog_enabled(3) advises. */
		uint64_t interval = microseconds / 2000;
		uv_timer_start(
			&systemd->watchdog, feed_watchdog, interval, interval > 0 ? interval : 1);
	}
	return systemd;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void systemd_close(struct systemd *systemd)
{
	if (systemd != NULL)
		uv_close((uv_handle_t *)&systemd->watchdog, on_closed);
}

void systemd_opening(uint64_t moved, uint64_t size)
{
	bool is_read = moved > size;
	uint64_t done = is_read ? (moved - size) / 2 : moved;
	uint64_t percent = done < size ? done * 100 / size : 100;

	(void)sd_notifyf(0, "EXTEND_TIMEOUT_USEC=%d\nSTATUS=%s: %" PRIu64 " %%", EXTEND_USEC,
		is_read ? "Writing users.log anew" : "Reading users.log", percent);
}

void systemd_ready(struct systemd *systemd, const char *address, uint64_t users)
{
	snprintf(systemd->listening, sizeof(systemd->listening),
		"Listening on %s, %" PRIu64 " users at start", PRINTABLE(address), users);
	(void)sd_notifyf(0, "READY=1\nSTATUS=%s", systemd->listening);
}

void systemd_reloading(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	(void)sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%jd",
		(intmax_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
}

void systemd_reloaded(const struct systemd *systemd, const char *failure)
{
	(void)sd_notifyf(0, "READY=1\nSTATUS=%s%s%s", systemd->listening,
		failure != NULL ? "; the settings are the old ones: " : "",
		failure != NULL ? PRINTABLE(failure) : "");
}

void systemd_refused(const char *reason, int error)
{
	(void)sd_notifyf(0, "EXTEND_TIMEOUT_USEC=%d\nSTATUS=%s\nERRNO=%d", EXTEND_USEC,
		PRINTABLE(reason), error);
}

void systemd_stopping(uint64_t milliseconds)
{
	(void)sd_notifyf(0,
		"STOPPING=1\nEXTEND_TIMEOUT_USEC=%" PRIu64 "\nSTATUS=Answering what is under way",
		milliseconds * 1000 + STOP_USEC);
}
