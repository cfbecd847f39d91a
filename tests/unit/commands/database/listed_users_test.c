/* A list in memory: what is kept of its users, which of them are refused, and the order in which
 * that is told. */
#include "commands/database/listed_users.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "base/timestamp.h"
#include "support/test.h"
#include "support/unit/wall_clock.h"

struct fixture {
	struct listed_users users;
	uint64_t line; /* of the last entry */
	size_t checked;
	char told[4096];
};

static int set_up(void **state)
{
	struct fixture *fixture = test_calloc(1, sizeof(*fixture));

	listed_users_open(&fixture->users);
	fixture->line = 1;
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	listed_users_close(&fixture->users);
	test_free(fixture);
	return 0;
}

static void add_row(struct fixture *fixture, uint64_t number, const char *name)
{
	listed_users_add(&fixture->users, &(struct entry){.line = ++fixture->line,
						  .number = number,
						  .name = name,
						  .name_length = strlen(name),
						  .has_created = true,
						  .created = 1000});
}

static void check_rows(struct fixture *fixture, bool keeps_numbers)
{
	for (; fixture->checked < fixture->users.count; fixture->checked++)
		listed_users_check(&fixture->users, fixture->checked, keeps_numbers);
}

/* listed_refused_cb */
static void on_row_refused(void *argument, uint64_t line, const char *reason)
{
	struct fixture *fixture = argument;
	size_t length = strlen(fixture->told);

	snprintf(fixture->told + length, sizeof(fixture->told) - length, "%" PRIu64 ": %s\n", line,
		reason);
}

/* What is told of, and then not again. */
static void expect_told(struct fixture *fixture, const char *told)
{
	listed_users_tell(&fixture->users, on_row_refused, fixture);
	assert_string_equal(fixture->told, told);
	fixture->told[0] = '\0';
	listed_users_tell(&fixture->users, on_row_refused, fixture);
	assert_string_equal(fixture->told, "");
}

static void expect_number(const struct fixture *fixture, size_t place, uint64_t number)
{
	assert_int_equal(listed_users_at(&fixture->users, place).number, number);
}

FIXTURE_TEST(a_user_is_kept_as_the_list_has_it_and_the_name_as_it_is_shown)
{
	struct listed_users *users = &fixture->users;

	add_row(fixture, 7, "  bob ");
	listed_users_add(users,
		&(struct entry){.line = 9, .name = "Cafe\u0301!", .name_length = 6, .created = 5});
	assert_int_equal(users->count, 2);
	const struct user bob = listed_users_at(users, 0), cafe = listed_users_at(users, 1);
	assert_int_equal(bob.number, 7);
	assert_int_equal(bob.created, 1000);
	assert_int_equal(bob.name_length, 3);
	assert_memory_equal(bob.name, "bob", 3);
	assert_int_equal(cafe.number, 0);
	assert_int_equal(cafe.created, users->now);
	assert_int_equal(cafe.name_length, 5);
	assert_memory_equal(cafe.name, "Caf\u00e9", 5);
	assert_int_equal(users->users[0].line, 2);
	assert_int_equal(users->users[1].line, 9);
	expect_told(fixture, "");
}

FIXTURE_TEST(refused_rows_are_told_of_in_the_order_of_lines_and_then_of_refusals)
{
	listed_users_refuse(&fixture->users, 9, "nine");
	listed_users_refuse(&fixture->users, 4, "four, first");
	listed_users_refuse(&fixture->users, 11, "eleven");
	listed_users_refuse(&fixture->users, 4, "four, second");
	listed_users_refuse(&fixture->users, 3, "three");
	listed_users_refuse(&fixture->users, 4, "four, third");
	add_row(fixture, 0, " ");
	expect_told(fixture, "2: username: it is empty\n3: three\n4: four, first\n4: four, second\n"
			     "4: four, third\n9: nine\n11: eleven\n");
	assert_int_equal(fixture->users.count, 0);
}

