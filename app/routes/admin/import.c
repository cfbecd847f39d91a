/*
 * Importing a list into the running server, for `rollcall import`: all of it or none. A list can be
 * much longer than a request, so it takes several:
 *
 *   POST /admin/import                   begins; the answer has the number of the import, and stays
 *                                        open: when the client goes away, there is no import
 *   POST /admin/import/{number}          users, as JSON Lines; the answer says which were not added
 *   POST /admin/import/{number}/commit   stores them
 *
 * The store collects the users of one import at a time. The disk has all of them before the last
 * request is answered.
 */
#include "routes/admin/import.h"

#include <string.h>

#include "base/json_text.h"
#include "base/limit.h"
#include "base/random.h"
#include "base/timestamp.h"
#include "formats/list_reader.h"
#include "http/body.h"
#include "routes/answer.h"
#include "routes/organiser.h"
#include "routes/routes.h"
#include "routes/site.h"
#include "store/refused_row.h"
#include "store/store.h"

/* In memory of the request that began it. site->import is the one under way. */
struct import_session {
	struct site *site;
	struct response *response; /* which stays open */
	const char *organiser;
	struct store_import *import;
	uint64_t number;
	uint64_t count;             /* users that were added */
	struct response *committed; /* waits for the store; or NULL */
};

/* One request with users. */
struct import_part {
	struct import_session *session;
	struct buffer *body; /* of the answer */
	int64_t now;
	uint64_t added;
	bool has_refused;
	bool is_too_long; /* there would be too many users */
};

static void post_import(struct site *site, struct request *request, struct response *response);
static void post_part(struct site *site, struct request *request, struct response *response);
static void post_commit(struct site *site, struct request *request, struct response *response);
static void on_import_abandoned(void *argument);
static void on_import_drained(void *argument);
static store_outcome_cb on_import_stored;

const struct route admin_import_route = {.path = "/admin/import", .post = post_import};
const struct route admin_import_part_route = {
	.path = "/admin/import/" ROUTE_NUMBER, .post = post_part};
const struct route admin_import_commit_route = {
	.path = "/admin/import/" ROUTE_NUMBER "/commit", .post = post_commit};

#define NOTHING " Nothing was imported."

/* RESULT_UNAVAILABLE: of a commit it is not known what the disk has. */
static void refuse_import(struct response *response, enum result result)
{
	if (result == RESULT_BUSY) {
		answer_error(response, true, 409, "Another list is being imported." NOTHING);
		return;
	}
	if (result == RESULT_MISSING) {
		answer_error(response, true, 409,
			"The list is in a database: 'rollcall import --store' imports into "
			"that." NOTHING);
		return;
	}
	answer_error(response, true, 503,
		result == RESULT_UNAVAILABLE
			? "The list cannot be stored. Look at it when the server has been started "
			  "anew: the disk may have it all the same."
			: "The list could not be stored." NOTHING);
}

/* Nobody may guess it, or go on with the import of somebody who is gone. */
static uint64_t new_number(void)
{
	return random_number() % LIMIT_PLACE + 1;
}

static void begin_session(struct import_session *session)
{
	struct response *response = session->response;

	session->number = new_number();
	session->site->import = session;
	response_hold(response);
	response_on_abandon(response, on_import_abandoned, session);
	response_set_endless(response);
	response_header(response, "Content-Type", "application/jsonl");
	response_header(response, "Cache-Control", "no-store");
	buffer_string(response_body(response), "{\"import\":");
	buffer_number(response_body(response), session->number);
	buffer_string(response_body(response), "}\n");
	if (!response_begin(response, on_import_drained, session))
		on_import_abandoned(session);
}

static void post_import(struct site *site, struct request *request, struct response *response)
{
	const char *organiser = organiser_admit_change(request, response);
	struct store_import *import;

	if (organiser == NULL)
		return;
	if (!response_can_go_on(response)) {
		answer_error(response, true, 409,
			"This site runs under CGI, and keeps nothing from one request to the next: "
			"'rollcall import' imports into its file." NOTHING);
		return;
	}
	enum result result = store_import_begin(site->store, &import);
	if (result != RESULT_OK) {
		refuse_import(response, result);
		return;
	}
	struct import_session *session = request_memory(request, sizeof(*session));
	*session = (struct import_session){
		.site = site, .response = response, .organiser = organiser, .import = import};
	begin_session(session);
}

/* response_cb: nothing more is to be sent before the end. */
static void on_import_drained(void *argument)
{
	(void)argument;
}

static void end_session(struct import_session *session)
{
	session->site->import = NULL;
	response_on_abandon(session->response, NULL, NULL);
}

/* response_cb: the client has gone. What is being stored already is stored all the same, and its
 * last request has its answer. */
static void on_import_abandoned(void *argument)
{
	struct import_session *session = argument;

	if (session->committed != NULL)
		return;
	store_import_abandon(session->import);
	end_session(session);
	response_release(session->response);
}

void import_give_up(const struct site *site)
{
	struct import_session *session = site->import;

	if (session == NULL || session->committed != NULL)
		return;
	store_import_abandon(session->import);
	end_session(session);
	response_end(session->response);
	response_release(session->response);
}

/* NULL: it was refused. */
static struct import_session *find_session(
	const struct site *site, struct request *request, struct response *response)
{
	struct import_session *session = site->import;

	if (organiser_admit_change(request, response) == NULL)
		return NULL;
	if (session != NULL && session->number == request_number(request) &&
		session->committed == NULL)
		return session;
	answer_error(response, true, 404, "That import is over." NOTHING);
	return NULL;
}

