#ifndef ROLLCALL_EVENT_LOOP_STREAMS_H
#define ROLLCALL_EVENT_LOOP_STREAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "http/response.h"

/*
 * Responses that stay open and follow something that grows: each stands at a position in it, and is
 * sent what comes after. A slow client falls behind, alone, and costs no memory: there is never
 * more than one chunk under way to it. Thousands of them are served in small portions, one in each
 * turn of the loop, so that no other request has to wait for all of them. Loop thread only.
 */
struct streams;

/* libuv's uv_loop_t: routes include this header, and must not see <uv.h>. */
struct uv_loop_s;

/* Appends what comes after the position, at most a chunk of it, and moves the position behind that.
 * Returns whether there is more. A source that has to fetch it first appends nothing, returns
 * false, and sees to it that streams_wake() is called when it is there. */
typedef bool streams_source_cb(void *argument, uint64_t *position, struct buffer *out);

struct streams_settings {
	struct uv_loop_s *loop;
	streams_source_cb *source;
	void *argument;
	size_t most;         /* open at once */
	uint64_t heartbeat;  /* milliseconds between signs of life */
	const char *sign;    /* what is sent for one when there is nothing else */
	unsigned heartbeats; /* after so many a stream ends: the client asks again, and
				what is in between can be replaced meanwhile */
};

struct streams *streams_open(const struct streams_settings *settings);

/* For new values of the settings of these names. */
void streams_change(struct streams *streams, size_t most, uint64_t heartbeat);

/* How many are open, and whether there is room for one more. */
size_t streams_count(const struct streams *streams);
bool streams_have_room(const struct streams *streams);

/* Begins the response (response.h) with what its body has, and goes on from the position. */
void streams_add(struct streams *streams, struct response *response, uint64_t position);

/* There is more in the source. */
void streams_wake(struct streams *streams);

/* Ends all, and from now on each one as soon as it is added. The loop has to run once more before
 * streams_close(). */
void streams_end(struct streams *streams);
void streams_close(struct streams *streams);

#endif
