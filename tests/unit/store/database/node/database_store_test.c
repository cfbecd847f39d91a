/*
 * The store in a database beside an index of the same users in memory, which says what each answer
 * has to be: with more users than a node keeps, and names that share long beginnings, words and
 * accents. What is promised of every kind of store is in tests/store.
 */
#include "support/test.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/limit.h"
#include "base/meters/meters.h"
#include "store/database/node/database_store.h"
#include "store/index/user_answer.h"
#include "store/index/user_index.h"
#include "store/names/name_key.h"
#include "support/unit/database_place.h"
#include "support/unit/result_word.h"

#define USERS     3200 /* more than a node keeps */
#define QUESTIONS 1500

struct fixture {
	uv_loop_t loop;
	struct database_place place;
	struct store *store;
	struct user_index *index;
	uint64_t dice;
	size_t under_way;
	size_t changes; /* calls of the watcher */
	char told[65536];
	char wanted[65536];
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	assert_int_equal(uv_loop_init(&fixture->loop), 0);
	database_place_make(&fixture->place);
	fixture->index = user_index_open();
	user_index_keep_order(fixture->index);
	fixture->dice = 1;
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	if (fixture->store != NULL) {
		store_stop(fixture->store);
		assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
		store_close(fixture->store);
	}
	assert_int_equal(uv_loop_close(&fixture->loop), 0);
	user_index_close(fixture->index);
	database_place_remove(&fixture->place);
	free(fixture);
	return 0;
}

/* store_changed_cb */
static void on_changed(void *argument)
{
	struct fixture *fixture = argument;

	fixture->changes++;
}

static void open_store(struct fixture *fixture, const struct store_limits *limits)
{
	fixture->store = database_place_open(&fixture->place, &fixture->loop, limits);
	store_watch(fixture->store, on_changed, fixture);
}

static void reopen_store(struct fixture *fixture, const struct store_limits *limits)
{
	store_stop(fixture->store);
	assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
	store_close(fixture->store);
	open_store(fixture, limits);
}

static size_t roll(struct fixture *fixture, size_t sides)
{
	fixture->dice = fixture->dice * UINT64_C(6364136223846793005) + 1;
	return (size_t)(fixture->dice >> 33) % sides;
}

static void settle(struct fixture *fixture)
{
	while (fixture->under_way > 0)
		uv_run(&fixture->loop, UV_RUN_ONCE);
}

/* Names of one to four words; the long ones share more than name_words.h tells of. */
static struct username make_name(struct fixture *fixture)
{
	static const char *const syllables[] = {"an", "na", "\u00e4n", "be", "b\u00e9", "lo",
		"l\u00f8", "Mar", "mar\u00eda", "annamariannamariannamari", "x"};
	static const char *const between[] = {" ", "-", "'", ". "};
	struct username username;
	char text[LIMIT_NAME + 64];

	do {
		size_t words = 1 + roll(fixture, 4), length = 0;
		for (size_t i = 0; i < words; i++) {
			if (i > 0)
				length += (size_t)sprintf(text + length, "%s",
					between[roll(fixture, sizeof(between) / sizeof(*between))]);
			for (size_t j = 1 + roll(fixture, 3); j > 0; j--)
				length += (size_t)sprintf(text + length, "%s",
					syllables[roll(
						fixture, sizeof(syllables) / sizeof(*syllables))]);
		}
		text[length] = '\0';
	} while (strlen(text) > LIMIT_NAME ||
		 username_parse(text, strlen(text), &username) != USERNAME_FINE);
	return username;
}

static void add_to_index(struct fixture *fixture, const struct user *user)
{
	char key[LIMIT_NAME_KEY];
	size_t length;

	assert_int_equal(name_key_fold(user->name, user->name_length, key, &length), RESULT_OK);
	user_index_add(fixture->index, user, key, length);
}

/* store_outcome_cb */
static void on_created(void *argument, enum result result, const struct user *user)
{
	struct fixture *fixture = argument;

	fixture->under_way--;
	if (result == RESULT_OK)
		add_to_index(fixture, user);
	else if (result != RESULT_TAKEN)
		fail_msg("%s", result_word(result));
}

