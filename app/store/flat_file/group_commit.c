/*
 * One job is on the worker at a time: the append of a batch, or a probe. Creates and other changes
 * that arrive meanwhile fill the next batch. It is handed over in the check phase, right after the
 * poll phase, so that all creates that arrived in one turn of the loop share one fdatasync. Only
 * then are the creates of the batch before it told their outcome: the disk does not wait for
 * responses to be written. Where there are changes, the index gets the batch before first
 * (changes.h).
 *
 * The loop thread owns everything but one thing. While a job is under way, the lines of the batch,
 * the outcome, and the journal belong to the worker. So there is no lock.
 */
#include "store/flat_file/group_commit.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/meters/loop_span.h"
#include "base/timestamp.h"
#include "event_loop/worker_pool.h"
#include "store/flat_file/batch_watch.h"
#include "store/flat_file/record.h"
#include "store/flat_file/rewrite.h"

#define PROBE_MS 1000

enum work {
	WORK_NONE,
	WORK_UNDER_WAY,
	WORK_DONE, /* its outcome is to be taken in this turn of the loop */
};

struct group_commit {
	struct group_commit_settings settings;
	uv_check_t turn;  /* hands over the next batch */
	uv_idle_t wanted; /* active while there is one: the loop goes on, and does not wait */
	uv_timer_t probe_due;
	struct worker_job job;
	struct pending *pending;
	uint64_t next_number;
	enum work work;

	struct pending_batch batch;  /* what `lines` holds, oldest first; empty for a probe, */
	struct change_batch changes; /* as is this */
	uint64_t batch_end;          /* the number after the last of it */
	struct batch_watch watch;

	struct exclusive *exclusive; /* NULL: none */

	/* The worker's while WORK_UNDER_WAY. */
	struct header header;
	struct buffer lines;
	unsigned version;    /* of the format that has all these records */
	enum result outcome; /* of the last job */
	const char *reason;
};

static void on_turn(uv_check_t *turn);
static void on_probe_due(uv_timer_t *timer);
static void append_batch(void *argument);
static void probe_journal(void *argument);
static void on_job_done(void *argument);
static void tell_all(struct group_commit *commit, struct pending_batch *creates,
	struct change_batch *changes, enum result outcome);

struct group_commit *group_commit_open(const struct group_commit_settings *settings)
{
	struct group_commit *commit = memory_zeroed(sizeof(*commit));

	commit->settings = *settings;
	commit->header = settings->header;
	commit->next_number = settings->next_number;
	commit->pending = pending_open();
	TAILQ_INIT(&commit->batch);
	TAILQ_INIT(&commit->changes);
	/* None of these can fail. They wait for others, so they do not keep the loop alive. */
	uv_check_init(settings->loop, &commit->turn);
	uv_idle_init(settings->loop, &commit->wanted);
	uv_timer_init(settings->loop, &commit->probe_due);
	uv_check_start(&commit->turn, on_turn);
	uv_timer_start(&commit->probe_due, on_probe_due, PROBE_MS, PROBE_MS);
	uv_unref((uv_handle_t *)&commit->turn);
	uv_unref((uv_handle_t *)&commit->probe_due);
	commit->turn.data = commit;
	commit->probe_due.data = commit;
	return commit;
}

void group_commit_stop(struct group_commit *commit)
{
	uv_close((uv_handle_t *)&commit->turn, NULL);
	uv_close((uv_handle_t *)&commit->wanted, NULL);
	uv_close((uv_handle_t *)&commit->probe_due, NULL);
}

void group_commit_close(struct group_commit *commit)
{
	if (commit == NULL)
		return;
	/* Of a batch that was on its way at the stop; all of it was cancelled. */
	tell_all(commit, &commit->batch, &commit->changes, RESULT_UNAVAILABLE);
	pending_close(commit->pending);
	buffer_free(&commit->lines);
	free(commit);
}

uint64_t group_commit_next_number(const struct group_commit *commit)
{
	return commit->next_number;
}

size_t group_commit_count(const struct group_commit *commit)
{
	return pending_count(commit->pending) + changes_count(commit->settings.changes);
}

size_t group_commit_names(const struct group_commit *commit)
{
	return pending_names(commit->pending);
}

bool group_commit_has(struct group_commit *commit, const struct username *username)
{
	return pending_has(commit->pending, username);
}

/* uv_idle_cb */
static void on_wanted(uv_idle_t *wanted)
{
	(void)wanted; /* only to be active */
}

/* For the meters. */
static void show_waiting(const struct group_commit *commit)
{
	meters.disk.pending = group_commit_count(commit) - meters.disk.under_way;
}

/* A job under way keeps the loop alive itself, and its end is followed by a turn. */
void group_commit_wake(struct group_commit *commit)
{
	batch_watch_want(&commit->watch);
	show_waiting(commit);
	if (commit->work != WORK_UNDER_WAY)
		uv_idle_start(&commit->wanted, on_wanted);
}

struct pending_create *group_commit_add(struct group_commit *commit,
	const struct username *username, store_outcome_cb *created, void *argument)
{
	struct pending_create *create = pending_add(commit->pending, username, created, argument);

	group_commit_wake(commit);
	return create;
}

