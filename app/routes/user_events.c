#include "routes/user_events.h"

#include <string.h>

#include "base/decimal.h"
#include "base/limit.h"
#include "event_loop/streams.h"
#include "http/form.h"
#include "routes/answer.h"
#include "routes/routes.h"
#include "routes/site.h"
#include "store/store.h"
#include "views/user_json.h"

/* Milliseconds after which a client asks again when a stream has ended. When all end at once, as
 * they do when the program is replaced, clients come back one after the other. */
#define RETRY_LEAST  1000
#define RETRY_SPREAD 2000
#define RETRY_STEP   7

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
	const struct store *store = argument;
	struct user users[LIMIT_STREAM_CHUNK];
	struct store_page page =
		store_page(store, STORE_NEWER_THAN, *position, users, LIMIT_STREAM_CHUNK);

	/* A page has the newest first. */
	for (size_t i = page.count; i > 0; i--)
		write_event(out, &users[i - 1]);
	if (page.count > 0)
		*position = users[0].number;
	return page.has_newer;
}

static enum result read_after(const char *query, bool *is_given, uint64_t *number)
{
	struct form_field field = {.name = "after"};
	struct form form;

	form_begin(&form, &field, 1);
	form_feed(&form, query, strlen(query));
	enum result result = form_finish(&form);
	*is_given = field.is_present;
	if (result == RESULT_OK && field.is_present &&
		!decimal_is_number(field.value.bytes, field.value.length, LIMIT_PLACE, number))
		result = RESULT_MALFORMED;
	buffer_free(&field.value);
	return result;
}

/* The user after whom the events begin: the last one that a client has had already, else the one in
 * the query, else the newest. */
static enum result find_position(struct site *site, struct request *request, uint64_t *position)
{
	const char *last = request_param(request, "HTTP_LAST_EVENT_ID");
	bool is_given = last != NULL && *last != '\0';
	struct user user;
	uint64_t newest =
		store_page(site->store, STORE_NEWEST, 0, &user, 1).count > 0 ? user.number : 0;
	enum result result = RESULT_OK;

	*position = newest;
	if (!is_given)
		result = read_after(request_query(request), &is_given, position);
	else if (!decimal_is_number(last, strlen(last), LIMIT_PLACE, position))
		result = RESULT_MALFORMED;
	/* A number that is not there yet is from before a backup was restored. */
	if (!is_given || *position > newest)
		*position = newest;
	return result;
}

static void begin(struct site *site, struct response *response, uint64_t position)
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

static void get(struct site *site, struct request *request, struct response *response)
{
	uint64_t position;
	enum result result = find_position(site, request, &position);

	if (result == RESULT_MALFORMED)
		answer_problem_because(request, response, 400,
			"after and Last-Event-ID are the number of a user.");
	else if (result == RESULT_OK && site->streams == NULL)
		answer_nothing(response); /* and clients do not ask again */
	else if (result != RESULT_OK || !streams_have_room(site->streams))
		answer_problem(request, response, 503);
	else
		begin(site, response, position);
}

const struct route user_events_route = {.path = "/users/events", .get = get};
