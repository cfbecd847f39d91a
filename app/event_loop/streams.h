#ifndef ROLLCALL_EVENT_LOOP_STREAMS_H
#define ROLLCALL_EVENT_LOOP_STREAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "http/response.h"

/*
 * Responses that stay open and follow a growing source: each has a position in the source, and is
 * sent what comes after it. A slow client falls behind alone, and costs no memory: at most one
 * chunk is under way to it. Thousands of streams are served in small parts, one in each turn of
 * the loop, so that no other request has to wait for all of them. Loop thread only.
 */
struct streams;

/* libuv's uv_loop_t: routes include this header, and must not see <uv.h>. */
struct uv_loop_s;

/* How far a stream is in its source. Streams are compared by it; what the numbers mean is for the
 * source to say. */
struct streams_position {
	uint64_t at[3];
};

/* Appends what comes after the position, at most a chunk, and moves the position past it. Returns
 * whether there is more. A source that has to fetch data first appends nothing, returns false, and
 * arranges that streams_wake() is called when the data is there. */
typedef bool streams_source_cb(
	void *argument, struct streams_position *position, struct buffer *out);

/* In how many milliseconds the source changes by the clock alone; STREAMS_NEVER: it does not. */
#define STREAMS_NEVER UINT64_MAX
typedef uint64_t streams_due_cb(void *argument);

struct streams_settings {
	struct uv_loop_s *loop;
	streams_source_cb *source;
	streams_due_cb *due; /* asked after each round; NULL: never */
	void *argument;
	size_t most;         /* open at once */
	uint64_t heartbeat;  /* milliseconds between signs of life */
	const char *sign;    /* sent as a sign of life when there is nothing else */
	unsigned heartbeats; /* after so many a stream ends, and the client asks again;
				a proxy in between can be replaced that way */
};

struct streams *streams_open(const struct streams_settings *settings);

/* Changes these two settings. */
void streams_change(struct streams *streams, size_t most, uint64_t heartbeat);

/* How many are open, and whether there is room for one more. */
size_t streams_count(const struct streams *streams);
bool streams_have_room(const struct streams *streams);

/* Begins the response (response.h) with its body, and continues from the position. */
void streams_add(struct streams *streams, struct response *response,
	const struct streams_position *position);

/* The source has more. */
void streams_wake(struct streams *streams);

/* Ends all streams, and later ones as soon as they are added. The loop has to run once more before
 * streams_close(). */
void streams_end(struct streams *streams);
void streams_close(struct streams *streams);

#endif
