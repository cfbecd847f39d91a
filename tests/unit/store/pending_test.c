#include "support/test.h"
#include "support/unit/result_word.h"

#include <stdio.h>
#include <string.h>

#include "store/pending.h"

/* The outcome of each caller, in order: "alice:ok bob:taken". */
struct told {
	char text[256];
};

/* A caller. */
struct asker {
	struct told *told;
	const char *name;
	struct pending_create *create;
};

static void on_created(void *argument, enum result result, const struct user *user)
{
	const struct asker *asker = argument;
	char *text = asker->told->text;
	size_t length = strlen(text);

	snprintf(text + length, sizeof(asker->told->text) - length, "%s%s:%s%s",
		length > 0 ? " " : "", asker->name, result_word(result), user != NULL ? "!" : "");
}

static struct username username(const char *name)
{
	struct username result;

	assert_int_equal(username_parse(name, strlen(name), &result), USERNAME_FINE);
	return result;
}

static void ask(struct pending *pending, struct asker *asker, const char *name)
{
	struct username wanted = username(name);

	asker->create = pending_add(pending, &wanted, on_created, asker);
	assert_non_null(asker->create);
}

/* Takes the batch; the names in it must be those, in that order: "alice bob". */
static void take(struct pending *pending, struct pending_batch *batch, const char *wanted)
{
	const struct pending_create *create;
	char names[256] = "";

	TAILQ_INIT(batch);
	pending_take(pending, batch);
	TAILQ_FOREACH (create, batch, next) {
		size_t length = strlen(names);
		snprintf(names + length, sizeof(names) - length, "%s%.*s", length > 0 ? " " : "",
			(int)create->name_length, create->name);
	}
	assert_string_equal(names, wanted);
}

static size_t take_all(struct pending *pending, struct pending_batch *batch)
{
	const struct pending_create *create;
	size_t count = 0;

	TAILQ_INIT(batch);
	pending_take(pending, batch);
	TAILQ_FOREACH (create, batch, next)
		count++;
	return count;
}

static void finish(struct pending *pending, struct pending_batch *batch, enum result result)
{
	const struct user user = {.number = 1, .name = "somebody", .name_length = 8};
	struct pending_create *create;

	while ((create = TAILQ_FIRST(batch)) != NULL) {
		TAILQ_REMOVE(batch, create, next);
		pending_finish(pending, create, result, result == RESULT_OK ? &user : NULL);
	}
}

static void take_and_finish(struct pending *pending, const char *wanted, enum result result)
{
	struct pending_batch batch;

	take(pending, &batch, wanted);
	finish(pending, &batch, result);
}

static void expect_end(struct pending *pending, const struct told *told, const char *wanted)
{
	struct pending_batch batch;

	assert_string_equal(told->text, wanted);
	assert_int_equal(pending_count(pending), 0);
	assert_int_equal(take_all(pending, &batch), 0);
	pending_close(pending);
}

TEST(nothing)
{
	struct told told = {""};

	expect_end(pending_open(), &told, "");
	pending_close(NULL);
}

TEST(in_order)
{
	struct told told = {""};
	struct asker a = {&told, "a", NULL}, b = {&told, "b", NULL}, c = {&told, "c", NULL};
	struct pending *pending = pending_open();

	ask(pending, &a, "carol");
	ask(pending, &b, "alice");
	ask(pending, &c, "bob");
	assert_int_equal(pending_count(pending), 3);
	struct pending_batch batch, none;
	take(pending, &batch, "carol alice bob");
	assert_string_equal(told.text, "");
	take(pending, &none, "");
	finish(pending, &batch, RESULT_OK);
	expect_end(pending, &told, "a:ok! b:ok! c:ok!");
}

TEST(next_batch)
{
	struct told told = {""};
	struct asker a = {&told, "a", NULL}, b = {&told, "b", NULL}, c = {&told, "c", NULL};
	struct pending *pending = pending_open();

	ask(pending, &a, "alice");
	struct pending_batch first;
	take(pending, &first, "alice");
	ask(pending, &b, "bob");
	ask(pending, &c, "carol");
	finish(pending, &first, RESULT_FULL);
	assert_string_equal(told.text, "a:full");
	assert_int_equal(pending_count(pending), 2);
	take_and_finish(pending, "bob carol", RESULT_OK);
	expect_end(pending, &told, "a:full b:ok! c:ok!");
}

