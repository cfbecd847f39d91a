/* Jobs run on threads of their own number, and end on the loop thread, before its check phase. */
#include "event_loop/worker_pool.h"

#include <signal.h>
#include <stdbool.h>
#include <string.h>

#include "support/test.h"
#include "support/unit/seen_spans.h"

#define THREADS 5 /* more than libuv has by itself */

struct shared {
	uv_barrier_t met;
	uv_loop_t loop;
	uv_check_t check;
	uv_thread_t loop_thread;
	unsigned ended;
	unsigned seen_in_check;
};

struct visit {
	struct worker_job job;
	struct shared *shared;
	bool is_elsewhere;
	bool is_masked;
};

static bool is_on_loop_thread(const struct shared *shared)
{
	uv_thread_t self = uv_thread_self();

	return uv_thread_equal(&self, &shared->loop_thread) != 0;
}

/* None gets past the barrier before all have begun: each has a thread of its own. */
static void visit(void *argument)
{
	struct visit *visit = argument;
	sigset_t mask;

	uv_barrier_wait(&visit->shared->met);
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	visit->is_masked = sigismember(&mask, SIGTERM) == 1 && sigismember(&mask, SIGHUP) == 1;
	visit->is_elsewhere = !is_on_loop_thread(visit->shared);
}

static void on_visited(void *argument)
{
	struct visit *visit = argument;

	assert_true(is_on_loop_thread(visit->shared));
	visit->shared->ended++;
}

static void on_check(uv_check_t *check)
{
	struct shared *shared = check->data;

	shared->seen_in_check = shared->ended;
}

static void run_visits(struct shared *shared, struct visit visits[THREADS])
{
	for (size_t i = 0; i < THREADS; i++) {
		visits[i] = (struct visit){.shared = shared,
			.job = {.work = visit,
				.done = on_visited,
				.argument = &visits[i],
				.name = "visit"}};
		worker_pool_run(&shared->loop, &visits[i].job);
	}
	while (shared->ended < THREADS) {
		uv_run(&shared->loop, UV_RUN_ONCE);
		assert_int_equal(shared->seen_in_check, shared->ended);
	}
}

TEST(jobs)
{
	struct shared shared = {.loop_thread = uv_thread_self()};
	struct visit visits[THREADS];

	assert_int_equal(worker_pool_set_size(THREADS), RESULT_OK);
	assert_int_equal(uv_loop_init(&shared.loop), 0);
	assert_int_equal(uv_barrier_init(&shared.met, THREADS), 0);
	worker_pool_start(&shared.loop);
	uv_check_init(&shared.loop, &shared.check);
	shared.check.data = &shared;
	uv_check_start(&shared.check, on_check);
	run_visits(&shared, visits);
	for (size_t i = 0; i < THREADS; i++) {
		assert_true(visits[i].is_elsewhere);
		assert_true(visits[i].is_masked);
	}
	uv_close((uv_handle_t *)&shared.check, NULL);
	uv_run(&shared.loop, UV_RUN_DEFAULT);
	uv_barrier_destroy(&shared.met);
	assert_int_equal(uv_loop_close(&shared.loop), 0);
}

struct held {
	uv_sem_t begun;
	uv_sem_t go;
};

static void wait_on_thread(void *argument)
{
	struct held *held = argument;

	uv_sem_post(&held->begun);
	uv_sem_wait(&held->go);
}

static void do_nothing_more(void *argument)
{
	(void)argument;
}

static size_t named_jobs(const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < METERS_JOBS; i++)
		count += meters.pool.jobs[i].name != NULL &&
			 strcmp(meters.pool.jobs[i].name, name) == 0;
	return count;
}

/* More than there are threads, and more than the meters have names for. */
#define JOBS (THREADS + METERS_JOBS)

TEST(the_meters_have_the_jobs)
{
	struct worker_job jobs[JOBS];
	struct held held;
	uv_loop_t loop;

	assert_int_equal(worker_pool_set_size(THREADS), RESULT_OK);
	assert_int_equal(uv_loop_init(&loop), 0);
	meters.pool = (struct pool_meters){.threads = THREADS};
	uv_sem_init(&held.begun, 0);
	uv_sem_init(&held.go, 0);
	for (size_t i = 0; i < JOBS; i++) {
		jobs[i] = (struct worker_job){.work = wait_on_thread,
			.done = do_nothing_more,
			.argument = &held,
			.name = "hold"};
		worker_pool_run(&loop, &jobs[i]);
	}
	for (size_t i = 0; i < THREADS; i++)
		uv_sem_wait(&held.begun);
	assert_int_equal(meters.pool.busy, THREADS);
	assert_int_equal(meters.pool.queued, JOBS - THREADS);
	assert_int_equal(named_jobs("hold"), METERS_JOBS);
	for (size_t i = 0; i < JOBS; i++)
		uv_sem_post(&held.go);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(meters.pool.busy, 0);
	assert_int_equal(meters.pool.queued, 0);
	assert_int_equal(named_jobs("hold"), 0);
	assert_int_equal(histogram_count(&meters.pool.waiting), JOBS);
	assert_int_equal(histogram_count(&meters.pool.running), JOBS);
	uv_sem_destroy(&held.begun);
	uv_sem_destroy(&held.go);
	assert_int_equal(uv_loop_close(&loop), 0);
}

/* In the tests before. */
TEST(phases)
{
	expect_seen_span(PHASE_POLL, "on_thread_done");
}
