#include "store/index/lookalikes.h"

#include <stdio.h>
#include <string.h>

#include "store/names/name_key.h"
#include "support/test.h"

#define MANY 3000

struct fixture {
	struct user_index *users;
	struct lookalikes *lookalikes;
	uint64_t last;
};

static int set_up(void **state)
{
	static struct fixture fixture;

	fixture = (struct fixture){.users = user_index_open()};
	fixture.lookalikes = lookalikes_open(fixture.users);
	*state = &fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	lookalikes_close(fixture->lookalikes);
	user_index_close(fixture->users);
	return 0;
}

static void add(struct fixture *fixture, const char *name)
{
	const struct user user = {
		.number = ++fixture->last, .name = name, .name_length = strlen(name)};
	char key[LIMIT_NAME_KEY];
	size_t key_length;

	assert_int_equal(name_key_fold(name, strlen(name), key, &key_length), RESULT_OK);
	user_index_add(fixture->users, &user, key, key_length);
	lookalikes_add(fixture->lookalikes, &user, key, key_length);
}

/* The number of the user whose name looks like this one; 0: there is none. */
static uint64_t find(const struct fixture *fixture, const char *name)
{
	struct username username;
	struct user holder;

	assert_int_equal(username_parse(name, strlen(name), &username), USERNAME_FINE);
	if (!lookalikes_find(fixture->lookalikes, &username, 0, &holder))
		return 0;
	assert_true(holder.number > 0 && holder.number <= fixture->last);
	return holder.number;
}

static void remove_user(struct fixture *fixture, uint64_t number)
{
	char key[LIMIT_NAME_KEY];
	struct user user;
	size_t key_length;

	assert_true(user_index_user(fixture->users, number, &user));
	assert_int_equal(name_key_fold(user.name, user.name_length, key, &key_length), RESULT_OK);
	lookalikes_remove(fixture->lookalikes, &user, key, key_length);
	assert_true(user_index_remove(fixture->users, number));
}

FIXTURE_TEST(nobody)
{
	assert_int_equal(find(fixture, "Cop"), 0);
	assert_int_equal(find(fixture, "Сор"), 0);
}

FIXTURE_TEST(a_latin_user_is_found_from_other_scripts)
{
	add(fixture, "Cop");
	add(fixture, "paypal");
	add(fixture, "Ill0");
	add(fixture, "Zo\u00eb O'Hare");
	add(fixture, "mo");
	assert_int_equal(find(fixture, "Сор"), 1);
	assert_int_equal(find(fixture, "раура\u04c0"), 2);
	assert_int_equal(find(fixture, "\u04c0\u04c0\u04c0О"), 3);
	assert_int_equal(find(fixture, "СОР"), 1);
	assert_int_equal(find(fixture, "сОр"), 1);
	assert_int_equal(find(fixture, "Сора"), 0); /* longer */
	assert_int_equal(find(fixture, "С"), 0);
	assert_int_equal(find(fixture, "ΡΑΥ"), 0);
	assert_int_equal(find(fixture, "Сорж"), 0);
}

/* With accents, and with letters that ASCII lacks. */
FIXTURE_TEST(an_accented_latin_user_is_found_from_other_scripts)
{
	static const struct {
		const char *latin, *other;
	} pairs[] = {{"Jos\u00e8", "\u0408\u043e\u0455\u0450"}, {"co\u00eb", "\u0441\u043e\u0451"},
		{"\u00cf\u00efo", "\u0407\u0457\u043e"}, {"\u00e4\u00ebo", "\u04d3\u0451\u043e"}};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		add(fixture, pairs[i].latin);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		assert_int_equal(find(fixture, pairs[i].other), i + 1);
	assert_int_equal(find(fixture, "\u0441\u043e\u0435"), 0);
	assert_int_equal(find(fixture, "C\u00f3e"), 0); /* Latin, too */
	remove_user(fixture, 2);
	assert_int_equal(find(fixture, pairs[1].other), 0);
}

FIXTURE_TEST(a_user_of_another_script_is_found)
{
	add(fixture, "Сор");
	add(fixture, "РАУ");
	add(fixture, "\u04c0\u04c0"); /* looks like ll */
	assert_int_equal(find(fixture, "Cop"), 1);
	assert_int_equal(find(fixture, "cop"), 1);
	assert_int_equal(find(fixture, "COP"), 1);
	assert_int_equal(find(fixture, "PAY"), 2);
	assert_int_equal(find(fixture, "Il"), 3);
	assert_int_equal(find(fixture, "11"), 0); /* of no script */
	assert_int_equal(find(fixture, "ΙΙ"), 3); /* Greek */
}

/* They look alike, and people have both. */
FIXTURE_TEST(names_of_one_script_are_not_alike)
{
	add(fixture, "Bernie");
	add(fixture, "\u04c0о");
	add(fixture, "口");
	assert_int_equal(find(fixture, "Bemie"), 0);
	assert_int_equal(find(fixture, "\u0406о"), 0);
	assert_int_equal(find(fixture, "ロ"), 0);
}

FIXTURE_TEST(a_user_that_was_removed_is_not_found)
{
	add(fixture, "Сор");
	add(fixture, "Дима");
	add(fixture, "сосо");
	remove_user(fixture, 1);
	user_index_settle(fixture->users, NULL, NULL);
	assert_int_equal(find(fixture, "Cop"), 0);
	assert_int_equal(find(fixture, "coco"), 3); /* at another position now */
}

/* However many had the name before. */
FIXTURE_TEST(a_user_is_found_after_many_that_were_removed)
{
	for (uint64_t i = 1; i <= 20; i++) {
		add(fixture, "Сор");
		assert_int_equal(find(fixture, "Cop"), i);
		remove_user(fixture, i);
	}
	add(fixture, "Сор");
	assert_int_equal(find(fixture, "Cop"), 21);
}

/* "сосо" and so on: a number in two letters. */
static void name_of(unsigned number, char *name, const char *zero, const char *one)
{
	*name = '\0';
	for (unsigned rest = number + 1; rest > 0; rest /= 2)
		name = stpcpy(name, rest % 2 == 0 ? zero : one);
}

FIXTURE_TEST(many)
{
	char name[LIMIT_NAME];

	for (unsigned i = 0; i < MANY; i++) {
		name_of(i, name, "о", "с");
		add(fixture, name);
	}
	for (unsigned i = 0; i < MANY; i++) {
		name_of(i, name, "o", "c");
		assert_int_equal(find(fixture, name), i + 1);
	}
}

/* All of them look like the same name: the first few are enough. */
FIXTURE_TEST(many_that_look_the_same)
{
	char name[LIMIT_NAME];

	for (unsigned i = 1024; i < 1024 + 512; i++) {
		name_of(i, name, "\u0406", "\u04c0");
		add(fixture, name);
	}
	assert_true(find(fixture, "lllllllllll") > 0);
	assert_true(find(fixture, "IIIIIIIIIII") > 0);
}
