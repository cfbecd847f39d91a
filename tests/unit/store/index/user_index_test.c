#include "support/test.h"

#include <stdio.h>
#include <string.h>

#include "store/index/user_index.h"
#include "store/names/name_key.h"

#define MANY 100000

/* Names of all lengths and several scripts, none like another: "u17", "Z\u00f6e 17"... */
static size_t name_of(uint64_t number, char name[static LIMIT_NAME])
{
	static const char *const parts[] = {"u", "Zo\u00eb ", "\u5c71\u7530 ", "Stra\u00dfe.",
		"A-Rather-Long-Name.To.Be.Copied_"};

	return (size_t)snprintf(
		name, LIMIT_NAME, "%s%llu", parts[number % 5], (unsigned long long)number);
}

static void fold(
	const char *name, size_t length, char key[static LIMIT_NAME_KEY], size_t *key_length)
{
	assert_int_equal(name_key_fold(name, length, key, key_length), RESULT_OK);
}

static void add_name(struct user_index *directory, uint64_t number, const char *name, size_t length)
{
	char key[LIMIT_NAME_KEY];
	size_t key_length;
	struct user user = {.number = number,
		.created = (int64_t)number * 1000,
		.name = name,
		.name_length = length};

	fold(name, length, key, &key_length);
	user_index_add(directory, &user, key, key_length);
}

static void add(struct user_index *directory, uint64_t number)
{
	char name[LIMIT_NAME];
	size_t length = name_of(number, name);

	add_name(directory, number, name, length);
	memset(name, 'x', sizeof(name)); /* it has been copied */
}

static bool find_name(const struct user_index *directory, const char *name, struct user *user)
{
	char key[LIMIT_NAME_KEY];
	size_t key_length;

	fold(name, strlen(name), key, &key_length);
	return user_index_find(directory, key, key_length, user);
}

static void expect_is(const struct user *user, uint64_t number)
{
	char name[LIMIT_NAME];
	size_t length = name_of(number, name);

	assert_true(user->number == number);
	assert_true(user->created == (int64_t)number * 1000);
	assert_int_equal(user->name_length, length);
	assert_memory_equal(user->name, name, length);
}

/* By number and by name. */
static void expect_there(const struct user_index *directory, uint64_t number)
{
	char name[LIMIT_NAME];
	struct user user;

	name_of(number, name);
	assert_true(user_index_user(directory, number, &user));
	expect_is(&user, number);
	assert_true(find_name(directory, name, &user));
	expect_is(&user, number);
}

static void expect_absent(const struct user_index *directory, uint64_t number)
{
	char name[LIMIT_NAME];
	struct user user;

	name_of(number, name);
	assert_false(user_index_user(directory, number, &user));
	assert_false(find_name(directory, name, &user));
}

TEST(empty)
{
	struct user_index *directory = user_index_open();

	assert_int_equal(user_index_count(directory), 0);
	assert_int_equal(user_index_position(directory, 0), 0);
	assert_int_equal(user_index_position(directory, UINT64_MAX), 0);
	expect_absent(directory, 0);
	expect_absent(directory, 1);
	assert_false(user_index_remove(directory, 1));
	user_index_settle(directory, NULL, NULL);
	assert_int_equal(user_index_count(directory), 0);
	user_index_close(directory);
	user_index_close(NULL);
}

TEST(many)
{
	struct user_index *directory = user_index_open();

	for (uint64_t number = 1; number <= MANY; number++)
		add(directory, number);
	assert_int_equal(user_index_count(directory), MANY);
	for (uint64_t number = 1; number <= MANY; number++) {
		expect_there(directory, number);
		expect_absent(directory, MANY + number);
		struct user user = user_index_at(directory, number - 1);
		expect_is(&user, number);
	}
	user_index_close(directory);
}

/* Whatever grows between two additions: all that was there is still there. */
TEST(nobody_is_lost_while_it_grows)
{
	struct user_index *directory = user_index_open();

	for (uint64_t number = 1; number <= 10000; number++) {
		expect_absent(directory, number);
		add(directory, number);
		expect_there(directory, number);
		if (number % 97 != 0)
			continue;
		for (uint64_t other = 1; other <= number; other += 13)
			expect_there(directory, other);
	}
	user_index_close(directory);
}

/* The names stay where they are: a user that was returned before stays valid. */
TEST(names_do_not_move)
{
	struct user_index *directory = user_index_open();

	add(directory, 1);
	struct user first = user_index_at(directory, 0);
	for (uint64_t number = 2; number <= 30000; number++)
		add(directory, number);
	assert_ptr_equal(user_index_at(directory, 0).name, first.name);
	expect_is(&first, 1);
	user_index_close(directory);
}

