#include "notify.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include "base/memory.h"
#include "base/printable.h"

/* Longer than anything takes that tells of no progress: syncing a large file, or sorting its names.
 */
#define EXTEND_USEC 300000000

/* Beyond the time that a stop may take, for the last batch to reach the disk. */
#define STOP_USEC 10000000

struct notify {
	uv_timer_t watchdog;
	char listening[PRINTABLE_SIZE + 64]; /* its usual status */
};

/* Whether systemd hears it makes no difference to us. */
static void tell(const char *state)
{
	(void)sd_notify(0, state);
}

static void feed(uv_timer_t *timer)
{
	(void)timer;
	tell("WATCHDOG=1");
}

struct notify *notify_open(uv_loop_t *loop)
{
	struct notify *notify = memory_zeroed(sizeof(*notify));
	uint64_t microseconds;

	uv_timer_init(loop, &notify->watchdog); /* cannot fail */
	notify->watchdog.data = notify;
	uv_unref((uv_handle_t *)&notify->watchdog);
	if (sd_watchdog_enabled(0, &microseconds) > 0) {
		/* Twice as often as it has to be, which is what sd_watchdog_enabled(3) advises. */
		uint64_t interval = microseconds / 2000;
		uv_timer_start(&notify->watchdog, feed, interval, interval > 0 ? interval : 1);
	}
	return notify;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void notify_close(struct notify *notify)
{
	if (notify != NULL)
		uv_close((uv_handle_t *)&notify->watchdog, on_closed);
}

void notify_opening(uint64_t moved, uint64_t size)
{
	bool is_read = moved > size;
	uint64_t done = is_read ? (moved - size) / 2 : moved;
	uint64_t percent = done < size ? done * 100 / size : 100;

	(void)sd_notifyf(0, "EXTEND_TIMEOUT_USEC=%d\nSTATUS=%s: %" PRIu64 " %%", EXTEND_USEC,
		is_read ? "Writing users.log anew" : "Reading users.log", percent);
}

void notify_ready(struct notify *notify, const char *address, uint64_t users)
{
	snprintf(notify->listening, sizeof(notify->listening),
		"Listening on %s, %" PRIu64 " users at start", PRINTABLE(address), users);
	(void)sd_notifyf(0, "READY=1\nSTATUS=%s", notify->listening);
}

void notify_reloading(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	(void)sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%jd",
		(intmax_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
}

void notify_reloaded(const struct notify *notify, const char *failure)
{
	(void)sd_notifyf(0, "READY=1\nSTATUS=%s%s%s", notify->listening,
		failure != NULL ? "; the settings are the old ones: " : "",
		failure != NULL ? PRINTABLE(failure) : "");
}

void notify_refused(const char *reason, int error)
{
	(void)sd_notifyf(0, "EXTEND_TIMEOUT_USEC=%d\nSTATUS=%s\nERRNO=%d", EXTEND_USEC,
		PRINTABLE(reason), error);
}

void notify_stopping(uint64_t milliseconds)
{
	(void)sd_notifyf(0,
		"STOPPING=1\nEXTEND_TIMEOUT_USEC=%" PRIu64 "\nSTATUS=Answering what is under way",
		milliseconds * 1000 + STOP_USEC);
}
