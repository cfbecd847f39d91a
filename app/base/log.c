/*
 * A thread of its own writes the lines. Not writing where it would wait is not to be had in another
 * way for every kind of standard error: a terminal polls writable and then waits in write(2), a
 * file waits for its disk, and O_NONBLOCK belongs to an open file description that is not ours
 * alone: the shell and other programs would find it set. A description of our own, by way of
 * /proc/self/fd, is refused where another user opened the terminal or made the pipe, does not exist
 * for sockets, and changes nothing for files.
 *
 * So the loop thread appends to a buffer under a lock that is never held while anything waits, and
 * makes a system call only when the writer is asleep. After each batch the writer rests a moment:
 * what is logged meanwhile goes out in one write, and needs no waking.
 */
#include "base/log.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/limit.h"
#include "base/log_line.h"
#include "base/memory.h"
#include "base/repeats.h"
#include "base/standard_error.h"
#include "base/timestamp.h"

/* How long the writer rests after a batch, and after a write that failed. */
#define REST_MS  10
#define RETRY_MS 100

/* How long the end of the program may wait for a reader that takes nothing. */
#define LAST_WRITE_MS 1000

/* The span of time for log_often(). */
#define OFTEN_MS 1000

struct log {
	int descriptor;
	enum log_level most;
	bool is_journal; /* systemd's reads it */

	pthread_t writer;
	pthread_mutex_t lock;  /* for all that follows */
	pthread_cond_t wanted; /* wakes the writer: there is a line, or the log is to end */
	pthread_cond_t moved;  /* tells the thread that waits for the writer: it has come further */
	struct buffer pending; /* whole lines for the writer's next batch */
	struct buffer batch;   /* what it writes now; its own until it is empty again */
	uint64_t taken;        /* bytes, by the reader of the log */
	bool is_asleep;        /* the writer: it has nothing to write */
	bool is_hurried;       /* somebody waits for the writer: it does not rest */
	bool is_ending;        /* nothing more is logged */
	bool is_abandoned;     /* the owner waits no longer: the writer frees the log */
	uint64_t dropped;      /* lines since the last that was taken */
	uint64_t all_dropped;  /* and since the start */
	struct repeats repeats;
	struct timespec repeats_end; /* if there are some */
};

static void append_line(
	struct log *log, enum log_level level, const char *event, const struct log_field *fields)
{
	char time[TIMESTAMP_SIZE];

	timestamp_format(timestamp_now(), time);
	if (log->is_journal)
		buffer_string(&log->pending, standard_error_priority(level));
	log_line_append(&log->pending, time, level, event, fields);
}

static void note_dropped(struct log *log)
{
	if (log->dropped == 0)
		return;
	struct log_field fields[] = {LOG_NUMBER("lines", log->dropped), {0}};
	append_line(log, LOG_WARN, "log-dropped", fields);
	log->dropped = 0;
}

static void drop_line(struct log *log)
{
	log->dropped++;
	log->all_dropped++;
}

/* Lines past the limit are counted, and so are those that there is no memory for. */
static void queue_line(
	struct log *log, enum log_level level, const char *event, const struct log_field *fields)
{
	struct buffer *pending = &log->pending;

	if (pending->length + LIMIT_LOG_LINE > LIMIT_LOG_PENDING) {
		drop_line(log);
		return;
	}
	note_dropped(log);
	size_t before = pending->length;
	append_line(log, level, event, fields);
	if (pending->failed) {
		pending->failed = false;
		pending->length = before;
		drop_line(log);
	}
}

static void wake_writer(struct log *log)
{
	if (log->is_asleep)
		pthread_cond_signal(&log->wanted);
	log->is_asleep = false;
}

void log_fields(
	struct log *log, enum log_level level, const char *event, const struct log_field *fields)
{
	if (level > log->most)
		return;
	pthread_mutex_lock(&log->lock);
	queue_line(log, level, event, fields);
	wake_writer(log);
	pthread_mutex_unlock(&log->lock);
}