/* By whichever spelling. */
TEST(later_ones_wait_for_the_first)
{
	struct told told = {""};
	struct asker a = {&told, "a", NULL}, b = {&told, "b", NULL}, c = {&told, "c", NULL};
	struct asker d = {&told, "d", NULL};
	struct pending *pending = pending_open();

	ask(pending, &a, "alice");
	ask(pending, &b, "ALICE");
	ask(pending, &c, "bob");
	ask(pending, &d, "\uff41lice");
	assert_int_equal(pending_count(pending), 4);
	take_and_finish(pending, "alice bob", RESULT_OK);
	expect_end(pending, &told, "a:ok! b:taken! d:taken! c:ok!");
}

/* "Сор" and "сор" are in Cyrillic. */
TEST(later_ones_wait_for_one_that_looks_like_them)
{
	struct told told = {""};
	struct asker a = {&told, "a", NULL}, b = {&told, "b", NULL}, c = {&told, "c", NULL};
	struct asker d = {&told, "d", NULL}, e = {&told, "e", NULL}, f = {&told, "f", NULL};
	struct pending *pending = pending_open();

	ask(pending, &a, "Cop");
	ask(pending, &b, "Сор");
	ask(pending, &c, "cop");
	ask(pending, &d, "СОРТ");
	ask(pending, &e, "Bernie");
	ask(pending, &f, "Bemie"); /* in the same script */
	assert_int_equal(pending_count(pending), 6);
	take_and_finish(pending, "Cop СОРТ Bernie Bemie", RESULT_OK);
	expect_end(pending, &told, "a:ok! b:alike! c:taken! d:ok! e:ok! f:ok!");
}

TEST(a_latin_one_waits_for_one_that_looks_like_it)
{
	struct told told = {""};
	struct asker a = {&told, "a", NULL}, b = {&told, "b", NULL}, c = {&told, "c", NULL};
	struct pending *pending = pending_open();
	struct pending_batch batch;

	ask(pending, &a, "Сор");
	take(pending, &batch, "Сор");
	ask(pending, &b, "Cop");
	ask(pending, &c, "Copy");
	finish(pending, &batch, RESULT_FULL);
	assert_string_equal(told.text, "a:full b:full");
	take_and_finish(pending, "Copy", RESULT_OK);
	expect_end(pending, &told, "a:full b:full c:ok!");
}

/* A name that waits for another one takes one seat, too, however often it was sent. */
TEST(one_seat_for_a_name_that_waits_for_another)
{
	struct told told = {""};
	struct asker a = {&told, "a", NULL}, b = {&told, "b", NULL}, c = {&told, "c", NULL};
	struct asker d = {&told, "d", NULL};
	struct pending *pending = pending_open();
	const struct username waiting = username("Сор"), other = username("сосо");

	ask(pending, &a, "Cop");
	assert_false(pending_has(pending, &waiting));
	ask(pending, &b, "Сор");
	ask(pending, &c, "Сор");
	ask(pending, &d, "Сор");
	assert_true(pending_has(pending, &waiting));
	assert_false(pending_has(pending, &other));
	assert_int_equal(pending_names(pending), 2);
	pending_cancel(pending, b.create);
	assert_true(pending_has(pending, &waiting));
	assert_int_equal(pending_names(pending), 2);
	pending_cancel(pending, a.create);
	assert_int_equal(pending_names(pending), 1);
	pending_cancel(pending, d.create);
	assert_int_equal(pending_names(pending), 1);
	take_and_finish(pending, "Сор", RESULT_OK);
	assert_int_equal(pending_names(pending), 0);
	expect_end(pending, &told, "c:ok!");
}

/* In the place of the one that is gone; and then those that looked like it wait for them. */
TEST(heirs_of_other_names)
{
	struct told told = {""};
	struct asker a = {&told, "a", NULL}, b = {&told, "b", NULL}, c = {&told, "c", NULL};
	struct asker d = {&told, "d", NULL};
	struct pending *pending = pending_open();

	ask(pending, &a, "Cop");
	ask(pending, &b, "Сор");
	ask(pending, &c, "Cop");
	ask(pending, &d, "Bob");
	pending_cancel(pending, a.create);
	assert_int_equal(pending_count(pending), 3);
	take_and_finish(pending, "Сор Bob", RESULT_OK);
	expect_end(pending, &told, "b:ok! c:alike! d:ok!");
}