TEST(found_by_key)
{
	struct user_index *directory = user_index_open();
	struct user user;

	add_name(directory, 1, "Stra\u00dfe", 7);
	add_name(directory, 2, "Zo\u00eb", 4);
	assert_true(find_name(directory, "STRASSE", &user));
	assert_true(user.number == 1);
	assert_memory_equal(user.name, "Stra\u00dfe", 7);
	assert_true(find_name(directory, "zoe\u0308", &user));
	assert_true(user.number == 2);
	assert_false(find_name(directory, "zoe", &user));
	assert_false(find_name(directory, "strass", &user));
	assert_false(find_name(directory, "strassee", &user));
	user_index_close(directory);
}

TEST(longest_name_and_latest_time)
{
	struct user_index *directory = user_index_open();
	char name[LIMIT_NAME], key[LIMIT_NAME_KEY];
	size_t key_length;
	struct user found;

	for (size_t i = 0; i < LIMIT_NAME; i += 4)
		memcpy(name + i, "\U00020000", 4);
	fold(name, sizeof(name), key, &key_length);
	struct user user = {.number = UINT64_MAX,
		.created = INT64_C(253402300799999),
		.name = name,
		.name_length = sizeof(name)};
	user_index_add(directory, &user, key, key_length);
	assert_true(user_index_find(directory, key, key_length, &found));
	assert_true(found.number == UINT64_MAX);
	assert_true(found.created == user.created);
	assert_int_equal(found.name_length, sizeof(name));
	assert_memory_equal(found.name, name, sizeof(name));
	assert_true(user_index_user(directory, UINT64_MAX, &found));
	user_index_close(directory);
}

TEST(positions)
{
	struct user_index *directory = user_index_open();

	for (uint64_t i = 1; i <= 9000; i++)
		add(directory, i * 3);
	assert_int_equal(user_index_position(directory, 0), 0);
	for (uint64_t i = 1; i <= 9000; i++) {
		assert_int_equal(user_index_position(directory, i * 3 - 1), i - 1);
		assert_int_equal(user_index_position(directory, i * 3), i - 1);
		assert_int_equal(user_index_position(directory, i * 3 + 1), i);
		assert_true(user_index_at(directory, i - 1).number == i * 3);
	}
	assert_int_equal(user_index_position(directory, UINT64_MAX), 9000);
	expect_absent(directory, 1);
	expect_absent(directory, 27001);
	user_index_close(directory);
}

static bool is_kept(uint64_t number)
{
	return number % 3 != 0 && (number < 5000 || number > 9500);
}

static void remove_others(struct user_index *directory, uint64_t last)
{
	for (uint64_t number = 1; number <= last; number++) {
		if (is_kept(number))
			continue;
		assert_true(user_index_remove(directory, number));
		assert_false(user_index_remove(directory, number)); /* only once */
	}
}

/* Returns how many there are. */
static size_t expect_kept(const struct user_index *directory, uint64_t last)
{
	size_t count = 0;

	for (uint64_t number = 1; number <= last; number++) {
		if (!is_kept(number)) {
			expect_absent(directory, number);
			continue;
		}
		expect_there(directory, number);
		count++;
	}
	return count;
}

TEST(removing)
{
	struct user_index *directory = user_index_open();
	const uint64_t last = 20000;

	for (uint64_t number = 1; number <= last; number++)
		add(directory, number);
	remove_others(directory, last);
	size_t count = expect_kept(directory, last);
	assert_int_equal(user_index_count(directory), count);
	user_index_settle(directory, NULL, NULL);
	assert_int_equal(expect_kept(directory, last), count);
	assert_int_equal(user_index_count(directory), count);
	uint64_t before = 0;
	for (size_t i = 0; i < count; i++) {
		struct user user = user_index_at(directory, i);
		assert_true(user.number > before && is_kept(user.number));
		assert_int_equal(user_index_position(directory, before + 1), i);
		before = user.number;
	}
	assert_int_equal(user_index_position(directory, last + 1), count);
	user_index_close(directory);
}

