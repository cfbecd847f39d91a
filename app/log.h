#ifndef ROLLCALL_LOG_H
#define ROLLCALL_LOG_H

#include <stdint.h>

/*
 * Log lines in logfmt, one an event:
 *
 *	time=2026-01-02T03:04:05.678Z level=warn event=store-full reason="No space left on device"
 *
 * Lines gather in memory and are written without ever waiting for the reader: what a full pipe does
 *not take stays, up to LIMIT_LOG_PENDING; lines past that are dropped and counted. A value can hold
 *any bytes: it cannot end its quotes or its line. For one thread.
 */
enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

struct log;

/* As lines and options have it: "error", "warn", "info", "debug". NULL for a number that is no
 * level. */
const char *log_level_name(unsigned level);

/* A key and its value. Made by LOG_TEXT and LOG_NUMBER, which take a literal for the key. */
struct log_field {
	const char *key;  /* as it stands in a line: a space, the key, and an equals sign */
	const char *text; /* NULL: the number counts */
	int64_t number;
};

#define LOG_TEXT(name, value)                                                                      \
	((struct log_field){.key = " " name "=", .text = (value) != NULL ? (value) : ""})
#define LOG_NUMBER(name, value)                                                                    \
	((struct log_field){.key = " " name "=", .number = (int64_t)(value)})

/* Writes to `descriptor`, which stays the caller's. */
struct log *log_open(int descriptor, enum log_level most);

/* One event: log_event(log, LOG_INFO, "ready", LOG_TEXT("address", address), LOG_NUMBER("users",
 * n)). */
#define log_event(log, level, ...) LOG_EVENT_((log), (level), __VA_ARGS__, (struct log_field){0})
#define LOG_EVENT_(log, level, event, ...)                                                         \
	log_fields((log), (level), (event), (const struct log_field[]){__VA_ARGS__})

/* The same with an array that ends with a field without a key. */
void log_fields(
	struct log *log, enum log_level level, const char *event, const struct log_field *fields);

/* Writes what has gathered, as far as it goes without waiting. */
void log_flush(struct log *log);

/* Writes the rest, waiting for the reader for as long as it takes something every second, and frees
 * it. */
void log_close(struct log *log);

#endif
