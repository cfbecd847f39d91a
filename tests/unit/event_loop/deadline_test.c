#include "event_loop/deadline.h"

#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "support/test.h"
#include "support/unit/seen_spans.h"

#define SHORT_MS 20
#define STALL_MS 300
#define LATE_MS  120

/* A loop with one deadline, and a socket whose bytes it reads. */
struct fixture {
	uv_loop_t loop;
	struct deadline deadline;
	uv_pipe_t pipe;
	int peer;
	char bytes[8];
	unsigned passed;
	uint64_t passed_at;   /* loop time */
	uint64_t put_off_for; /* by what is read, milliseconds; 0: not */
	bool is_set_again;    /* by what is read, to what it was; and more comes */
	unsigned turns;       /* of the loop */
	unsigned reads;
};

/* An endless test ends. */
#define MOST_TURNS 50
#define MOST_READS 100000

static void on_passed(void *argument)
{
	struct fixture *fixture = argument;

	fixture->passed++;
	fixture->passed_at = uv_now(&fixture->loop);
	uv_close((uv_handle_t *)&fixture->pipe, NULL);
	deadline_end(&fixture->deadline, NULL);
}

static void count(unsigned *what, unsigned most)
{
	if (++*what == most)
		fail_msg("the deadline does not pass");
}

static void lend_bytes(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	struct fixture *fixture = handle->data;

	(void)suggested;
	*buffer = uv_buf_init(fixture->bytes, sizeof(fixture->bytes));
}

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer)
{
	struct fixture *fixture = stream->data;

	(void)buffer;
	if (length > 0 && fixture->put_off_for > 0)
		deadline_set(&fixture->deadline, uv_now(&fixture->loop) + fixture->put_off_for);
	if (length > 0 && fixture->is_set_again) {
		count(&fixture->reads, MOST_READS);
		deadline_set(&fixture->deadline, fixture->deadline.at);
		assert_int_equal(write(fixture->peer, "x", 1), 1);
	}
}

static void open_fixture(struct fixture *fixture)
{
	int ends[2];

	*fixture = (struct fixture){0};
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_int_equal(uv_loop_init(&fixture->loop), 0);
	assert_int_equal(uv_pipe_init(&fixture->loop, &fixture->pipe, 0), 0);
	assert_int_equal(uv_pipe_open(&fixture->pipe, ends[0]), 0);
	fixture->pipe.data = fixture;
	fixture->peer = ends[1];
	assert_int_equal(uv_read_start((uv_stream_t *)&fixture->pipe, lend_bytes, on_read), 0);
	deadline_begin(&fixture->deadline, &fixture->loop, on_passed, fixture);
}

/* Runs until the deadline has passed. */
static void run(struct fixture *fixture)
{
	uv_run(&fixture->loop, UV_RUN_DEFAULT);
	assert_int_equal(fixture->passed, 1);
	assert_int_equal(uv_loop_close(&fixture->loop), 0);
	close(fixture->peer);
}

/* The loop stands still until its clock, which it does not look at meanwhile, is so much further.
 */
static void stall(const struct fixture *fixture, uint64_t milliseconds)
{
	uint64_t until = uv_now(&fixture->loop) + milliseconds;
	struct timespec time = {
		.tv_sec = (time_t)(until / 1000), .tv_nsec = (long)(until % 1000) * 1000000};

	assert_int_equal(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL), 0);
}

TEST(it_passes_when_it_is_over)
{
	struct fixture f;

	open_fixture(&f);
	uint64_t at = uv_now(&f.loop) + SHORT_MS;
	deadline_set(&f.deadline, at);
	run(&f);
	assert_true(f.passed_at >= at);
}

TEST(one_in_the_past)
{
	struct fixture f;

	open_fixture(&f);
	deadline_set(&f.deadline, 1);
	run(&f);
}

