/*
 * A part goes from the store to the peer in one turn of the loop, and the next one is asked for
 * when the socket has taken it all, in a turn of its own. A part is small: 100 users are 50 us of
 * the loop and about 10 KB.
 *
 * The stream lives as long as the response. Whatever may release that, such as a peer that is gone
 * when a part is written, does so within a function that holds the response itself.
 */
#include "routes/list_stream.h"

#include "base/limit.h"
#include "base/meters/meters.h"
#include "routes/answer.h"

static store_answered_cb on_list_part;
static response_cb on_list_abandoned;
static response_cb on_list_drained;
static turn_cb on_list_turn;

/* Asks for the next part; for all of them, if all are to be sent as one, and are at hand. */
static void go_on(struct list_stream *stream)
{
	do {
		const struct store_question question = {.from = STORE_NEWER_THAN,
			.number = stream->position,
			.most = stream->left < LIMIT_LIST_PART ? stream->left : LIMIT_LIST_PART};
		stream->state = LIST_STREAM_ASKING;
		stream->job = store_ask(stream->site->store, &question, on_list_part, stream);
	} while (stream->state == LIST_STREAM_MORE);
}

void list_stream_begin(struct list_stream *stream)
{
	response_hold(stream->response);
	response_on_abandon(stream->response, on_list_abandoned, stream);
	go_on(stream);
}

/* Releases the stream. */
static void end_list(struct list_stream *stream)
{
	if (stream->state == LIST_STREAM_OVER)
		return;
	stream->state = LIST_STREAM_OVER;
	turns_cancel(stream->site->turns, &stream->turn);
	if (stream->job != NULL)
		store_cancel(stream->site->store, stream->job);
	response_on_abandon(stream->response, NULL, NULL);
	response_release(stream->response);
}

static void on_list_abandoned(void *argument)
{
	end_list(argument);
}

/* Returns whether it was the last part. */
static bool write_part(
	struct list_stream *stream, const struct store_answer *answer, struct buffer *out)
{
	if (!stream->has_begun) {
		stream->has_begun = true;
		stream->newest = answer->view->newest;
		stream->on_begin(stream->argument, answer->view, out);
	}
	bool has_more = answer->has_previous;
	for (size_t i = answer->count; i > 0; i--) {
		const struct user *user = &answer->users[i - 1];
		if (user->number > stream->newest) {
			has_more = false;
			break;
		}
		stream->on_user(stream->argument, user, out);
		stream->position = user->number;
		stream->left--;
	}
	has_more = has_more && stream->position < stream->newest;
	if (has_more && stream->left > 0)
		return false;
	stream->on_end(stream->argument, stream->position, has_more, out);
	return true;
}

static void send_first_part(struct list_stream *stream, bool is_last)
{
	if (is_last) {
		response_send(stream->response);
	} else {
		stream->is_sent_in_parts = true;
		response_begin(stream->response, on_list_drained, stream);
	}
}

static void send_next_part(struct list_stream *stream, const struct buffer *part, bool is_last)
{
	if (part->failed) {
		response_break_off(stream->response);
		return;
	}
	response_write(stream->response, part->bytes, part->length);
	if (is_last)
		response_end(stream->response);
}

static void wait_for_turn(struct list_stream *stream)
{
	stream->state = LIST_STREAM_WAITING;
	if (!response_has_to_wait(stream->response))
		turns_wait(stream->site->turns, &stream->turn, on_list_turn, stream);
}

static void take_part(struct list_stream *stream, const struct store_answer *answer)
{
	struct buffer next = {0};
	bool is_first = !stream->is_sent_in_parts;

	bool is_last =
		write_part(stream, answer, is_first ? response_body(stream->response) : &next);
	if (is_first && !is_last && stream->site->turns == NULL) {
		stream->state = LIST_STREAM_MORE;
		return;
	}
	if (is_first)
		send_first_part(stream, is_last);
	else
		send_next_part(stream, &next, is_last);
	buffer_free(&next);
	if (is_last || !response_goes_on(stream->response))
		end_list(stream);
	else
		wait_for_turn(stream);
}

/* The store cannot answer. What is written of a list that is sent as a whole has to go, its header
 * fields too: that is a 500. */
static void fail_list(struct list_stream *stream)
{
	if (stream->is_sent_in_parts) {
		response_break_off(stream->response);
	} else if (stream->has_begun) {
		response_body(stream->response)->failed = true;
		response_send(stream->response);
	} else {
		meters_refused(REFUSED_STORE);
		answer_error(stream->response, stream->in_json, 503, NULL);
	}
	end_list(stream);
}

/* `job` is not set yet when the answer comes from within store_ask(). */
static void on_list_part(void *argument, const struct store_answer *answer)
{
	struct list_stream *stream = argument;
	struct response *response = stream->response;
	bool is_late = stream->job != NULL;

	response_hold(response);
	stream->job = NULL;
	if (answer->result == RESULT_OK)
		take_part(stream, answer);
	else
		fail_list(stream);
	if (is_late && stream->state == LIST_STREAM_MORE)
		go_on(stream);
	response_release(response);
}

static void on_list_drained(void *argument)
{
	struct list_stream *stream = argument;

	if (stream->state == LIST_STREAM_WAITING && !stream->turn.is_waiting)
		turns_wait(stream->site->turns, &stream->turn, on_list_turn, stream);
}

static void on_list_turn(void *argument)
{
	struct list_stream *stream = argument;
	struct response *response = stream->response;

	response_hold(response);
	go_on(stream);
	response_release(response);
}
