/* Jobs run on threads of their own number, and end on the loop thread, before its check phase. */
#include "event_loop/worker_pool.h"

#include <signal.h>
#include <stdbool.h>

#include "support/test.h"

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
