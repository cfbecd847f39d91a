/*
 * Streams are written to in rounds, a part in each turn of the loop, so that thousands of them
 * delay no request. Most are at the same position and get the same chunk, which is made once.
 * There are three timers and an idle handle for all of them; none keeps the loop alive, the
 * connections do.
 */
#include "event_loop/streams.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <uv.h>

#include "base/memory.h"
#include "base/meters/loop_span.h"

/* How many are written to in one turn of the loop: about a quarter of a millisecond. */
#define PORTION 64

/* The least time from the beginning of one round to the next: people do not see the difference, and
 * all events of that time are sent together. */
#define ROUND_MS 100

struct stream {
	struct streams *all;
	TAILQ_ENTRY(stream) others;
	struct response *response;
	struct streams_position position;
	bool is_blocked; /* its peer has not taken what was sent last */
	unsigned beat;   /* of the last sign of life */
	unsigned begun;  /* the beat in which it began */
};

/* What the source has after a position: most streams are at the same one. */
struct chunk {
	struct buffer bytes;
	struct streams_position from;
	struct streams_position to;
	bool has_more; /* behind it */
	bool is_known;
};

struct streams {
	struct streams_settings settings;
	uv_timer_t pause; /* until the next round */
	uv_idle_t round;  /* active during one: runs once in each turn of the loop */
	uv_timer_t heartbeat;
	uv_timer_t alarm;                     /* when the source changes by the clock */
	TAILQ_HEAD(stream_list, stream) list; /* in the order in which they were added */
	struct stream *next; /* to be served in this round; NULL: none is under way */
	size_t count;
	unsigned beat;
	bool is_wanted; /* one more round, after this one */
	bool is_behind; /* the same, and at once: a stream got a chunk, and there is more */
	bool is_over;
	uint64_t round_began;
	struct chunk chunk;
};

static void schedule_round(struct streams *streams);

static void on_heartbeat(uv_timer_t *timer)
{
	struct streams *streams = timer->data;

	loop_span_begin(PHASE_TIMERS, __func__);
	streams->beat++;
	streams_wake(streams);
}

struct streams *streams_open(const struct streams_settings *settings)
{
	struct streams *streams = memory_zeroed(sizeof(*streams));

	streams->settings = *settings;
	meters.streams.limit += settings->most;
	TAILQ_INIT(&streams->list);
	/* None of these can fail. */
	uv_timer_init(settings->loop, &streams->pause);
	uv_idle_init(settings->loop, &streams->round);
	uv_timer_init(settings->loop, &streams->heartbeat);
	uv_timer_init(settings->loop, &streams->alarm);
	uv_timer_start(&streams->heartbeat, on_heartbeat, settings->heartbeat, settings->heartbeat);
	uv_unref((uv_handle_t *)&streams->pause);
	uv_unref((uv_handle_t *)&streams->round);
	uv_unref((uv_handle_t *)&streams->heartbeat);
	uv_unref((uv_handle_t *)&streams->alarm);
	streams->pause.data = streams;
	streams->round.data = streams;
	streams->heartbeat.data = streams;
	streams->alarm.data = streams;
	return streams;
}

void streams_change(struct streams *streams, size_t most, uint64_t heartbeat)
{
	meters.streams.limit += most - streams->settings.most;
	streams->settings.most = most;
	if (heartbeat == streams->settings.heartbeat)
		return;
	streams->settings.heartbeat = heartbeat;
	uv_timer_start(&streams->heartbeat, on_heartbeat, heartbeat, heartbeat);
}

void streams_close(struct streams *streams)
{
	if (streams == NULL)
		return;
	buffer_free(&streams->chunk.bytes);
	free(streams);
}

size_t streams_count(const struct streams *streams)
{
	return streams->count;
}

bool streams_have_room(const struct streams *streams)
{
	return streams->count < streams->settings.most;
}

static void append_stream(struct streams *streams, struct stream *stream)
{
	TAILQ_INSERT_TAIL(&streams->list, stream, others);
	streams->count++;
	meters.streams.open++;
	meters.streams.begun++;
}

static void unblock(struct stream *stream)
{
	meters.streams.blocked -= stream->is_blocked;
	stream->is_blocked = false;
}

/* Of a response that has to wait, the stream is still there. */
static void note_blocked(struct stream *stream, const struct response *response)
{
	if (!response_has_to_wait(response))
		return;
	stream->is_blocked = true;
	meters.streams.blocked++;
}

static void take_out(struct stream *stream)
{
	struct streams *streams = stream->all;

	if (streams->next == stream)
		streams->next = TAILQ_NEXT(stream, others);
	TAILQ_REMOVE(&streams->list, stream, others);
	streams->count--;
	meters.streams.open--;
	unblock(stream);
}

static void end_stream(struct stream *stream)
{
	struct response *response = stream->response;

	take_out(stream);
	free(stream);
	response_end(response);
	response_release(response);
}

static void on_abandoned(void *argument)
{
	end_stream(argument);
}

static void on_stream_drained(void *argument)
{
	struct stream *stream = argument;

	unblock(stream);
	streams_wake(stream->all);
}

void streams_add(
	struct streams *streams, struct response *response, const struct streams_position *position)
{
	struct stream *stream = memory_zeroed(sizeof(*stream));