/* So many at once, until there are numbers up to `most`. */
static void create_users_by(struct fixture *fixture, uint64_t most, size_t at_once)
{
	struct store_job *job;
	struct user holder;

	while (user_index_newest(fixture->index) < most) {
		for (size_t i = 0; i < at_once; i++) {
			const struct username username = make_name(fixture);
			fixture->under_way++;
			assert_int_equal(store_create(fixture->store, &username, on_created,
						 fixture, &job, &holder),
				RESULT_OK);
		}
		settle(fixture);
	}
}

static void create_users(struct fixture *fixture, uint64_t most)
{
	create_users_by(fixture, most, 500);
}

/* store_answered_cb, where there is no server */
static void on_refused(void *argument, const struct store_answer *answer)
{
	struct fixture *fixture = argument;

	assert_int_equal(answer->result, RESULT_UNAVAILABLE);
	fixture->under_way--;
}

static void write_answer(char *text, size_t size, const struct store_answer *answer)
{
	int length =
		snprintf(text, size, "%s, %zu found, %" PRIu64 " in all, beside %" PRIu64 ":%s",
			result_word(answer->result), answer->found, answer->view->users,
			answer->beside != NULL ? answer->beside->number : 0,
			answer->has_previous ? " others" : "");

	for (size_t i = 0; i < answer->count; i++)
		length += snprintf(text + length, size - (size_t)length, " %" PRIu64 " %.*s;",
			answer->users[i].number, (int)answer->users[i].name_length,
			answer->users[i].name);
	snprintf(text + length, size - (size_t)length, "%s", answer->has_next ? " others" : "");
}

/* store_answered_cb */
static void on_answered(void *argument, const struct store_answer *answer)
{
	struct fixture *fixture = argument;

	fixture->under_way--;
	write_answer(fixture->told, sizeof(fixture->told), answer);
}

/* store_answered_cb, of the index */
static void on_index_answered(void *argument, const struct store_answer *answer)
{
	struct fixture *fixture = argument;

	write_answer(fixture->wanted, sizeof(fixture->wanted), answer);
}

static void compare_answers(struct fixture *fixture, const struct store_question *question)
{
	const struct store_view view = {.users = user_index_count(fixture->index)};

	user_answer(fixture->index, &view, question, on_index_answered, fixture);
	fixture->under_way++;
	store_ask(fixture->store, question, on_answered, fixture);
	settle(fixture);
	if (strcmp(fixture->told, fixture->wanted) != 0 && question->search != NULL)
		print_error("search %.*s, from %d of %" PRIu64 ", most %zu\n",
			(int)question->search->beginning.length, question->search->beginning.text,
			(int)question->search->from, question->search->number, question->most);
	assert_string_equal(fixture->told, fixture->wanted);
}

/* The beginning of a word of a name, or of several words. */
static bool make_search(struct fixture *fixture, struct search *search)
{
	const struct username name = make_name(fixture);
	size_t start = 0, length;

	if (roll(fixture, 2) == 0) {
		const char *space = strchr(name.text, ' ');
		if (space != NULL && space < name.text + name.length)
			start = (size_t)(space - name.text) + 1;
	}
	length = 1 + roll(fixture, name.length - start);
	search->from = (enum search_from)roll(fixture, 3);
	search->number = roll(fixture, (size_t)user_index_newest(fixture->index) + 3);
	return username_parse_beginning(name.text + start, length, &search->beginning) ==
	       USERNAME_FINE;
}

static void ask_at_random(struct fixture *fixture)
{
	size_t last = (size_t)user_index_newest(fixture->index);
	struct store_question question = {.from = (enum store_from)roll(fixture, 3),
		.number = roll(fixture, last + 3),
		.most = roll(fixture, 60),
		.beside = roll(fixture, 3) == 0 ? roll(fixture, last + 3) : 0};
	struct search search;
	struct username named;
	size_t kind = roll(fixture, 6);

	if (kind < 3 && make_search(fixture, &search)) {
		question.search = &search;
	} else if (kind == 3) {
		named = make_name(fixture);
		question.named = &named;
		question.most++;
	}
	compare_answers(fixture, &question);
}

/* store_outcome_cb, of a change that must be done */
static void on_done(void *argument, enum result result, const struct user *user)
{
	struct fixture *fixture = argument;

	assert_int_equal(result, RESULT_OK);
	assert_non_null(user);
	fixture->under_way--;
}

static void remove_user(struct fixture *fixture, uint64_t number)
{
	struct store_job *job;

	if (!user_index_remove(fixture->index, number))
		return;
	fixture->under_way++;
	assert_int_equal(store_remove(fixture->store, number, on_done, fixture, &job), RESULT_OK);
	settle(fixture);
}

