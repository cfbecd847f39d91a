#ifndef ROLLCALL_BASE_LOG_H
#define ROLLCALL_BASE_LOG_H

#include <stddef.h>
#include <stdint.h>

/*
 * Log lines in logfmt, one an event:
 *
 *	time=2026-01-02T03:04:05.678Z level=warn event=store-full reason="No space left on device"
 *
 * A line costs its caller no waiting, whatever the descriptor is: a thread of the log writes what
 * has gathered, up to LIMIT_LOG_PENDING; lines past that are dropped and counted. A value can hold
 * any bytes: it is written as printable.h has it and cannot end its quotes or its line. Where
 * systemd's journal reads the log, each line begins with its priority (standard_error.h), which
 * nothing in a value can be taken for. Every function is for the one thread that opened the log.
 */
enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

struct log;

/* As lines and options have it: "error", "warn", "info", "debug". NULL for a number that is no
 * level. */
const char *log_level_name(unsigned level);

extern const char log_time[];

/* A key and its value. Made by LOG_TEXT, LOG_NUMBER and LOG_SECONDS, which take a literal for the
 * key. */
struct log_field {
	const char *key; /* as it stands in a line: a space, the key, and an equals sign */
	size_t key_length;
	const char *text; /* NULL: the number counts; log_time: it is nanoseconds, and is written as
			     seconds */
	int64_t number;
};

/* The compiler knows how long a literal is. */
#define LOG_KEY_(name) .key = " " name "=", .key_length = sizeof(" " name "=") - 1

#define LOG_TEXT(name, value)   ((struct log_field){LOG_KEY_(name), .text = log_text(value)})
#define LOG_NUMBER(name, value) ((struct log_field){LOG_KEY_(name), .number = (int64_t)(value)})

#define LOG_SECONDS(name, nanoseconds)                                                             \
	((struct log_field){LOG_KEY_(name), .text = log_time, .number = (int64_t)(nanoseconds)})

static inline const char *log_text(const char *text)
{
	return text != NULL ? text : "";
}

/* Writes to `descriptor`, which stays the caller's. NULL if no thread could be started. */
struct log *log_open(int descriptor, enum log_level most);

/* What is logged from now on. */
void log_set_level(struct log *log, enum log_level most);

/* One event: log_event(log, LOG_INFO, "ready", LOG_TEXT("address", address), LOG_NUMBER("users",
 * n)). */
#define log_event(log, level, ...) LOG_EVENT_((log), (level), __VA_ARGS__, (struct log_field){0})
#define LOG_EVENT_(log, level, event, ...)                                                         \
	log_fields((log), (level), (event), (const struct log_field[]){__VA_ARGS__})

/* The same with an array that ends with a field without a key. */
void log_fields(
	struct log *log, enum log_level level, const char *event, const struct log_field *fields);

/* For an event that a peer can bring about as often as it likes (repeats.h): what is not written of
 * it within a second is counted, and said when that is over, as the event `repeated`. A log of
 * level LOG_DEBUG has all of them. */
#define log_often(log, level, ...) LOG_OFTEN_((log), (level), __VA_ARGS__, (struct log_field){0})
#define LOG_OFTEN_(log, level, event, ...)                                                         \
	log_often_fields((log), (level), (event), (const struct log_field[]){__VA_ARGS__})
void log_often_fields(
	struct log *log, enum log_level level, const char *event, const struct log_field *fields);

/* Says now how many were not written. */
void log_end_repeats(struct log *log);

/* How many lines were dropped since the log was opened. */
uint64_t log_dropped(struct log *log);

/* The level of a line for each request: LOG_INFO, but LOG_DEBUG in systemd's journal, which has
 * better uses for its space, beside the web server's log of the same requests. */
enum log_level log_level_of_each(const struct log *log);

/* Waits until all is written, for as long as the reader takes something every second. For tests:
 * the program has no need to. */
void log_flush(struct log *log);

/* The same, and frees it. A thread that is stuck in its write is left behind, and goes on if it
 * can: the descriptor must stay open. NULL is fine. */
void log_close(struct log *log);

#endif
