#include "support/test.h"

#include <stdio.h>
#include <string.h>

#include "store/index/user_table.h"
#include "store/names/name_key.h"

/* More than one piece of memory holds. */
#define MANY 1500000

static void add(struct user_table *table, uint64_t number, const char *name)
{
	const struct user user = {.number = number,
		.created = (int64_t)number * 1000,
		.name = name,
		.name_length = strlen(name)};
	char key[LIMIT_NAME_KEY];
	size_t key_length;

	assert_int_equal(name_key_fold(name, strlen(name), key, &key_length), RESULT_OK);
	user_table_add(table, &user, key, key_length);
	memset(key, 'x', sizeof(key)); /* what is needed of it has been copied */
}

static void add_number(struct user_table *table, uint64_t number)
{
	char name[32];

	snprintf(name, sizeof(name), "User%llu", (unsigned long long)number);
	add(table, number, name);
}

static void expect_number(const struct user_table *table, size_t position, uint64_t number)
{
	char name[32];
	struct user user = user_table_at(table, position);

	snprintf(name, sizeof(name), "User%llu", (unsigned long long)number);
	assert_true(user.number == number);
	assert_true(user.created == (int64_t)number * 1000);
	assert_int_equal(user.name_length, strlen(name));
	assert_memory_equal(user.name, name, user.name_length);
}

TEST(empty)
{
	struct user_table *table = user_table_open();
	size_t position;

	assert_int_equal(user_table_count(table), 0);
	assert_int_equal(user_table_removed(table), 0);
	assert_int_equal(user_table_seek(table, 0), 0);
	assert_false(user_table_find(table, 1, &position));
	user_table_close_gaps(table);
	assert_int_equal(user_table_count(table), 0);
	user_table_close(table);
	user_table_close(NULL);
}

TEST(many)
{
	struct user_table *table = user_table_open();
	size_t position;

	for (uint64_t i = 1; i <= MANY; i++)
		add_number(table, i * 2);
	assert_int_equal(user_table_count(table), MANY);
	for (uint64_t i = 1; i <= MANY; i += 7) {
		expect_number(table, i - 1, i * 2);
		assert_true(user_table_find(table, i * 2, &position));
		assert_int_equal(position, i - 1);
		assert_false(user_table_find(table, i * 2 - 1, &position));
		assert_int_equal(user_table_seek(table, i * 2 - 1), i - 1);
	}
	assert_int_equal(user_table_seek(table, UINT64_MAX), MANY);
	user_table_close(table);
}

static void expect_key(const struct user_table *table, size_t position, const char *expected)
{
	char key[LIMIT_NAME_KEY];
	size_t length;

	assert_int_equal(user_table_key(table, position, key), strlen(expected));
	assert_memory_equal(key, expected, strlen(expected));
	const char *kept = user_table_kept_key(table, position, &length);
	assert_true(name_key_is_lowered(expected, strlen(expected), kept, length));
}

static void expect_forms(const struct user_table *table, size_t position, const char *base)
{
	size_t length, key_length;
	const char *kept = user_table_kept_form(table, position, NAME_BASE, &length);

	assert_true(name_key_is_lowered(base, strlen(base), kept, length));
	const char *key = user_table_kept_key(table, position, &key_length);
	assert_ptr_equal(user_table_kept_form(table, position, NAME_KEY, &length), key);
	assert_int_equal(length, key_length);
	assert_int_equal(user_table_has_base(table, position),
		!name_key_is_lowered(base, strlen(base), key, key_length));
}

/* With and without a key of its own in between. */
TEST(base_forms)
{
	static const struct {
		const char *name, *base;
	} users[] = {
		{"Alice", "alice"},
		{"zo\u00eb", "zoe"},
		{"ZO\u00cb", "zoe"},
		{"Stra\u00dfe", "strasse"},
		{"\ud55c", "\u1112\u1161\u11ab"},
		{"\u0301", ""},
		{"x", "x"},
	};
	struct user_table *table = user_table_open();
	size_t count = sizeof(users) / sizeof(*users);

	for (size_t i = 0; i < count; i++)
		add(table, i + 1, users[i].name);
	for (size_t i = 0; i < count; i++)
		expect_forms(table, i, users[i].base);
	user_table_remove(table, 1);
	assert_false(user_table_has_base(table, 1));
	user_table_close_gaps(table);
	expect_forms(table, 1, users[2].base);
	user_table_close(table);
}

/* Also of those that have nothing kept but their name, and of one that nothing is left of. */
TEST(keys)
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
	struct user_table *table = user_table_open();
	size_t count = sizeof(users) / sizeof(*users);

	for (size_t i = 0; i < count; i++)
		add(table, i + 1, users[i].name);
	for (size_t i = 0; i < count; i++) {
		struct user user = user_table_at(table, i);
		expect_key(table, i, users[i].key);
		assert_int_equal(user.name_length, strlen(users[i].name));
		assert_memory_equal(user.name, users[i].name, user.name_length);
	}
	for (size_t i = 0; i < count; i += 2)
		user_table_remove(table, i);
	expect_key(table, 4, "");
	user_table_close_gaps(table);
	for (size_t i = 1; i < count; i += 2)
		expect_key(table, i / 2, users[i].key);
	user_table_close(table);
}

TEST(gaps)
{
	struct user_table *table = user_table_open();
	char key[LIMIT_NAME_KEY];
	size_t position;

	for (uint64_t number = 1; number <= 10000; number++)
		add_number(table, number);
	for (uint64_t number = 1; number <= 10000; number++) {
		if (number % 3 != 0)
			user_table_remove(table, number - 1);
	}
	assert_int_equal(user_table_count(table), 10000);
	assert_int_equal(user_table_removed(table), 6667);
	assert_false(user_table_find(table, 1, &position));
	assert_true(user_table_find(table, 3, &position));
	assert_int_equal(position, 2);
	assert_int_equal(user_table_at(table, 0).name_length, 0);
	assert_int_equal(user_table_key(table, 0, key), 0);
	user_table_close_gaps(table);
	assert_int_equal(user_table_count(table), 3333);
	assert_int_equal(user_table_removed(table), 0);
	for (size_t before = 0; before < 3333; before++)
		assert_int_equal(user_table_select(table, before), before);
	for (uint64_t i = 1; i <= 3333; i++)
		expect_number(table, i - 1, i * 3);
	/* Those that come later are counted anew. */
	user_table_remove(table, 0);
	for (size_t before = 0; before < 3332; before++)
		assert_int_equal(user_table_select(table, before), before + 1);
	user_table_close(table);
}

/* A mark goes with its entry, and says nothing else of it. */
TEST(marks)
{
	struct user_table *table = user_table_open();

	for (uint64_t number = 1; number <= 5; number++)
		add_number(table, number);
	user_table_mark(table, 3);
	user_table_remove(table, 1);
	user_table_close_gaps(table);
	for (size_t position = 0; position < 4; position++)
		assert_int_equal(user_table_is_marked(table, position), position == 2);
	expect_number(table, 2, 4);
	user_table_close(table);
}