void log_set_level(struct log *log, enum log_level most)
{
	log->most = most;
}

enum log_level log_level_of_each(const struct log *log)
{
	return log->is_journal ? LOG_DEBUG : LOG_INFO;
}

static struct timespec monotonic_in(int milliseconds)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	time.tv_sec += milliseconds / 1000;
	time.tv_nsec += (long)(milliseconds % 1000) * 1000000;
	if (time.tv_nsec >= 1000000000) {
		time.tv_nsec -= 1000000000;
		time.tv_sec++;
	}
	return time;
}

void log_often_fields(
	struct log *log, enum log_level level, const char *event, const struct log_field *fields)
{
	if (level > log->most)
		return;
	if (log->most == LOG_DEBUG) {
		log_fields(log, level, event, fields);
		return;
	}
	pthread_mutex_lock(&log->lock);
	if (!log->repeats.is_counting)
		log->repeats_end = monotonic_in(OFTEN_MS);
	/* The first of a span is shown, and wakes the writer; it sees to the end of the span. */
	if (repeats_count(&log->repeats, event, level)) {
		queue_line(log, level, event, fields);
		wake_writer(log);
	}
	pthread_mutex_unlock(&log->lock);
}

static void note_repeats(struct log *log)
{
	const struct repeats ended = repeats_end(&log->repeats);

	for (size_t i = 0; i < REPEATS_KINDS && ended.kinds[i].event != NULL; i++) {
		const struct log_field fields[] = {LOG_TEXT("of", ended.kinds[i].event),
			LOG_NUMBER("times", ended.kinds[i].more), {0}};
		if (ended.kinds[i].more > 0)
			queue_line(log, (enum log_level)ended.kinds[i].level, "repeated", fields);
	}
}

static bool is_past(const struct timespec *time)
{
	const struct timespec now = monotonic_in(0);

	return now.tv_sec > time->tv_sec ||
	       (now.tv_sec == time->tv_sec && now.tv_nsec >= time->tv_nsec);
}

/* The writer. */
static void rest(struct log *log, int milliseconds)
{
	const struct timespec until = monotonic_in(milliseconds);

	while (!log->is_hurried &&
		pthread_cond_timedwait(&log->wanted, &log->lock, &until) != ETIMEDOUT)
		;
}

/* The writer, without the lock: it may take as long as it will. At most as much as a pipe takes as
 * one, so that a slow reader is seen to take something. Returns 0 if nothing could be written. */
static size_t write_some(int descriptor, const char *bytes, size_t length)
{
	struct pollfd ready = {.fd = descriptor, .events = POLLOUT};

	for (;;) {
		ssize_t written = write(descriptor, bytes, length < PIPE_BUF ? length : PIPE_BUF);
		if (written > 0)
			return (size_t)written;
		/* Another process may have made a shared descriptor one that does not wait. */
		if (written == 0 || (errno != EINTR && errno != EAGAIN))
			return 0;
		if (errno == EAGAIN && poll(&ready, 1, -1) < 0 && errno != EINTR)
			return 0;
	}
}

/* The writer. What a disk that is full does not take is tried again, but not when the log ends. */
static void write_batch(struct log *log)
{
	size_t at = 0;

	while (at < log->batch.length) {
		pthread_mutex_unlock(&log->lock);
		size_t written =
			write_some(log->descriptor, log->batch.bytes + at, log->batch.length - at);
		pthread_mutex_lock(&log->lock);
		at += written;
		log->taken += written;
		pthread_cond_signal(&log->moved);
		if (written == 0 && log->is_ending)
			break;
		if (written == 0)
			rest(log, RETRY_MS);
	}
	if (at < log->batch.length)
		buffer_clear(&log->pending);
	buffer_clear(&log->batch);
	pthread_cond_signal(&log->moved);
}