/* "АННА" looks like "AHHA"; "ahha" is the same name and does not. */
TEST(another_spelling_does_not_wait_for_what_it_does_not_look_like)
{
	struct told told = {""};
	struct asker a = {&told, "a", NULL}, b = {&told, "b", NULL}, c = {&told, "c", NULL};
	struct pending *pending = pending_open();

	ask(pending, &a, "АННА");
	ask(pending, &b, "AHHA");
	ask(pending, &c, "ahha");
	take_and_finish(pending, "АННА ahha", RESULT_OK);
	expect_end(pending, &told, "a:ok! b:alike! c:ok!");
}

/* Though another spelling, which waits for a name that looks like it, came into its place later. */
TEST(another_spelling_waits_for_the_first_of_its_name)
{
	struct told told = {""};
	struct asker a = {&told, "a", NULL}, b = {&told, "b", NULL}, c = {&told, "c", NULL};
	struct asker d = {&told, "d", NULL}, e = {&told, "e", NULL};
	struct pending *pending = pending_open();

	ask(pending, &a, "АННА");
	ask(pending, &b, "AHHA");
	ask(pending, &c, "AHHA");
	ask(pending, &d, "ahha");
	pending_cancel(pending, b.create);
	ask(pending, &e, "ahha");
	take_and_finish(pending, "АННА ahha", RESULT_OK);
	expect_end(pending, &told, "a:ok! c:alike! d:ok! e:taken!");
}

/* "HE" looks like "НЕ", and "he" like "һе", which are two names. */
TEST(spellings_that_wait_for_different_names)
{
	struct told told = {""};
	struct asker a = {&told, "a", NULL}, b = {&told, "b", NULL}, c = {&told, "c", NULL};
	struct asker d = {&told, "d", NULL}, e = {&told, "e", NULL}, f = {&told, "f", NULL};
	struct pending *pending = pending_open();

	ask(pending, &a, "НЕ");
	ask(pending, &b, "HE");
	ask(pending, &c, "һе");
	ask(pending, &d, "he");
	ask(pending, &e, "he");
	assert_int_equal(pending_names(pending), 4);
	pending_cancel(pending, d.create);
	assert_int_equal(pending_names(pending), 4);
	ask(pending, &f, "he");
	take_and_finish(pending, "НЕ һе", RESULT_OK);
	assert_int_equal(pending_names(pending), 0);
	expect_end(pending, &told, "a:ok! b:alike! c:ok! e:alike! f:alike!");
}

/* "Анна" is no lookalike of "AHHA", but the one that waits for it is. */
TEST(an_heir_waits_for_a_name_that_looks_like_its_own)
{
	struct told told = {""};
	struct asker a = {&told, "a", NULL}, b = {&told, "b", NULL}, c = {&told, "c", NULL};
	struct pending *pending = pending_open();

	ask(pending, &a, "Анна");
	ask(pending, &b, "АННА");
	ask(pending, &c, "AHHA");
	pending_cancel(pending, a.create);
	take_and_finish(pending, "AHHA", RESULT_OK);
	expect_end(pending, &told, "c:ok! b:alike!");
}

TEST(all_fail_with_the_first)
{
	struct told told = {""};
	struct asker a = {&told, "a", NULL}, b = {&told, "b", NULL}, c = {&told, "c", NULL};
	struct pending *pending = pending_open();

	ask(pending, &a, "alice");
	ask(pending, &b, "alice");
	struct pending_batch batch, none;
	take(pending, &batch, "alice");
	ask(pending, &c, "alice"); /* while it is on its way */
	take(pending, &none, "");
	finish(pending, &batch, RESULT_FULL);
	expect_end(pending, &told, "a:full b:full c:full");
}

/* A name that another user has keeps those from it that want that very name, or look like it. Names
 * that looked like the refused one alone are still to be had. */
