/*
 * A prepare handle runs last before the poll phase waits, and so it ends the turn. All else is
 * measured by the callbacks themselves, where they begin. A timer looks at the meters once a
 * second, which takes some microseconds, so that the minute is there before anybody asks for it. A
 * thread that watches from outside would see a callback that never returns; systemd's watchdog is
 * for that (systemd.h).
 */
#include "event_loop/loop_watch.h"

#include <stdlib.h>
#include <uv.h>

#include "base/memory.h"
#include "base/meters/loop_span.h"

/* A turn that takes longer breaks the rule that nothing blocks the loop. */
#define DELAYED UINT64_C(100000000)

#define SECOND_MS 1000

/* The store looks at its file once a second, beginning when the program does. If both were due in
 * one turn, each second would seem to end with a job of the pool. */
#define SHIFT_MS 500

struct loop_watch {
	uv_prepare_t before_poll;
	uv_loop_t *loop;
	struct log *log;
	uv_timer_t second;
	uint64_t begun;         /* by the clock of the loop */
	loop_second_cb *passed; /* NULL: nobody waits for it */
	void *argument;
	struct minute minute;
};

static void log_delay(const struct loop_watch *watch, const struct loop_turn *turn)
{
	const struct loop_span *longest = &turn->longest;

	meters.loop.delayed++;
	log_often(watch->log, LOG_WARN, "loop-delayed",
		LOG_TEXT("phase", loop_phase_name(longest->phase)),
		LOG_TEXT("callback", longest->callback), LOG_NUMBER("ms", longest->time / 1000000),
		LOG_NUMBER("turn_ms", turn->time / 1000000));
}

static void on_before_poll(uv_prepare_t *before_poll)
{
	const struct loop_turn turn = loop_span_wait();

	if (turn.time > DELAYED)
		log_delay(before_poll->data, &turn);
}

static void on_second(uv_timer_t *timer);

/* On a grid, and not a second after the last one: a turn that takes long would make all timers that
 * it holds up due together, for ever. */
static void await_second(struct loop_watch *watch)
{
	uint64_t since = uv_now(watch->loop) - watch->begun;

	uv_timer_start(&watch->second, on_second,
		SECOND_MS - (since + SECOND_MS - SHIFT_MS) % SECOND_MS, 0);
}

static void on_second(uv_timer_t *timer)
{
	struct loop_watch *watch = timer->data;

	loop_span_begin(PHASE_TIMERS, __func__);
	minute_add(&watch->minute, &meters, meters_clock());
	await_second(watch);
	if (watch->passed != NULL)
		watch->passed(watch->argument);
}

static void watch_seconds(struct loop_watch *watch)
{
	minute_begin(&watch->minute, &meters, meters_clock());
	uv_timer_init(watch->loop, &watch->second);
	watch->begun = uv_now(watch->loop);
	await_second(watch);
	uv_unref((uv_handle_t *)&watch->second);
	watch->second.data = watch;
}

struct loop_watch *loop_watch_open(struct uv_loop_s *loop, struct log *log)
{
	struct loop_watch *watch = memory_zeroed(sizeof(*watch));

	watch->loop = loop;
	watch->log = log;
	uv_prepare_init(loop, &watch->before_poll); /* neither can fail */
	uv_prepare_start(&watch->before_poll, on_before_poll);
	uv_unref((uv_handle_t *)&watch->before_poll);
	watch->before_poll.data = watch;
	watch_seconds(watch);
	return watch;
}

void loop_watch_end(struct loop_watch *watch)
{
	if (watch == NULL)
		return;
	uv_close((uv_handle_t *)&watch->before_poll, NULL);
	uv_close((uv_handle_t *)&watch->second, NULL);
}

void loop_watch_close(struct loop_watch *watch)
{
	free(watch);
}

const struct minute *loop_watch_minute(const struct loop_watch *watch)
{
	return &watch->minute;
}

void loop_watch_seconds(struct loop_watch *watch, loop_second_cb *passed, void *argument)
{
	watch->passed = passed;
	watch->argument = argument;
}

/* libuv has no question for it, and takes a listening pipe for readable. uv_listen() sets this. */
static bool is_listener(const uv_stream_t *stream)
{
	return stream->connection_cb != NULL;
}

static enum alive_kind kind_of(const uv_handle_t *handle)
{
	switch (handle->type) {
	case UV_TCP:
	case UV_NAMED_PIPE:
		return is_listener((const uv_stream_t *)handle) ? ALIVE_LISTENERS
								: ALIVE_CONNECTIONS;
	case UV_TIMER:
		return ALIVE_TIMERS;
	case UV_IDLE:
		return ALIVE_IDLES;
	case UV_PREPARE:
		return ALIVE_PREPARES;
	case UV_CHECK:
		return ALIVE_CHECKS;
	case UV_ASYNC:
		return ALIVE_ASYNCS;
	default:
		return ALIVE_OTHERS;
	}
}

static void count_handle(uv_handle_t *handle, void *argument)
{
	struct loop_alive *alive = argument;
	enum alive_kind kind = kind_of(handle);

	if (uv_is_closing(handle))
		alive->closing++;
	else if (!uv_is_active(handle))
		alive->handles[kind].inactive++;
	else if (uv_has_ref(handle))
		alive->handles[kind].keeping++;
	else
		alive->handles[kind].watching++;
}

void loop_watch_alive(const struct loop_watch *watch, struct loop_alive *alive)
{
	*alive = (struct loop_alive){0};
	if (watch == NULL)
		return;
	uv_walk(watch->loop, count_handle, alive);
	alive->jobs = (size_t)(meters.pool.queued + meters.pool.busy);
	alive->writes = watch->loop->active_reqs.count - alive->jobs;
}

const char *alive_kind_name(enum alive_kind kind)
{
	static const char *const names[ALIVE_KINDS] = {[ALIVE_LISTENERS] = "listener",
		[ALIVE_CONNECTIONS] = "connection",
		[ALIVE_TIMERS] = "timer",
		[ALIVE_IDLES] = "idle",
		[ALIVE_PREPARES] = "prepare",
		[ALIVE_CHECKS] = "check",
		[ALIVE_ASYNCS] = "async",
		[ALIVE_OTHERS] = "other"};

	return names[kind];
}
