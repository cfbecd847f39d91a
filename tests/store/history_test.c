/*
 * Random histories: creates of a few names in many spellings, so that they collide, questions of
 * every kind, cancels, news, turns of the loop and reopening, also from within callbacks. The judge
 * compares all that was told with the model.
 *
 *	CONFORMANCE_SEED=N         only the history of that seed
 *	CONFORMANCE_HISTORIES=N    the histories of seeds 1 to N, and one of a seed that is new each
 *time
 *
 * A seed gives the same operations again, but not what the threads of a store do meanwhile.
 */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "crash/dice.h"
#include "store/judge.h"
#include "store/witness.h"

#define HISTORIES  120
#define OPERATIONS 150
#define MOST       12   /* users asked for at once */
#define MANY       1000 /* more than a history can have */

/* Names with the same key stand side by side. */
static const char *const names[] = {"Ann", "ANN", "ann", "\uff21nn", "Ann Lee", "ann lee", "ann.b",
	"Anna", "ANNA", "Stra\u00dfe", "STRASSE", "strasse", "strasser", "Zo\u00eb", "ZOE\u0308",
	"zoe", "bob", "BOB", "Bo", "\u5c71\u7530", "\u5c71", "x1", "X1", "x2", "x10",
	"Bo-Ann Annason", "Lee Ann", "\u00c4nn", "\u00e4nn lee", "B\u00f8 Strasse",
	"\ud55c\uad6d \ud558", "\ud558",
	/* and these look like others, in Cyrillic */
	"Cop", "cop", "COP", "Сор", "сор", "СОР"};

static const char *const beginnings[] = {"a", "AN", "ann", "ann ", "anna", "s", "stra\u00df",
	"strasse ", "zo", "zo\u00eb", "b", "bo", "bo ", "bob", "x", "x1", "\u5c71", "q", "lee",
	"lee a", "\u00e4", "\u00e4nn ", "b\u00f8", "\ud558", "\ud55c"};

struct history {
	struct witness witness;
	struct dice dice;
	unsigned depth; /* of callbacks in each other */
};

static size_t roll(struct history *history, size_t sides)
{
	return (size_t)dice_roll(&history->dice, sides);
}

/* Of a user, or of nobody, or beyond all. */
static uint64_t roll_number(struct history *history)
{
	if (roll(history, 16) == 0)
		return UINT64_MAX - roll(history, 2);
	return roll(history, (size_t)history->witness.known + 3);
}

/* That the store may have told of. */
static uint64_t roll_known(struct history *history)
{
	return roll(history, 2) == 0 ? roll(history, (size_t)history->witness.known + 1) : 0;
}

static void do_create(struct history *history)
{
	witness_create(&history->witness, names[roll(history, sizeof(names) / sizeof(*names))]);
}

static void do_ask(struct history *history)
{
	struct search search = {0};
	struct store_question question = {.least = roll_known(history),
		.from = (enum store_from)roll(history, 3),
		.number = roll_number(history),
		.most = roll(history, MOST),
		.beside = roll(history, 2) == 0 ? roll_number(history) : 0};

	if (roll(history, 2) == 0) {
		const char *typed =
			beginnings[roll(history, sizeof(beginnings) / sizeof(*beginnings))];
		assert_int_equal(username_parse_beginning(typed, strlen(typed), &search.beginning),
			USERNAME_FINE);
		search.from = (enum search_from)roll(history, 3);
		search.number = roll_number(history);
		question.search = &search;
	}
	witness_ask(&history->witness, &question);
}

static void do_view(struct history *history)
{
	witness_view(&history->witness, roll_known(history));
}

static void do_newer(struct history *history)
{
	witness_newer(&history->witness, roll_known(history), 1 + roll(history, MOST));
}

/* One of those that are under way: every one has the same chance. */
static void do_cancel(struct history *history)
{
	struct witness *witness = &history->witness;
	struct create_note *create;
	struct answer_note *answer;

	if (witness->under_way == 0)
		return;
	size_t left = roll(history, witness->under_way);
	STAILQ_FOREACH(create, &witness->creates, next)
	if (create->note.state == NOTE_UNDER_WAY && left-- == 0) {
		witness_cancel_create(witness, create);
		return;
	}
	STAILQ_FOREACH(answer, &witness->answers, next)
	if (answer->note.state == NOTE_UNDER_WAY && left-- == 0) {
		witness_cancel_answer(witness, answer);
		return;
	}
}

/* What is asked of the store, also by its callbacks. */
static void operate(struct history *history)
{
	static void (*const operations[])(struct history * history) = {do_create, do_create,
		do_create, do_ask, do_ask, do_ask, do_view, do_newer, do_cancel};

	operations[roll(history, sizeof(operations) / sizeof(*operations))](history);
}

/* At the end of a callback of the store. */
static void on_told(void *argument)
{
	struct history *history = argument;

	if (history->depth >= 2 || roll(history, 3) > 0)
		return;
	history->depth++;
	operate(history);
	history->depth--;
}

static void do_reopen(struct history *history)
{
	if (roll(history, 2) == 0)
		witness_settle(&history->witness);
	else
		witness_cancel_all(&history->witness);
	if (history->witness.complaint[0] == '\0')
		witness_reopen(&history->witness);
}

static void let_time_pass(struct history *history)
{
	size_t chance = roll(history, 32);

	if (chance == 0)
		do_reopen(history);
	else if (chance < 8)
		witness_wait(&history->witness);
	else if (chance < 24)
		witness_turn(&history->witness);
}

static void run_history(uint64_t seed)
{
	struct history *history = calloc(1, sizeof(*history));

	assert_non_null(history);
	history->dice.state = seed;
	witness_begin(&history->witness, roll(history, 4) == 0 ? 1 + roll(history, 8) : MANY, seed);
	history->witness.on_told = on_told;
	history->witness.argument = history;
	size_t quiet = 1 + roll(history, 6); /* operations between turns of the loop */
	for (size_t i = 0; i < OPERATIONS && history->witness.complaint[0] == '\0'; i++) {
		operate(history);
		if (roll(history, quiet) == 0)
			let_time_pass(history);
	}
	history->witness.on_told = NULL;
	witness_settle(&history->witness);
	judge(&history->witness);
	witness_end(&history->witness);
	free(history);
}

static uint64_t read_number(const char *variable, uint64_t otherwise)
{
	const char *text = getenv(variable);

	return text != NULL ? strtoull(text, NULL, 10) : otherwise;
}

TEST(random_histories)
{
	uint64_t seed = read_number("CONFORMANCE_SEED", 0);
	uint64_t last = read_number("CONFORMANCE_HISTORIES", HISTORIES);
	uint64_t random = 0;

	if (seed > 0) {
		run_history(seed);
		return;
	}
	for (seed = 1; seed <= last; seed++)
		run_history(seed);
	if (getrandom(&random, sizeof(random), 0) == (ssize_t)sizeof(random))
		run_history(1 + random % 1000000000);
}