FIXTURE_TEST(those_that_clash_in_the_list_are_refused_and_in_nobodys_way)
{
	add_row(fixture, 0, "Cop");
	add_row(fixture, 0, "\u0421\u043e\u0440");
	add_row(fixture, 0, "bob");
	add_row(fixture, 0, "BOB");
	add_row(fixture, 0, "carol");
	fixture->users.users[2].is_refused = true;
	check_rows(fixture, false);
	expect_told(fixture, "3: username: looks like that of Cop on line 2\n");
	assert_int_equal(fixture->users.accepted, 3);
	assert_true(fixture->users.users[1].is_refused);
	assert_false(fixture->users.users[3].is_refused);
	expect_number(fixture, 0, 1);
	expect_number(fixture, 3, 2);
	expect_number(fixture, 4, 3);
	add_row(fixture, 0, "\u0441\u043e\u0441\u043e");
	add_row(fixture, 0, "coco");
	check_rows(fixture, false);
	expect_told(
		fixture, "8: username: looks like that of \u0441\u043e\u0441\u043e on line 7\n");
	/* Whoever is refused once is not looked at again. */
	listed_users_check(&fixture->users, 1, false);
	expect_told(fixture, "");
}

FIXTURE_TEST(numbers_are_kept_if_they_rise)
{
	static const struct {
		uint64_t number, kept;
	} rows[] = {{3, 3}, {0, 4}, {4, 0}, {5, 5}, {5, 0}, {1, 0}, {9, 9}, {0, 10}};
	char name[] = "a";

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++, name[0]++)
		add_row(fixture, rows[i].number, name);
	check_rows(fixture, true);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(fixture->users.users[i].is_refused, rows[i].kept == 0);
		if (rows[i].kept != 0)
			expect_number(fixture, i, rows[i].kept);
	}
	assert_int_equal(fixture->users.accepted, 5);
	assert_int_equal(fixture->users.last_number, 10);
	expect_told(fixture, "4: number: expected one above 4, which comes before it\n"
			     "6: number: expected one above 5, which comes before it\n"
			     "7: number: expected one above 5, which comes before it\n");
}

FIXTURE_TEST(numbers_of_the_list_do_not_count_behind_other_users)
{
	fixture->users.last_number = 20;
	add_row(fixture, 3, "alice");
	add_row(fixture, 100, "bob");
	check_rows(fixture, false);
	expect_told(fixture, "");
	expect_number(fixture, 0, 21);
	expect_number(fixture, 1, 22);
}

FIXTURE_TEST(numbers_run_out)
{
	fixture->users.last_number = LIMIT_PLACE - 1;
	add_row(fixture, 0, "alice");
	add_row(fixture, 0, "bob");
	check_rows(fixture, false);
	expect_told(fixture, "3: number: there is none left\n");
	expect_number(fixture, 0, LIMIT_PLACE);
}

FIXTURE_TEST(a_clock_past_the_last_time_is_for_those_alone_who_need_it)
{
	listed_users_close(&fixture->users);
	wall_clock_set(TIMESTAMP_LAST + 1);
	listed_users_open(&fixture->users);
	add_row(fixture, 0, "alice");
	listed_users_add(
		&fixture->users, &(struct entry){.line = 3, .name = "bob", .name_length = 3});
	assert_int_equal(fixture->users.count, 1);
	expect_told(fixture, "3: created: the clock is past the year 9999\n");
	listed_users_close(&fixture->users);
	wall_clock_set(TIMESTAMP_LAST);
	listed_users_open(&fixture->users);
	wall_clock_reset();
	listed_users_add(
		&fixture->users, &(struct entry){.line = 3, .name = "bob", .name_length = 3});
	expect_told(fixture, "");
	assert_int_equal(listed_users_at(&fixture->users, 0).created, TIMESTAMP_LAST);
}

/* More than the first room, and than twice that. */
FIXTURE_TEST(a_long_list)
{
	struct listed_users *users = &fixture->users;
	char name[32];

	for (int i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "user%d", i);
		add_row(fixture, 0, name);
	}
	for (int i = 0; i < 3000; i++)
		listed_users_refuse(users, 1, "x");
	check_rows(fixture, false);
	assert_int_equal(users->accepted, 3000);
	assert_int_equal(users->refusal_count, 3000);
	for (size_t i = 0; i < 3000; i++) {
		const struct user user = listed_users_at(users, i);
		snprintf(name, sizeof(name), "user%zu", i);
		assert_int_equal(user.number, i + 1);
		assert_int_equal(user.name_length, strlen(name));
		assert_memory_equal(user.name, name, user.name_length);
		assert_int_equal(users->refusals[i].order, i);
	}
}