/* The writer: until it is woken, or has something to say itself. */
static void sleep_on(struct log *log)
{
	log->is_asleep = true;
	if (log->repeats.is_counting)
		pthread_cond_timedwait(&log->wanted, &log->lock, &log->repeats_end);
	else
		pthread_cond_wait(&log->wanted, &log->lock);
}

/* The writer: false at the end of the log. */
static bool wait_for_lines(struct log *log)
{
	for (;;) {
		if (log->repeats.is_counting && is_past(&log->repeats_end))
			note_repeats(log);
		if (log->pending.length > 0 || log->is_ending)
			break;
		sleep_on(log);
	}
	const struct buffer lines = log->pending;
	log->pending = log->batch;
	log->batch = lines;
	return lines.length > 0;
}

static void release_log(struct log *log)
{
	pthread_cond_destroy(&log->moved);
	pthread_cond_destroy(&log->wanted);
	pthread_mutex_destroy(&log->lock);
	buffer_free(&log->pending);
	buffer_free(&log->batch);
	free(log);
}

static void *write_queued(void *argument)
{
	struct log *log = argument;

	pthread_mutex_lock(&log->lock);
	while (wait_for_lines(log)) {
		write_batch(log);
		rest(log, REST_MS);
	}
	bool is_abandoned = log->is_abandoned;
	pthread_mutex_unlock(&log->lock);
	if (is_abandoned)
		release_log(log);
	return NULL;
}

/* Signals are for the other threads; and SIGTTOU, which a terminal may answer a write with, would
 * suspend the program. */
static int start_writer(struct log *log)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int failed = pthread_create(&log->writer, NULL, write_queued, log);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed;
}

struct log *log_open(int descriptor, enum log_level most)
{
	struct log *log = memory_zeroed(sizeof(*log));
	pthread_condattr_t monotonic;

	log->descriptor = descriptor;
	log->most = most;
	log->is_journal = standard_error_is_journal(descriptor);
	/* None of these can fail. */
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&log->lock, NULL);
	pthread_cond_init(&log->wanted, &monotonic);
	pthread_cond_init(&log->moved, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (start_writer(log) != 0) {
		release_log(log);
		return NULL;
	}
	return log;
}

/* Whether all is written: false once nothing was taken for a second. */
static bool wait_written(struct log *log)
{
	uint64_t taken = log->taken;
	struct timespec until = monotonic_in(LAST_WRITE_MS);

	log->is_hurried = true;
	pthread_cond_signal(&log->wanted);
	while (log->pending.length > 0 || log->batch.length > 0) {
		if (pthread_cond_timedwait(&log->moved, &log->lock, &until) == ETIMEDOUT)
			return false;
		if (log->taken != taken)
			until = monotonic_in(LAST_WRITE_MS);
		taken = log->taken;
	}
	return true;
}

void log_end_repeats(struct log *log)
{
	pthread_mutex_lock(&log->lock);
	note_repeats(log);
	wake_writer(log);
	pthread_mutex_unlock(&log->lock);
}

uint64_t log_dropped(struct log *log)
{
	pthread_mutex_lock(&log->lock);
	uint64_t dropped = log->all_dropped;
	pthread_mutex_unlock(&log->lock);
	return dropped;
}

void log_flush(struct log *log)
{
	pthread_mutex_lock(&log->lock);
	(void)wait_written(log);
	log->is_hurried = false;
	pthread_mutex_unlock(&log->lock);
}

/* A writer that is stuck is left behind: it ends with the process, or frees the log if it ever
 * comes to. */
void log_close(struct log *log)
{
	if (log == NULL)
		return;
	pthread_t writer = log->writer;
	log_end_repeats(log);
	pthread_mutex_lock(&log->lock);
	note_dropped(log);
	log->is_ending = true;
	bool is_written = wait_written(log);
	log->is_abandoned = !is_written;
	pthread_mutex_unlock(&log->lock);
	if (!is_written) {
		pthread_detach(writer);
		return;
	}
	pthread_join(writer, NULL);
	release_log(log);
}