static void rename_user(struct fixture *fixture, uint64_t number)
{
	const struct username username = make_name(fixture);
	struct user user;
	struct store_job *job;

	if (user_index_find(fixture->index, username.key, username.key_length, &user) ||
		!user_index_user(fixture->index, number, &user))
		return;
	user.name = username.text;
	user.name_length = username.length;
	user_index_rename(fixture->index, &user, username.key, username.key_length);
	fixture->under_way++;
	assert_int_equal(
		store_rename(fixture->store, number, &username, on_done, fixture, &job, &user),
		RESULT_OK);
	settle(fixture);
}

FIXTURE_TEST(answers_are_those_of_an_index)
{
	const struct store_limits limits = {.max_users = 100000};

	open_store(fixture, &limits);
	create_users(fixture, USERS);
	for (size_t i = 0; i < QUESTIONS; i++)
		ask_at_random(fixture);
	for (size_t i = 0; i < 150; i++) {
		remove_user(fixture, roll(fixture, USERS));
		rename_user(fixture, roll(fixture, USERS));
		ask_at_random(fixture);
	}
	reopen_store(fixture, &limits);
	for (size_t i = 0; i < QUESTIONS; i++)
		ask_at_random(fixture);
}

/* From the first user to the last, in parts, of which all but the last are not kept. */
FIXTURE_TEST(news_of_long_ago)
{
	struct user users[100];
	struct store_news news = {.has_more = true};
	uint64_t position = 0;
	size_t count = 0;

	open_store(fixture, &(struct store_limits){.max_users = 100000});
	create_users(fixture, USERS);
	while (news.has_more) {
		size_t changes = fixture->changes;
		while (!store_newer(fixture->store, position, users, 100, &news))
			while (fixture->changes == changes)
				uv_run(&fixture->loop, UV_RUN_ONCE);
		for (size_t i = 0; i < news.count; i++, count++) {
			assert_int_equal(users[i].number, position + 1);
			position = users[i].number;
		}
	}
	assert_int_equal(count, user_index_count(fixture->index));
}

/* A caller with room for one user gets the next, and is told that there are more. */
static void read_next(struct fixture *fixture, uint64_t position)
{
	struct user user;
	struct store_news news;

	assert_true(store_newer(fixture->store, position, &user, 1, &news));
	assert_int_equal(news.count, 1);
	assert_int_equal(user.number, position + 1);
	assert_true(news.has_more);
}

static void read_news(struct fixture *fixture, uint64_t *position)
{
	struct user users[100];
	struct store_news news;
	size_t changes = fixture->changes;

	while (!store_newer(fixture->store, *position, users, 100, &news)) {
		while (fixture->changes == changes)
			uv_run(&fixture->loop, UV_RUN_ONCE);
		changes = fixture->changes;
	}
	assert_int_equal(news.count, 100);
	assert_int_equal(users[0].number, *position + 1);
	*position += news.count;
}

/* What was asked for is for all who can use it: so it is seldom asked. */
FIXTURE_TEST(news_of_long_ago_for_many)
{
	uint64_t positions[] = {0, 50, 500, 530, 600};
	const size_t count = sizeof(positions) / sizeof(*positions);

	open_store(fixture, &(struct store_limits){.max_users = 100000});
	create_users(fixture, USERS);
	reopen_store(fixture, &(struct store_limits){.max_users = 100000});
	fixture->changes = 0;
	for (size_t i = 0; i < 4 * count; i++)
		read_news(fixture, &positions[i % count]);
	assert_in_range(fixture->changes, 2, 4);
}

static void let_nodes_in(struct fixture *fixture, bool are_let)
{
	database_place_run(&fixture->place,
		are_let ? "ALTER ROLE rollcall_app LOGIN" : "ALTER ROLE rollcall_app NOLOGIN");
	if (!are_let)
		database_place_run(&fixture->place,
			"SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
			" WHERE usename = 'rollcall_app'");
}

/* A live list that waits for them hears when there is a server again. */
FIXTURE_TEST(news_of_long_ago_when_the_database_is_back)
{
	struct user users[100];
	struct store_news news;
	const char *reason;
	uint64_t position = 0;

	open_store(fixture, &(struct store_limits){.max_users = 100000});
	create_users(fixture, USERS);
	let_nodes_in(fixture, false);
	while (store_ready(fixture->store, &reason) == RESULT_OK)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	assert_false(store_newer(fixture->store, 0, users, 100, &news));
	size_t changes = fixture->changes;
	let_nodes_in(fixture, true);
	while (fixture->changes == changes)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	read_news(fixture, &position);
	read_next(fixture, position);
}

