/* The line for `systemctl status` and `rollcall status`. */
#include "base/meters/recent.h"

#include "support/test.h"

#define SECOND UINT64_C(1000000000)

static struct minute minute;
static struct meters now;

/* So many seconds, in each of which so many signed up, and the loop was busy for so many
 * milliseconds. */
static void pass(unsigned seconds, uint64_t created, uint64_t busy)
{
	while (seconds-- > 0) {
		now.sign_ups.outcomes[SIGN_UP_CREATED] += created;
		now.loop.busy[PHASE_POLL] += busy * 1000000 / 2;
		now.loop.busy[PHASE_CHECK] += busy * 1000000 / 2;
		now.loop.idle += (1000 - busy) * 1000000;
		minute_add(&minute, &now, minute.sampled + SECOND);
	}
}

static void begin(void)
{
	now = (struct meters){0};
	minute_begin(&minute, &now, SECOND);
}

static void expect_words(const char *expected)
{
	const struct recent recent = recent_of(&minute, &now);
	char words[RECENT_WORDS_SIZE];

	recent_words(&recent, words);
	assert_string_equal(words, expected);
}

TEST(at_the_start)
{
	begin();
	expect_words("0 users, 0 sign-ups in the last minute, loop 0% busy");
}

TEST(sign_ups_of_a_minute_and_the_loop_in_ten_seconds)
{
	begin();
	now.disk.users = 1234;
	pass(50, 3, 500);
	pass(10, 0, 30);
	expect_words("1234 users, 150 sign-ups in the last minute, loop 3% busy");
	assert_int_equal(recent_of(&minute, &now).utilization, 30000);
	pass(49, 0, 0);
	expect_words("1234 users, 3 sign-ups in the last minute, loop 0% busy");
	pass(1, 0, 0);
	expect_words("1234 users, 0 sign-ups in the last minute, loop 0% busy");
}

TEST(one_of_each_and_a_loop_that_is_hardly_busy)
{
	begin();
	now.disk.users = 1;
	pass(1, 1, 2);
	expect_words("1 user, 1 sign-up in the last minute, loop 0.2% busy");
}

TEST(a_loop_that_is_next_to_idle)
{
	begin();
	now.loop.busy[PHASE_TIMERS] = 1000;
	pass(10, 0, 0);
	expect_words("0 users, 0 sign-ups in the last minute, loop <0.1% busy");
}