/* The rows are counted from 1 in this body. */
static void refuse_import_row(struct import_part *part, uint64_t row, const char *reason)
{
	buffer_string(part->body, part->has_refused ? "," : "");
	buffer_string(part->body, "{\"row\":");
	buffer_number(part->body, row);
	buffer_string(part->body, ",\"reason\":");
	json_text_string(part->body, reason, strlen(reason));
	buffer_string(part->body, "}");
	part->has_refused = true;
}

/* entry_visitor */
static void refuse_invalid_row(void *argument, uint64_t line, const char *reason)
{
	refuse_import_row(argument, line, reason);
}

/* entry_visitor */
static void take_import_row(void *argument, const struct entry *entry)
{
	struct import_part *part = argument;
	struct username username;
	struct user holder;
	struct reason reason;
	enum username_problem problem = username_parse(entry->name, entry->name_length, &username);

	if (problem != USERNAME_FINE) {
		refused_row_name(&reason, problem, &username);
		refuse_import_row(part, entry->line, reason.text);
		return;
	}
	enum result result = store_import_add(part->session->import, &username,
		entry->has_created ? entry->created : part->now, &holder);
	if (result == RESULT_OK) {
		part->added++;
		return;
	}
	if (result == RESULT_NO_SEAT) {
		part->is_too_long = true;
		return;
	}
	refused_row_held(&reason, result, &holder, 0);
	refuse_import_row(part, entry->line, reason.text);
}

static void refuse_too_long(struct response *response)
{
	answer_error(response, true, 409,
		"There would be more users than there may be (--max-users)." NOTHING);
}

static enum result read_rows(const struct buffer *body, struct import_part *part)
{
	const struct entry_visitor visitor = {
		.entry = take_import_row, .invalid = refuse_invalid_row, .argument = part};
	struct list_reader *reader = list_reader_open(&jsonl_format, &visitor);
	enum result result =
		body->length > 0 ? list_reader_feed(reader, body->bytes, body->length) : RESULT_OK;

	if (result == RESULT_OK)
		result = list_reader_finish(reader);
	list_reader_close(reader);
	return result;
}

/* Of a body that was cut off nothing is taken. */
static void refuse_import_body(struct response *response, const struct body *body)
{
	if (body->status == 503) {
		refuse_import(response, RESULT_MEMORY);
		return;
	}
	if (body->field != NULL)
		response_header(response, body->field, body->would_do);
	answer_error(response, true, body->status,
		body->status == 400 ? "The body was cut off." : body->reason);
}

static void post_part(struct site *site, struct request *request, struct response *response)
{
	struct import_session *session = find_session(site, request, response);
	struct body body;

	if (session == NULL)
		return;
	if (!body_read_any(request, &body)) {
		refuse_import_body(response, &body);
		buffer_free(&body.bytes);
		return;
	}
	struct import_part part = {
		.session = session, .body = response_body(response), .now = site->clock()};
	buffer_string(part.body, "{\"refused\":[");
	enum result result = read_rows(&body.bytes, &part);
	buffer_free(&body.bytes);
	if (result == RESULT_MEMORY) {
		buffer_clear(part.body);
		refuse_import(response, result);
		return;
	}
	if (part.is_too_long) {
		buffer_clear(part.body);
		refuse_too_long(response);
		return;
	}
	buffer_string(part.body, "],\"added\":");
	buffer_number(part.body, part.added);
	buffer_string(part.body, "}");
	session->count += part.added;
	answer_json(response, 200);
}

static void post_commit(struct site *site, struct request *request, struct response *response)
{
	struct import_session *session = find_session(site, request, response);

	if (session == NULL)
		return;
	if (store_import_commit(session->import, on_import_stored, session) == RESULT_OK) {
		session->committed = response;
		response_hold(response);
		return;
	}
	refuse_too_long(response);
}

static void answer_import_held(
	struct response *response, enum result result, const struct user *holder)
{
	static const char taken[] = "Meanwhile somebody has signed up as ",
			  alike[] = "Meanwhile a name was taken that looks like ";
	char words[sizeof(alike) + LIMIT_NAME + sizeof("." NOTHING)], *end = words;

	end = stpcpy(end, result == RESULT_TAKEN ? taken : alike);
	end = (char *)memcpy(end, holder->name, holder->name_length) + holder->name_length;
	stpcpy(end, "." NOTHING);
	answer_error(response, true, 409, words);
}

static void answer_import_stored(struct response *response, uint64_t count)
{
	buffer_string(response_body(response), "{\"imported\":");
	buffer_number(response_body(response), count);
	buffer_string(response_body(response), "}");
	answer_json(response, 200);
}

/* store_outcome_cb */
static void on_import_stored(void *argument, enum result result, const struct user *user)
{
	struct import_session *session = argument;
	struct response *committed = session->committed, *begun = session->response;

	if (result == RESULT_OK) {
		log_event(session->site->log, LOG_INFO, "users-imported",
			LOG_TEXT("organiser", session->organiser),
			LOG_NUMBER("users", session->count),
			LOG_TEXT("id", request_id(response_request(committed))));
		answer_import_stored(committed, session->count);
	} else if (result == RESULT_TAKEN || result == RESULT_ALIKE) {
		answer_import_held(committed, result, user);
	} else {
		refuse_import(committed, result);
	}
	end_session(session);
	response_release(committed);
	if (response_goes_on(begun))
		response_end(begun);
	response_release(begun);
}
