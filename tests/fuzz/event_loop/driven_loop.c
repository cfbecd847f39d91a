/*
 * A timer runs twice: in libuv, for a time that never comes, so that it is active there; and in a
 * table here, by the time that is driven.
 */
#include "fuzz/event_loop/driven_loop.h"

#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "base/log.h"
#include "base/log_line.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"

#define START       INT64_C(1764000000000) /* 2025-11-24T16:00:00.000Z */
#define FAR_AWAY    UINT64_C(1000000000000)
#define MOST_JOBS   16
#define MILLISECOND 1000000 /* nanoseconds */

struct driven_timer {
	uv_timer_t *timer;
	uv_timer_cb expired;
	uint64_t due;
	uint64_t repeat;
	uint64_t order; /* of two that are due at once, the one that was started first */
};

struct driven_job {
	uv_work_t *request;
	uv_work_cb work;
	uv_after_work_cb done;
};

static struct driven_timer *timers;
static size_t timer_count, timer_capacity;
static struct driven_job jobs[MOST_JOBS];
static size_t job_count;
static uint64_t now_ms, started;
static bool may_log_errors;

int __real_uv_timer_start(
	uv_timer_t *timer, uv_timer_cb expired, uint64_t timeout, uint64_t repeat);
int __wrap_uv_timer_start(
	uv_timer_t *timer, uv_timer_cb expired, uint64_t timeout, uint64_t repeat);
int __real_uv_timer_stop(uv_timer_t *timer);
int __wrap_uv_timer_stop(uv_timer_t *timer);
void __real_uv_close(uv_handle_t *handle, uv_close_cb closed);
void __wrap_uv_close(uv_handle_t *handle, uv_close_cb closed);
uint64_t __wrap_uv_now(const uv_loop_t *loop);
int __wrap_uv_queue_work(
	uv_loop_t *loop, uv_work_t *request, uv_work_cb work, uv_after_work_cb done);
uint64_t __wrap_meters_clock(void);
int64_t __wrap_timestamp_now(void);
uint64_t __wrap_random_number(void);
enum log_level __wrap_log_level_of_each(const struct log *log);
uint64_t __wrap_log_dropped(struct log *log);
void __wrap_log_fields(
	struct log *log, enum log_level level, const char *event, const struct log_field *fields);
void __wrap_log_often_fields(
	struct log *log, enum log_level level, const char *event, const struct log_field *fields);

static void forget_timer(const uv_handle_t *handle)
{
	for (size_t i = 0; i < timer_count; i++)
		if ((const uv_handle_t *)timers[i].timer == handle) {
			timers[i] = timers[--timer_count];
			return;
		}
}

static void note_timer(const struct driven_timer *timer)
{
	if (timer_count == timer_capacity) {
		timer_capacity = timer_capacity * 2 + 8;
		timers = memory_resized(timers, timer_capacity, sizeof(*timers));
	}
	timers[timer_count] = *timer;
	timers[timer_count++].order = started++;
}

int __wrap_uv_timer_start(uv_timer_t *timer, uv_timer_cb expired, uint64_t timeout, uint64_t repeat)
{
	forget_timer((const uv_handle_t *)timer);
	note_timer(&(struct driven_timer){
		.timer = timer, .expired = expired, .due = now_ms + timeout, .repeat = repeat});
	return __real_uv_timer_start(timer, expired, FAR_AWAY, repeat);
}

int __wrap_uv_timer_stop(uv_timer_t *timer)
{
	forget_timer((const uv_handle_t *)timer);
	return __real_uv_timer_stop(timer);
}

void __wrap_uv_close(uv_handle_t *handle, uv_close_cb closed)
{
	forget_timer(handle);
	__real_uv_close(handle, closed);
}

uint64_t __wrap_uv_now(const uv_loop_t *loop)
{
	(void)loop;
	return now_ms;
}

uint64_t __wrap_meters_clock(void)
{
	return now_ms * MILLISECOND;
}

