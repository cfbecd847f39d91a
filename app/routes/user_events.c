/*
 * GET /users/events: new users as they come. The response never ends by itself: streams.h sends it
 * chunk by chunk, from what user_events_source() reads after each stream's position.
 */
#include "routes/user_events.h"

#include <string.h>

#include "base/decimal.h"
#include "base/limit.h"
#include "event_loop/streams.h"
#include "routes/answer.h"
#include "routes/lookup.h"
#include "routes/query_number.h"
#include "routes/routes.h"
#include "routes/site.h"
#include "store/store.h"
#include "views/user_json.h"

/* Milliseconds after which a client asks again when a stream has ended. When all end at once, as
 * they do when the program is replaced, clients come back one after the other. */
#define RETRY_LEAST  1000
#define RETRY_SPREAD 2000
#define RETRY_STEP   7

/* A client that wants to follow the list. */
struct follower {
	struct lookup lookup;
	uint64_t position; /* that it asked for, if it did */
	bool has_position;
};

const char user_events_sign[] = ":\n\n";

static void write_event(struct buffer *out, const struct user *user)
{
	buffer_string(out, "id: ");
	buffer_number(out, user->number);
	buffer_string(out, "\nevent: user\ndata: ");
	user_json_view(out, user);
	buffer_string(out, "\n\n");
}

bool user_events_source(void *argument, uint64_t *position, struct buffer *out)
{
	struct store *store = argument;
	struct user users[LIMIT_STREAM_CHUNK];
	struct store_news news;

	/* When the store has them, it calls its watcher, which wakes the streams. */
	if (!store_newer(store, *position, users, LIMIT_STREAM_CHUNK, &news))
		return false;
	for (size_t i = 0; i < news.count; i++)
		write_event(out, &users[i]);
	if (news.count > 0)
		*position = users[news.count - 1].number;
	return news.has_more;
}

/* What the client asked for: events after the last one that it has had, else after the user in the
 * query, else after the newest. */
static enum result read_position(struct request *request, struct follower *follower)
{
	const char *last = request_param(request, "HTTP_LAST_EVENT_ID");

	if (last == NULL || *last == '\0')
		return query_number(request_query(request), "after", &follower->has_position,
			&follower->position);
	follower->has_position = true;
	bool is_number = decimal_is_number(last, strlen(last), LIMIT_PLACE, &follower->position);
	return is_number ? RESULT_OK : RESULT_MALFORMED;
}

static void begin_events(struct site *site, struct response *response, uint64_t position)
{
	size_t spread = streams_count(site->streams) * RETRY_STEP % RETRY_SPREAD;

	response_header(response, "Content-Type", "text/event-stream");
	response_header(response, "Cache-Control", "no-store");
	/* nginx would keep events until they fill a buffer. */
	response_header(response, "X-Accel-Buffering", "no");
	buffer_string(response_body(response), "retry: ");
	buffer_number(response_body(response), RETRY_LEAST + spread);
	buffer_string(response_body(response), "\n\n");
	streams_add(site->streams, response, position);
}

/* A number that is not there yet is from before a backup was restored. */
static void follow_list(const struct follower *follower, const struct store_view *view)
{
	struct site *site = follower->lookup.site;
	struct response *response = follower->lookup.response;
	bool is_known = follower->has_position && follower->position <= view->newest;

	if (!streams_have_room(site->streams))
		answer_error(response, follower->lookup.in_json, 503, NULL);
	else
		begin_events(site, response, is_known ? follower->position : view->newest);
}

static void on_newest(void *argument, const struct store_answer *answer)
{
	follow_list(argument, answer->view);
}

static void find_newest(struct request *request, const struct follower *from)
{
	const struct store_question question = {.least = from->position};
	const struct store_view *view = store_view(from->lookup.site->store, question.least);

	if (view != NULL) {
		follow_list(from, view);
		return;
	}
	struct follower *follower = request_memory(request, sizeof(*follower));
	*follower = *from;
	follower->lookup.argument = follower;
	lookup_begin(&follower->lookup, &question);
}

static void get_events(struct site *site, struct request *request, struct response *response)
{
	struct follower follower = {.lookup = {.site = site,
					    .response = response,
					    .in_json = answer_in_json(request),
					    .on_answered = on_newest}};
	enum result result = read_position(request, &follower);

	if (result == RESULT_MALFORMED)
		answer_problem_because(request, response, 400,
			"after and Last-Event-ID are the number of a user.");
	else if (result == RESULT_OK && site->streams == NULL)
		answer_nothing(response); /* and clients do not ask again */
	else if (result != RESULT_OK)
		answer_problem(request, response, 503);
	else
		find_newest(request, &follower);
}

const struct route user_events_route = {.path = "/users/events", .get = get_events};
