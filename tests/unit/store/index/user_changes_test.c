/*
 * Removing and renaming users in an index that is in use: whatever is done to it, it shows the same
 * as one that was made of the users it has.
 */
#include "support/test.h"

#include <stdio.h>
#include <string.h>

#include "base/limit.h"
#include "base/utf8.h"
#include "store/index/first_letters.h"
#include "store/index/name_search.h"
#include "store/index/user_index.h"
#include "store/index/user_page.h"
#include "store/index/user_table.h"
#include "store/names/name_key.h"

#define NUMBERS 60000
#define MOST    7

struct world {
	struct user_index *users;
	char names[NUMBERS + 1][64]; /* empty: no user has that number */
	uint64_t newest;
	size_t count;
	uint64_t dice;
};

static struct world world;

static uint64_t throw(uint64_t sides)
{
	world.dice = world.dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (world.dice >> 33) % sides;
}

/* One to three words, of which many users have one in common, and a number that tells them apart.
 */
static void make_name(char name[static 64], uint64_t number)
{
	static const char *const words[] = {"Ann", "\u00c9va", "eva", "O'Hara", "\u0106osi\u0107",
		"\ud55c\uad6d", "Zo\u00eb", "x", "\u03c9\u03bc\u03b5\u03b3\u03b1", "9lives", "Bo"};
	char *end = name;

	for (uint64_t i = throw(3); i < 3; i++)
		end += snprintf(end, 16, "%s ", words[throw(sizeof(words) / sizeof(*words))]);
	snprintf(end, 16, "%u", (unsigned)number * 7 % 5000 + (unsigned)number / 5000 * 10000);
}

static struct user user_of(uint64_t number)
{
	return (struct user){.number = number,
		.created = (int64_t)number * 10,
		.name = world.names[number],
		.name_length = strlen(world.names[number])};
}

static size_t fold(uint64_t number, char key[static LIMIT_NAME_KEY])
{
	size_t length;

	assert_int_equal(
		name_key_fold(world.names[number], strlen(world.names[number]), key, &length),
		RESULT_OK);
	return length;
}

static void add_to(struct user_index *users, uint64_t number)
{
	char key[LIMIT_NAME_KEY];
	size_t length = fold(number, key);
	const struct user user = user_of(number);

	user_index_add(users, &user, key, length);
}

static void add_one(void)
{
	if (world.newest == NUMBERS)
		return;
	world.newest++;
	make_name(world.names[world.newest], world.newest);
	add_to(world.users, world.newest);
	world.count++;
}

static void remove_one(uint64_t number)
{
	char key[LIMIT_NAME_KEY];
	struct user user;

	if (world.names[number][0] == '\0') {
		assert_false(user_index_remove(world.users, number));
		return;
	}
	size_t length = fold(number, key);
	assert_true(user_index_remove(world.users, number));
	assert_false(user_index_find(world.users, key, length, &user));
	assert_false(user_index_user(world.users, number, &user));
	world.names[number][0] = '\0';
	world.count--;
}

static void rename_one(uint64_t number)
{
	char key[LIMIT_NAME_KEY], old_key[LIMIT_NAME_KEY];
	struct user user = {.number = number};
	size_t length;

	if (world.names[number][0] == '\0') {
		assert_false(user_index_rename(world.users, &user, "a", 1));
		return;
	}
	size_t old_length = fold(number, old_key);
	make_name(world.names[number], number);
	length = fold(number, key);
	user = user_of(number);
	user.created = 0; /* does not count */
	assert_true(user_index_rename(world.users, &user, key, length));
	assert_true(user_index_find(world.users, key, length, &user));
	assert_int_equal(user.number, number);
	assert_int_equal(user.created, number * 10);
	bool is_same = length == old_length && memcmp(key, old_key, length) == 0;
	assert_int_equal(user_index_find(world.users, old_key, old_length, &user), is_same);
}

static void expect_same_order(const struct user_index *fresh, enum name_form form)
{
	const struct name_index *order = user_index_order(world.users, form);
	const struct name_index *wanted = user_index_order(fresh, form);
	struct name_place place = name_index_seek(order, "", 0);
	struct name_place wanted_place = name_index_seek(wanted, "", 0);
	struct name_entry entry, wanted_entry;

	while (name_place_next(&wanted_place, &wanted_entry)) {
		assert_true(name_place_next(&place, &entry));
		assert_int_equal(user_index_at(world.users, entry.position).number,
			user_index_at(fresh, wanted_entry.position).number);
		assert_int_equal(entry.word, wanted_entry.word);
	}
	assert_false(name_place_next(&place, &entry));
	while (name_place_previous(&wanted_place, &wanted_entry)) {
		assert_true(name_place_previous(&place, &entry));
		assert_int_equal(user_index_at(world.users, entry.position).number,
			user_index_at(fresh, wanted_entry.position).number);
	}
	assert_false(name_place_previous(&place, &entry));
}

