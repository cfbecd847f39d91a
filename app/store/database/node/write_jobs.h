#ifndef ROLLCALL_STORE_DATABASE_NODE_WRITE_JOBS_H
#define ROLLCALL_STORE_DATABASE_NODE_WRITE_JOBS_H

#include "store/database/node/write_statements.h"
#include "store/kept_sheet.h"

/*
 * What a node's writer has been given to store, until it is told how that ended: creates by their
 * names (pending.h), other changes in a queue, and all of them in the order in which they were
 * begun, since each is told something in time. Loop thread only.
 */
struct write_jobs;

/* So long a caller waits at most, in milliseconds. */
#define WRITE_JOB_MS 5000

/* A change other than a create. */
struct write_change {
	enum write kind;
	uint64_t number;           /* of the user */
	struct username *username; /* the new one; or NULL */
	struct kept_sheet *sheet;  /* what is set; or NULL */
	struct known_name known;   /* of the user, by now */
	TAILQ_ENTRY(write_change) next;

	/* For write_jobs.c. */
	struct write_job *job; /* NULL: nobody waits for it any more */
	bool is_taken;
};

struct write_jobs *write_jobs_open(void);

/* Forgets what there is. NULL is fine. */
void write_jobs_close(struct write_jobs *jobs);

/* How many there are that wait, or are in a batch. */
size_t write_jobs_count(const struct write_jobs *jobs);

/* Whether any is not in a batch yet: creates, or changes. */
bool write_jobs_has_creates(const struct write_jobs *jobs);
bool write_jobs_has_changes(const struct write_jobs *jobs);

/* When the oldest of those whose callers wait was begun; `never` if there is none. */
uint64_t write_jobs_oldest(const struct write_jobs *jobs, uint64_t never);

/* `now` is the time on the loop's clock. */
struct store_job *write_jobs_create(struct write_jobs *jobs, const struct username *username,
	store_outcome_cb *created, void *argument, uint64_t now);

/* A removal, or a renaming if there is a username, which is copied. */
struct store_job *write_jobs_change(struct write_jobs *jobs, uint64_t number,
	const struct username *username, store_outcome_cb *told, void *argument, uint64_t now);

/* RESULT_MALFORMED: a value is none that sheet_settings.h allows. */
enum result write_jobs_sheet(struct write_jobs *jobs, const struct sheet_settings *settings,
	store_outcome_cb *told, void *argument, uint64_t now, struct store_job **job) MUST_CHECK;

/* As store_cancel(). */
void write_jobs_cancel(struct write_jobs *jobs, struct store_job *job);

/* Tells all that were begun WRITE_JOB_MS ago or earlier that they are out of time, as if they were
 * cancelled then: `of_batch` those that are in a batch, and RESULT_UNAVAILABLE the others. Returns
 * how many there were. */
size_t write_jobs_expire(struct write_jobs *jobs, uint64_t now, enum result of_batch);

/* Moves creates to an empty batch, and puts their rows into `rows`: as many as a batch has at most.
 * Returns how many. */
size_t write_jobs_take_creates(
	struct write_jobs *jobs, struct pending_batch *batch, struct name_rows *rows);

/* The next change, which is the caller's until it is told; or NULL. */
struct write_change *write_jobs_take_change(struct write_jobs *jobs);

/* The user of a change has this name. */
void write_change_learn(struct write_change *change, const struct user *user);

/* Sets the parameters of its statement, which is that of its kind. `rows` are made anew. */
void write_change_write(const struct write_change *change, struct parameters *parameters,
	const struct write_terms *terms, struct name_rows *rows);

/* Whether anybody waits for it. */
bool write_change_is_wanted(const struct write_change *change);

/* Tells the creates of a batch, which is empty then, how they ended. Callbacks may begin and cancel
 * others. */
void write_jobs_tell_creates(struct write_jobs *jobs, struct pending_batch *batch,
	const struct write_outcomes *outcomes);

/* Tells all of them that, without a user. */
void write_jobs_refuse_creates(
	struct write_jobs *jobs, struct pending_batch *batch, enum result result);

/* Tells of a change, and frees it. `user` may be NULL. */
void write_jobs_tell_change(struct write_jobs *jobs, struct write_change *change,
	enum result result, const struct user *user);

#endif