TEST(refused_for_a_holder)
{
	const struct user holder = {.number = 1, .name = "СОР", .name_length = strlen("СОР")};
	const struct user latin = {.number = 2, .name = "cop", .name_length = 3};
	struct told told = {""};
	struct asker a = {&told, "a", NULL}, b = {&told, "b", NULL}, c = {&told, "c", NULL},
		     d = {&told, "d", NULL};
	struct pending *pending = pending_open();
	struct pending_batch batch = TAILQ_HEAD_INITIALIZER(batch);

	ask(pending, &a, "сор");
	ask(pending, &b, "сОр");
	ask(pending, &c, "cop");
	ask(pending, &d, "cor");
	assert_ptr_equal(pending_take_first(pending, &batch), a.create);
	TAILQ_REMOVE(&batch, a.create, next);
	pending_refuse(pending, a.create, RESULT_TAKEN, &holder);
	assert_string_equal(told.text, "a:taken! b:taken! c:alike!");
	assert_int_equal(pending_count(pending), 1);
	take_and_finish(pending, "cor", RESULT_OK);

	ask(pending, &a, "сор");
	ask(pending, &b, "Cop");
	ask(pending, &c, "сОР");
	assert_ptr_equal(pending_take_first(pending, &batch), a.create);
	assert_null(pending_take_first(pending, &batch));
	TAILQ_REMOVE(&batch, a.create, next);
	told.text[0] = '\0';
	pending_refuse(pending, a.create, RESULT_ALIKE, &latin);
	assert_string_equal(told.text, "a:alike! b:taken! c:alike!");

	/* In capitals they look alike, as "Том" and "TOM" do not. */
	ask(pending, &a, "ТОМ");
	ask(pending, &b, "TOM");
	assert_ptr_equal(pending_take_first(pending, &batch), a.create);
	TAILQ_REMOVE(&batch, a.create, next);
	told.text[0] = '\0';
	pending_refuse(pending, a.create, RESULT_TAKEN,
		&(struct user){.number = 3, .name = "Том", .name_length = strlen("Том")});
	assert_string_equal(told.text, "a:taken!");
	take_and_finish(pending, "TOM", RESULT_OK);
	expect_end(pending, &told, "a:taken! b:ok!");
}

struct holding {
	const char *name;
	const struct user *user;
};

/* pending_holder_cb: of one name in this very spelling. */
static enum result holder_of(
	void *argument, const struct pending_create *create, struct user *holder)
{
	const struct holding *holding = argument;
	bool is_name = strlen(holding->name) == create->name_length &&
		       memcmp(holding->name, create->name, create->name_length) == 0;

	*holder = *holding->user;
	return is_name ? RESULT_ALIKE : RESULT_OK;
}

/* It may look like a user's name that the one before it did not look like. */
TEST(an_heir_is_asked_for)
{
	const struct user user = {.number = 1, .name = "АННА", .name_length = strlen("АННА")};
	struct holding holding = {"AHHA", &user};
	struct told told = {""};
	struct asker a = {&told, "a", NULL}, b = {&told, "b", NULL}, c = {&told, "c", NULL};
	struct pending *pending = pending_open();

	ask(pending, &a, "ahha");
	ask(pending, &b, "AHHA");
	ask(pending, &c, "bob");
	pending_cancel(pending, a.create);
	pending_sift(pending, holder_of, &holding);
	take_and_finish(pending, "bob", RESULT_OK);
	expect_end(pending, &told, "b:alike! c:ok!");
}

TEST(free_again_afterwards)
{
	struct told told = {""};
	struct asker a = {&told, "a", NULL}, b = {&told, "b", NULL};
	struct pending *pending = pending_open();

	ask(pending, &a, "alice");
	take_and_finish(pending, "alice", RESULT_FULL);
	ask(pending, &b, "alice");
	take_and_finish(pending, "alice", RESULT_OK);
	expect_end(pending, &told, "a:full b:ok!");
}

/* Each place in the queue in turn; then one more joins at its end. */
TEST(cancel_without_waiters)
{
	static const char *const names[] = {"alice", "bob", "carol"};
	static const char *const left[] = {"bob carol dave", "alice carol dave", "alice bob dave"};

	for (size_t cancelled = 0; cancelled < 3; cancelled++) {
		struct told told = {""};
		struct asker askers[] = {
			{&told, "a", NULL}, {&told, "b", NULL}, {&told, "c", NULL}};
		struct asker last = {&told, "d", NULL};
		struct pending *pending = pending_open();
		for (size_t i = 0; i < 3; i++)
			ask(pending, &askers[i], names[i]);
		pending_cancel(pending, askers[cancelled].create);
		assert_int_equal(pending_count(pending), 2);
		ask(pending, &last, "dave");
		take_and_finish(pending, left[cancelled], RESULT_OK);
		static const char *const ends[] = {
			"b:ok! c:ok! d:ok!", "a:ok! c:ok! d:ok!", "a:ok! b:ok! d:ok!"};
		expect_end(pending, &told, ends[cancelled]);
	}
}

/* The heir takes its place in the queue, wherever that is, and callers that waited wait for the
 * heir. */