void group_commit_cancel(struct group_commit *commit, struct store_job *job)
{
	if (job->is_change)
		changes_cancel(commit->settings.changes, (struct change *)job);
	else
		pending_cancel(commit->pending, (struct pending_create *)job);
	show_waiting(commit);
}

void group_commit_exclude(struct group_commit *commit, struct exclusive *exclusive)
{
	exclusive->state = EXCLUSIVE_WANTED;
	commit->exclusive = exclusive;
	group_commit_wake(commit);
}

void group_commit_set_next_number(struct group_commit *commit, uint64_t number)
{
	commit->next_number = number;
}

static void hand_over(struct group_commit *commit, worker_job_cb *work, const char *name)
{
	commit->work = WORK_UNDER_WAY;
	commit->job = (struct worker_job){
		.work = work, .done = on_job_done, .argument = commit, .name = name};
	worker_pool_run(commit->settings.loop, &commit->job);
}

/* worker_job_cb, on a thread of the pool; so is the next. */
static void append_batch(void *argument)
{
	struct group_commit *commit = argument;

	commit->outcome = rewrite_append(commit->settings.journal, &commit->header, &commit->lines,
		commit->version, &commit->reason);
}

static void probe_journal(void *argument)
{
	struct group_commit *commit = argument;

	commit->outcome = journal_probe(commit->settings.journal, &commit->reason);
}

static void work_exclusively(void *argument)
{
	struct group_commit *commit = argument;
	const struct exclusive *exclusive = commit->exclusive;

	commit->outcome = exclusive->work(exclusive->argument, &commit->reason);
}

/* worker_job_cb, in the poll phase: on_turn() follows. */
static void on_job_done(void *argument)
{
	struct group_commit *commit = argument;

	commit->work = WORK_DONE;
}

/* An append that is under way finds out by itself. */
static void on_probe_due(uv_timer_t *timer)
{
	struct group_commit *commit = timer->data;

	loop_span_begin(PHASE_TIMERS, __func__);
	if (commit->work != WORK_UNDER_WAY)
		hand_over(commit, probe_journal, "probe");
}

/* RESULT_LIMIT: there is no way to write the time; RESULT_FULL: memory is short. */
static enum result write_lines(struct group_commit *commit, const struct pending_batch *batch,
	const struct change_batch *changes)
{
	uint64_t number = commit->next_number;
	int64_t now = timestamp_now();
	struct pending_create *create;

	if (now > TIMESTAMP_LAST)
		return RESULT_LIMIT;
	buffer_clear(&commit->lines);
	TAILQ_FOREACH (create, batch, next) {
		create->number = number++;
		create->time = now;
		const struct user user = pending_user(create);
		const struct record record = record_of_user(&user);
		record_append(&commit->lines, &record);
	}
	commit->version = changes_write(changes, now, &commit->lines);
	commit->batch_end = number;
	return commit->lines.failed ? RESULT_FULL : RESULT_OK;
}

static void tell(struct group_commit *commit, struct pending_batch *batch, enum result outcome)
{
	struct pending_create *create;

	if (TAILQ_EMPTY(batch))
		return;
	pending_settle(commit->pending, batch);
	while ((create = TAILQ_FIRST(batch)) != NULL) {
		const struct user user = pending_user(create);
		TAILQ_REMOVE(batch, create, next);
		pending_finish(
			commit->pending, create, outcome, outcome == RESULT_OK ? &user : NULL);
	}
}

/* What arrived meanwhile. */
struct arrived {
	struct pending_batch creates;
	struct change_batch changes;
	struct change_batch refused;
};

static void init_arrived(struct arrived *arrived)
{
	TAILQ_INIT(&arrived->creates);
	TAILQ_INIT(&arrived->changes);
	TAILQ_INIT(&arrived->refused);
}

static size_t batch_size(const struct group_commit *commit)
{
	size_t size = commit->batch_end - commit->next_number;
	const struct change *change;

	TAILQ_FOREACH (change, &commit->changes, next)
		size++;
	return size;
}

/* It is the next batch. It stays in `arrived` if it cannot be stored. */
static enum result begin_batch(struct group_commit *commit, struct arrived *arrived)
{
	struct changes *changes = commit->settings.changes;

	pending_sift(commit->pending, commit->settings.holder_of, commit->settings.argument);
	if (commit->outcome == RESULT_UNAVAILABLE)
		changes_refuse(changes, RESULT_UNAVAILABLE, &arrived->refused);
	else if (changes_wait(changes))
		changes_take(changes, commit->pending, &arrived->changes, &arrived->refused);
	pending_take(commit->pending, &arrived->creates);
	if (TAILQ_EMPTY(&arrived->creates) && TAILQ_EMPTY(&arrived->changes)) {
		batch_watch_unwant(&commit->watch);
		return RESULT_OK;
	}
	if (commit->outcome == RESULT_UNAVAILABLE)
		return RESULT_UNAVAILABLE;
	enum result result = write_lines(commit, &arrived->creates, &arrived->changes);
	if (result != RESULT_OK)
		return result;
	TAILQ_CONCAT(&commit->batch, &arrived->creates, next);
	TAILQ_CONCAT(&commit->changes, &arrived->changes, next);
	hand_over(commit, append_batch, "append");
	batch_watch_begin(&commit->watch, batch_size(commit), commit->job.queued);
	return RESULT_OK;
}

