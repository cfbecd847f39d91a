/* What store.h promises, one promise a test. Each ends with the judge, who compares all that was
 * told with the model, so that a test itself looks only at what it is about. */
#include "support/test.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/judge.h"
#include "store/witness.h"

#define SEED 1
#define MANY 600

struct fixture {
	struct witness witness;
};

static int set_up_for(void **state, uint64_t max_users)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	witness_begin(&fixture->witness, max_users, SEED);
	*state = fixture;
	return 0;
}

static int set_up(void **state)
{
	return set_up_for(state, MANY);
}

static int set_up_small(void **state)
{
	return set_up_for(state, 3);
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	witness_end(&fixture->witness);
	free(fixture);
	return 0;
}

/* A test of a store for three users. */
#define SMALL_TEST(name)                                                                           \
	static void test_##name(struct fixture *fixture);                                          \
	static void run_##name(void **state)                                                       \
	{                                                                                          \
		test_##name(*state);                                                               \
	}                                                                                          \
	TEST_REGISTERED(name, run_##name, set_up_small, tear_down, NULL)                           \
	static void test_##name(struct fixture *fixture)

/* Creates all of them, one after the other, and returns the last. */
static struct create_note *add(struct witness *witness, const char *const *names, size_t count)
{
	struct create_note *create = NULL;

	for (size_t i = 0; i < count; i++) {
		create = witness_create(witness, names[i]);
		witness_settle(witness);
		assert_int_equal(create->note.state, NOTE_TOLD);
		assert_int_equal(create->result, RESULT_OK);
	}
	return create;
}

static void add_many(struct witness *witness, size_t count)
{
	char name[32];

	for (size_t i = 1; i <= count; i++) {
		snprintf(name, sizeof(name), "user%03zu", i);
		witness_create(witness, name);
	}
	witness_settle(witness);
}

static struct answer_note *ask(struct witness *witness, const struct store_question *question)
{
	struct answer_note *answer = witness_ask(witness, question);

	witness_settle(witness);
	assert_int_equal(answer->note.state, NOTE_TOLD);
	return answer;
}

/* An answer in words: "others Bob Ann others", by the names of users. */
static void expect_answer(const struct answer_note *answer, const char *wanted)
{
	char text[256];
	int length = snprintf(text, sizeof(text), "%s", answer->has_previous ? "others " : "");

	for (size_t i = 0; i < answer->count; i++)
		length += snprintf(
			text + length, sizeof(text) - (size_t)length, "%s ", answer->users[i].name);
	snprintf(text + length, sizeof(text) - (size_t)length, "%s",
		answer->has_next ? "others " : "");
	if (text[0] != '\0')
		text[strlen(text) - 1] = '\0';
	assert_string_equal(text, wanted);
}

static void expect_page(struct witness *witness, enum store_from from, uint64_t number, size_t most,
	const char *wanted)
{
	expect_answer(
		ask(witness,
			&(struct store_question){.from = from, .number = number, .most = most}),
		wanted);
}

static void expect_search(struct witness *witness, const char *typed, enum search_from from,
	uint64_t number, size_t most, const char *wanted)
{
	struct search search = {.from = from, .number = number};

	assert_int_equal(
		username_parse_beginning(typed, strlen(typed), &search.beginning), USERNAME_FINE);
	expect_answer(
		ask(witness, &(struct store_question){.search = &search, .most = most}), wanted);
}

static void expect_created(const struct create_note *create, enum result result, const char *name)
{
	assert_int_equal(create->note.state, NOTE_TOLD);
	assert_int_equal(create->result, result);
	assert_string_equal(create->user.name, name);
}

/* Of a moment, by asking for nothing else. */
static struct store_view view_of(struct witness *witness)
{
	return ask(witness, &(struct store_question){.most = 0})->view;
}

FIXTURE_TEST(empty)
{
	struct witness *witness = &fixture->witness;
	const char *reason = "not set";

	assert_int_equal(store_ready(witness->store, &reason), RESULT_OK);
	assert_int_equal(view_of(witness).users, 0);
	assert_int_equal(view_of(witness).newest, 0);
	expect_page(witness, STORE_NEWEST, 0, 10, "");
	expect_page(witness, STORE_OLDER_THAN, 1, 10, "");
	expect_page(witness, STORE_NEWER_THAN, 0, 10, "");
	expect_page(witness, STORE_OLDER_THAN, UINT64_MAX, 10, "");
	expect_page(witness, STORE_NEWER_THAN, UINT64_MAX, 10, "");
	expect_search(witness, "a", SEARCH_FIRST, 0, 10, "");
	expect_search(witness, "a", SEARCH_BEFORE, 1, 10, "");
	assert_false(ask(witness, &(struct store_question){.beside = 1})->has_beside);
	assert_int_equal(witness->changes, 0);
	judge(witness);
}

FIXTURE_TEST(created)
{
	struct witness *witness = &fixture->witness;
	struct create_note *ann = witness_create(witness, "Ann");

	assert_int_equal(ann->note.state, NOTE_UNDER_WAY);
	witness_settle(witness);
	expect_created(ann, RESULT_OK, "Ann");
	assert_true(ann->user.number > 0);
	assert_true(ann->user.created > 0);
	expect_page(witness, STORE_NEWEST, 0, 10, "Ann");
	assert_true(ask(witness, &(struct store_question){.beside = ann->user.number})->has_beside);
	judge(witness);
}

/* At the first outcome: all who are known by then can be read. */
static void look_around(void *argument)
{
	struct witness *witness = argument;

	witness->on_told = NULL; /* not at the answers, too */
	witness_view(witness, 0);
	witness_ask(witness, &(struct store_question){.from = STORE_NEWEST, .most = 10});
}

FIXTURE_TEST(user_can_be_read_when_told)
{
	struct witness *witness = &fixture->witness;

	witness_create(witness, "Ann");
	witness_create(witness, "Bob");
	witness->on_told = look_around;
	witness->argument = witness;
	witness_settle(witness);
	judge(witness);
}

FIXTURE_TEST(taken)
{
	struct witness *witness = &fixture->witness;

	add(witness, (const char *const[]){"Stra\u00dfe", "Zo\u00eb"}, 2);
	struct create_note *same = witness_create(witness, "Stra\u00dfe");
	struct create_note *other = witness_create(witness, "STRASSE");
	struct create_note *composed = witness_create(witness, "zoe\u0308");
	struct create_note *free_name = witness_create(witness, "zoe");
	witness_settle(witness);
	expect_created(same, RESULT_TAKEN, "Stra\u00dfe");
	expect_created(other, RESULT_TAKEN, "Stra\u00dfe");
	expect_created(composed, RESULT_TAKEN, "Zo\u00eb");
	expect_created(free_name, RESULT_OK, "zoe");
	judge(witness);
}

FIXTURE_TEST(taken_by_one_under_way)
{
	struct witness *witness = &fixture->witness;
	struct create_note *first = witness_create(witness, "Ann");
	struct create_note *second = witness_create(witness, "ANN");

	witness_turn(witness);
	struct create_note *third = witness_create(witness, "ann");
	witness_settle(witness);
	expect_created(first, RESULT_OK, "Ann");
	expect_created(second, RESULT_TAKEN, "Ann");
	expect_created(third, RESULT_TAKEN, "Ann");
	judge(witness);
}

/* "Сор" is in Cyrillic. */
FIXTURE_TEST(looks_like_another)
{
	struct witness *witness = &fixture->witness;

	add(witness, (const char *const[]){"Cop", "сосо", "Bernie"}, 3);
	struct create_note *latin = witness_create(witness, "coco");
	struct create_note *cyrillic = witness_create(witness, "Сор");
	struct create_note *capitals = witness_create(witness, "СОР");
	struct create_note *neither = witness_create(witness, "СОРЬ");
	struct create_note *same_script = witness_create(witness, "Bemie");
	witness_settle(witness);
	expect_created(latin, RESULT_ALIKE, "сосо");
	expect_created(cyrillic, RESULT_ALIKE, "Cop");
	expect_created(capitals, RESULT_ALIKE, "Cop");
	expect_created(neither, RESULT_OK, "СОРЬ");
	expect_created(same_script, RESULT_OK, "Bemie");
	judge(witness);
}

FIXTURE_TEST(looks_like_one_under_way)
{
	struct witness *witness = &fixture->witness;
	struct create_note *first = witness_create(witness, "Сор");
	struct create_note *second = witness_create(witness, "Cop");

	witness_turn(witness);
	struct create_note *third = witness_create(witness, "Cop");
	struct create_note *taken = witness_create(witness, "сОР");
	witness_settle(witness);
	expect_created(first, RESULT_OK, "Сор");
	expect_created(second, RESULT_ALIKE, "Сор");
	expect_created(third, RESULT_ALIKE, "Сор");
	expect_created(taken, RESULT_TAKEN, "Сор");
	judge(witness);
}

/* A store knows it again when it is opened. */
FIXTURE_TEST(looks_like_one_of_before)
{
	struct witness *witness = &fixture->witness;

	add(witness, (const char *const[]){"Сор"}, 1);
	witness_reopen(witness);
	struct create_note *create = witness_create(witness, "Cop");
	witness_settle(witness);
	expect_created(create, RESULT_ALIKE, "Сор");
	judge(witness);
}

/* The name is free again, or was stored all the same. */
FIXTURE_TEST(cancelled_create)
{
	struct witness *witness = &fixture->witness;

	for (unsigned turns = 0; turns < 4; turns++) {
		struct create_note *first = witness_create(witness, "Ann");
		struct create_note *heir = witness_create(witness, "ANN");
		for (unsigned i = 0; i < turns; i++)
			witness_turn(witness);
		if (first->note.state == NOTE_UNDER_WAY)
			witness_cancel_create(witness, first);
		witness_settle(witness);
		assert_int_equal(heir->note.state, NOTE_TOLD);
		assert_true(heir->result == RESULT_OK || heir->result == RESULT_TAKEN);
	}
	judge(witness);
}

static void cancel_all(void *argument)
{
	witness_cancel_all(argument);
}

/* All others, by the first that is told. */
FIXTURE_TEST(cancelled_by_a_callback)
{
	struct witness *witness = &fixture->witness;

	witness_create(witness, "Ann");
	witness_create(witness, "ANN");
	witness_create(witness, "Bob");
	witness->on_told = cancel_all;
	witness->argument = witness;
	witness_settle(witness);
	witness->on_told = NULL;
	judge(witness);
}

FIXTURE_TEST(cancelled_question)
{
	struct witness *witness = &fixture->witness;

	add(witness, (const char *const[]){"Ann", "Bob"}, 2);
	for (unsigned i = 0; i < 20; i++) {
		struct answer_note *answer =
			witness_ask(witness, &(struct store_question){.most = i, .beside = i});
		if (i % 2 == 1)
			witness_turn(witness);
		if (answer->note.state == NOTE_UNDER_WAY)
			witness_cancel_answer(witness, answer);
	}
	judge(witness);
}

static void expect_limit(struct witness *witness)
{
	const char *reason = NULL;

	assert_int_equal(store_ready(witness->store, &reason), RESULT_LIMIT);
	assert_non_null(reason);
	assert_true(strlen(reason) > 0);
}

SMALL_TEST(full)
{
	struct witness *witness = &fixture->witness;

	add(witness, (const char *const[]){"Ann", "Bob", "Carol"}, 3);
	expect_limit(witness);
	struct create_note *refused = witness_create(witness, "Dave");
	struct create_note *taken = witness_create(witness, "BOB");
	witness_settle(witness);
	assert_int_equal(refused->result, RESULT_NO_SEAT);
	expect_created(taken, RESULT_TAKEN, "Bob");
	expect_page(witness, STORE_NEWEST, 0, 10, "Carol Bob Ann");
	witness_reopen(witness);
	expect_limit(witness);
	judge(witness);
}

/* However many are asked for at once, and cancelled. */
SMALL_TEST(never_more_than_full)
{
	struct witness *witness = &fixture->witness;
	struct create_note *ann = witness_create(witness, "Ann");

	witness_create(witness, "Bob");
	witness_create(witness, "Carol");
	witness_create(witness, "Dave");
	if (ann->note.state == NOTE_UNDER_WAY)
		witness_cancel_create(witness, ann);
	witness_create(witness, "Erin");
	witness_create(witness, "Frank");
	witness_settle(witness);
	judge(witness);
}

static void create_carol(void *argument)
{
	struct witness *witness = argument;

	witness->on_told = NULL;
	witness_create(witness, "Carol");
}

/* Those who are being told do not take up room for two. */
SMALL_TEST(room_for_one_more)
{
	struct witness *witness = &fixture->witness;

	witness_create(witness, "Ann");
	witness_create(witness, "Bob");
	witness->on_told = create_carol;
	witness->argument = witness;
	witness_settle(witness);
	judge(witness);
}

FIXTURE_TEST(pages_of_the_list)
{
	struct witness *witness = &fixture->witness;
	uint64_t last =
		add(witness, (const char *const[]){"A1", "A2", "A3", "A4", "A5"}, 5)->user.number;

	expect_page(witness, STORE_NEWEST, 0, 1, "A5 others");
	expect_page(witness, STORE_NEWEST, 3, 4, "A5 A4 A3 A2 others");
	expect_page(witness, STORE_NEWEST, 0, 5, "A5 A4 A3 A2 A1");
	expect_page(witness, STORE_NEWEST, 0, LIMIT_PAGE_MOST, "A5 A4 A3 A2 A1");
	expect_page(witness, STORE_OLDER_THAN, last, 2, "others A4 A3 others");
	expect_page(witness, STORE_OLDER_THAN, last, 4, "others A4 A3 A2 A1");
	expect_page(witness, STORE_OLDER_THAN, last + 1, 2, "A5 A4 others");
	expect_page(witness, STORE_OLDER_THAN, UINT64_MAX, 5, "A5 A4 A3 A2 A1");
	expect_page(witness, STORE_OLDER_THAN, 0, 2, "others");
	expect_page(witness, STORE_NEWER_THAN, 0, 2, "others A2 A1");
	expect_page(witness, STORE_NEWER_THAN, 0, 5, "A5 A4 A3 A2 A1");
	expect_page(witness, STORE_NEWER_THAN, last, 2, "others");
	expect_page(witness, STORE_NEWER_THAN, last - 1, 2, "A5 others");
	expect_page(witness, STORE_NEWER_THAN, UINT64_MAX, 2, "others");
	judge(witness);
}

static void expect_count(struct witness *witness, const char *typed, size_t most, size_t found)
{
	struct search search = {.from = SEARCH_FIRST};

	assert_int_equal(
		username_parse_beginning(typed, strlen(typed), &search.beginning), USERNAME_FINE);
	assert_int_equal(
		ask(witness, &(struct store_question){.search = &search, .most = most})->found,
		found);
}

/* On whatever page of it, a search says how many users it finds. */
FIXTURE_TEST(found)
{
	struct witness *witness = &fixture->witness;
	const char *const names[] = {"anna", "Ann Annason", "Bo-Ann", "\u00c4nne", "Bob"};

	add(witness, names, 5);
	expect_count(witness, "an", 2, 4);
	expect_count(witness, "\u00e4", 2, 1);
	expect_count(witness, "bo", 10, 2);
	expect_count(witness, "q", 10, 0);
	expect_count(witness, "an", 0, 0);
	assert_int_equal(ask(witness, &(struct store_question){.most = 2})->found, 0);
	judge(witness);
}

/* The longest pages, of the list and of a search. */
FIXTURE_TEST(longest_pages)
{
	struct witness *witness = &fixture->witness;
	struct search search = {.from = SEARCH_FIRST};

	add_many(witness, LIMIT_PAGE_MOST);
	assert_int_equal(username_parse_beginning("USER", 4, &search.beginning), USERNAME_FINE);
	for (size_t i = 0; i < 2; i++) {
		struct answer_note *answer =
			ask(witness, &(struct store_question){.most = LIMIT_PAGE_MOST});
		assert_int_equal(answer->count, LIMIT_PAGE_MOST);
		assert_int_equal(answer->has_next, i > 0);
		answer = ask(witness,
			&(struct store_question){.search = &search, .most = LIMIT_PAGE_MOST});
		assert_int_equal(answer->count, LIMIT_PAGE_MOST);
		assert_int_equal(answer->has_next, i > 0);
		witness_create(witness, "user999");
		witness_settle(witness);
	}
	judge(witness);
}

FIXTURE_TEST(searches)
{
	struct witness *witness = &fixture->witness;
	const char *const names[] = {
		"anna", "Bob", "ANN", "ann.b", "Ann Lee", "Aaron", "Zo\u00eb", "strasser"};
	uint64_t strasser = add(witness, names, 8)->user.number;
	uint64_t lee = strasser - 3, bob = strasser - 6, aaron = strasser - 2;

	expect_search(witness, "ann", SEARCH_FIRST, 0, 10, "ANN ann.b Ann Lee anna");
	expect_search(witness, "ann", SEARCH_FIRST, lee, 2, "ANN ann.b others");
	expect_search(witness, "ann ", SEARCH_FIRST, 0, 10, "ANN ann.b Ann Lee");
	expect_search(witness, "STRA\u00df", SEARCH_FIRST, 0, 10, "strasser");
	expect_search(witness, "zoe\u0308", SEARCH_FIRST, 0, 10, "Zo\u00eb");
	expect_search(witness, "zoe", SEARCH_FIRST, 0, 10, "Zo\u00eb");
	expect_search(witness, "zo\u00e9", SEARCH_FIRST, 0, 10, "");
	expect_search(witness, "LEE", SEARCH_FIRST, 0, 10, "Ann Lee");
	expect_search(witness, "b", SEARCH_FIRST, 0, 10, "ann.b Bob");
	expect_search(witness, "b", SEARCH_AFTER, strasser - 4, 10, "others Bob");
	expect_search(witness, "q", SEARCH_FIRST, 0, 10, "");
	expect_search(witness, "ann", SEARCH_AFTER, lee, 1, "others anna");
	expect_search(witness, "ann", SEARCH_AFTER, lee, 2, "others anna");
	expect_search(witness, "ann", SEARCH_BEFORE, lee, 1, "others ann.b others");
	expect_search(witness, "ann", SEARCH_BEFORE, bob, 2, "others Ann Lee anna");
	expect_search(witness, "ann", SEARCH_AFTER, bob, 2, "others");
	expect_search(witness, "ann", SEARCH_AFTER, aaron, 2, "ANN ann.b others");
	expect_search(witness, "ann", SEARCH_BEFORE, aaron, 2, "others");
	expect_search(witness, "ann", SEARCH_AFTER, strasser + 1, 2, "ANN ann.b others");
	expect_search(witness, "ann", SEARCH_BEFORE, strasser + 1, 2, "ANN ann.b others");
	judge(witness);
}

FIXTURE_TEST(beside)
{
	struct witness *witness = &fixture->witness;
	uint64_t bob = add(witness, (const char *const[]){"Ann", "Bob"}, 2)->user.number;
	const uint64_t nobody[] = {0, bob + 1, LIMIT_PLACE, UINT64_MAX};

	struct answer_note *answer = ask(witness,
		&(struct store_question){
			.from = STORE_OLDER_THAN, .number = bob, .most = 5, .beside = bob});
	assert_true(answer->has_beside);
	assert_string_equal(answer->beside.name, "Bob");
	expect_answer(answer, "others Ann");
	for (size_t i = 0; i < sizeof(nobody) / sizeof(*nobody); i++)
		assert_false(
			ask(witness, &(struct store_question){.beside = nobody[i]})->has_beside);
	judge(witness);
}

FIXTURE_TEST(nothing_but_the_view)
{
	struct witness *witness = &fixture->witness;
	uint64_t bob = add(witness, (const char *const[]){"Ann", "Bob"}, 2)->user.number;

	struct answer_note *answer =
		ask(witness, &(struct store_question){.least = bob, .most = 0});
	assert_int_equal(answer->count, 0);
	assert_int_equal(answer->view.users, 2);
	assert_int_equal(answer->view.newest, bob);
	for (unsigned i = 0; i < 20; i++)
		witness_view(witness, i % 2 == 0 ? bob : 0);
	judge(witness);
}

/* As long as the contents do, and no longer. */
FIXTURE_TEST(revision_stays)
{
	struct witness *witness = &fixture->witness;
	struct store_view before = view_of(witness);

	assert_string_equal(view_of(witness).revision, before.revision);
	add(witness, (const char *const[]){"Ann"}, 1);
	struct store_view after = view_of(witness);
	assert_string_not_equal(after.revision, before.revision);
	witness_create(witness, "ANN"); /* is taken, and changes nothing */
	witness_settle(witness);
	assert_string_equal(view_of(witness).revision, after.revision);
	witness_reopen(witness);
	view_of(witness);
	add(witness, (const char *const[]){"Bob"}, 1);
	view_of(witness);
	judge(witness);
}

static void ask_beside_all(struct witness *witness)
{
	for (uint64_t number = 1; number <= 6; number++)
		witness_ask(witness, &(struct store_question){.most = 3, .beside = number});
}

/* Users, counts, revision and the one beside agree, while others are being stored. */
FIXTURE_TEST(answers_are_of_one_moment)
{
	struct witness *witness = &fixture->witness;
	const char *const names[] = {"Ann", "Bob", "Carol", "Dave", "Erin", "Frank"};

	for (size_t i = 0; i < 6; i++) {
		witness_create(witness, names[i]);
		ask_beside_all(witness);
		witness_turn(witness);
		ask_beside_all(witness);
		if (i % 2 == 1)
			witness_wait(witness);
	}
	witness_settle(witness);
	judge(witness);
}

/* Once for those who were stored together, at most, and not unless there is something new. */
FIXTURE_TEST(watched)
{
	struct witness *witness = &fixture->witness;

	add(witness, (const char *const[]){"Ann", "Bob"}, 2);
	assert_int_equal(witness->followed, witness->known);
	assert_true(witness->changes >= 1);
	store_watch(witness->store, NULL, NULL);
	unsigned changes = witness->changes;
	struct create_note *carol = witness_create(witness, "Carol");
	while (carol->note.state == NOTE_UNDER_WAY)
		witness_wait(witness);
	assert_int_equal(witness->changes, changes);
	witness->followed = witness->known; /* nobody follows any more */
	judge(witness);
}

/* Each number once, in order, by any steps and from any position. */
FIXTURE_TEST(news)
{
	struct witness *witness = &fixture->witness;

	add_many(witness, 20);
	assert_int_equal(witness->followed, witness->known);
	for (uint64_t position = 0; position <= witness->known; position++)
		for (size_t most = 1; most <= 21; most += 4)
			while (witness_newer(witness, position, most) == NULL)
				witness_turn(witness);
	judge(witness);
}

/* Whatever is under way is cancelled; nothing is called any more, and nothing is left. */
FIXTURE_TEST(stopped_at_any_time)
{
	struct witness *witness = &fixture->witness;
	char name[32];

	for (unsigned turns = 0; turns < 6; turns++) {
		for (unsigned i = 0; i < 3; i++) {
			snprintf(name, sizeof(name), "user%u", turns * 2 + i);
			witness_create(witness, name);
			witness_ask(witness, &(struct store_question){.most = 5, .beside = i});
		}
		for (unsigned i = 0; i < turns / 2; i++)
			witness_turn(witness);
		witness_cancel_all(witness);
		witness_reopen(witness);
	}
	judge(witness);
}

FIXTURE_TEST(reopened)
{
	struct witness *witness = &fixture->witness;
	uint64_t bob = add(witness, (const char *const[]){"Ann", "Bob"}, 2)->user.number;

	witness_reopen(witness);
	expect_page(witness, STORE_NEWEST, 0, 10, "Bob Ann");
	struct create_note *taken = witness_create(witness, "ANN");
	struct create_note *carol = witness_create(witness, "Carol");
	witness_settle(witness);
	expect_created(taken, RESULT_TAKEN, "Ann");
	expect_created(carol, RESULT_OK, "Carol");
	assert_true(carol->user.number > bob);
	witness_reopen(witness);
	expect_page(witness, STORE_NEWEST, 0, 10, "Carol Bob Ann");
	judge(witness);
}
