#include "commands/intake.h"

#include <stdio.h>
#include <string.h>

#include "base/limit.h"
#include "base/timestamp.h"
#include "support/test.h"
#include "support/unit/wall_clock.h"

struct fixture {
	struct replay replay;
	struct intake intake;
	uint64_t line; /* of the next entry */
};

static void add_user(struct replay *replay, uint64_t number, const char *name)
{
	const struct record record = {.operation = OPERATION_CREATED,
		.number = number,
		.name = name,
		.name_length = strlen(name)};

	assert_int_equal(replay_record(replay, &record), RESULT_OK);
}

/* Into a file with two users, whose next number is 10. */
static void begin(struct fixture *fixture)
{
	replay_open(&fixture->replay, NULL, NULL);
	add_user(&fixture->replay, 1, "alice");
	add_user(&fixture->replay, 9, "Zoë");
	replay_settle(&fixture->replay, &(struct header){0});
	intake_open(&fixture->intake, &fixture->replay);
	fixture->line = 2;
}

static void end(struct fixture *fixture)
{
	intake_close(&fixture->intake);
	replay_close(&fixture->replay);
}

static enum result add(
	struct fixture *fixture, const char *name, size_t length, struct reason *reason)
{
	const struct entry entry = {.line = fixture->line++,
		.name = name,
		.name_length = length,
		.has_created = true,
		.created = 1000};

	return intake_add(&fixture->intake, &entry, reason);
}

static void expect_taken_in(struct fixture *fixture, const char *name)
{
	struct reason reason = {0};

	if (add(fixture, name, strlen(name), &reason) != RESULT_OK)
		fail_msg("%s: %s", name, reason.text);
}

static void expect_refused(
	struct fixture *fixture, const char *name, enum result result, const char *expected)
{
	struct reason reason;
	size_t count = fixture->intake.count;

	assert_int_equal(add(fixture, name, strlen(name), &reason), result);
	assert_string_equal(reason.text, expected);
	assert_int_equal(fixture->intake.count, count);
}

TEST(users_get_the_next_numbers_and_their_names_as_they_are_shown)
{
	struct fixture fixture;
	const char *line;

	begin(&fixture);
	expect_taken_in(&fixture, "  bob ");
	expect_taken_in(&fixture, "Cafe\u0301");
	assert_int_equal(fixture.intake.count, 2);
	assert_int_equal(fixture.replay.next_number, 12);
	line = fixture.intake.records.bytes;
	for (uint64_t i = 0; i < 2; i++) {
		struct record record;
		size_t length = strcspn(line, "\n");
		assert_int_equal(record_parse(line, length, &record), RESULT_OK);
		assert_int_equal(record.operation, OPERATION_CREATED);
		assert_int_equal(record.number, 10 + i);
		assert_int_equal(record.time, 1000);
		const char *name = i == 0 ? "bob" : "Caf\u00e9";
		assert_int_equal(record.name_length, strlen(name));
		assert_memory_equal(record.name, name, record.name_length);
		line += length + 1;
	}
	assert_ptr_equal(line, fixture.intake.records.bytes + fixture.intake.records.length);
	end(&fixture);
}

TEST(without_a_time_it_is_now_for_all_of_them)
{
	struct fixture fixture;
	const struct entry entry = {.line = 2, .name = "bob", .name_length = 3};
	struct reason reason;
	struct record record;
	int64_t before = timestamp_now();

	begin(&fixture);
	int64_t after = timestamp_now();
	assert_int_equal(intake_add(&fixture.intake, &entry, &reason), RESULT_OK);
	assert_int_equal(record_parse(fixture.intake.records.bytes,
				 fixture.intake.records.length - 1, &record),
		RESULT_OK);
	assert_true(record.time >= before && record.time <= after);
	end(&fixture);
}

TEST(names_that_are_taken)
{
	struct fixture fixture;

	begin(&fixture);
	expect_refused(&fixture, "ALICE", RESULT_TAKEN, "username: taken by user 1, alice");
	expect_refused(&fixture, "zoe\u0308", RESULT_TAKEN, "username: taken by user 9, Zoë");
	expect_taken_in(&fixture, "bob");
	expect_taken_in(&fixture, "carol");
	expect_refused(&fixture, "Bob", RESULT_TAKEN, "username: taken by bob on line 4");
	expect_refused(&fixture, "carol", RESULT_TAKEN, "username: taken by carol on line 5");
	end(&fixture);
}

TEST(names_that_look_like_others)
{
	struct fixture fixture;

	begin(&fixture);
	expect_taken_in(&fixture, "Cop");
	expect_refused(&fixture, "Сор", RESULT_ALIKE, "username: looks like that of Cop on line 2");
	expect_taken_in(&fixture, "сосо");
	expect_refused(
		&fixture, "coco", RESULT_ALIKE, "username: looks like that of сосо on line 4");
	end(&fixture);
}

