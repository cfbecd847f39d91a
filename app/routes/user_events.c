/*
 * GET /users/events: what happens to the list, as it happens. The response never ends by itself:
 * streams.h sends it chunk by chunk, from what user_events_source() reads after each stream's
 * position. That has three parts: the last user that was sent, the last change, and what was said
 * of the sheet. The first two are the id of an event, so that a client that reconnects with it
 * misses nothing; the sheet is told at the beginning of each stream, and whenever it is another.
 */
#include "routes/user_events.h"

#include <string.h>
#include <xxhash.h>

#include "base/decimal.h"
#include "base/limit.h"
#include "base/meters/meters.h"
#include "event_loop/streams.h"
#include "http/form.h"
#include "routes/answer.h"
#include "routes/lookup.h"
#include "routes/routes.h"
#include "routes/site.h"
#include "store/store.h"
#include "views/home_json.h"
#include "views/user_json.h"

/* Milliseconds after which a client asks again when a stream has ended. When all end at once, as
 * they do when the program is replaced, clients come back one after the other. */
#define RETRY_LEAST  1000
#define RETRY_SPREAD 2000
#define RETRY_STEP   7

/* The parts of a position. */
enum { AT_USER, AT_CHANGE, AT_SHEET };

/* Behind all users and changes: a stream that is told of the sheet only. */
#define NOWHERE UINT64_MAX

/* A client that wants to follow the list. */
struct follower {
	struct lookup lookup;
	uint64_t user;   /* after which it wants to continue, if it says so */
	uint64_t change; /* the same; 0: it does not say */
	bool has_position;
	bool wants_sheet_only;
};

const char user_events_sign[] = ":\n\n";

static void write_id(struct buffer *out, const struct streams_position *position)
{
	buffer_string(out, "id: ");
	buffer_number(out, position->at[AT_USER]);
	buffer_string(out, "-");
	buffer_number(out, position->at[AT_CHANGE]);
	buffer_string(out, "\n");
}

static void write_user_event(const struct site *site, struct buffer *out,
	const struct streams_position *position, const char *event, const struct user *user)
{
	write_id(out, position);
	buffer_string(out, event);
	user_json_view_seated(out, user, store_last_seat(site->store));
	buffer_string(out, "\n\n");
}

static void write_removed(
	struct buffer *out, const struct streams_position *position, uint64_t number)
{
	write_id(out, position);
	buffer_string(out, "event: removed\ndata: {\"number\":");
	buffer_number(out, number);
	buffer_string(out, "}\n\n");
}

static void write_sheet_event(
	struct site *site, struct streams_position *position, struct buffer *out)
{
	const struct store_view *view = store_view(site->store, 0);
	struct buffer text = {0};

	if (view == NULL) /* the next sign of life is another occasion */
		return;
	const struct sheet_status status =
		sheet_status_of(&site->sheet, view->users, site->clock());
	sheet_json_view(&text, &site->sheet.text, &status, view->last_seat);
	uint64_t hash =
		XXH3_64bits(text.bytes, text.length) | 1; /* 0 is what a stream begins with */
	if (text.failed) {
		out->failed = true;
	} else if (hash != position->at[AT_SHEET]) {
		position->at[AT_SHEET] = hash;
		buffer_string(out, "event: sheet\ndata: ");
		buffer_append(out, text.bytes, text.length);
		buffer_string(out, "\n\n");
	}
	buffer_free(&text);
}

/* It is not known any more what has happened to users that were there; or nothing of this is
 * wanted. New users are sent all the same. */
static void write_reload(struct site *site, struct streams_position *position, struct buffer *out)
{
	const struct store_view *view = store_view(site->store, 0);

	if (view == NULL || position->at[AT_CHANGE] == NOWHERE)
		return;
	position->at[AT_CHANGE] = view->change;
	write_id(out, position);
	buffer_string(out, "event: reload\ndata: {}\n\n");
}

/* False: there is more, or it has to be fetched first. */
static bool write_changes(
	struct site *site, struct streams_position *position, struct buffer *out, bool *has_more)
{
	struct store_change changes[LIMIT_STREAM_CHUNK];
	struct store_news news;
	enum result result = store_changes(
		site->store, position->at[AT_CHANGE], changes, LIMIT_STREAM_CHUNK, &news);

	*has_more = false;
	if (result == RESULT_MISSING)
		write_reload(site, position, out);
	if (result != RESULT_OK)
		return result == RESULT_MISSING;
	for (size_t i = 0; i < news.count; i++) {
		position->at[AT_CHANGE]++;
		if (changes[i].kind == STORE_RENAMED)
			write_user_event(
				site, out, position, "event: renamed\ndata: ", &changes[i].user);
		else
			write_removed(out, position, changes[i].user.number);
	}
	*has_more = news.has_more;
	return !news.has_more;
}

/* As all are after an import: for the client it is less to read the list anew, and for the server
 * far less. Or ahead of all users, if a database has lost some: their numbers are given again. */
static bool is_out_of_reach(struct site *site, const struct streams_position *position)
{
	const struct store_view *view = store_view(site->store, 0);

	return view != NULL && position->at[AT_CHANGE] != NOWHERE &&
	       (view->newest > position->at[AT_USER] + LIMIT_STREAM_BEHIND ||
		       position->at[AT_USER] > view->last);
}

