#include "base/limit.h"
#include "store/flat_file/replay.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

struct fixture {
	struct replay replay;
	char clashes[256]; /* "2=1 " for user 2 and holder 1 */
};

static const struct header no_header;

static void note_clash(void *argument, const struct user *user, const struct user *holder)
{
	struct fixture *fixture = argument;
	size_t length = strlen(fixture->clashes);

	snprintf(fixture->clashes + length, sizeof(fixture->clashes) - length, "%llu=%llu ",
		(unsigned long long)user->number, (unsigned long long)holder->number);
}

static void open_replay(struct fixture *fixture)
{
	*fixture = (struct fixture){0};
	replay_open(&fixture->replay, note_clash, fixture);
}

static enum result take(
	struct fixture *fixture, enum operation operation, uint64_t number, const char *name)
{
	return replay_record(&fixture->replay, &(struct record){.operation = operation,
						       .number = number,
						       .time = 1000,
						       .name = name,
						       .name_length = strlen(name)});
}

static void create(struct fixture *fixture, uint64_t number, const char *name)
{
	assert_int_equal(take(fixture, OPERATION_CREATED, number, name), RESULT_OK);
}

static bool is_there(const struct fixture *fixture, const char *key)
{
	struct user user;

	return user_index_find(fixture->replay.users, key, strlen(key), &user);
}

TEST(created_and_removed)
{
	struct fixture fixture;

	open_replay(&fixture);
	create(&fixture, 1, "Alice");
	create(&fixture, 5, "bob");
	assert_int_equal(take(&fixture, OPERATION_REMOVED, 1, "Alice"), RESULT_OK);
	create(&fixture, 6, "alice");
	replay_settle(&fixture.replay, &no_header);
	assert_int_equal(user_index_count(fixture.replay.users), 2);
	assert_int_equal(fixture.replay.created, 3);
	assert_int_equal(fixture.replay.removed, 1);
	assert_int_equal(fixture.replay.next_number, 7);
	assert_true(is_there(&fixture, "alice"));
	assert_true(is_there(&fixture, "bob"));
	assert_int_equal(fixture.replay.clashes, 0);
	replay_close(&fixture.replay);
}

TEST(what_does_not_fit)
{
	struct fixture fixture;

	open_replay(&fixture);
	create(&fixture, 2, "alice");
	assert_int_equal(take(&fixture, OPERATION_REMOVED, 1, "alice"), RESULT_MALFORMED);
	assert_int_equal(take(&fixture, OPERATION_REMOVED, 2, "Alice"), RESULT_MALFORMED);
	assert_int_equal(take(&fixture, OPERATION_REMOVED, 2, "alice"), RESULT_OK);
	assert_int_equal(take(&fixture, OPERATION_REMOVED, 2, "alice"), RESULT_MALFORMED);
	assert_int_equal(
		take(&fixture, OPERATION_CREATED, (uint64_t)LIMIT_PLACE + 1, "bob"), RESULT_LIMIT);
	assert_int_equal(take(&fixture, OPERATION_CREATED, UINT64_MAX, "bob"), RESULT_LIMIT);
	assert_int_equal(fixture.replay.created, 1);
	assert_int_equal(fixture.replay.removed, 1);
	replay_close(&fixture.replay);
}

/* Both stay, and only users who are still there are reported. */
TEST(clashes)
{
	struct fixture fixture;

	open_replay(&fixture);
	create(&fixture, 1, "alice");
	create(&fixture, 2, "ALICE");
	create(&fixture, 3, "bob");
	create(&fixture, 4, "Bob");
	assert_int_equal(take(&fixture, OPERATION_REMOVED, 3, "bob"), RESULT_OK);
	replay_settle(&fixture.replay, &no_header);
	assert_string_equal(fixture.clashes, "2=1 ");
	assert_int_equal(fixture.replay.clashes, 1);
	assert_int_equal(user_index_count(fixture.replay.users), 3);
	replay_close(&fixture.replay);
}

/* Names that nobody could get today stay on the list they are on, and are found. */
TEST(names_of_other_rules)
{
	char many[1 + 2 * 54 + 1] = "Q";
	struct fixture fixture;

	for (size_t i = 0; i < 54; i++)
		strcat(many, i % 2 == 0 ? "\u0301" : "\u0323");
	open_replay(&fixture);
	create(&fixture, 1, many);
	create(&fixture, 2, "\ufb01sh!");
	create(&fixture, 3, "-- \u200d --");
	replay_settle(&fixture.replay, &no_header);
	strcpy(many, "q");
	for (size_t i = 0; i < 54; i++)
		strcat(many, i < 27 ? "\u0323" : "\u0301");
	assert_true(is_there(&fixture, many));
	assert_true(is_there(&fixture, "fish!"));
	assert_true(is_there(&fixture, "--  --"));
	replay_close(&fixture.replay);
}

TEST(numbers_that_were_given)
{
	const struct header header = {.numbered = 41};
	struct fixture fixture;

	open_replay(&fixture);
	create(&fixture, 7, "alice");
	replay_settle(&fixture.replay, &header);
	assert_int_equal(fixture.replay.next_number, 42);
	replay_close(&fixture.replay);
	open_replay(&fixture);
	create(&fixture, 90, "alice");
	replay_settle(&fixture.replay, &header);
	assert_int_equal(fixture.replay.next_number, 91);
	replay_close(&fixture.replay);
}

/* Number and time stay, and the old name is free. */
TEST(renamed)
{
	struct fixture fixture;
	struct user user;

	open_replay(&fixture);
	create(&fixture, 1, "Cop");
	create(&fixture, 2, "bob");
	assert_true(user_index_user(fixture.replay.users, 1, &user));
	int64_t created = user.created;
	assert_int_equal(take(&fixture, OPERATION_RENAMED, 1, "\u0421\u043e\u0440"), RESULT_OK);
	assert_int_equal(take(&fixture, OPERATION_RENAMED, 2, "Robert"), RESULT_OK);
	assert_int_equal(take(&fixture, OPERATION_RENAMED, 2, "Rob"), RESULT_OK);
	create(&fixture, 3, "Bob");
	assert_int_equal(take(&fixture, OPERATION_RENAMED, 4, "dan"), RESULT_MALFORMED);
	assert_int_equal(take(&fixture, OPERATION_REMOVED, 2, "Robert"), RESULT_MALFORMED);
	replay_settle(&fixture.replay, &no_header);
	assert_int_equal(fixture.replay.renamed, 3);
	assert_int_equal(user_index_count(fixture.replay.users), 3);
	assert_true(user_index_find(fixture.replay.users, "bob", 3, &user));
	assert_int_equal(user.number, 3);
	assert_true(user_index_find(fixture.replay.users, "rob", 3, &user));
	assert_int_equal(user.number, 2);
	assert_false(is_there(&fixture, "robert"));
	assert_true(user_index_user(fixture.replay.users, 1, &user));
	assert_int_equal(user.created, created);
	assert_int_equal(fixture.replay.clashes, 0);
	replay_close(&fixture.replay);
}