/* Clients that ask and hang up do not have the server work for more of them than there may be. */
FIXTURE_TEST(questions_that_are_cancelled_keep_their_place)
{
	struct store_question question = {.most = 10};
	struct username named;

	open_store(fixture, &(struct store_limits){.max_users = 100000});
	named = make_name(fixture);
	question.named = &named;
	uint64_t before = meters.database.questions;
	for (size_t i = 0; i < 200; i++)
		store_cancel(
			fixture->store, store_ask(fixture->store, &question, on_refused, fixture));
	assert_in_range(meters.database.questions - before, 1, 16);
	compare_answers(fixture, &question);
	store_cancel(fixture->store, store_ask(fixture->store, &question, on_refused, fixture));
}

FIXTURE_TEST(refused_questions_are_logged_seldom)
{
	struct search search = {.from = SEARCH_FIRST};
	const struct store_question question = {.most = 10, .search = &search};

	open_store(fixture, &(struct store_limits){.max_users = 100000});
	assert_int_equal(username_parse_beginning("a", 1, &search.beginning), USERNAME_FINE);
	database_place_run(&fixture->place, "REVOKE SELECT ON rollcall.words FROM rollcall_app");
	for (size_t i = 0; i < 40; i++) {
		fixture->under_way++;
		store_ask(fixture->store, &question, on_refused, fixture);
		settle(fixture);
	}
	assert_in_range(captured_log_count(&fixture->place.log, "question-refused"), 1, 10);
}

/* store_answered_cb: only the revision */
static void on_revision(void *argument, const struct store_answer *answer)
{
	struct fixture *fixture = argument;

	fixture->under_way--;
	snprintf(fixture->told, sizeof(fixture->told), "%s", answer->view->revision);
}

/* What one of them has stored reaches the other in a second at most. */
static void wait_for_same_revisions(struct fixture *fixture, struct store *const nodes[2])
{
	const struct store_question view = {.most = 0};

	do {
		for (size_t i = 0; i < 2; i++) {
			memcpy(fixture->wanted, fixture->told, sizeof(fixture->wanted));
			fixture->under_way++;
			store_ask(nodes[i], &view, on_revision, fixture);
			settle(fixture);
		}
		uv_run(&fixture->loop, UV_RUN_ONCE);
	} while (strcmp(fixture->told, fixture->wanted) != 0);
}

/* A user that one node has told of is there for a client that comes to the other with the number.
 */
FIXTURE_TEST(two_nodes)
{
	struct store *nodes[2];

	for (size_t i = 0; i < 2; i++) {
		open_store(fixture, &(struct store_limits){.max_users = 100000});
		nodes[i] = fixture->store;
	}
	for (size_t i = 0; i < 200; i++) {
		struct store_question question = {.most = 5};
		fixture->store = nodes[i % 2];
		create_users_by(fixture, user_index_newest(fixture->index) + 1, 1);
		fixture->store = nodes[(i + 1) % 2];
		question.least = question.beside = user_index_newest(fixture->index);
		compare_answers(fixture, &question);
	}
	fixture->store = nodes[0];
	remove_user(fixture, 7);
	rename_user(fixture, 8);
	wait_for_same_revisions(fixture, nodes);
	fixture->store = nodes[1];
	ask_at_random(fixture);
	store_stop(nodes[1]);
	store_stop(nodes[0]);
	assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
	store_close(nodes[1]);
	store_close(nodes[0]);
	fixture->store = NULL;
}

/* As after a failover to a server that lacked the last users, or when a copy is put back. */
FIXTURE_TEST(history_that_is_rewritten)
{
	open_store(fixture, &(struct store_limits){.max_users = 100000});
	create_users(fixture, 300);
	uint64_t last = user_index_newest(fixture->index);
	size_t changes = fixture->changes;
	database_place_run(&fixture->place,
		"BEGIN; DELETE FROM rollcall.words WHERE number > 100;"
		" DELETE FROM rollcall.looks WHERE number > 100;"
		" DELETE FROM rollcall.users WHERE number > 100;"
		" UPDATE rollcall.state SET version = version - 1, revision = 1,"
		" next_number = 101, users = 100, newest = 100; COMMIT");
	while (fixture->changes == changes)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	for (uint64_t number = 101; number <= last; number++)
		user_index_remove(fixture->index, number);
	for (size_t i = 0; i < 50; i++)
		ask_at_random(fixture);
	assert_int_equal(store_view(fixture->store, 0)->last, 100);
}