static void expect_same_page(
	const struct user_index *fresh, enum store_from from, uint64_t number, size_t most)
{
	struct user users[MOST], wanted[MOST];
	struct store_page page = user_page(world.users, from, number, users, most);
	struct store_page wanted_page = user_page(fresh, from, number, wanted, most);

	assert_int_equal(page.count, wanted_page.count);
	assert_int_equal(page.has_next, wanted_page.has_next);
	assert_int_equal(page.has_previous, wanted_page.has_previous);
	for (size_t i = 0; i < page.count; i++)
		assert_int_equal(users[i].number, wanted[i].number);
}

static void expect_all_found(void)
{
	const struct user_table *table = user_index_table(world.users);
	char key[LIMIT_NAME_KEY];
	struct user user;
	size_t before = 0;

	for (uint64_t number = 1; number <= world.newest; number++) {
		if (world.names[number][0] == '\0')
			continue;
		size_t length = fold(number, key);
		assert_true(user_index_find(world.users, key, length, &user));
		assert_int_equal(user.number, number);
		assert_memory_equal(user.name, world.names[number], user.name_length);
		if (before++ % 50 != 0)
			continue;
		size_t position = user_table_select(table, before - 1);
		assert_int_equal(user_table_at(table, position).number, number);
	}
	assert_int_equal(user_table_select(table, before), user_table_count(table));
	assert_int_equal(user_index_count(world.users), before);
}

static void expect_same(void)
{
	struct user_index *fresh = user_index_open();

	user_index_keep_order(fresh);
	for (uint64_t number = 1; number <= world.newest; number++) {
		if (world.names[number][0] != '\0')
			add_to(fresh, number);
	}
	expect_all_found();
	assert_int_equal(user_index_count(world.users), user_index_count(fresh));
	assert_int_equal(user_index_newest(world.users), user_index_newest(fresh));
	assert_string_equal(user_index_letters(world.users), user_index_letters(fresh));
	expect_same_order(fresh, NAME_BASE);
	expect_same_order(fresh, NAME_KEY);
	for (uint64_t number = 0; number <= world.newest + 1;
		number += 1 + throw(9 + world.newest / 300)) {
		expect_same_page(fresh, STORE_OLDER_THAN, number, throw(MOST + 1));
		expect_same_page(fresh, STORE_NEWER_THAN, number, throw(MOST + 1));
	}
	expect_same_page(fresh, STORE_NEWEST, 0, MOST);
	expect_same_page(fresh, STORE_NEWER_THAN, UINT64_MAX, MOST);
	user_index_close(fresh);
}

static void begin(uint64_t seed)
{
	world = (struct world){.users = user_index_open(), .dice = seed};
	user_index_keep_order(world.users);
}

static void change_many(size_t times, uint64_t adds, uint64_t removals, uint64_t renamings)
{
	while (times-- > 0) {
		uint64_t dice = throw(adds + removals + renamings);
		if (dice < adds)
			add_one();
		else if (dice < adds + removals)
			remove_one(1 + throw(world.newest + 1) % NUMBERS);
		else
			rename_one(1 + throw(world.newest + 1) % NUMBERS);
	}
}

TEST(random_changes)
{
	for (uint64_t seed = 1; seed <= 2; seed++) {
		begin(seed);
		expect_same();
		change_many(300, 5, 1, 2);
		expect_same();
		change_many(4000, 6, 2, 1);
		expect_same();
		change_many(6000, 1, 5, 1);
		expect_same();
		change_many(3000, 3, 2, 1);
		expect_same();
		user_index_close(world.users);
	}
}

/* In rows, as an organiser who starts anew does, and until nobody is left. */
TEST(all_are_removed)
{
	begin(5);
	for (size_t i = 0; i < 3000; i++)
		add_one();
	for (uint64_t number = 500; number < 2500; number++)
		remove_one(number);
	expect_same();
	for (uint64_t number = world.newest; number >= 2500; number--)
		remove_one(number);
	expect_same();
	for (uint64_t number = 1; number < 500; number++)
		remove_one(number);
	expect_same();
	add_one();
	expect_same();
	user_index_close(world.users);
}

