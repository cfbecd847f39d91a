/* The last changes of users, and what was before them. */
#include "store/history.h"

#include "support/test.h"

static void expect_numbers(const struct history *history, uint64_t after, size_t most,
	const uint64_t *numbers, size_t count, bool has_more)
{
	struct store_change changes[LIMIT_HISTORY];
	struct store_news news;

	assert_int_equal(history_read(history, after, changes, most, &news), RESULT_OK);
	assert_int_equal(news.count, count);
	assert_int_equal(news.has_more, has_more);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(changes[i].user.number, numbers[i]);
}

static void expect_unknown(const struct history *history, uint64_t after)
{
	struct store_change change;
	struct store_news news;

	assert_int_equal(history_read(history, after, &change, 1, &news), RESULT_MISSING);
	assert_int_equal(news.count, 0);
}

TEST(changes_after_a_number)
{
	static const uint64_t numbers[] = {7, 3, 7};
	static struct history history;

	history_begin(&history);
	uint64_t first = history.last;
	expect_numbers(&history, first, 10, NULL, 0, false);
	history_add(&history, STORE_RENAMED, 7);
	history_add(&history, STORE_REMOVED, 3);
	history_add(&history, STORE_REMOVED, 7);
	assert_int_equal(history.last, first + 3);
	expect_numbers(&history, first, 10, numbers, 3, false);
	expect_numbers(&history, first, 2, numbers, 2, true);
	expect_numbers(&history, first + 1, 2, numbers + 1, 2, false);
	expect_numbers(&history, first + 3, 2, NULL, 0, false);
	struct store_change changes[3];
	struct store_news news;
	assert_int_equal(history_read(&history, first, changes, 3, &news), RESULT_OK);
	assert_int_equal(changes[0].kind, STORE_RENAMED);
	assert_int_equal(changes[1].kind, STORE_REMOVED);
}

TEST(changes_that_are_out_of_reach)
{
	static const uint64_t oldest[] = {2};
	static struct history history;

	history_begin(&history);
	uint64_t first = history.last;
	for (uint64_t i = 1; i <= LIMIT_HISTORY + 1; i++)
		history_add(&history, STORE_REMOVED, i);
	expect_unknown(&history, first);
	expect_numbers(&history, first + 1, 1, oldest, 1, true);
	expect_unknown(&history, first + LIMIT_HISTORY + 2);
	expect_unknown(&history, 0);
}

/* Numbers of one run are none in another. */
TEST(each_run_begins_elsewhere)
{
	static struct history one, other;

	history_begin(&one);
	history_begin(&other);
	history_add(&one, STORE_REMOVED, 1);
	expect_unknown(&other, one.last);
	assert_in_range(one.last, 1, LIMIT_PLACE - LIMIT_HISTORY);
}