/* Reading goes on with what is known; that nothing can be stored is told after two seconds. */
FIXTURE_TEST(a_database_that_is_gone)
{
	const struct store_question page = {.from = STORE_NEWEST, .most = 20};
	const char *reason = "";

	open_store(fixture, &(struct store_limits){.max_users = 100000});
	create_users(fixture, 100);
	let_nodes_in(fixture, false);
	while (store_ready(fixture->store, &reason) == RESULT_OK)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	if (strstr(reason, "not permitted to log in") == NULL)
		fail_msg("%s", reason);
	compare_answers(fixture, &page);
	let_nodes_in(fixture, true);
	while (store_ready(fixture->store, &reason) != RESULT_OK)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	create_users(fixture, user_index_newest(fixture->index) + 1);
	compare_answers(fixture, &page);
}

static uint64_t last_seat_for(struct fixture *fixture, uint64_t seats)
{
	reopen_store(
		fixture, &(struct store_limits){
				 .max_users = 100000, .seats = seats, .has_waiting_list = true});
	return store_last_seat(fixture->store);
}

/* The database keeps the one for the options of the node that stored last. */
FIXTURE_TEST(last_seat_by_the_options_of_the_node)
{
	open_store(fixture, &(struct store_limits){.max_users = 100000});
	create_users(fixture, 600);
	uint64_t last = user_index_newest(fixture->index);
	assert_int_equal(store_last_seat(fixture->store), 0);
	assert_int_equal(last_seat_for(fixture, 1), 1);
	assert_int_equal(last_seat_for(fixture, 500), 500);
	assert_int_equal(last_seat_for(fixture, last), 0);
	remove_user(fixture, 3);
	assert_int_equal(last_seat_for(fixture, 500), 501);
}

static void expect_refused(struct fixture *fixture, const char *user, const char *wanted)
{
	struct reason reason = {.text = ""};

	assert_int_equal(database_place_open_as(&fixture->place, &fixture->loop, user, &reason),
		RESULT_UNAVAILABLE);
	if (strstr(reason.text, wanted) == NULL)
		fail_msg("%s: it does not say \"%s\"", reason.text, wanted);
}

FIXTURE_TEST(what_no_waiting_makes_better_is_told_at_the_opening)
{
	expect_refused(fixture, "nobody_knows_them", "role \"nobody_knows_them\" does not exist");
	database_place_run(&fixture->place, "UPDATE rollcall.state SET unicode = '1.0'");
	expect_refused(fixture, "rollcall_app", "Unicode 1.0");
	database_place_run(&fixture->place, "UPDATE rollcall.state SET unicode = '', schema = 99");
	expect_refused(fixture, "rollcall_app", "version 99 of the schema");
	database_place_run(&fixture->place, "DROP SCHEMA rollcall CASCADE");
	expect_refused(fixture, "rollcall_app", "rollcall migrate");
}

/* The server may be started after the node. */
FIXTURE_TEST(no_server_yet)
{
	const struct database_store_settings settings = {.loop = &fixture->loop,
		.log = fixture->place.log.log,
		.url = "postgresql://rollcall_app@/rollcall?host=/nonexistent",
		.limits = {.max_users = 10}};
	const struct username username = make_name(fixture);
	struct store_job *job;
	struct reason reason;
	struct user holder;
	const char *text = "";

	assert_int_equal(database_store_open(&settings, &fixture->store, &reason), RESULT_OK);
	assert_int_equal(store_ready(fixture->store, &text), RESULT_UNAVAILABLE);
	if (strstr(text, "/nonexistent") == NULL)
		fail_msg("%s", text);
	assert_null(store_view(fixture->store, 0));
	assert_int_equal(
		store_create(fixture->store, &username, on_created, fixture, &job, &holder),
		RESULT_UNAVAILABLE);
	fixture->under_way = 1;
	assert_null(store_ask(
		fixture->store, &(struct store_question){.most = 10}, on_refused, fixture));
	assert_int_equal(fixture->under_way, 0);
}