/* More letters than are shown: behind one that goes, the next comes. */
TEST(many_letters)
{
	begin(7);
	for (uint64_t i = 0; i < 200; i++) {
		world.newest++;
		unsigned letter = 0x400 + (unsigned)(i * 7 % 200);
		snprintf(world.names[world.newest], 64, "%c%c%u", (char)(0xc0 | letter >> 6),
			(char)(0x80 | (letter & 0x3f)), (unsigned)i);
		add_to(world.users, world.newest);
		world.count++;
	}
	for (uint64_t i = 0; i < 150; i++) {
		remove_one(1 + throw(200));
		if (i % 10 == 0)
			expect_same();
	}
	user_index_close(world.users);
}

/* More letters than are kept: the script behind them is shown when there is room. */
TEST(more_letters_than_are_kept)
{
	begin(8);
	for (uint64_t i = 0; i <= LIMIT_LETTERS_KEPT + 20; i++) {
		int32_t letter = i == 0 ? 0xa000 : 0x4e00 + (int32_t)i;
		size_t length;
		world.newest++;
		assert_true(utf8_encode(&letter, 1, world.names[world.newest], 64, &length));
		world.names[world.newest][length] = '\0';
		add_to(world.users, world.newest);
		world.count++;
	}
	assert_null(strstr(user_index_letters(world.users), "\ua000"));
	for (uint64_t number = 10; number < 40; number++)
		remove_one(number);
	assert_non_null(strstr(user_index_letters(world.users), "\ua000"));
	expect_same();
	user_index_close(world.users);
}

/* Without an order, as a CGI process has it. */
TEST(letters_without_an_order)
{
	world = (struct world){.users = user_index_open(), .dice = 9};
	snprintf(world.names[++world.newest], 64, "Ann");
	add_to(world.users, world.newest);
	snprintf(world.names[++world.newest], 64, "Bob");
	add_to(world.users, world.newest);
	assert_string_equal(user_index_letters(world.users), "AB");
	remove_one(1);
	assert_string_equal(user_index_letters(world.users), "B");
	user_index_close(world.users);
}

/* By newer Unicode tables two users can have one name. */
TEST(the_next_holder_of_a_name_is_found)
{
	struct user found[2];
	struct user user;

	begin(11);
	for (size_t i = 0; i < 3; i++) {
		snprintf(world.names[++world.newest], 64, "Ann");
		add_to(world.users, world.newest);
	}
	assert_int_equal(user_index_find_all(world.users, "ann", 3, found, 2), 3);
	assert_int_equal(found[1].number, 2);
	assert_true(user_index_remove(world.users, 2));
	assert_true(user_index_find(world.users, "ann", 3, &user));
	assert_int_equal(user.number, 1);
	assert_true(user_index_remove(world.users, 1));
	assert_true(user_index_find(world.users, "ann", 3, &user));
	assert_int_equal(user.number, 3);
	assert_int_equal(user_index_find_all(world.users, "ann", 3, found, 2), 1);
	assert_int_equal(user_index_find_all(world.users, "bob", 3, found, 2), 0);
	user_index_close(world.users);
}

/* Where users come and go, and all are found at every moment, memory is that of those who are
 * there. */
TEST(gaps_are_closed)
{
	const struct user_table *table;

	begin(13);
	table = user_index_table(world.users);
	for (size_t i = 0; i < 5000; i++)
		add_one();
	for (uint64_t round = 0; round < 6; round++) {
		for (size_t i = 0; i < 5000; i++) {
			add_one();
			uint64_t number = 1 + throw(world.newest);
			while (world.names[number][0] == '\0')
				number = number % world.newest + 1;
			remove_one(number);
			if (i == round * 900)
				expect_same();
			if (i % 7 == 0)
				rename_one(1 + throw(world.newest));
		}
		assert_int_equal(world.count, 5000);
		assert_in_range(user_table_count(table), 5000, 5000 * 2);
	}
	expect_same();
	user_index_close(world.users);
}

/* The oldest go, and the table does not keep their memory. */
TEST(the_oldest_are_removed)
{
	begin(17);
	for (size_t i = 0; i < 20000; i++)
		add_one();
	for (uint64_t number = 1; number <= 19000; number++) {
		remove_one(number);
		if (number % 5000 == 0)
			expect_same();
	}
	assert_in_range(user_table_count(user_index_table(world.users)), 1000, 8000);
	user_index_close(world.users);
}
