/* Two nodes that create, rename and remove the same users, while the server ends their connections:
 * each change is told of once, as it is in the end, and no row is left over or missing. Needs
 * tests/support/with-postgres. */
#include "store/database/node/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/database/name_rows.h"
#include "store/names/name_key.h"
#include "support/test.h"
#include "support/unit/database_place.h"
#include "support/unit/result_word.h"

#define NODES     2
#define UNDER_WAY 8 /* changes of each node */
#define CHANGES   800
#define ENDED     100 /* so many changes later the connections are ended again */
#define NAMES     200 /* of each spelling */

struct fixture;

struct node {
	struct fixture *fixture;
	struct database_place place; /* the same of all nodes, but for the store */
	size_t under_way;
};

struct fixture {
	uv_loop_t loop;
	struct node nodes[NODES];
	struct store *reader; /* of what there is in the end */
	uint32_t random;
	size_t begun;
	bool is_given[CHANGES + 1]; /* numbers that were told of as created */
	size_t created, removed;
	size_t unknown; /* changes whose callers were out of time, on a slow machine */
	/* Of what is read in the end. */
	bool is_answered;
	size_t users;
	uint64_t last;
	struct name_rows rows;
};

/* What a callback is given. */
struct change_note {
	struct node *node;
	bool is_create;
	bool is_removal;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct database_place place;

	assert_non_null(fixture);
	memset(&place, 0, sizeof(place));
	fixture->random = 2463534242;
	uv_loop_init(&fixture->loop);
	database_place_make(&place);
	for (size_t i = 0; i < NODES; i++) {
		fixture->nodes[i] = (struct node){.fixture = fixture, .place = place};
		database_place_open(&fixture->nodes[i].place, &fixture->loop,
			&(struct store_limits){.max_users = CHANGES});
	}
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < NODES; i++)
		store_stop(fixture->nodes[i].place.store);
	uv_run(&fixture->loop, UV_RUN_DEFAULT);
	for (size_t i = 0; i < NODES; i++)
		store_close(fixture->nodes[i].place.store);
	store_close(fixture->reader);
	assert_int_equal(uv_loop_close(&fixture->loop), 0);
	database_place_remove(&fixture->nodes[0].place);
	name_rows_free(&fixture->rows);
	free(fixture);
	return 0;
}

static uint32_t next_random(struct fixture *fixture, size_t below)
{
	fixture->random ^= fixture->random << 13;
	fixture->random ^= fixture->random >> 17;
	fixture->random ^= fixture->random << 5;
	return fixture->random % (uint32_t)below;
}

static struct username make_name(struct fixture *fixture)
{
	static const char *const beginnings[] = {"Ann-Lee ", "Zo\u00eb X", "\ud55c\uad6d ",
		"B\u00f8 \u00e9", "\u0421\u043e\u0440 ", "Cop "};
	struct username username;
	char text[64];
	const char *beginning =
		beginnings[next_random(fixture, sizeof(beginnings) / sizeof(*beginnings))];

	snprintf(text, sizeof(text), "%s%u", beginning, (unsigned)next_random(fixture, NAMES));
	assert_int_equal(username_parse(text, strlen(text), &username), USERNAME_FINE);
	return username;
}

static void note_success(struct fixture *fixture, const struct change_note *note, uint64_t number)
{
	assert_true(number > 0 && number <= CHANGES);
	if (note->is_create) {
		assert_false(fixture->is_given[number]);
		fixture->is_given[number] = true;
		fixture->created++;
	}
	fixture->removed += note->is_removal;
}

/* store_outcome_cb */
static void on_told(void *argument, enum result result, const struct user *user)
{
	struct change_note *note = argument;

	note->node->under_way--;
	switch (result) {
	case RESULT_OK:
		note_success(note->node->fixture, note, user->number);
		break;
	case RESULT_TAKEN:
	case RESULT_ALIKE:
		assert_false(note->is_removal);
		break;
	case RESULT_MISSING:
	case RESULT_UNCHANGED:
		assert_false(note->is_create);
		break;
	case RESULT_UNAVAILABLE:
	case RESULT_UNKNOWN:
		note->node->fixture->unknown++;
		break;
	default:
		fail_msg("a change ended so: %s", result_word(result));
	}
	free(note);
}

