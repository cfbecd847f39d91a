#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "store/entries.h"

/* More than one piece of memory holds. */
#define MANY 1500000

static void add(struct entries *entries, uint64_t number, const char *name)
{
	entries_add(entries, &(struct user){.number = number,
				     .created = (int64_t)number * 1000,
				     .name = name,
				     .name_length = strlen(name)});
}

static void add_number(struct entries *entries, uint64_t number)
{
	char name[32];

	snprintf(name, sizeof(name), "User%llu", (unsigned long long)number);
	add(entries, number, name);
}

static void expect_number(const struct entries *entries, size_t position, uint64_t number)
{
	char name[32];
	struct user user = entries_at(entries, position);

	snprintf(name, sizeof(name), "User%llu", (unsigned long long)number);
	assert_true(user.number == number);
	assert_true(user.created == (int64_t)number * 1000);
	assert_int_equal(user.name_length, strlen(name));
	assert_memory_equal(user.name, name, user.name_length);
}

static void test_empty(void **state)
{
	struct entries *entries = entries_open();
	size_t position;

	(void)state;
	assert_int_equal(entries_count(entries), 0);
	assert_int_equal(entries_removed(entries), 0);
	assert_int_equal(entries_seek(entries, 0), 0);
	assert_false(entries_find(entries, 1, &position));
	entries_close_gaps(entries);
	assert_int_equal(entries_count(entries), 0);
	entries_close(entries);
	entries_close(NULL);
}

static void test_many(void **state)
{
	struct entries *entries = entries_open();
	size_t position;

	(void)state;
	for (uint64_t i = 1; i <= MANY; i++)
		add_number(entries, i * 2);
	assert_int_equal(entries_count(entries), MANY);
	for (uint64_t i = 1; i <= MANY; i += 7) {
		expect_number(entries, i - 1, i * 2);
		assert_true(entries_find(entries, i * 2, &position));
		assert_int_equal(position, i - 1);
		assert_false(entries_find(entries, i * 2 - 1, &position));
		assert_int_equal(entries_seek(entries, i * 2 - 1), i - 1);
	}
	assert_int_equal(entries_seek(entries, UINT64_MAX), MANY);
	entries_close(entries);
}

static void test_keys(void **state)
{
	struct entries *entries = entries_open();
	char key[LIMIT_NAME_KEY];

	(void)state;
	add(entries, 1, "Alice");
	add(entries, 2, "STRASSE");
	add(entries, 3, "Stra\u00dfe");
	assert_int_equal(entries_key(entries, 0, key), 5);
	assert_memory_equal(key, "alice", 5);
	assert_int_equal(entries_key(entries, 1, key), 7);
	assert_memory_equal(key, "strasse", 7);
	assert_int_equal(entries_key(entries, 2, key), 7);
	assert_memory_equal(key, "strasse", 7);
	entries_close(entries);
}

static void test_gaps(void **state)
{
	struct entries *entries = entries_open();
	char key[LIMIT_NAME_KEY];
	size_t position;

	(void)state;
	for (uint64_t number = 1; number <= 1000; number++)
		add_number(entries, number);
	for (uint64_t number = 1; number <= 1000; number++) {
		if (number % 3 != 0)
			entries_remove(entries, number - 1);
	}
	assert_int_equal(entries_count(entries), 1000);
	assert_int_equal(entries_removed(entries), 667);
	assert_false(entries_find(entries, 1, &position));
	assert_true(entries_find(entries, 3, &position));
	assert_int_equal(position, 2);
	assert_int_equal(entries_at(entries, 0).name_length, 0);
	assert_int_equal(entries_key(entries, 0, key), 0);
	entries_close_gaps(entries);
	assert_int_equal(entries_count(entries), 333);
	assert_int_equal(entries_removed(entries), 0);
	for (uint64_t i = 1; i <= 333; i++)
		expect_number(entries, i - 1, i * 3);
	entries_close(entries);
}

/* A mark goes with its entry, and says nothing else of it. */
static void test_marks(void **state)
{
	struct entries *entries = entries_open();

	(void)state;
	for (uint64_t number = 1; number <= 5; number++)
		add_number(entries, number);
	entries_mark(entries, 3);
	entries_remove(entries, 1);
	entries_close_gaps(entries);
	for (size_t position = 0; position < 4; position++)
		assert_int_equal(entries_is_marked(entries, position), position == 2);
	expect_number(entries, 2, 4);
	entries_close(entries);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_marks),
	};

	return cmocka_run_group_tests_name("entries", tests, NULL, NULL);
}
