#ifndef ROLLCALL_HTTP_REQUEST_TIMES_H
#define ROLLCALL_HTTP_REQUEST_TIMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

/* When what happened to a request, by meters_clock(); 0: it did not. */
struct request_times {
	uint64_t began;   /* its first byte was there; as the next if it came in one piece */
	uint64_t arrived; /* its last byte may have been there since then (loop_span.h) */
	uint64_t routed;  /* it was taken up */
	uint64_t settled; /* its route returned without a response */
	uint64_t resumed; /* the response began after all */
	uint64_t blocked; /* since then what was sent waits for the peer */
	uint64_t peer;    /* how long that took together, before */
};

/* The same as durations, which are its whole time together. */
struct request_waits {
	uint64_t arriving; /* until its last byte was there */
	uint64_t queue;    /* until the loop took it up: others were first */
	uint64_t route;    /* on the loop */
	uint64_t disk;     /* for the store, which a response can wait for: the batch before, the
			      write and the fdatasync */
	uint64_t peer;     /* for the web server to take the response */
};

/* For a gateway that does not say when the request arrived: it does now. */
void request_times_begin(struct request_times *times);

/* These three read the clock, or take the beginning of the callback that runs. */
void request_times_settle(struct request_times *times);
void request_times_resume(struct request_times *times);
void request_times_block(struct request_times *times, bool is_blocked);

/* At the time `now`. */
struct request_waits request_times_waits(const struct request_times *times, uint64_t now);

/* From the last byte of the request until now. */
uint64_t request_times_duration(const struct request_times *times, uint64_t now);

/* "arriving", "queue", "route", "disk", "peer": what took longest. */
const char *request_waits_longest(const struct request_waits *waits);

/* Appends the header field Server-Timing (W3C): milliseconds, for a browser's developer tools. */
void request_times_header(const struct request_times *times, struct buffer *head);

#endif