	*stream = (struct stream){.all = streams,
		.response = response,
		.position = *position,
		.beat = streams->beat,
		.begun = streams->beat};
	append_stream(streams, stream);
	response_hold(response);
	response_set_endless(response);
	/* The peer may go while this is sent: on_abandoned() frees the stream, so it is set after.
	 */
	if (!response_begin(response, on_stream_drained, stream) || !response_goes_on(response) ||
		streams->is_over) {
		end_stream(stream);
		return;
	}
	response_on_abandon(response, on_abandoned, stream);
	note_blocked(stream, response);
	streams_wake(streams);
}

static bool is_same(const struct streams_position *one, const struct streams_position *other)
{
	return memcmp(one->at, other->at, sizeof(one->at)) == 0;
}

static const struct chunk *chunk_after(
	struct streams *streams, const struct streams_position *position)
{
	struct chunk *chunk = &streams->chunk;

	if (!chunk->is_known || !is_same(&chunk->from, position)) {
		buffer_clear(&chunk->bytes);
		chunk->from = *position;
		chunk->to = *position;
		chunk->has_more = streams->settings.source(
			streams->settings.argument, &chunk->to, &chunk->bytes);
		chunk->is_known = true;
	}
	return chunk;
}

/* The stream may be freed by that. */
static void write_stream(struct stream *stream, const char *bytes, size_t length)
{
	meters.streams.sent++;
	meters.streams.bytes += length;
	response_write(stream->response, bytes, length);
}

static void send_chunk(struct stream *stream, const struct chunk *chunk)
{
	struct streams *streams = stream->all;

	if (!is_same(&chunk->to, &stream->position)) {
		stream->position = chunk->to;
		stream->beat = streams->beat;
		streams->is_behind |= chunk->has_more;
		if (chunk->bytes.length > 0)
			write_stream(stream, chunk->bytes.bytes, chunk->bytes.length);
	} else if (stream->beat != streams->beat) {
		stream->beat = streams->beat;
		write_stream(stream, streams->settings.sign, strlen(streams->settings.sign));
	}
}

/* Sends what there is. The peer may go meanwhile, and the stream with it. */
static void serve_stream(struct stream *stream)
{
	struct streams *streams = stream->all;
	struct response *response = stream->response;
	const struct chunk *chunk = chunk_after(streams, &stream->position);

	if (chunk->bytes.failed || streams->beat - stream->begun >= streams->settings.heartbeats) {
		end_stream(stream);
		return;
	}
	response_hold(response);
	send_chunk(stream, chunk);
	note_blocked(stream, response);
	response_release(response);
}

static void on_due(uv_timer_t *timer)
{
	loop_span_begin(PHASE_TIMERS, __func__);
	streams_wake(timer->data);
}

/* A clock that is set meanwhile is noticed at the next heartbeat. */
static void set_alarm(struct streams *streams)
{
	const struct streams_settings *settings = &streams->settings;
	uint64_t due = settings->due != NULL ? settings->due(settings->argument) : STREAMS_NEVER;

	if (due == STREAMS_NEVER)
		uv_timer_stop(&streams->alarm);
	else
		uv_timer_start(&streams->alarm, on_due, due, 0);
}

static void on_round(uv_idle_t *round)
{
	struct streams *streams = round->data;

	loop_span_begin(PHASE_PENDING, __func__);
	for (int i = 0; i < PORTION && streams->next != NULL; i++) {
		struct stream *stream = streams->next;
		streams->next = TAILQ_NEXT(stream, others);
		if (!response_has_to_wait(stream->response))
			serve_stream(stream);
	}
	if (streams->next != NULL)
		return;
	uv_idle_stop(round);
	set_alarm(streams);
	if (streams->is_wanted || streams->is_behind)
		schedule_round(streams);
}

static void on_pause_over(uv_timer_t *timer)
{
	struct streams *streams = timer->data;

	loop_span_begin(PHASE_TIMERS, __func__);
	streams->is_wanted = false;
	streams->is_behind = false;
	streams->chunk.is_known = false;
	streams->next = TAILQ_FIRST(&streams->list);
	streams->round_began = uv_now(streams->settings.loop);
	uv_idle_start(&streams->round, on_round);
}

static void schedule_round(struct streams *streams)
{
	uint64_t due = streams->round_began + ROUND_MS, now = uv_now(streams->settings.loop);

	uv_timer_start(&streams->pause, on_pause_over,
		due > now && !streams->is_behind ? due - now : 0, 0);
}

void streams_wake(struct streams *streams)
{
	if (streams->is_over || streams->is_wanted || TAILQ_EMPTY(&streams->list))
		return;
	streams->is_wanted = true;
	if (!uv_is_active((uv_handle_t *)&streams->round))
		schedule_round(streams);
}

void streams_end(struct streams *streams)
{
	streams->is_over = true;
	uv_close((uv_handle_t *)&streams->pause, NULL);
	uv_close((uv_handle_t *)&streams->round, NULL);
	uv_close((uv_handle_t *)&streams->heartbeat, NULL);
	uv_close((uv_handle_t *)&streams->alarm, NULL);
	for (struct stream *next, *each = TAILQ_FIRST(&streams->list); each != NULL; each = next) {
		next = TAILQ_NEXT(each, others);
		end_stream(each);
	}
}
