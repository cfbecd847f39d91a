/*
 * What waits to be stored. A caller and the change that it has begun part when the caller gives up
 * or is out of time: the change is dropped then, unless it is in a batch already, whose outcome is
 * the database's to decide. So a job is what the caller has of it, and is freed when the caller is
 * told; a create or a change is what the database has of it.
 */
#include "store/database/node/write_jobs.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/names/name_key.h"

/* Of a batch. Larger ones would be stored no faster, and keep other nodes waiting. */
#define CREATES_MOST    1024
#define ROWS_BYTES_MOST 262144

struct write_job {
	struct store_job job; /* first: store_cancel() takes it */
	struct write_jobs *jobs;
	store_outcome_cb *told;
	void *argument;
	uint64_t begun;
	struct pending_create *create; /* one of these two */
	struct write_change *change;
	TAILQ_ENTRY(write_job) next;
};

struct write_jobs {
	struct pending *pending;
	TAILQ_HEAD(, write_change) changes; /* that are in no batch */
	size_t change_count;                /* with those in a batch */
	TAILQ_HEAD(, write_job) waiting;    /* oldest first */
};

static store_outcome_cb on_create_told;

struct write_jobs *write_jobs_open(void)
{
	struct write_jobs *jobs = memory_zeroed(sizeof(*jobs));

	jobs->pending = pending_open();
	TAILQ_INIT(&jobs->changes);
	TAILQ_INIT(&jobs->waiting);
	return jobs;
}

static void free_change_of(struct write_jobs *jobs, struct write_change *change)
{
	jobs->change_count--;
	name_rows_free(&change->known.rows);
	free(change->username);
	free(change->sheet);
	free(change);
}

void write_jobs_close(struct write_jobs *jobs)
{
	struct write_job *job;

	if (jobs == NULL)
		return;
	while ((job = TAILQ_FIRST(&jobs->waiting)) != NULL)
		write_jobs_cancel(jobs, &job->job);
	pending_close(jobs->pending);
	free(jobs);
}

size_t write_jobs_count(const struct write_jobs *jobs)
{
	return pending_count(jobs->pending) + jobs->change_count;
}

bool write_jobs_has_creates(const struct write_jobs *jobs)
{
	return pending_is_queued(jobs->pending);
}

bool write_jobs_has_changes(const struct write_jobs *jobs)
{
	return !TAILQ_EMPTY(&jobs->changes);
}

uint64_t write_jobs_oldest(const struct write_jobs *jobs, uint64_t never)
{
	const struct write_job *job = TAILQ_FIRST(&jobs->waiting);

	return job != NULL ? job->begun : never;
}

static struct write_job *add_write_job(
	struct write_jobs *jobs, store_outcome_cb *told, void *argument, uint64_t now)
{
	struct write_job *job = memory_zeroed(sizeof(*job));

	job->jobs = jobs;
	job->told = told;
	job->argument = argument;
	job->begun = now;
	TAILQ_INSERT_TAIL(&jobs->waiting, job, next);
	return job;
}

/* The caller is told, if it wants to be, and has no job any more. */
static void end_job(struct write_job *job, enum result result, const struct user *user)
{
	store_outcome_cb *told = job->told;
	void *argument = job->argument;

	TAILQ_REMOVE(&job->jobs->waiting, job, next);
	free(job);
	told(argument, result, user);
}

static void on_create_told(void *argument, enum result result, const struct user *user)
{
	end_job(argument, result, user);
}

struct store_job *write_jobs_create(struct write_jobs *jobs, const struct username *username,
	store_outcome_cb *created, void *argument, uint64_t now)
{
	struct write_job *job = add_write_job(jobs, created, argument, now);

	job->create = pending_add(jobs->pending, username, on_create_told, job);
	return &job->job;
}

static struct store_job *add_write_change(struct write_jobs *jobs, struct write_job *job,
	enum write kind, struct write_change *change)
{
	change->kind = kind;
	change->job = job;
	job->job.is_change = true;
	job->change = change;
	TAILQ_INSERT_TAIL(&jobs->changes, change, next);
	jobs->change_count++;
	return &job->job;
}

struct store_job *write_jobs_change(struct write_jobs *jobs, uint64_t number,
	const struct username *username, store_outcome_cb *told, void *argument, uint64_t now)
{
	struct write_change *change = memory_zeroed(sizeof(*change));

	change->number = number;
	if (username != NULL) {
		change->username = memory_resized(NULL, 1, sizeof(*change->username));
		*change->username = *username;
	}
	return add_write_change(jobs, add_write_job(jobs, told, argument, now),
		username != NULL ? WRITE_RENAME : WRITE_REMOVE, change);
}

enum result write_jobs_sheet(struct write_jobs *jobs, const struct sheet_settings *settings,
	store_outcome_cb *told, void *argument, uint64_t now, struct store_job **job)
{
	struct kept_sheet *sheet = memory_zeroed(sizeof(*sheet));

	kept_sheet_begin(sheet);
	enum result result = kept_sheet_copy(sheet, settings);
	if (result != RESULT_OK) {
		free(sheet);
		return result;
	}
	struct write_change *change = memory_zeroed(sizeof(*change));
	change->sheet = sheet;
	*job = add_write_change(
		jobs, add_write_job(jobs, told, argument, now), WRITE_SHEET, change);
	return RESULT_OK;
}