/* False: no server is there for now. */
static bool begin_one(struct fixture *fixture, struct node *node)
{
	struct change_note *note = calloc(1, sizeof(*note));
	struct username username = make_name(fixture);
	uint64_t number = next_random(fixture, fixture->begun / 3 + 2) + 1;
	size_t choice = next_random(fixture, 10);
	struct store *store = node->place.store;
	struct store_job *job;
	struct user holder;
	enum result result;

	assert_non_null(note);
	note->node = node;
	if (choice < 6) {
		note->is_create = true;
		result = store_create(store, &username, on_told, note, &job, &holder);
	} else if (choice < 8) {
		result = store_rename(store, number, &username, on_told, note, &job, &holder);
	} else {
		note->is_removal = true;
		result = store_remove(store, number, on_told, note, &job);
	}
	if (result != RESULT_OK) {
		assert_int_equal(result, RESULT_UNAVAILABLE);
		free(note);
		return false;
	}
	node->under_way++;
	fixture->begun++;
	return true;
}

static void end_connections(const struct fixture *fixture)
{
	database_place_run(&fixture->nodes[0].place,
		"DO $$ BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity"
		" WHERE usename = 'rollcall_app' AND datname = current_database(); END $$");
}

static size_t count_under_way(const struct fixture *fixture)
{
	size_t count = 0;

	for (size_t i = 0; i < NODES; i++)
		count += fixture->nodes[i].under_way;
	return count;
}

static void make_changes(struct fixture *fixture)
{
	do {
		for (size_t i = 0; i < NODES; i++) {
			struct node *node = &fixture->nodes[i];
			while (node->under_way < UNDER_WAY && fixture->begun < CHANGES &&
				begin_one(fixture, node)) {
				if (fixture->begun % ENDED == 0)
					end_connections(fixture);
			}
		}
		uv_run(&fixture->loop, UV_RUN_ONCE);
	} while (count_under_way(fixture) > 0 || fixture->begun < CHANGES);
}

/* store_answered_cb: the rows that the database has to have. */
static void on_page(void *argument, const struct store_answer *answer)
{
	struct fixture *fixture = argument;

	assert_int_equal(answer->result, RESULT_OK);
	fixture->is_answered = true;
	for (size_t i = 0; i < answer->count; i++) {
		const struct user *user = &answer->users[i];
		char key[LIMIT_NAME_KEY];
		size_t key_length;
		assert_int_equal(
			name_key_fold(user->name, user->name_length, key, &key_length), RESULT_OK);
		name_rows_add_words(&fixture->rows, (int32_t)user->number, key, key_length);
		name_rows_add_looks(&fixture->rows, (int32_t)user->number, user->name,
			user->name_length, key, key_length,
			lookalike_of(user->name, user->name_length, key, key_length));
		fixture->last = user->number;
	}
	fixture->users += answer->count;
}

/* Over a store that has read all of it. */
static void read_all_users(struct fixture *fixture)
{
	struct database_place place = fixture->nodes[0].place;
	struct store *store = database_place_open(
		&place, &fixture->loop, &(struct store_limits){.max_users = CHANGES});
	struct store_question question = {
		.from = STORE_OLDER_THAN, .number = UINT64_MAX, .most = LIMIT_PAGE_MOST};
	size_t before;

	do {
		before = fixture->users;
		fixture->is_answered = false;
		store_ask(store, &question, on_page, fixture);
		while (!fixture->is_answered)
			uv_run(&fixture->loop, UV_RUN_ONCE);
		question.number = fixture->last;
	} while (fixture->users > before);
	store_stop(store);
	fixture->reader = store;
}

static size_t count_looks(const struct name_rows *rows)
{
	size_t count = 0;

	for (size_t i = 0; i < rows->look_count; i++)
		count += rows->looks[i].is_kept;
	return count;
}

FIXTURE_TEST(two_nodes_change_the_same_users)
{
	char sql[400];

	make_changes(fixture);
	read_all_users(fixture);
	if (fixture->unknown == 0)
		assert_int_equal(fixture->users, fixture->created - fixture->removed);
	snprintf(sql, sizeof(sql),
		"DO $$ BEGIN ASSERT (SELECT count(*) FROM rollcall.users) = %zu, 'users';"
		" ASSERT (SELECT users FROM rollcall.state) = %zu, 'state';"
		" ASSERT (SELECT next_number FROM rollcall.state) > %zu, 'numbers';"
		" ASSERT (SELECT count(*) FROM rollcall.words) = %zu, 'words';"
		" ASSERT (SELECT count(*) FROM rollcall.looks) = %zu, 'looks'; END $$",
		fixture->users, fixture->users, fixture->created, fixture->rows.word_count,
		count_looks(&fixture->rows));
	database_place_run(&fixture->nodes[0].place, sql);
	assert_true(fixture->created > 100 && fixture->removed > 10);
}