TEST(cancel_with_waiters)
{
	static const char *const names[] = {"alice", "bob", "carol"};
	static const char *const spellings[] = {"ALICE", "BOB", "CAROL"};
	static const char *const left[] = {
		"ALICE bob carol dave", "alice BOB carol dave", "alice bob CAROL dave"};
	static const char *const ends[] = {"x:ok! y:taken! z:taken! b:ok! c:ok! d:ok!",
		"a:ok! x:ok! y:taken! z:taken! c:ok! d:ok!",
		"a:ok! b:ok! x:ok! y:taken! z:taken! d:ok!"};

	for (size_t cancelled = 0; cancelled < 3; cancelled++) {
		struct told told = {""};
		struct asker askers[] = {
			{&told, "a", NULL}, {&told, "b", NULL}, {&told, "c", NULL}};
		struct asker x = {&told, "x", NULL}, y = {&told, "y", NULL};
		struct asker z = {&told, "z", NULL}, last = {&told, "d", NULL};
		struct pending *pending = pending_open();
		for (size_t i = 0; i < 3; i++)
			ask(pending, &askers[i], names[i]);
		ask(pending, &x, spellings[cancelled]);
		ask(pending, &y, names[cancelled]);
		pending_cancel(pending, askers[cancelled].create);
		ask(pending, &last, "dave");
		ask(pending, &z, names[cancelled]);
		assert_int_equal(pending_count(pending), 6);
		take_and_finish(pending, left[cancelled], RESULT_OK);
		expect_end(pending, &told, ends[cancelled]);
	}
}

TEST(cancel_all)
{
	struct told told = {""};
	struct asker a = {&told, "a", NULL}, b = {&told, "b", NULL}, c = {&told, "c", NULL};
	struct pending *pending = pending_open();
	struct pending_batch none;

	ask(pending, &a, "alice");
	ask(pending, &b, "alice");
	ask(pending, &c, "bob");
	pending_cancel(pending, a.create);
	pending_cancel(pending, b.create);
	pending_cancel(pending, c.create);
	assert_int_equal(pending_count(pending), 0);
	take(pending, &none, "");
	ask(pending, &a, "alice"); /* the queue still takes one */
	take_and_finish(pending, "alice", RESULT_OK);
	expect_end(pending, &told, "a:ok!");
}

/* Each of three; the first can be on its way by then. */
TEST(cancel_a_waiter)
{
	static const char *const ends[] = {
		"a:ok! y:taken! z:taken!", "a:ok! x:taken! z:taken!", "a:ok! x:taken! y:taken!"};

	for (size_t i = 0; i < 6; i++) {
		struct told told = {""};
		struct asker a = {&told, "a", NULL};
		struct asker others[] = {
			{&told, "x", NULL}, {&told, "y", NULL}, {&told, "z", NULL}};
		struct pending *pending = pending_open();
		ask(pending, &a, "alice");
		for (size_t j = 0; j < 3; j++)
			ask(pending, &others[j], "alice");
		struct pending_batch batch;
		if (i >= 3)
			take(pending, &batch, "alice");
		pending_cancel(pending, others[i % 3].create);
		assert_int_equal(pending_count(pending), 3);
		if (i < 3)
			take(pending, &batch, "alice");
		finish(pending, &batch, RESULT_OK);
		expect_end(pending, &told, ends[i % 3]);
	}
}

static const char *const one_name[] = {"alice", "Alice", "aLICE", "ALICE"};

/* The first caller left gets the name, and the others are told that it is taken. */
static void expect_left(struct pending *pending, const struct told *told, const bool *is_gone)
{
	static const char *const ok[] = {"w:ok!", "x:ok!", "y:ok!", "z:ok!"};
	static const char *const taken[] = {" w:taken!", " x:taken!", " y:taken!", " z:taken!"};
	char wanted[64] = "";
	int first = -1;

	for (int i = 0; i < 4; i++) {
		if (is_gone[i])
			continue;
		strcat(wanted, first < 0 ? ok[i] : taken[i]);
		first = first < 0 ? i : first;
	}
	take_and_finish(pending, first < 0 ? "" : one_name[first], RESULT_OK);
	expect_end(pending, told, wanted);
}

/* Four ask for one name, and the first `leavers` of `order` leave. */
static void leave_in_order(const int *order, size_t leavers)
{
	struct told told = {""};
	struct asker askers[] = {
		{&told, "w", NULL}, {&told, "x", NULL}, {&told, "y", NULL}, {&told, "z", NULL}};
	struct pending *pending = pending_open();
	bool is_gone[4] = {false};

	for (size_t i = 0; i < 4; i++)
		ask(pending, &askers[i], one_name[i]);
	for (size_t i = 0; i < leavers; i++) {
		pending_cancel(pending, askers[order[i]].create);
		is_gone[order[i]] = true;
		assert_int_equal(pending_count(pending), 4 - i - 1);
	}
	expect_left(pending, &told, is_gone);
}

