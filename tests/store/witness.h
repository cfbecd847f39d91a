#ifndef ROLLCALL_TESTS_STORE_WITNESS_H
#define ROLLCALL_TESTS_STORE_WITNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <uv.h>

#include "store/model.h"
#include "store/store.h"

/*
 * Uses a store, and writes down what it asks and what it is told, each with its moment. Which users
 * a store had when is known for certain only afterwards: so judge.h looks at the notes when all is
 * over. What is wrong by itself, as a second answer, is a complaint at once; the first one counts.
 */

enum note_state { NOTE_UNDER_WAY, NOTE_TOLD, NOTE_CANCELLED };

/* Moments count up: no two things happen at the same one. */
struct note {
	struct witness *witness;
	struct store_job *job; /* while it is under way */
	enum note_state state;
	uint64_t began;
	uint64_t ended;
	uint64_t known; /* the newest number that the witness had been told of when it began */
};

struct create_note {
	struct note note;
	STAILQ_ENTRY(create_note) next;
	struct username username;
	struct model_user wanted; /* the name, and what it is compared by */
	enum result result;
	struct model_user user; /* stored, or holds the name */
	size_t most_users;      /* there could be, when it ended, had all before it been stored */
};

struct answer_note {
	struct note note;
	STAILQ_ENTRY(answer_note) next;
	struct store_question question;
	struct search search; /* if question.search is it */
	enum result result;
	unsigned opening; /* of the store, when it was answered: 1, 2... */
	struct store_view view;
	struct model_user *users;
	size_t count;
	bool has_previous;
	bool has_next;
	size_t found;
	bool has_beside;
	struct model_user beside;
};

/* An answer of store_newer(). */
struct news_note {
	struct note note;
	STAILQ_ENTRY(news_note) next;
	uint64_t position;
	struct model_user *users;
	struct store_news news;
};

struct witness {
	uv_loop_t loop;
	uv_timer_t patience; /* keeps the loop alive while something is waited for */
	void *place;
	struct store *store; /* NULL: closed */
	uint64_t max_users;
	uint64_t seed;
	unsigned opening;

	uint64_t moment;
	uint64_t known;
	size_t under_way;
	bool is_calling; /* the store may not call back now */
	STAILQ_HEAD(, create_note) creates;
	STAILQ_HEAD(, answer_note) answers;
	STAILQ_HEAD(, news_note) all_news;

	uint64_t followed; /* the number of the last user read by the watcher */
	unsigned changes;  /* calls of the watcher */

	/* Called at the end of each callback, unless NULL. */
	void (*on_told)(void *argument);
	void *argument;

	char complaint[512];
};

/* Opens a store in a place of its own, with a watcher that follows it. */
void witness_begin(struct witness *witness, uint64_t max_users, uint64_t seed);

/* Closes what is open; nothing may be left on the loop. */
void witness_end(struct witness *witness);

void witness_complain(struct witness *witness, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Each note stays the witness's. */
struct create_note *witness_create(struct witness *witness, const char *name);
void witness_cancel_create(struct witness *witness, struct create_note *create);

/* The search of the question, unless NULL, is copied. */
struct answer_note *witness_ask(struct witness *witness, const struct store_question *question);
void witness_cancel_answer(struct witness *witness, struct answer_note *answer);
void witness_cancel_all(struct witness *witness);

/* NULL: it is not at hand. */
struct answer_note *witness_view(struct witness *witness, uint64_t least);
struct news_note *witness_newer(struct witness *witness, uint64_t position, size_t most);

/* One turn of the loop, which does not wait. */
void witness_turn(struct witness *witness);

/* Turns until something happens, if anything is under way. */
void witness_wait(struct witness *witness);

/* Turns until nothing is under way, and the follower has read all users that the witness knows. */
void witness_settle(struct witness *witness);

/* Nothing may be under way. */
void witness_close_store(struct witness *witness);
void witness_reopen(struct witness *witness);

#endif
