#include "event_loop/socket_write.h"

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/test.h"
#include "support/unit/seen_spans.h"

#define BODY 200000 /* more than the socket takes at once */

/* A socket that has little room, and its peer. */
struct pair {
	uv_loop_t loop;
	uv_pipe_t pipe;
	int peer;
	bool is_written;
	int status;
};

static void open_pair(struct pair *pair)
{
	int ends[2], size = 4096;

	*pair = (struct pair){0};
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_int_equal(setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)), 0);
	assert_int_equal(uv_loop_init(&pair->loop), 0);
	assert_int_equal(uv_pipe_init(&pair->loop, &pair->pipe, 0), 0);
	assert_int_equal(uv_pipe_open(&pair->pipe, ends[0]), 0);
	pair->pipe.data = pair;
	pair->peer = ends[1];
}

static void close_pair(struct pair *pair)
{
	uv_close((uv_handle_t *)&pair->pipe, NULL);
	uv_run(&pair->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&pair->loop), 0);
	if (pair->peer >= 0)
		close(pair->peer);
}

static int set_up(void **state)
{
	static struct pair made;

	/* A write to a peer that has gone is an error, as in the program. */
	signal(SIGPIPE, SIG_IGN);
	open_pair(&made);
	*state = &made;
	return 0;
}

static int tear_down(void **state)
{
	close_pair(*state);
	return 0;
}

#define PAIR_TEST(name) TEST_GIVEN(struct pair, pair, set_up, tear_down, NULL, name)

static void on_written(void *data, int status)
{
	struct pair *pair = data;

	assert_false(pair->is_written);
	pair->is_written = true;
	pair->status = status;
}

static int write_pieces(struct pair *pair, const uv_buf_t *pieces, unsigned count)
{
	return socket_write((uv_stream_t *)&pair->pipe, pieces, count, on_written);
}

static void fill(char bytes[static BODY])
{
	for (size_t i = 0; i < BODY; i++)
		bytes[i] = (char)(i * 7 + i / 251);
}

/* Has what waits written while the peer reads, which gets these bytes and no more. */
static void expect_read(struct pair *pair, const char *bytes, size_t length)
{
	char chunk[3000];

	while (length > 0) {
		ssize_t got = recv(pair->peer, chunk, sizeof(chunk), MSG_DONTWAIT);
		size_t taken = got > 0 ? (size_t)got : 0;
		assert_true(taken <= length);
		assert_memory_equal(chunk, bytes, taken);
		bytes += taken;
		length -= taken;
		if (taken == 0)
			uv_run(&pair->loop, UV_RUN_ONCE);
	}
	uv_run(&pair->loop, UV_RUN_NOWAIT);
	assert_int_equal(recv(pair->peer, chunk, sizeof(chunk), MSG_DONTWAIT), -1);
}

PAIR_TEST(what_leaves_at_once)
{
	uv_buf_t pieces[] = {uv_buf_init("one ", 4), uv_buf_init(NULL, 0), uv_buf_init("two", 3)};

	assert_int_equal(write_pieces(pair, pieces, 3), 0);
	expect_read(pair, "one two", 7);
	assert_false(pair->is_written);
}

/* Wherever the socket's room ends: before a piece, within it, or behind it. */
TEST(what_has_to_wait)
{
	static char bytes[BODY];
	static const unsigned cuts[] = {1, 100, 2000, 4000, 8000, 16000, 100000, BODY - 1};

	fill(bytes);
	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		struct pair pair;
		unsigned cut = cuts[i];
		uv_buf_t pieces[] = {uv_buf_init(bytes, cut), uv_buf_init(NULL, 0),
			uv_buf_init(bytes + cut, (BODY - cut) / 2),
			uv_buf_init(bytes + cut + (BODY - cut) / 2, (BODY - cut + 1) / 2)};
		open_pair(&pair);
		assert_int_equal(write_pieces(&pair, pieces, 4), 1);
		expect_read(&pair, bytes, BODY);
		assert_true(pair.is_written);
		assert_int_equal(pair.status, 0);
		close_pair(&pair);
	}
}

/* What waits is a copy: the pieces are no longer needed. */
PAIR_TEST(pieces_are_borrowed)
{
	static char bytes[BODY], wanted[BODY];
	uv_buf_t piece = uv_buf_init(bytes, BODY);

	fill(bytes);
	fill(wanted);
	assert_int_equal(write_pieces(pair, &piece, 1), 1);
	memset(bytes, 0, BODY);
	expect_read(pair, wanted, BODY);
}

PAIR_TEST(a_peer_that_has_gone)
{
	static char bytes[BODY];
	uv_buf_t piece = uv_buf_init(bytes, BODY);

	assert_int_equal(write_pieces(pair, &piece, 1), 1);
	close(pair->peer);
	pair->peer = -1;
	while (!pair->is_written)
		uv_run(&pair->loop, UV_RUN_ONCE);
	assert_true(pair->status < 0);
	assert_true(write_pieces(pair, &piece, 1) < 0);
}

/* In the tests before. */
TEST(phases)
{
	expect_seen_span(PHASE_POLL, "on_delayed_written");
}