/* Callers leave in every order: heirs have heirs. */
TEST(cancel_in_every_order)
{
	int order[4];

	for (int code = 0; code < 4 * 4 * 4 * 4; code++) {
		unsigned seen = 0;
		for (int i = 0; i < 4; i++) {
			order[i] = code >> (2 * i) & 3;
			seen |= 1u << order[i];
		}
		for (size_t leavers = 1; seen == 0xf && leavers <= 4; leavers++)
			leave_in_order(order, leavers);
	}
}

/* It is stored all the same, and the callers that waited learn of it; only the one that left does
 * not. */
TEST(cancel_what_is_on_its_way)
{
	struct told told = {""};
	struct asker a = {&told, "a", NULL}, b = {&told, "b", NULL}, c = {&told, "c", NULL};
	struct pending *pending = pending_open();

	ask(pending, &a, "alice");
	ask(pending, &b, "alice");
	ask(pending, &c, "carol");
	struct pending_batch batch;
	take(pending, &batch, "alice carol");
	pending_cancel(pending, a.create);
	pending_cancel(pending, c.create);
	assert_int_equal(pending_count(pending), 3);
	finish(pending, &batch, RESULT_OK);
	expect_end(pending, &told, "b:taken!");
}

struct canceller {
	struct asker asker;
	struct pending *pending;
	struct pending_create *victim;
};

static void cancel_other(void *argument, enum result result, const struct user *user)
{
	struct canceller *canceller = argument;

	on_created(&canceller->asker, result, user);
	pending_cancel(canceller->pending, canceller->victim);
}

/* A callback may cancel a caller that has not been told yet. */
TEST(cancel_within_a_callback)
{
	struct told told = {""};
	struct pending *pending = pending_open();
	struct canceller first = {{&told, "a", NULL}, pending, NULL};
	struct asker b = {&told, "b", NULL}, c = {&told, "c", NULL}, d = {&told, "d", NULL};
	struct canceller second = {{&told, "e", NULL}, pending, NULL};
	struct username alice = username("alice"), erin = username("erin");

	(void)pending_add(pending, &alice, cancel_other, &first);
	ask(pending, &b, "alice");
	ask(pending, &c, "alice");
	(void)pending_add(pending, &erin, cancel_other, &second);
	ask(pending, &d, "dave");
	first.victim = b.create;  /* waits for it */
	second.victim = d.create; /* comes later in the batch */
	take_and_finish(pending, "alice erin dave", RESULT_OK);
	expect_end(pending, &told, "a:ok! c:taken! e:ok!");
}

TEST(many)
{
	static struct told told;
	static struct asker askers[5000];
	struct pending *pending = pending_open();
	char name[32];
	struct pending_batch batch;

	for (size_t i = 0; i < 5000; i++) {
		struct username wanted;
		snprintf(name, sizeof(name), "user%zu", i);
		wanted = username(name);
		askers[i] = (struct asker){&told, "", NULL};
		askers[i].create = pending_add(pending, &wanted, NULL, NULL);
	}
	for (size_t i = 0; i < 5000; i += 3)
		pending_cancel(pending, askers[i].create);
	assert_int_equal(take_all(pending, &batch), 3333);
	finish(pending, &batch, RESULT_FULL);
	expect_end(pending, &told, "");
}

#define NAMES 5000

static void ask_for_all(struct pending *pending, struct asker *askers)
{
	char name[32];

	for (size_t i = 0; i < NAMES; i++) {
		snprintf(name, sizeof(name), "user%zu", i);
		ask(pending, &askers[i], name);
	}
}

/* An heir is found by its name, as the caller before it was. */
TEST(many_heirs)
{
	static struct told told;
	static struct asker firsts[NAMES], heirs[NAMES], others[NAMES];
	struct pending *pending = pending_open();
	struct pending_batch batch;

	ask_for_all(pending, firsts);
	ask_for_all(pending, heirs);
	for (size_t i = 0; i < NAMES; i++)
		pending_cancel(pending, firsts[i].create);
	ask_for_all(pending, others);
	assert_int_equal(take_all(pending, &batch), NAMES);
	for (size_t i = 0; i < NAMES; i++) {
		pending_cancel(pending, heirs[i].create);
		pending_cancel(pending, others[i].create);
	}
	finish(pending, &batch, RESULT_OK);
	expect_end(pending, &told, "");
}
