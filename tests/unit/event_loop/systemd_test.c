/* What systemd is told, in the words of sd_notify(3), and how often. */
#include "event_loop/systemd.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "support/temporary_directory.h"
#include "support/test.h"
#include "support/unit/seen_spans.h"

#define STATUS_MS 10000

/* The timers that were started, which the test lets run out. */
static struct {
	unsigned count;
	uv_timer_t *timer;
	uv_timer_cb due;
	uint64_t timeout, repeat;
} timers;

/* The linker puts this in the place of uv_timer_start(). */
int __wrap_uv_timer_start(uv_timer_t *timer, uv_timer_cb due, uint64_t timeout, uint64_t repeat);

int __wrap_uv_timer_start(uv_timer_t *timer, uv_timer_cb due, uint64_t timeout, uint64_t repeat)
{
	timers.count++;
	timers.timer = timer;
	timers.due = due;
	timers.timeout = timeout;
	timers.repeat = repeat;
	return 0;
}

/* systemd's end, and the program's. */
struct fixture {
	struct temporary_directory directory;
	int manager;
	uv_loop_t loop;
	struct systemd *systemd;
};

static int set_up(void **state)
{
	struct fixture *fixture = memory_zeroed(sizeof(*fixture));
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	fixture->manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	temporary_directory_make(&fixture->directory);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/notify", fixture->directory.path);
	assert_int_equal(bind(fixture->manager, (struct sockaddr *)&address, sizeof(address)), 0);
	setenv("NOTIFY_SOCKET", address.sun_path, 1);
	assert_int_equal(uv_loop_init(&fixture->loop), 0);
	timers.count = 0;
	fixture->systemd = systemd_open(&fixture->loop);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	systemd_close(fixture->systemd);
	assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
	assert_int_equal(uv_loop_close(&fixture->loop), 0);
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	close(fixture->manager);
	temporary_directory_remove(&fixture->directory);
	free(fixture);
	return 0;
}

/* What was told is there when the call has returned. */
static void take_told(const struct fixture *fixture, char told[static 512])
{
	ssize_t length = recv(fixture->manager, told, 511, MSG_DONTWAIT);

	assert_true(length > 0);
	told[length] = '\0';
}

static void expect_told(const struct fixture *fixture, const char *expected)
{
	char told[512];

	take_told(fixture, told);
	assert_string_equal(told, expected);
}

static void expect_nothing_told(const struct fixture *fixture)
{
	char told;

	assert_int_equal(recv(fixture->manager, &told, 1, MSG_DONTWAIT), -1);
}

/* Reading a large file gets more time from systemd, and reports how far it is. */
FIXTURE_TEST(opening)
{
	static const struct {
		uint64_t moved;
		const char *status;
	} rows[] = {{0, "Reading users.log: 0 %"}, {50, "Reading users.log: 25 %"},
		{199, "Reading users.log: 99 %"}, {200, "Reading users.log: 100 %"},
		{202, "Writing users.log anew: 0 %"}, {300, "Writing users.log anew: 25 %"},
		{600, "Writing users.log anew: 100 %"}, {601, "Writing users.log anew: 100 %"},
		{999, "Writing users.log anew: 100 %"}};
	char expected[128];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(expected, sizeof(expected), "EXTEND_TIMEOUT_USEC=300000000\nSTATUS=%s",
			rows[i].status);
		systemd_opening(rows[i].moved, 200);
		expect_told(fixture, expected);
	}
	systemd_opening(0, 0); /* an empty file */
	expect_told(fixture, "EXTEND_TIMEOUT_USEC=300000000\nSTATUS=Reading users.log: 100 %");
	unsetenv("NOTIFY_SOCKET");
	systemd_opening(1, 2); /* nobody is there to be told */
	expect_nothing_told(fixture);
}

#define LISTENING "STATUS=Listening on unix:/run/a\\x09b; "
#define OF_TWO    "2 users, 0 sign-ups in the last minute, loop 0% busy"

FIXTURE_TEST(ready_and_ending)
{
	systemd_ready(fixture->systemd, "unix:/run/a\tb", 2);
	expect_told(fixture, "READY=1\n" LISTENING OF_TWO);
	systemd_reloaded(fixture->systemd, "not\n this");
	expect_told(fixture,
		"READY=1\n" LISTENING OF_TWO "; the settings are the old ones: not\\x0a this");
	systemd_reloaded(fixture->systemd, NULL);
	expect_told(fixture, "READY=1\n" LISTENING OF_TWO);
	systemd_stopping(8001);
	expect_told(fixture, "STOPPING=1\nEXTEND_TIMEOUT_USEC=18001000\n"
			     "STATUS=Answering what is under way");
	systemd_refused("no\tdisk", 28);
	expect_told(fixture, "EXTEND_TIMEOUT_USEC=300000000\nSTATUS=no\\x09disk\nERRNO=28");
}

/* systemd compares the time with its own. */
FIXTURE_TEST(reloading)
{
	struct timespec before, after;
	char told[512];
	int64_t time;

	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &before), 0);
	systemd_reloading();
	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &after), 0);
	take_told(fixture, told);
	assert_int_equal(sscanf(told, "RELOADING=1\nMONOTONIC_USEC=%" SCNd64, &time), 1);
	assert_in_range(time, before.tv_sec * 1000000 + before.tv_nsec / 1000,
		after.tv_sec * 1000000 + after.tv_nsec / 1000);
}

/* Whenever what it says has changed. */
FIXTURE_TEST(load)
{
	static struct minute minute;

	minute = (struct minute){.count = 1};
	systemd_ready(fixture->systemd, "a", meters.disk.users);
	expect_told(fixture,
		"READY=1\nSTATUS=Listening on a; 0 users, 0 sign-ups in the last minute, loop 0% "
		"busy");
	systemd_show_load(fixture->systemd, &minute);
	assert_int_equal(timers.count, 1);
	assert_int_equal(timers.timeout, STATUS_MS);
	assert_int_equal(timers.repeat, STATUS_MS);
	timers.due(timers.timer);
	expect_nothing_told(fixture);
	minute.seconds[0].created = 3;
	timers.due(timers.timer);
	expect_told(fixture,
		"STATUS=Listening on a; 0 users, 3 sign-ups in the last minute, loop 0% busy");
	timers.due(timers.timer);
	expect_nothing_told(fixture);
	unsetenv("NOTIFY_SOCKET");
	systemd_show_load(fixture->systemd, &minute);
	assert_int_equal(timers.count, 1);
}

/* Twice as often as systemd wants it, and each millisecond at most. */
FIXTURE_TEST(the_watchdog)
{
	static const struct {
		const char *microseconds;
		uint64_t timeout, repeat;
	} rows[] = {{"4000000", 2000, 2000}, {"3999", 1, 1}, {"1999", 0, 1}};

	assert_int_equal(timers.count, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		setenv("WATCHDOG_USEC", rows[i].microseconds, 1);
		struct systemd *systemd = systemd_open(&fixture->loop);
		assert_int_equal(timers.count, i + 1);
		assert_int_equal(timers.timeout, rows[i].timeout);
		assert_int_equal(timers.repeat, rows[i].repeat);
		expect_nothing_told(fixture);
		timers.due(timers.timer);
		expect_told(fixture, "WATCHDOG=1");
		systemd_close(systemd);
	}
}

TEST(there_may_be_none)
{
	systemd_close(NULL);
}

/* In the tests before. */
TEST(phases)
{
	expect_seen_span(PHASE_TIMERS, "feed_watchdog");
	expect_seen_span(PHASE_TIMERS, "renew_status");
}
