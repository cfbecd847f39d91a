#ifndef ROLLCALL_EVENT_LOOP_WORKER_POOL_H
#define ROLLCALL_EVENT_LOOP_WORKER_POOL_H

#include <uv.h>

#include "base/meters/meters.h"
#include "base/result.h"

/*
 * Work that would block the loop, such as access to files, runs on a thread of the worker pool. The
 * pool is libuv's: a process has one.
 */

typedef void worker_job_cb(void *argument);

/* A job to run once, or again after `done`. The caller zeroes the struct and fills in these fields;
 * it must live until `done` is called. */
struct worker_job {
	worker_job_cb *work; /* on a thread of the pool */
	worker_job_cb *done; /* on the loop thread, in the poll phase, after `work` */
	void *argument;
	const char *name; /* for the meters: a literal */

	/* For worker_pool.c. */
	uv_work_t request;
	struct job_meter *place;
	uint64_t queued; /* when; so are the next two */
	uint64_t began;
	uint64_t ended;
};

/* Sets the number of threads, before the pool has started. RESULT_MEMORY if memory is short. */
enum result worker_pool_set_size(unsigned threads) MUST_CHECK;

/* Starts the threads so that none of them handles signals: a handler would run beside the loop
 * thread, which may be closing the loop. For a loop without a handle, before the first job. */
void worker_pool_start(uv_loop_t *loop);

/* Hands a job to the pool, to which it belongs until `done`. It keeps the loop alive, and is never
 * cancelled. The data that `work` uses belongs to its thread meanwhile. Loop thread only. */
void worker_pool_run(uv_loop_t *loop, struct worker_job *job);

#endif
