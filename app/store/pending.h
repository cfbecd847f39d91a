#ifndef ROLLCALL_STORE_PENDING_H
#define ROLLCALL_STORE_PENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

#include "store/names/username.h"
#include "store/store.h"

/*
 * The creates that are under way, found by name. The first create for a name is the one that is
 * stored; later creates for the same name, or for one that looks like it (lookalike.h), wait for
 * its outcome.
 */
struct pending;

/* What a store gives out as a job; for stores that have changes of other kinds as well. */
struct store_job {
	bool is_change;   /* not a create */
	bool is_question; /* neither */
};

/* Oldest first. */
TAILQ_HEAD(pending_batch, pending_create);

enum pending_state {
	PENDING_WAITING, /* in the queue, or for another create */
	PENDING_TAKEN,   /* in a batch, on its way to the disk */
	PENDING_SETTLED, /* its outcome is known: it does not count any more */
};

struct pending_create {
	struct store_job job; /* first: store_cancel() takes it */
	const char *name;     /* this and the key are in `bytes` */
	size_t name_length;
	const char *key;
	size_t key_length;
	enum lookalike lookalike;
	uint64_t number; /* given when it is handed to the disk */
	int64_t time;
	TAILQ_ENTRY(pending_create) next; /* in the queue, then in the batch */

	/* The rest is for pending.c. */
	store_outcome_cb *created; /* NULL once cancelled */
	void *argument;
	bool has_seat;  /* it is the oldest for its name, of those that wait for the same */
	bool has_looks; /* they were made */
	struct looks looks;
	struct pending_create *first;      /* the create that it waits for; NULL: it is the first */
	struct pending_batch waiting;      /* creates that wait for it */
	LIST_ENTRY(pending_create) bucket; /* with a seat: creates with the same hash */
	enum pending_state state;
	char bytes[];
};

struct pending *pending_open(void);

/* Nothing may be under way. */
void pending_close(struct pending *pending);

/* Creates that are not settled, those that wait for others among them. */
size_t pending_count(const struct pending *pending);

/* The names among them: as many users as there can be more when all are settled. */
size_t pending_names(const struct pending *pending);

/* Whether any is in the queue, to be taken. */
bool pending_is_queued(const struct pending *pending);

/* Whether there is a create for this name. */
bool pending_has(struct pending *pending, const struct username *username);

/* Whether there is one for this name, or for one that looks like it. */
bool pending_has_like(struct pending *pending, const struct username *username);

struct pending_create *pending_add(struct pending *pending, const struct username *username,
	store_outcome_cb *created, void *argument);

/* A user has the name of a create, or one that looks like it: RESULT_TAKEN or RESULT_ALIKE, and
 * `holder` is filled in. Else RESULT_OK. */
typedef enum result pending_holder_cb(
	void *argument, const struct pending_create *create, struct user *holder);

/* Users got their names by other ways than a create: a name in the queue may have a holder now. */
void pending_want_sift(struct pending *pending);

/* Takes creates out of the queue whose names have a holder, and calls back for them. The next that
 * waits for one of them takes its place, and is asked for, too. Does nothing unless it is wanted,
 * or a create has taken the place of another since the last time, and may look like a user that the
 * other did not look like. To be called before the queue is taken by a store that knows its users.
 */
void pending_sift(struct pending *pending, pending_holder_cb *holder_of, void *argument);

/* The create never calls back after this. If it was not taken yet, the next create that waits for
 * the name takes its place, as far as no other name that is under way looks like its own. */
void pending_cancel(struct pending *pending, struct pending_create *create);

/* Moves the whole queue to the end of `batch`. */
void pending_take(struct pending *pending, struct pending_batch *batch);

/* Moves the first of the queue to the end of `batch`, and returns it. NULL: the queue is empty. */
struct pending_create *pending_take_first(struct pending *pending, struct pending_batch *batch);

/* The user that a create makes, once it has a number and a time. Borrows the name. */
struct user pending_user(const struct pending_create *create);

/* The outcome of a batch is known: its creates, and those that wait for them, do not count any
 * more. To be called before pending_finish() of the first: its callback may begin another create,
 * and the users of the batch are in the store already. */
void pending_settle(struct pending *pending, const struct pending_batch *batch);

/* Calls back for a create, which is no longer in a batch, and for those that waited for it, and
 * frees them. */
void pending_finish(struct pending *pending, struct pending_create *create, enum result result,
	const struct user *user);

/* Likewise for one that is refused because `holder` has its name, or one that looks like it:
 * RESULT_TAKEN or RESULT_ALIKE. Of those that waited for it, the ones that are refused for the same
 * user are called back for, too; the others go on. */
void pending_refuse(struct pending *pending, struct pending_create *create, enum result result,
	const struct user *holder);

#endif
