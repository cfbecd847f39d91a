/* What the database makes of names, against the indexes in memory: who may have which name, in
 * histories of creates, renamings and removals that are put together by chance; and that nothing is
 * left of users when all of them are removed. Needs tests/support/with-postgres. */
#include "store/database/node/writer.h"

#include <stdlib.h>
#include <string.h>

#include "store/index/lookalikes.h"
#include "store/index/name_holder.h"
#include "store/names/name_key.h"
#include "support/test.h"
#include "support/unit/database_place.h"
#include "support/unit/result_word.h"

#define OPERATIONS 700

struct fixture {
	uv_loop_t loop;
	struct database_place place;
	struct store *store;
	struct user_index *users;
	struct lookalikes *lookalikes;
	uint64_t last;
	uint32_t random;
	size_t alikes; /* names that were refused for their looks */
	bool is_told;
	enum result result;
	struct user user; /* who was told of; without the name, but for `name` */
	char name[LIMIT_NAME];
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	fixture->random = 2463534242;
	fixture->users = user_index_open();
	user_index_keep_order(fixture->users);
	fixture->lookalikes = lookalikes_open(fixture->users);
	uv_loop_init(&fixture->loop);
	database_place_make(&fixture->place);
	fixture->store = database_place_open(
		&fixture->place, &fixture->loop, &(struct store_limits){.max_users = OPERATIONS});
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	store_stop(fixture->store);
	uv_run(&fixture->loop, UV_RUN_DEFAULT);
	store_close(fixture->store);
	assert_int_equal(uv_loop_close(&fixture->loop), 0);
	database_place_remove(&fixture->place);
	lookalikes_close(fixture->lookalikes);
	user_index_close(fixture->users);
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

/* Letters that look like others, accents, and what stands between words. */
static const char *const pieces[] = {"c", "o", "p", "C", "O", "P", "l", "I", "i", "1", "0",
	"\u0441", "\u043e", "\u0440", "\u0421", "\u041e", "\u0420", "\u04c0", "\u03bf", "\u03c1",
	"\u0399", "\u03c7", "x", "X", "\u0425", "\u0445", "m", "\u041c", "rn", "\u4e8c", "\u30cb",
	"\u53e3", "\u30ed", " ", "-", "\u00f6", "\u04e7", "T", "t", "\u0422", "\u0442", "\u00df",
	"\u13a2", "\u2c9f", "\u0585", "c c", "o-o"};

static struct username make_name(struct fixture *fixture)
{
	struct username username;
	char text[LIMIT_NAME];

	do {
		text[0] = '\0';
		for (size_t i = next_random(fixture, 3) + 1; i > 0; i--)
			strcat(text,
				pieces[next_random(fixture, sizeof(pieces) / sizeof(*pieces))]);
	} while (username_parse(text, strlen(text), &username) != USERNAME_FINE);
	return username;
}

/* store_outcome_cb */
static void on_told(void *argument, enum result result, const struct user *user)
{
	struct fixture *fixture = argument;

	fixture->is_told = true;
	fixture->result = result;
	fixture->user = (struct user){0};
	if (user != NULL) {
		fixture->user = *user;
		fixture->user.name = memcpy(fixture->name, user->name, user->name_length);
	}
}

static void wait_until_told(struct fixture *fixture)
{
	while (!fixture->is_told)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	fixture->is_told = false;
}

static void expect_result(
	const struct fixture *fixture, enum result wanted, const struct username *username)
{
	if (fixture->result != wanted)
		fail_msg("%.*s: %s, not %s", (int)username->length, username->text,
			result_word(fixture->result), result_word(wanted));
}

/* Somebody has the name, or one that looks like it: not always the one that the index finds. */
static void expect_holder(struct fixture *fixture, const struct username *username)
{
	char key[LIMIT_NAME_KEY];
	struct user user;
	size_t key_length;

	assert_true(user_index_user(fixture->users, fixture->user.number, &user));
	assert_true(user_is_called(&user, fixture->name, fixture->user.name_length));
	assert_int_equal(name_key_fold(user.name, user.name_length, key, &key_length), RESULT_OK);
	bool has_key =
		key_length == username->key_length && memcmp(key, username->key, key_length) == 0;
	assert_int_equal(has_key, fixture->result == RESULT_TAKEN);
	fixture->alikes += !has_key;
	assert_true(has_key || lookalike_is_pair(username->text, username->length, user.name,
				       user.name_length));
}

static void do_create(struct fixture *fixture)
{
	struct username username = make_name(fixture);
	struct store_job *job;
	struct user holder;
	enum result wanted =
		name_holder_find(fixture->users, fixture->lookalikes, &username, 0, &holder);

	assert_int_equal(store_create(fixture->store, &username, on_told, fixture, &job, &holder),
		RESULT_OK);
	wait_until_told(fixture);
	expect_result(fixture, wanted, &username);
	if (wanted != RESULT_OK) {
		expect_holder(fixture, &username);
		return;
	}
	assert_int_equal(fixture->user.number, ++fixture->last);
	user_index_add(fixture->users, &fixture->user, username.key, username.key_length);
	lookalikes_add(fixture->lookalikes, &fixture->user, username.key, username.key_length);
}

/* A user who may be there. */
static bool choose_user(struct fixture *fixture, struct user *user)
{
	user->number = next_random(fixture, (size_t)fixture->last + 2);
	return user_index_user(fixture->users, user->number, user);
}

static void forget_look(struct fixture *fixture, const struct user *user)
{
	char key[LIMIT_NAME_KEY];
	size_t key_length;

	assert_int_equal(name_key_fold(user->name, user->name_length, key, &key_length), RESULT_OK);
	lookalikes_remove(fixture->lookalikes, user, key, key_length);
}

static enum result find_renaming(
	struct fixture *fixture, const struct username *username, const struct user *user)
{
	struct user holder;