static void take_outcome(struct group_commit *commit, bool is_stored)
{
	commit->work = WORK_NONE;
	batch_watch_end(
		&commit->watch, commit->outcome, commit->settings.journal, commit->job.ended);
	if (is_stored)
		commit->next_number = commit->batch_end;
	commit->settings.on_outcome(commit->settings.argument, commit->outcome, commit->reason);
}

/* A batch whose outcome is known. */
struct done {
	struct pending_batch creates;
	struct change_batch changes;
	enum result outcome;
	bool is_stored;
};

static void take_done(struct group_commit *commit, struct done *done)
{
	done->outcome = commit->outcome;
	TAILQ_INIT(&done->creates);
	TAILQ_INIT(&done->changes);
	TAILQ_CONCAT(&done->creates, &commit->batch, next);
	TAILQ_CONCAT(&done->changes, &commit->changes, next);
	done->is_stored = (!TAILQ_EMPTY(&done->creates) || !TAILQ_EMPTY(&done->changes)) &&
			  done->outcome == RESULT_OK;
	if (commit->work == WORK_DONE)
		take_outcome(commit, done->is_stored);
}

static void store_done(struct group_commit *commit, const struct done *done)
{
	if (!done->is_stored)
		return;
	commit->settings.on_stored(commit->settings.argument, &done->creates, &done->changes);
	if (!TAILQ_EMPTY(&done->changes))
		pending_want_sift(commit->pending);
}

static void tell_all(struct group_commit *commit, struct pending_batch *creates,
	struct change_batch *changes, enum result outcome)
{
	tell(commit, creates, outcome);
	if (!TAILQ_EMPTY(changes)) /* there nearly never are any */
		changes_tell(commit->settings.changes, changes, outcome);
}

static void begin_exclusive(struct group_commit *commit, struct exclusive *exclusive)
{
	exclusive->outcome = commit->outcome == RESULT_UNAVAILABLE
				     ? RESULT_UNAVAILABLE
				     : exclusive->start(exclusive->argument, commit->next_number);
	if (exclusive->outcome != RESULT_OK) {
		exclusive->state = EXCLUSIVE_DONE;
		return;
	}
	exclusive->state = EXCLUSIVE_AT_WORK;
	hand_over(commit, work_exclusively, "import");
}

/* The batch before is done. False: the next one can begin. */
static bool is_held_up(struct group_commit *commit)
{
	struct exclusive *exclusive = commit->exclusive;

	if (exclusive == NULL)
		return false;
	if (exclusive->state == EXCLUSIVE_AT_WORK) {
		exclusive->outcome = commit->outcome;
		exclusive->state = EXCLUSIVE_DONE;
	} else if (exclusive->state == EXCLUSIVE_WANTED) {
		begin_exclusive(commit, exclusive);
	}
	if (exclusive->state == EXCLUSIVE_AT_WORK)
		return true;
	/* It may be freed in its last part. */
	if (exclusive->part(exclusive->argument, exclusive->outcome)) {
		group_commit_wake(commit);
		return true;
	}
	commit->exclusive = NULL;
	pending_want_sift(commit->pending);
	return false;
}

/* Else this is one of the turns in which nobody signs up: most of them. */
static bool has_something_to_do(const struct group_commit *commit)
{
	return commit->work != WORK_NONE || commit->exclusive != NULL ||
	       group_commit_count(commit) > 0 || uv_is_active((const uv_handle_t *)&commit->wanted);
}

/* uv_check_cb: once in each turn of the loop, after the poll phase. All users of a batch can be
 * read before anybody is told of one of them. */
static void on_turn(uv_check_t *turn)
{
	struct group_commit *commit = turn->data;
	const struct changes *changes = commit->settings.changes;
	struct arrived arrived;
	struct done done;

	if (!has_something_to_do(commit))
		return;
	uv_idle_stop(&commit->wanted);
	if (commit->work == WORK_UNDER_WAY)
		return;
	loop_span_begin(PHASE_CHECK, __func__);
	take_done(commit, &done);
	bool is_first =
		!TAILQ_EMPTY(&done.changes) || changes_wait(changes) || commit->exclusive != NULL;
	if (is_first)
		store_done(commit, &done);
	init_arrived(&arrived);
	enum result refusal = is_held_up(commit) ? RESULT_OK : begin_batch(commit, &arrived);
	if (!is_first)
		store_done(commit, &done);
	tell_all(commit, &done.creates, &done.changes, done.outcome);
	tell_all(commit, &arrived.creates, &arrived.changes, refusal);
	if (!TAILQ_EMPTY(&arrived.refused))
		changes_tell(commit->settings.changes, &arrived.refused, refusal);
	if (done.is_stored)
		commit->settings.on_told(commit->settings.argument);
	if (changes_wait(changes))
		group_commit_wake(commit);
	show_waiting(commit);
}