/* What the database has of the job goes on without it, if it is in a batch. */
static void part(struct write_jobs *jobs, struct write_job *job)
{
	/* It was taken off before it was freed. NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
	if (job->create != NULL) {
		pending_cancel(jobs->pending, job->create);
	} else {
		job->change->job = NULL;
		if (!job->change->is_taken) {
			TAILQ_REMOVE(&jobs->changes, job->change, next);
			free_change_of(jobs, job->change);
		}
	}
}

void write_jobs_cancel(struct write_jobs *jobs, struct store_job *job)
{
	struct write_job *cancelled = (struct write_job *)job;

	part(jobs, cancelled);
	TAILQ_REMOVE(&jobs->waiting, cancelled, next);
	free(cancelled);
}

static bool is_in_batch(const struct write_job *job)
{
	return job->create != NULL ? job->create->state == PENDING_TAKEN : job->change->is_taken;
}

size_t write_jobs_expire(struct write_jobs *jobs, uint64_t now, enum result of_batch)
{
	struct write_job *job;
	size_t count = 0;

	/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): likewise */
	for (; (job = TAILQ_FIRST(&jobs->waiting)) != NULL && job->begun + WRITE_JOB_MS <= now;
		count++) {
		enum result result = is_in_batch(job) ? of_batch : RESULT_UNAVAILABLE;
		part(jobs, job);
		end_job(job, result, NULL);
	}
	return count;
}

size_t write_jobs_take_creates(
	struct write_jobs *jobs, struct pending_batch *batch, struct name_rows *rows)
{
	const struct pending_create *create;
	size_t count = 0;

	name_rows_clear(rows);
	while (count < CREATES_MOST && rows->bytes.length < ROWS_BYTES_MOST &&
		(create = pending_take_first(jobs->pending, batch)) != NULL) {
		int32_t place = (int32_t)++count;
		name_rows_add_words(rows, place, create->key, create->key_length);
		name_rows_add_looks(rows, place, create->name, create->name_length, create->key,
			create->key_length, create->lookalike);
	}
	return count;
}

struct write_change *write_jobs_take_change(struct write_jobs *jobs)
{
	struct write_change *change = TAILQ_FIRST(&jobs->changes);

	if (change != NULL) {
		change->is_taken = true;
		TAILQ_REMOVE(&jobs->changes, change, next);
	}
	return change;
}

void write_change_learn(struct write_change *change, const struct user *user)
{
	struct known_name *known = &change->known;
	char key[LIMIT_NAME_KEY];
	size_t key_length;

	name_rows_clear(&known->rows);
	known->length = 0;
	if (user->name_length > sizeof(known->text) ||
		name_key_fold(user->name, user->name_length, key, &key_length) != RESULT_OK)
		return;
	known->length = user->name_length;
	memcpy(known->text, user->name, user->name_length);
	name_rows_add_words(&known->rows, 1, key, key_length);
}

void write_change_write(const struct write_change *change, struct parameters *parameters,
	const struct write_terms *terms, struct name_rows *rows)
{
	const struct username *username = change->username;

	if (change->sheet != NULL) {
		write_sheet(parameters, terms, &change->sheet->settings);
	} else if (username != NULL) {
		name_rows_clear(rows);
		name_rows_add_words(rows, 1, username->key, username->key_length);
		name_rows_add_looks(rows, 1, username->text, username->length, username->key,
			username->key_length, username->lookalike);
		write_renaming(parameters, terms, change->number, &change->known, username, rows);
	} else {
		write_removal(parameters, terms, change->number, &change->known);
	}
}

bool write_change_is_wanted(const struct write_change *change)
{
	return change->job != NULL;
}

/* Who came first, and the number that the database gave. */
static void tell_of_create(struct write_jobs *jobs, struct pending_create *create,
	const struct write_outcome *first, uint64_t *number, const struct write_outcome *outcome)
{
	if (!outcome->is_told && first->is_told) {
		create->number = (*number)++;
		create->time = first->user.created;
		const struct user user = pending_user(create);
		pending_finish(jobs->pending, create, RESULT_OK, &user);
	} else if (outcome->result == RESULT_TAKEN || outcome->result == RESULT_ALIKE) {
		pending_refuse(jobs->pending, create, outcome->result, &outcome->user);
	} else {
		pending_finish(jobs->pending, create,
			outcome->is_told ? outcome->result : RESULT_UNAVAILABLE, NULL);
	}
}

void write_jobs_tell_creates(
	struct write_jobs *jobs, struct pending_batch *batch, const struct write_outcomes *outcomes)
{
	const struct write_outcome *first = &outcomes->list[0];
	uint64_t number = first->user.number;
	struct pending_create *create;

	for (size_t place = 1; (create = TAILQ_FIRST(batch)) != NULL; place++) {
		TAILQ_REMOVE(batch, create, next);
		tell_of_create(jobs, create, first, &number, &outcomes->list[place]);
	}
}

void write_jobs_refuse_creates(
	struct write_jobs *jobs, struct pending_batch *batch, enum result result)
{
	struct pending_create *create;

	while ((create = TAILQ_FIRST(batch)) != NULL) {
		TAILQ_REMOVE(batch, create, next);
		pending_finish(jobs->pending, create, result, NULL);
	}
}

/* What of a user the caller is told of. */
static bool tells_user(enum result result)
{
	return result == RESULT_OK || result == RESULT_UNCHANGED || result == RESULT_TAKEN ||
	       result == RESULT_ALIKE;
}

void write_jobs_tell_change(struct write_jobs *jobs, struct write_change *change,
	enum result result, const struct user *user)
{
	struct write_job *job = change->job;
	bool has_user = change->sheet == NULL && tells_user(result);

	free_change_of(jobs, change);
	if (job != NULL)
		end_job(job, result, has_user ? user : NULL);
}