TEST(adding_after_removing)
{
	struct user_index *directory = user_index_open();
	const uint64_t last = 10000;

	for (uint64_t number = 1; number <= last; number++)
		add(directory, number);
	for (uint64_t number = 1; number <= last; number++)
		assert_true(user_index_remove(directory, number));
	assert_int_equal(user_index_count(directory), 0);
	user_index_settle(directory, NULL, NULL);
	assert_int_equal(user_index_count(directory), 0);
	for (uint64_t number = last + 1; number <= last + 9000; number++)
		add(directory, number);
	for (uint64_t number = last + 1; number <= last + 9000; number++)
		expect_there(directory, number);
	assert_int_equal(user_index_count(directory), 9000);
	assert_int_equal(user_index_position(directory, last + 5), 4);
	user_index_close(directory);
}

/* A name that was given up can be another's, before and after the gaps are closed. */
TEST(a_name_given_up)
{
	struct user_index *directory = user_index_open();
	struct user user;

	add_name(directory, 1, "alice", 5);
	assert_true(user_index_remove(directory, 1));
	add_name(directory, 2, "Alice", 5);
	assert_true(find_name(directory, "ALICE", &user));
	assert_true(user.number == 2);
	user_index_settle(directory, NULL, NULL);
	assert_true(find_name(directory, "ALICE", &user));
	assert_true(user.number == 2);
	assert_int_equal(user_index_count(directory), 1);
	user_index_close(directory);
}

/* Names can become equal when the tables change: the first has it, the other is there all the same.
 */
TEST(two_with_one_key)
{
	struct user_index *directory = user_index_open();
	struct user user;

	add_name(directory, 1, "alice", 5);
	add_name(directory, 2, "ALICE", 5);
	assert_int_equal(user_index_count(directory), 2);
	assert_true(find_name(directory, "Alice", &user));
	assert_true(user.number == 1);
	assert_true(user_index_user(directory, 2, &user));
	assert_true(user_index_remove(directory, 1));
	user_index_settle(directory, NULL, NULL);
	assert_true(find_name(directory, "Alice", &user));
	assert_true(user.number == 2);
	user_index_close(directory);
}

/* However the index is enlarged meanwhile: among so many pairs, some stand across its end. */
TEST(the_first_of_two_stays_the_first)
{
	struct user_index *directory = user_index_open();
	const uint64_t params = 40000;
	char name[32];
	struct user user;

	for (uint64_t number = 1; number <= 2 * params; number++) {
		snprintf(name, sizeof(name), "%s%llu", number % 2 == 1 ? "name" : "NAME",
			(unsigned long long)((number + 1) / 2));
		add_name(directory, number, name, strlen(name));
	}
	for (uint64_t pair = 1; pair <= params; pair++) {
		snprintf(name, sizeof(name), "Name%llu", (unsigned long long)pair);
		assert_true(find_name(directory, name, &user));
		assert_true(user.number == 2 * pair - 1);
	}
	user_index_close(directory);
}

static void load_user(struct user_index *directory, const struct user *user)
{
	char key[LIMIT_NAME_KEY];
	size_t key_length;

	fold(user->name, user->name_length, key, &key_length);
	user_index_load(directory, user, key, key_length);
}

static void load(struct user_index *directory, uint64_t number)
{
	char name[LIMIT_NAME];

	load_user(directory, &(struct user){.number = number,
				     .created = (int64_t)number * 1000,
				     .name = name,
				     .name_length = name_of(number, name)});
	memset(name, 'x', sizeof(name)); /* it has been copied */
}

static void load_name(struct user_index *directory, uint64_t number, const char *name)
{
	load_user(directory,
		&(struct user){.number = number, .name = name, .name_length = strlen(name)});
}

static void never(void *argument, const struct user *user, const struct user *holder)
{
	(void)argument;
	fail_msg("user %llu clashes with %llu", (unsigned long long)user->number,
		(unsigned long long)holder->number);
}

/* Some were there before, some are removed, some are added after. */
TEST(loading)
{
	struct user_index *directory = user_index_open();

	for (uint64_t number = 1; number <= MANY; number++)
		(number <= 1000 ? add : load)(directory, number);
	for (uint64_t number = 7; number <= MANY; number += 7)
		assert_true(user_index_remove(directory, number));
	user_index_settle(directory, never, NULL);
	for (uint64_t number = MANY + 1; number <= MANY + 1000; number++)
		add(directory, number);
	for (uint64_t number = 1; number <= MANY + 1000; number++)
		(number <= MANY && number % 7 == 0 ? expect_absent : expect_there)(
			directory, number);
	assert_int_equal(user_index_count(directory), MANY + 1000 - MANY / 7);
	user_index_close(directory);
}