/* What has arrived during a stall is seen before the deadline counts. */
TEST(what_is_there_already_counts)
{
	struct fixture f;

	open_fixture(&f);
	f.put_off_for = STALL_MS;
	uint64_t begun = uv_now(&f.loop);
	deadline_set(&f.deadline, begun + SHORT_MS);
	assert_int_equal(write(f.peer, "x", 1), 1);
	stall(&f, SHORT_MS + 1);
	run(&f);
	assert_true(f.passed_at >= begun + SHORT_MS + STALL_MS);
}

/* Bytes that do not set it anew do not put it off either. */
TEST(what_is_there_and_does_not_matter)
{
	struct fixture f;

	open_fixture(&f);
	deadline_set(&f.deadline, uv_now(&f.loop) + SHORT_MS);
	assert_int_equal(write(f.peer, "x", 1), 1);
	stall(&f, SHORT_MS + 1);
	run(&f);
}

/* The peer has as much time again as the loop has lost. */
TEST(one_that_rings_late)
{
	struct fixture f;

	open_fixture(&f);
	uint64_t at = uv_now(&f.loop) + SHORT_MS;
	deadline_set(&f.deadline, at);
	stall(&f, SHORT_MS + STALL_MS);
	run(&f);
	assert_true(f.passed_at >= at + 2 * STALL_MS);
}

/* A peer cannot put it off with what does not give it more time. */
TEST(one_that_is_set_again)
{
	struct fixture f;

	open_fixture(&f);
	f.is_set_again = true;
	deadline_set(&f.deadline, uv_now(&f.loop) + SHORT_MS);
	assert_int_equal(write(f.peer, "x", 1), 1);
	run(&f);
}

/* uv_check_cb */
static void stand_still(uv_check_t *turn)
{
	struct fixture *fixture = turn->data;

	count(&fixture->turns, MOST_TURNS);
	stall(fixture, LATE_MS);
	if (fixture->passed > 0)
		uv_close((uv_handle_t *)turn, NULL);
}

/* A loop that is always late has no more time for each deadline than four respites. */
TEST(lasting_overload)
{
	struct fixture f;
	uv_check_t turn;

	open_fixture(&f);
	assert_int_equal(uv_check_init(&f.loop, &turn), 0);
	turn.data = &f;
	assert_int_equal(uv_check_start(&turn, stand_still), 0);
	deadline_set(&f.deadline, uv_now(&f.loop) + SHORT_MS);
	run(&f);
	assert_in_range(f.turns, 4, 7);
}

TEST(one_that_is_moved)
{
	struct fixture f;

	open_fixture(&f);
	uint64_t now = uv_now(&f.loop), later = now + 5 * (uint64_t)SHORT_MS;
	deadline_set(&f.deadline, now + SHORT_MS);
	deadline_set(&f.deadline, DEADLINE_NEVER);
	deadline_set(&f.deadline, later);
	run(&f);
	assert_true(f.passed_at >= later);
}

/* A timer that was set for later rings in time, or the test would not end. */
TEST(one_that_is_moved_forward)
{
	struct fixture f;

	open_fixture(&f);
	deadline_set(&f.deadline, uv_now(&f.loop) + 100000000);
	deadline_set(&f.deadline, uv_now(&f.loop) + SHORT_MS);
	run(&f);
}

TEST(never)
{
	struct fixture f;

	open_fixture(&f);
	deadline_set(&f.deadline, uv_now(&f.loop) + SHORT_MS);
	deadline_set(&f.deadline, DEADLINE_NEVER);
	uv_close((uv_handle_t *)&f.pipe, NULL);
	stall(&f, SHORT_MS + 1);
	/* The timer rings once more, and nothing is left then to keep the loop. */
	uv_run(&f.loop, UV_RUN_DEFAULT);
	assert_int_equal(f.passed, 0);
	deadline_end(&f.deadline, NULL);
	deadline_end(&f.deadline, NULL);
	uv_run(&f.loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&f.loop), 0);
	close(f.peer);
}

/* In the tests before. */
TEST(phases)
{
	expect_seen_span(PHASE_TIMERS, "on_ring");
}
