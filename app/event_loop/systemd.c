/*
 * Reports the state of the service to systemd by its library: sd_notify(3) sends a datagram to the
 * socket that the environment names.
 */
#include "event_loop/systemd.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include "base/memory.h"
#include "base/meters/loop_span.h"
#include "base/meters/recent.h"
#include "base/printable.h"

/* Longer than any step that reports no progress: syncing a large file, or sorting its names. */
#define EXTEND_USEC 300000000

/* Added to the time of a stop, for the last batch to reach the disk. */
#define STOP_USEC 10000000

/* Between two statuses. */
#define STATUS_MS 10000

struct systemd {
	uv_timer_t watchdog;
	uv_timer_t status;
	const struct minute *minute;
	char listening[PRINTABLE_SIZE + 32]; /* what its status begins with, */
	char load[RECENT_WORDS_SIZE];        /* goes on with, */
	char failure[PRINTABLE_SIZE + 64];   /* and ends with: of the last reload, or nothing */
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

/* `state` comes before it, with a line feed, or is empty. */
static void tell_status(const struct systemd *systemd, const char *state)
{
	(void)sd_notifyf(
		0, "%sSTATUS=%s; %s%s", state, systemd->listening, systemd->load, systemd->failure);
}

/* The first is sent with READY=1. */
static void renew_status(uv_timer_t *timer)
{
	struct systemd *systemd = timer->data;
	char load[RECENT_WORDS_SIZE];

	loop_span_begin(PHASE_TIMERS, __func__);
	const struct recent recent = recent_of(systemd->minute, &meters);
	recent_words(&recent, load);
	if (strcmp(load, systemd->load) == 0)
		return;
	memcpy(systemd->load, load, sizeof(load));
	tell_status(systemd, "");
}

struct systemd *systemd_open(uv_loop_t *loop)
{
	struct systemd *systemd = memory_zeroed(sizeof(*systemd));
	uint64_t microseconds;

	uv_timer_init(loop, &systemd->watchdog); /* cannot fail */
	systemd->watchdog.data = systemd;
	uv_unref((uv_handle_t *)&systemd->watchdog);
	uv_timer_init(loop, &systemd->status);
	systemd->status.data = systemd;
	uv_unref((uv_handle_t *)&systemd->status);
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

/* One after the other: both are in the memory that is freed last. */
static void on_status_closed(uv_handle_t *handle)
{
	struct systemd *systemd = handle->data;

	uv_close((uv_handle_t *)&systemd->watchdog, on_closed);
}

void systemd_close(struct systemd *systemd)
{
	if (systemd != NULL)
		uv_close((uv_handle_t *)&systemd->status, on_status_closed);
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
	const struct recent recent = {.users = users};

	snprintf(systemd->listening, sizeof(systemd->listening), "Listening on %s",
		PRINTABLE(address));
	recent_words(&recent, systemd->load);
	tell_status(systemd, "READY=1\n");
}

void systemd_show_load(struct systemd *systemd, const struct minute *minute)
{
	systemd->minute = minute;
	if (getenv("NOTIFY_SOCKET") != NULL)
		uv_timer_start(&systemd->status, renew_status, STATUS_MS, STATUS_MS);
}

void systemd_reloading(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	(void)sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%jd",
		(intmax_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
}

void systemd_reloaded(struct systemd *systemd, const char *failure)
{
	snprintf(systemd->failure, sizeof(systemd->failure), "%s%s",
		failure != NULL ? "; the settings are the old ones: " : "",
		failure != NULL ? PRINTABLE(failure) : "");
	tell_status(systemd, "READY=1\n");
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