/* The order of nobody's words is made of no array. */
TEST(all_that_were_loaded_are_removed)
{
	struct user_index *directory = user_index_open();

	user_index_keep_order(directory);
	load(directory, 1);
	assert_true(user_index_remove(directory, 1));
	user_index_settle(directory, never, NULL);
	assert_int_equal(user_index_count(directory), 0);
	assert_string_equal(user_index_letters(directory), "");
	add(directory, 2);
	expect_there(directory, 2);
	user_index_close(directory);
}

/* As many are loaded as are removed: the index is of others then. */
TEST(loading_as_many_as_removed)
{
	struct user_index *directory = user_index_open();

	add(directory, 1);
	add(directory, 2);
	load(directory, 3);
	assert_true(user_index_remove(directory, 1));
	user_index_settle(directory, never, NULL);
	expect_absent(directory, 1);
	expect_there(directory, 2);
	expect_there(directory, 3);
	user_index_close(directory);
}

static void note_clash(void *argument, const struct user *user, const struct user *holder)
{
	char *text = argument;

	sprintf(text + strlen(text), " %u:%u", (unsigned)user->number, (unsigned)holder->number);
}

/* In the order of their numbers, and only among users who stay. */
TEST(clashes)
{
	static const char *const names[] = {"alice", "bob", "carol", "dora", "eve", "frank"};
	struct user_index *directory = user_index_open();
	char text[256] = "";

	for (uint64_t number = 1; number <= 6; number++)
		load_name(directory, number, names[number - 1]);
	load_name(directory, 7, "FRANK");
	load_name(directory, 8, "Eve");
	load_name(directory, 9, "Bob");
	load_name(directory, 10, "BOB");
	load_name(directory, 11, "Dora");
	load_name(directory, 12, "Carol");
	assert_true(user_index_remove(directory, 4));
	assert_true(user_index_remove(directory, 12));
	user_index_settle(directory, note_clash, text);
	assert_string_equal(text, " 7:6 8:5 9:2 10:2");
	assert_int_equal(user_index_count(directory), 10);
	user_index_close(directory);
}

/* Those with these numbers, in the order of their names: "b" is 2. */
static void expect_order(const struct user_index *directory, const char *numbers)
{
	struct name_place place = name_index_seek(user_index_order(directory, NAME_BASE), "", 0);
	struct name_entry entry;

	for (; *numbers != '\0'; numbers++) {
		assert_true(name_place_next(&place, &entry));
		assert_int_equal(user_index_at(directory, entry.position).number, *numbers - '0');
	}
	assert_false(name_place_next(&place, &entry));
}

/* Where it is wanted late, it has those who are there, and then all. */
TEST(order_later)
{
	struct user_index *directory = user_index_open();
	const struct user loaded = {.number = 1, .name = "Carla", .name_length = 5};

	assert_null(user_index_order(directory, NAME_BASE));
	assert_string_equal(user_index_letters(directory), "");
	load_user(directory, &loaded);
	user_index_settle(directory, NULL, NULL);
	assert_string_equal(user_index_letters(directory), "C");
	add_name(directory, 2, "anton", 5);
	assert_string_equal(user_index_letters(directory), "AC");
	user_index_keep_order(directory);
	expect_order(directory, "21");
	add_name(directory, 3, "ben", 3);
	user_index_keep_order(directory);
	expect_order(directory, "231");
	user_index_close(directory);
}

/* An added user stands in the order at once, a loaded or removed one when that is settled. */
TEST(order)
{
	struct user_index *directory = user_index_open();
	const struct user loaded = {.number = 3, .name = "Bert", .name_length = 4};

	user_index_keep_order(directory);
	expect_order(directory, "");
	add_name(directory, 1, "Carla", 5);
	add_name(directory, 2, "anton", 5);
	expect_order(directory, "21");
	load_user(directory, &loaded);
	expect_order(directory, "21");
	user_index_settle(directory, NULL, NULL);
	expect_order(directory, "231");
	add_name(directory, 4, "ben", 3);
	expect_order(directory, "2431");
	assert_string_equal(user_index_letters(directory), "ABC");
	assert_true(user_index_remove(directory, 3));
	user_index_settle(directory, NULL, NULL);
	expect_order(directory, "241");
	assert_true(user_index_remove(directory, 1));
	user_index_settle(directory, NULL, NULL);
	expect_order(directory, "24");
	assert_string_equal(user_index_letters(directory), "AB");
	add_name(directory, 5, "bert", 4);
	expect_order(directory, "245");
	user_index_close(directory);
}
