/* What a second was like, in a sentence; of several faults the cause is told. */
#include "views/loop/verdict.h"

#include <string.h>

#include "support/test.h"

#define SECOND UINT64_C(1000000000)
#define GAP    "\u00a0"

static void expect_verdict(const struct second *second, const char *name, const char *begin)
{
	struct buffer words = {0};
	enum loop_state state = verdict_of(second);

	assert_string_equal(verdict_name(state), name);
	verdict_words(&words, state, second);
	buffer_append(&words, "", 1);
	if (strstr(words.bytes, begin) == NULL)
		fail_msg("\"%s\" has no \"%s\"", words.bytes, begin);
	buffer_free(&words);
}

/* A second in which a request was answered, and the loop waited most of the time. */
static const struct second usual = {.length = SECOND,
	.turns = 3,
	.idle = SECOND / 100 * 97,
	.requests = 1,
	.request_time = 1500000};

TEST(quiet_and_working)
{
	struct second second = usual;

	expect_verdict(&second, "working", "1 request in the last second, 1.5" GAP "ms long.");
	expect_verdict(&second, "working", "worked for 3% of it");
	second.requests = 3;
	expect_verdict(&second, "working", "3 requests in the last second, 500" GAP "µs each");
	second.requests = 0;
	expect_verdict(&second, "quiet", "waits in the poll phase");
	second.stored = 1;
	expect_verdict(&second, "working", "0 requests in the last second. The");
}

TEST(a_slow_disk)
{
	struct second second = usual;

	second.batches = 2;
	second.sync_time = 2 * VERDICT_SLOW_DISK - 2;
	expect_verdict(&second, "working", "");
	second.sync_time = 960000000;
	second.pending = 30;
	second.under_way = 7;
	expect_verdict(&second, "slow-disk",
		"A batch took 480" GAP
		"ms to reach the disk, and 37 changes wait. The loop does not");
	second.pending = 0;
	second.under_way = 1;
	expect_verdict(&second, "slow-disk", "1 change waits.");
	second.stuck = 3 * SECOND;
	expect_verdict(&second, "slow-disk", "has been on its way to the disk for 3" GAP "s");
}

TEST(a_slow_database)
{
	struct second second = usual;

	second.is_database = true;
	second.batches = 2;
	second.trip_time = 960000000;
	expect_verdict(&second, "slow-disk", "ms to reach the database");
	assert_string_equal(verdict_title(LOOP_SLOW_DISK, &second), "The database is slow");
	assert_string_equal(verdict_title(LOOP_SLOW_DISK, &usual), "The disk is slow");
	second.stuck = 3 * SECOND;
	expect_verdict(&second, "slow-disk", "has been on its way to the database for 3" GAP "s");
}

TEST(a_failing_disk_comes_first)
{
	struct second second = usual;

	second.stuck = 3 * SECOND;
	second.delayed = 1;
	second.is_failing = true;
	expect_verdict(&second, "failing", "GET /readyz says why");
}

/* With the phase that took longest. */
TEST(a_loop_that_was_held_up)
{
	struct second second = usual;

	second.delayed = 1;
	second.busy[PHASE_TIMERS] = 1;
	second.busy[PHASE_CHECK] = 2;
	expect_verdict(&second, "delayed", "into the phase check.");
}

TEST(no_places)
{
	struct second second = usual;

	second.is_paused = true;
	expect_verdict(&second, "paused", "queue of the socket");
}

TEST(no_time)
{
	struct second second = usual;

	second.idle = SECOND / 100 * 4;
	expect_verdict(&second, "saturated", "for 96% of the last second");
	second.idle = SECOND / 10;
	expect_verdict(&second, "working", "");
}

TEST(titles_have_no_numbers)
{
	for (int i = 0; i < LOOP_STATES; i++)
		assert_null(strpbrk(verdict_title((enum loop_state)i, &usual), "0123456789"));
}
