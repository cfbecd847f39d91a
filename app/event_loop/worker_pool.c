/*
 * The only file that knows how libuv runs work on threads: uv_queue_work(), and the environment
 * variable that sets the size of its pool. Jobs are never cancelled: a job that has begun could not
 * be, and every caller would have to handle both cases. Callers rely on the order of events: `done`
 * is called in the poll phase, so a check handle that runs after it in the same turn sees all jobs
 * that have ended.
 */
#include "event_loop/worker_pool.h"

#include <signal.h>
#include <stdlib.h>

#include "base/decimal.h"
#include "base/meters/loop_span.h"

enum result worker_pool_set_size(unsigned threads)
{
	char digits[DECIMAL_LENGTH + 1];

	digits[decimal_write(threads, digits)] = '\0';
	meters.pool.threads = threads;
	return setenv("UV_THREADPOOL_SIZE", digits, 1) == 0 ? RESULT_OK : RESULT_MEMORY;
}

static void do_nothing(void *argument)
{
	(void)argument;
}

/* libuv starts all threads with the first job, and they inherit the signal mask. */
void worker_pool_start(uv_loop_t *loop)
{
	struct worker_job job = {.work = do_nothing, .done = do_nothing, .name = "start"};
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	worker_pool_run(loop, &job);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	uv_run(loop, UV_RUN_DEFAULT);
}

/* uv_work_cb */
static void on_thread(uv_work_t *request)
{
	struct worker_job *job = request->data;

	job->began = meters_clock();
	job->work(job->argument);
	job->ended = meters_clock();
}

/* libuv has one queue, and every thread that is free takes from it. */
static void count_jobs(uint64_t jobs)
{
	struct pool_meters *pool = &meters.pool;

	pool->busy = jobs < pool->threads ? jobs : pool->threads;
	pool->queued = jobs - pool->busy;
}

static void note_queued(struct worker_job *job)
{
	struct pool_meters *pool = &meters.pool;
	size_t place = 0;

	count_jobs(pool->busy + pool->queued + 1);
	job->queued = meters_clock();
	while (place < METERS_JOBS && pool->jobs[place].name != NULL)
		place++;
	job->place = place < METERS_JOBS ? &pool->jobs[place] : NULL;
	if (job->place != NULL)
		*job->place = (struct job_meter){.name = job->name, .since = job->queued};
}

static void note_ended(const struct worker_job *job)
{
	struct pool_meters *pool = &meters.pool;

	count_jobs(pool->busy + pool->queued - 1);
	histogram_add(&pool->waiting, histogram_times, job->began - job->queued);
	histogram_add(&pool->running, histogram_times, job->ended - job->began);
	if (job->place != NULL)
		job->place->name = NULL;
}

/* uv_after_work_cb. The status says only whether the job was cancelled. */
static void on_thread_done(uv_work_t *request, int status)
{
	const struct worker_job *job = request->data;

	(void)status;
	loop_span_begin(PHASE_POLL, __func__);
	note_ended(job);
	job->done(job->argument);
}

void worker_pool_run(uv_loop_t *loop, struct worker_job *job)
{
	job->request.data = job;
	note_queued(job);
	/* Fails only without a callback. */
	(void)uv_queue_work(loop, &job->request, on_thread, on_thread_done);
}
