#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "store/entries.h"
#include "store/name_key.h"

/* More than one piece of memory holds. */
#define MANY 1500000

static void add(struct entries *entries, uint64_t number, const char *name)
{
	const struct user user = {.number = number,
		.created = (int64_t)number * 1000,
		.name = name,
		.name_length = strlen(name)};
	char key[LIMIT_NAME_KEY];
	size_t key_length;

	assert_int_equal(name_key_fold(name, strlen(name), key, &key_length), STATUS_OK);
	entries_add(entries, &user, key, key_length);
	memset(key, 'x', sizeof(key)); /* what is needed of it has been copied */
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

static void expect_key(const struct entries *entries, size_t position, const char *expected)
{
	char key[LIMIT_NAME_KEY];
	size_t length;

	assert_int_equal(entries_key(entries, position, key), strlen(expected));
	assert_memory_equal(key, expected, strlen(expected));
	const char *kept = entries_kept_key(entries, position, &length);
	assert_true(name_key_is_lowered(expected, strlen(expected), kept, length));
}

/* Also of those that have nothing kept but their name, and of one that nothing is left of. */
static void test_keys(void **state)
{
	static const struct {
		const char *name, *key;
	} users[] = {
		{"Alice", "alice"},
		{"STRASSE", "strasse"},
		{"Stra\u00dfe", "strasse"},
		{"Zo\u00eb", "zo\u00eb"},
		{"ZO\u00cb", "zo\u00eb"},
		{"\u00c9", "\u00e9"},
		{"\ufb01", "fi"},
		{"\u200d", ""},
		{"x", "x"},
	};
	struct entries *entries = entries_open();
	size_t count = sizeof(users) / sizeof(*users);

	(void)state;
	for (size_t i = 0; i < count; i++)
		add(entries, i + 1, users[i].name);
	for (size_t i = 0; i < count; i++) {
		struct user user = entries_at(entries, i);
		expect_key(entries, i, users[i].key);
		assert_int_equal(user.name_length, strlen(users[i].name));
		assert_memory_equal(user.name, users[i].name, user.name_length);
	}
	for (size_t i = 0; i < count; i += 2)
		entries_remove(entries, i);
	expect_key(entries, 4, "");
	entries_close_gaps(entries);
	for (size_t i = 1; i < count; i += 2)
		expect_key(entries, i / 2, users[i].key);
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