/* They were stored before there was a rule against it. */
TEST(names_that_look_like_users_of_the_file)
{
	struct fixture fixture;

	replay_open(&fixture.replay, NULL, NULL);
	add_user(&fixture.replay, 1, "Cop");
	add_user(&fixture.replay, 2, "Сор");
	add_user(&fixture.replay, 3, "сосо");
	replay_settle(&fixture.replay, &(struct header){0});
	assert_int_equal(fixture.replay.clashes, 0);
	intake_open(&fixture.intake, &fixture.replay);
	expect_refused(&fixture, "coco", RESULT_ALIKE, "username: looks like that of user 3, сосо");
	end(&fixture);
}

TEST(names_that_cannot_be)
{
	static const char nul[] = "a\0b";
	char longest[65 * 2 + 1] = "";
	struct reason reason;
	struct fixture fixture;

	begin(&fixture);
	expect_refused(&fixture, "", RESULT_MALFORMED, "username: it is empty");
	expect_refused(&fixture, " \n", RESULT_MALFORMED, "username: it is empty");
	expect_refused(&fixture, "a,b", RESULT_MALFORMED,
		"username: it has \u201c,\u201d, which names do not have");
	expect_refused(&fixture, "\xff", RESULT_MALFORMED, "username: it is not text in UTF-8");
	expect_refused(&fixture, "-a", RESULT_MALFORMED,
		"username: a separator is at an end, or beside another");
	expect_refused(
		&fixture, "\u0301", RESULT_MALFORMED, "username: a mark has no letter before it");
	expect_refused(&fixture, "q\u0301\u0301\u0301\u0301\u0301", RESULT_MALFORMED,
		"username: more than 4 marks follow a letter");
	expect_refused(&fixture, "a\u05d0", RESULT_MALFORMED,
		"username: a word mixes directions, or does not begin with a letter");
	expect_refused(&fixture, "\u0627\u0661\u06f1", RESULT_MALFORMED,
		"username: it has digits of two kinds");
	assert_int_equal(add(&fixture, nul, 3, &reason), RESULT_MALFORMED);
	for (size_t i = 0; i < 64; i++)
		strcat(longest, "ö");
	expect_taken_in(&fixture, longest);
	strcat(longest, "ö");
	expect_refused(
		&fixture, longest, RESULT_MALFORMED, "username: it is longer than 64 characters");
	/* A name that is refused is not in the way of anybody. */
	assert_int_equal(fixture.intake.count, 1);
	end(&fixture);
}

/* The longest name there is fits the reason. */
TEST(a_long_name_that_is_taken)
{
	char name[64 * 4 + 1] = "";
	char expected[sizeof(struct reason)];
	struct fixture fixture;

	begin(&fixture);
	for (size_t i = 0; i < 64; i++)
		strcat(name, "\U00020000");
	expect_taken_in(&fixture, name);
	snprintf(expected, sizeof(expected), "username: taken by %s on line 2", name);
	expect_refused(&fixture, name, RESULT_TAKEN, expected);
	end(&fixture);
}

TEST(numbers_that_run_out)
{
	struct fixture fixture;

	begin(&fixture);
	fixture.replay.next_number = LIMIT_PLACE;
	expect_taken_in(&fixture, "bob");
	expect_refused(&fixture, "carol", RESULT_MALFORMED, "number: there is none left");
	end(&fixture);
}

/* An entry with a time of its own does not need the clock. */
TEST(a_clock_past_the_last_time)
{
	const struct entry entry = {.line = 3, .name = "carol", .name_length = 5};
	struct fixture fixture;
	struct reason reason;

	wall_clock_set(TIMESTAMP_LAST + 1);
	begin(&fixture);
	wall_clock_reset();
	expect_taken_in(&fixture, "bob");
	assert_int_equal(intake_add(&fixture.intake, &entry, &reason), RESULT_MALFORMED);
	assert_string_equal(reason.text, "created: the clock is past the year 9999");
	assert_int_equal(fixture.intake.count, 1);
	end(&fixture);
}

TEST(more_than_the_first_room)
{
	struct fixture fixture;
	char name[32], expected[sizeof(struct reason)];

	begin(&fixture);
	for (int i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "user%d", i);
		expect_taken_in(&fixture, name);
	}
	for (int i = 0; i < 5000; i += 333) {
		snprintf(name, sizeof(name), "user%d", i);
		snprintf(expected, sizeof(expected), "username: taken by %s on line %d", name,
			i + 2);
		expect_refused(&fixture, name, RESULT_TAKEN, expected);
	}
	end(&fixture);
}
