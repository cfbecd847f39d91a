/*
 * GET /loop/events: the parts of the page of the loop that change, once a second, as events. All
 * who look get the same bytes: streams.h has them made once. A client that cannot keep up misses
 * seconds, and gets the newest when it has taken the last.
 */
#include "routes/loop/loop_events.h"

#include <string.h>

#include "routes/answer.h"
#include "routes/loop/loop.h"
#include "routes/routes.h"
#include "routes/site.h"

/* Milliseconds after which a client asks again when a stream has ended. */
#define RETRY "retry: 2000\n\n"

/* As the data of an event, in which a line feed would end the line. */
static void append_data_lines(struct buffer *out, const struct buffer *text)
{
	size_t from = 0;

	while (from < text->length) {
		const char *line = text->bytes + from;
		const char *end = memchr(line, '\n', text->length - from);
		size_t length = end != NULL ? (size_t)(end - line) : text->length - from;
		buffer_string(out, "data: ");
		buffer_append(out, line, length);
		buffer_string(out, "\n");
		from += length + 1;
	}
	out->failed |= text->failed;
}

/* streams_source_cb */
bool loop_events_source(void *argument, struct streams_position *position, struct buffer *out)
{
	struct site *site = argument;
	struct loop_seen seen;
	struct buffer parts = {0};

	loop_see(site, &seen);
	if (seen.view.minute->count == position->at[0])
		return false;
	position->at[0] = seen.view.minute->count;
	loop_parts_view(&parts, &seen.view);
	buffer_string(out, "event: loop\n");
	append_data_lines(out, &parts);
	buffer_string(out, "\n");
	buffer_free(&parts);
	return false;
}

static void get_loop_events(struct site *site, struct request *request, struct response *response)
{
	if (site->watchers == NULL) {
		answer_nothing(response); /* and clients do not ask again */
		return;
	}
	if (!streams_have_room(site->watchers)) {
		answer_problem(request, response, 503);
		return;
	}
	answer_events_begin(response);
	buffer_string(response_body(response), RETRY);
	streams_add(site->watchers, response, &(struct streams_position){{0}});
}

const struct route loop_events_route = {.path = "/loop/events", .get = get_loop_events};
