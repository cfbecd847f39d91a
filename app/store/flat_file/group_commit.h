#ifndef ROLLCALL_STORE_FLAT_FILE_GROUP_COMMIT_H
#define ROLLCALL_STORE_FLAT_FILE_GROUP_COMMIT_H

#include <uv.h>

#include "base/result.h"
#include "store/flat_file/changes.h"
#include "store/flat_file/journal.h"
#include "store/pending.h"

/*
 * Users are put on disk in batches: all creates and other changes that arrive while the disk is
 * busy share one append and one fdatasync. Loop thread only.
 */
struct group_commit;

/* A job of the worker is over. The journal is the caller's until this returns. `reason` is NULL for
 * RESULT_OK. */
typedef void group_commit_outcome_cb(void *argument, enum result outcome, const char *reason);

/* The users of this batch are on disk, and so are the changes, which follow them. No callback has
 * been called for any of them yet. */
typedef void group_commit_stored_cb(
	void *argument, const struct pending_batch *batch, const struct change_batch *changes);

/* All their callbacks have been called. */
typedef void group_commit_told_cb(void *argument);

/*
 * Work that has the journal for itself. Creates and changes wait for its end.
 */
struct exclusive {
	/* All that was under way before is stored or refused. Anything but RESULT_OK: the work is
	 * not done, and that is its outcome. */
	enum result (*start)(void *argument, uint64_t next_number);
	/* On the worker; results as of journal_replace(). */
	enum result (*work)(void *argument, const char **reason);
	/* With the outcome, once in each turn of the loop, until it returns false. */
	bool (*part)(void *argument, enum result outcome);
	void *argument;

	/* For group_commit.c. */
	enum exclusive_state { EXCLUSIVE_WANTED, EXCLUSIVE_AT_WORK, EXCLUSIVE_DONE } state;
	enum result outcome;
};

struct group_commit_settings {
	uv_loop_t *loop;
	struct journal *journal; /* stays the caller's, which touches it in on_outcome only */
	struct changes *changes; /* stays the caller's */
	struct header header;    /* of the journal */
	uint64_t next_number;    /* of the next user */
	group_commit_outcome_cb *on_outcome;
	group_commit_stored_cb *on_stored;
	group_commit_told_cb *on_told;
	pending_holder_cb *holder_of;
	void *argument;
};

/* From now on it also looks every second whether the journal can be written (journal_probe()). Does
 * not keep the loop alive but for a batch. */
struct group_commit *group_commit_open(const struct group_commit_settings *settings);

/* Closes its handles; the loop must run once more before group_commit_close(). Nothing may wait. */
void group_commit_stop(struct group_commit *commit);
void group_commit_close(struct group_commit *commit); /* NULL is fine */

/* The number of the next user after those on disk. */
uint64_t group_commit_next_number(const struct group_commit *commit);

/* How many creates and changes wait, or are on their way. */
size_t group_commit_count(const struct group_commit *commit);

/* How many names they are for, and whether one of them is this. */
size_t group_commit_names(const struct group_commit *commit);
bool group_commit_has(struct group_commit *commit, const struct username *username);

/* Adds a create to the batch that is being filled; the callback and cancelling as in store.h. */
struct pending_create *group_commit_add(struct group_commit *commit,
	const struct username *username, store_outcome_cb *created, void *argument);

/* A change was added to those that wait. */
void group_commit_wake(struct group_commit *commit);

/* Borrows it until its part has returned false. There may be none other. */
void group_commit_exclude(struct group_commit *commit, struct exclusive *exclusive);

/* For a part: as many users were added. */
void group_commit_set_next_number(struct group_commit *commit, uint64_t number);

void group_commit_cancel(struct group_commit *commit, struct store_job *job);

#endif
