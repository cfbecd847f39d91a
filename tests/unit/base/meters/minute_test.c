/* Seconds are differences of the meters, with gauges as they are at their ends; the last sixty are
 * kept. */
#include "base/meters/minute.h"

#include "support/test.h"

#define SECOND UINT64_C(1000000000)

static struct minute minute;
static struct meters now;

static void begin(void)
{
	now = (struct meters){0};
	minute_begin(&minute, &now, 5 * SECOND);
}

/* The next second, of exact length. */
static const struct second *pass(void)
{
	minute_add(&minute, &now, minute.sampled + SECOND);
	return minute_at(&minute, 0);
}

TEST(before_the_first_second)
{
	begin();
	assert_int_equal(minute_length(&minute), 0);
	assert_int_equal(minute_at(&minute, 0)->length, 0);
	assert_int_equal(minute_at(&minute, 1000)->turns, 0);
}

TEST(counters_are_differences)
{
	begin();
	now.loop.turns = 10;
	now.loop.busy[PHASE_CHECK] = 7;
	now.loop.callbacks[PHASE_CLOSE] = 3;
	now.connections.closed[CLOSED_BY_PEER] = 2;
	now.connections.closed[CLOSED_ERROR] = 3;
	histogram_add(&now.requests.duration[0], histogram_times, 100);
	histogram_add(&now.requests.duration[METERS_ROUTES], histogram_times, 200);
	now.requests.refused[REFUSED_LIMIT] = 1;
	now.sign_ups.outcomes[SIGN_UP_CREATED] = 4;
	const struct second *second = pass();
	assert_int_equal(second->length, SECOND);
	assert_int_equal(second->turns, 10);
	assert_int_equal(second->busy[PHASE_CHECK], 7);
	assert_int_equal(second->callbacks[PHASE_CLOSE], 3);
	assert_int_equal(second->closed, 5);
	assert_int_equal(second->requests, 2);
	assert_int_equal(second->request_time, 300);
	assert_int_equal(second->refused, 1);
	assert_int_equal(second->created, 4);
	now.loop.turns = 11;
	second = pass();
	assert_int_equal(second->turns, 1);
	assert_int_equal(second->closed, 0);
	assert_int_equal(second->requests, 0);
}

TEST(gauges_are_as_they_are)
{
	begin();
	now.connections.open = 5;
	now.connections.is_paused = true;
	now.pool.threads = 2;
	now.disk.users = 100;
	pass();
	now.connections.open = 3;
	now.connections.is_paused = false;
	const struct second *second = pass();
	assert_int_equal(second->open, 3);
	assert_false(second->is_paused);
	assert_true(minute_at(&minute, 1)->is_paused);
	assert_int_equal(second->threads, 2);
	assert_int_equal(second->users, 100);
}

TEST(the_longest_turn)
{
	begin();
	assert_int_equal(pass()->longest_turn, 0);
	histogram_add(&now.loop.turn, histogram_times, 60000);
	histogram_add(&now.loop.turn, histogram_times, 1);
	assert_int_equal(pass()->longest_turn, 100000);
	histogram_add(&now.loop.turn, histogram_times, 1);
	assert_int_equal(pass()->longest_turn, 50000);
	histogram_add(&now.loop.turn, histogram_times, 11 * SECOND);
	assert_true(pass()->longest_turn == UINT64_MAX);
}

TEST(a_batch_that_does_not_come_back)
{
	begin();
	now.disk.under_way = 8;
	assert_int_equal(pass()->stuck, 0); /* it may have begun just now */
	assert_int_equal(pass()->stuck, SECOND);
	assert_int_equal(pass()->stuck, 2 * SECOND);
	now.disk.batches++;
	assert_int_equal(pass()->stuck, 0); /* another one */
	assert_int_equal(pass()->stuck, SECOND);
	now.disk.failed++;
	assert_int_equal(pass()->stuck, 0);
	now.disk.under_way = 0;
	assert_int_equal(pass()->stuck, 0);
}

TEST(sixty_of_them)
{
	begin();
	for (unsigned i = 1; i <= 100; i++) {
		now.loop.turns += i;
		assert_int_equal(pass()->turns, i);
		assert_int_equal(minute_length(&minute), i < MINUTE_SECONDS ? i : MINUTE_SECONDS);
	}
	assert_int_equal(minute_at(&minute, 59)->turns, 41);
	assert_int_equal(minute_at(&minute, 60)->turns, 0);
	assert_int_equal(minute.count, 100);
}

/* The loop was held up for as long. */
TEST(a_second_that_took_longer)
{
	begin();
	minute_add(&minute, &now, minute.sampled + 3 * SECOND);
	assert_int_equal(minute_at(&minute, 0)->length, 3 * SECOND);
}
