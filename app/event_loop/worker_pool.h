#ifndef ROLLCALL_EVENT_LOOP_WORKER_POOL_H
#define ROLLCALL_EVENT_LOOP_WORKER_POOL_H

#include <uv.h>

#include "base/result.h"

/*
 * Work that would block the loop runs on a thread of the worker pool: files, above all. The pool is
 * libuv's: a process has one.
 */

typedef void worker_job_cb(void *argument);

/* Something to be done once, or again when it is done. A zeroed struct with these fields filled in
 * is ready; it lives at least until `done` is called. */
struct worker_job {
	worker_job_cb *work; /* on a thread of the pool */
	worker_job_cb *done; /* on the loop thread, in the poll phase, after `work` */
	void *argument;

	uv_work_t request; /* for worker_pool.c */
};

/* How many threads there will be. Before the pool has started. RESULT_MEMORY: not enough to say so.
 */
enum result worker_pool_set_size(unsigned threads) MUST_CHECK;

/* Starts the threads so that no signal is handled on one of them: it would run beside the loop
 * thread, which may be taking the loop apart. For a loop without a handle, before the first job. */
void worker_pool_start(uv_loop_t *loop);

/* Hands a job to the pool, which has no other use for it until `done`. It keeps the loop alive, and
 * is never cancelled. What `work` touches belongs to its thread meanwhile. Loop thread only. */
void worker_pool_run(uv_loop_t *loop, struct worker_job *job);

#endif