	if (user_is_called(user, username->text, username->length))
		return RESULT_UNCHANGED;
	return name_holder_find(
		fixture->users, fixture->lookalikes, username, user->number, &holder);
}

static void do_rename(struct fixture *fixture)
{
	struct username username = make_name(fixture);
	struct user user, holder;
	struct store_job *job;
	bool is_there = choose_user(fixture, &user);
	enum result wanted = is_there ? find_renaming(fixture, &username, &user) : RESULT_MISSING;

	if (store_rename(fixture->store, user.number, &username, on_told, fixture, &job, &holder) ==
		RESULT_MISSING) {
		assert_false(is_there);
		return;
	}
	wait_until_told(fixture);
	expect_result(fixture, wanted, &username);
	if (wanted == RESULT_TAKEN || wanted == RESULT_ALIKE)
		expect_holder(fixture, &username);
	if (wanted != RESULT_OK)
		return;
	assert_int_equal(fixture->user.number, user.number);
	forget_look(fixture, &user);
	assert_true(user_index_rename(
		fixture->users, &fixture->user, username.key, username.key_length));
	lookalikes_add(fixture->lookalikes, &fixture->user, username.key, username.key_length);
}

static void remove_one(struct fixture *fixture, const struct user *user)
{
	struct store_job *job;

	assert_int_equal(
		store_remove(fixture->store, user->number, on_told, fixture, &job), RESULT_OK);
	wait_until_told(fixture);
	assert_int_equal(fixture->result, RESULT_OK);
	assert_true(user_is_called(user, fixture->name, fixture->user.name_length));
	forget_look(fixture, user);
	assert_true(user_index_remove(fixture->users, user->number));
}

static void expect_letters(struct fixture *fixture)
{
	const struct store_view *view;

	/* On a busy machine it may be too old, until the next one comes. */
	while ((view = store_view(fixture->store, 0)) == NULL)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	assert_string_equal(view->letters, user_index_letters(fixture->users));
	assert_int_equal(view->users, user_index_count(fixture->users));
}

FIXTURE_TEST(names)
{
	struct user user;

	for (size_t i = 0; i < OPERATIONS; i++) {
		size_t choice = next_random(fixture, 10);
		if (choice < 6)
			do_create(fixture);
		else if (choice < 8)
			do_rename(fixture);
		else if (choose_user(fixture, &user))
			remove_one(fixture, &user);
		if (i % 50 == 0)
			expect_letters(fixture);
	}
	assert_true(user_index_count(fixture->users) > 100);
	assert_true(fixture->alikes > 20);
	for (uint64_t number = 1; number <= fixture->last; number++)
		if (user_index_user(fixture->users, number, &user))
			remove_one(fixture, &user);
	expect_letters(fixture);
	database_place_run(&fixture->place,
		"DO $$ BEGIN ASSERT NOT EXISTS (SELECT FROM rollcall.users)"
		" AND NOT EXISTS (SELECT FROM rollcall.words)"
		" AND NOT EXISTS (SELECT FROM rollcall.looks); END $$");
}