int64_t __wrap_timestamp_now(void)
{
	return driven_loop_now();
}

int64_t driven_loop_now(void)
{
	return START + (int64_t)now_ms;
}

/* So the first import has the number 1, which an input can name. */
uint64_t __wrap_random_number(void)
{
	return 0;
}

int __wrap_uv_queue_work(
	uv_loop_t *loop, uv_work_t *request, uv_work_cb work, uv_after_work_cb done)
{
	must(job_count < MOST_JOBS);
	request->loop = loop;
	jobs[job_count++] = (struct driven_job){.request = request, .work = work, .done = done};
	return 0;
}

/* One line that says nothing a terminal would obey, and nothing that is the program's own fault. */
static void check_log_line(enum log_level level, const char *event, const struct log_field *fields)
{
	static struct buffer line;
	char time[TIMESTAMP_SIZE];

	must(level != LOG_ERROR || may_log_errors);
	timestamp_format(driven_loop_now(), time);
	buffer_clear(&line);
	log_line_append(&line, time, level, event, fields);
	must(!line.failed);
	must(line.length <= LIMIT_LOG_LINE);
	must(utf8_is_valid(line.bytes, line.length));
	must(memchr(line.bytes, '\n', line.length) == line.bytes + line.length - 1);
	for (size_t i = 0; i + 1 < line.length; i++)
		must((unsigned char)line.bytes[i] >= ' ' && line.bytes[i] != 0x7f);
}

void __wrap_log_fields(
	struct log *log, enum log_level level, const char *event, const struct log_field *fields)
{
	(void)log;
	check_log_line(level, event, fields);
}

void __wrap_log_often_fields(
	struct log *log, enum log_level level, const char *event, const struct log_field *fields)
{
	(void)log;
	check_log_line(level, event, fields);
}

enum log_level __wrap_log_level_of_each(const struct log *log)
{
	(void)log;
	return LOG_INFO;
}

uint64_t __wrap_log_dropped(struct log *log)
{
	(void)log;
	return 0;
}

void driven_loop_begin(void)
{
	now_ms = 1000;
	started = 0;
	timer_count = 0;
	job_count = 0;
}

void driven_loop_turn(uv_loop_t *loop)
{
	uv_run(loop, UV_RUN_NOWAIT);
}

static bool comes_before(const struct driven_timer *one, const struct driven_timer *other)
{
	return one->due < other->due || (one->due == other->due && one->order < other->order);
}

/* The next that expires until then, or NULL. */
static const struct driven_timer *find_due(uint64_t until)
{
	const struct driven_timer *first = NULL;

	for (size_t i = 0; i < timer_count; i++)
		if (timers[i].due <= until && (first == NULL || comes_before(&timers[i], first)))
			first = &timers[i];
	return first;
}

static void expire(const struct driven_timer *due)
{
	struct driven_timer timer = *due;

	now_ms = timer.due > now_ms ? timer.due : now_ms;
	__wrap_uv_timer_stop(timer.timer);
	if (timer.repeat > 0)
		__wrap_uv_timer_start(timer.timer, timer.expired, timer.repeat, timer.repeat);
	timer.expired(timer.timer);
}

void driven_loop_pass(uv_loop_t *loop, uint64_t milliseconds)
{
	uint64_t until = now_ms + milliseconds;
	const struct driven_timer *due;

	while ((due = find_due(until)) != NULL) {
		expire(due);
		driven_loop_turn(loop);
	}
	now_ms = until;
}

bool driven_loop_work(uv_loop_t *loop)
{
	if (job_count == 0)
		return false;
	const struct driven_job job = jobs[0];
	job_count--;
	memmove(jobs, jobs + 1, job_count * sizeof(*jobs));
	job.work(job.request);
	job.done(job.request, 0);
	driven_loop_turn(loop);
	return true;
}

void driven_loop_allow_errors(bool may_fail)
{
	may_log_errors = may_fail;
}

void driven_loop_end(void)
{
	must(timer_count == 0);
	must(job_count == 0);
}