/* Returns whether there are more. */
static bool write_users(struct site *site, struct streams_position *position, struct buffer *out)
{
	struct user users[LIMIT_STREAM_CHUNK];
	struct store_news news;

	if (is_out_of_reach(site, position)) {
		position->at[AT_USER] = store_view(site->store, 0)->newest;
		write_reload(site, position, out);
		return false;
	}
	/* When the store has them, it calls its watcher, which wakes the streams. */
	if (!store_newer(site->store, position->at[AT_USER], users, LIMIT_STREAM_CHUNK, &news))
		return false;
	for (size_t i = 0; i < news.count; i++) {
		position->at[AT_USER] = users[i].number;
		write_user_event(site, out, position, "event: user\ndata: ", &users[i]);
	}
	return news.has_more;
}

/* Changes first: users are sent as they are now, so none of them has any of the changes before it
 * ahead. */
bool user_events_source(void *argument, struct streams_position *position, struct buffer *out)
{
	struct site *site = argument;
	bool has_more;

	write_sheet_event(site, position, out);
	if (!write_changes(site, position, out, &has_more))
		return has_more;
	return write_users(site, position, out);
}

uint64_t user_events_due(void *argument)
{
	const struct site *site = argument;
	const int64_t moments[] = {site->sheet.opens, site->sheet.closes};
	int64_t now = site->clock();
	uint64_t due = STREAMS_NEVER;

	for (size_t i = 0; i < 2; i++) {
		if (moments[i] > now && (uint64_t)(moments[i] - now) < due)
			due = (uint64_t)(moments[i] - now);
	}
	return due;
}

/* The number of a user, and perhaps a hyphen and that of a change. */
static enum result parse_position(const char *text, size_t length, struct follower *follower)
{
	const char *hyphen = memchr(text, '-', length);
	size_t digits = hyphen != NULL ? (size_t)(hyphen - text) : length;

	follower->has_position = true;
	if (!decimal_is_number(text, digits, LIMIT_PLACE, &follower->user))
		return RESULT_MALFORMED;
	if (hyphen == NULL)
		return RESULT_OK;
	return decimal_is_number(hyphen + 1, length - digits - 1, LIMIT_PLACE, &follower->change)
		       ? RESULT_OK
		       : RESULT_MALFORMED;
}

static bool says(const struct buffer *value, const char *word)
{
	return value->length == strlen(word) && memcmp(value->bytes, word, value->length) == 0;
}

static enum result read_fields(const struct form_field fields[2], struct follower *follower)
{
	const struct buffer *after = &fields[0].value;

	if (fields[1].is_present) {
		if (!says(&fields[1].value, "sheet"))
			return RESULT_MALFORMED;
		follower->wants_sheet_only = true;
	}
	if (!fields[0].is_present)
		return RESULT_OK;
	return after->length > 0 ? parse_position(after->bytes, after->length, follower)
				 : RESULT_MALFORMED;
}

static enum result read_events_query(const char *query, struct follower *follower)
{
	struct form_field fields[2] = {{.name = "after"}, {.name = "only"}};
	struct form form;

	form_begin(&form, fields, 2);
	form_feed(&form, query, strlen(query));
	enum result result = form_finish(&form);
	if (result == RESULT_OK)
		result = read_fields(fields, follower);
	buffer_free(&fields[0].value);
	buffer_free(&fields[1].value);
	return result;
}

/* What the client asked for: events after the last one that it has had, else after the place in the
 * query, else after the newest. */
static enum result read_position(struct request *request, struct follower *follower)
{
	const char *last = request_param(request, "HTTP_LAST_EVENT_ID");
	enum result result = read_events_query(request_query(request), follower);

	if (result != RESULT_OK || last == NULL || *last == '\0')
		return result;
	return parse_position(last, strlen(last), follower);
}

static void begin_events(
	struct site *site, struct response *response, const struct streams_position *position)
{
	size_t spread = streams_count(site->streams) * RETRY_STEP % RETRY_SPREAD;

	answer_events_begin(response);
	buffer_string(response_body(response), "retry: ");
	buffer_number(response_body(response), RETRY_LEAST + spread);
	buffer_string(response_body(response), "\n\n");
	streams_add(site->streams, response, position);
}

/* A number that is not there yet is from before a backup was restored; or its user, the newest one,
 * was removed. */
static struct streams_position position_of(
	const struct follower *follower, const struct store_view *view)
{
	bool is_known = follower->has_position && follower->user <= view->newest;

	if (follower->wants_sheet_only)
		return (struct streams_position){{NOWHERE, NOWHERE, 0}};
	return (struct streams_position){{is_known ? follower->user : view->newest,
		follower->change != 0 ? follower->change : view->change, 0}};
}

static void follow_list(const struct follower *follower, const struct store_view *view)
{
	struct site *site = follower->lookup.site;
	struct response *response = follower->lookup.response;
	const struct streams_position position = position_of(follower, view);

	if (streams_have_room(site->streams)) {
		begin_events(site, response, &position);
		return;
	}
	meters_refused(REFUSED_STREAMS);
	answer_error(response, follower->lookup.in_json, 503, NULL);
}

static void on_newest(void *argument, const struct store_answer *answer)
{
	follow_list(argument, answer->view);
}

static void find_newest(struct request *request, const struct follower *from)
{
	const struct store_question question = {.least = from->user};
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
			"after and Last-Event-ID are the number of a user, or the id of an event.");
	else if (result == RESULT_OK && site->streams == NULL)
		answer_nothing(response); /* and clients do not ask again */
	else if (result != RESULT_OK)
		answer_problem(request, response, 503);
	else
		find_newest(request, &follower);
}

const struct route user_events_route = {.path = "/users/events", .get = get_events};
