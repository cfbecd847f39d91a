#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/memory.h"
#include "http/origin.h"
#include "routes/answer.h"
#include "routes/routes.h"
#include "routes/site.h"
#include "routes/submission.h"
#include "store/names/username.h"
#include "store/store.h"
#include "views/home.h"
#include "views/user_json.h"

struct sign_up {
	struct site *site;
	struct response *response;
	bool in_json; /* what the answer is to be in */
	struct buffer typed;
	struct store_job *job; /* that the store has not answered yet */
};

static void post(struct site *site, struct request *request, struct response *response);
static bool is_from_elsewhere(struct request *request);
static void refuse(const struct sign_up *sign_up, struct problem_json problem);
static void create(struct sign_up *sign_up);
static void on_created(void *argument, enum result result, const struct user *user);
static void on_abandoned(void *argument);

const struct route create_user_route = {.path = "/create-user", .post = post};

static void post(struct site *site, struct request *request, struct response *response)
{
	struct submission sent;

	if (is_from_elsewhere(request)) {
		answer_problem(request, response, 403);
		return;
	}
	submission_read(request, &sent);
	struct sign_up sign_up = {.site = site,
		.response = response,
		.in_json = answer_in_json(request),
		.typed = sent.username};
	switch (sent.status) {
	case 0:
		create(&sign_up);
		break;
	case 422:
		refuse(&sign_up,
			(struct problem_json){
				.status = 422, .detail = sent.detail, .pointer = sent.pointer});
		break;
	default:
		if (sent.field != NULL)
			response_header(response, sent.field, sent.would_do);
		answer_problem_because(request, response, sent.status, sent.detail);
		break;
	}
	buffer_free(&sign_up.typed);
}

/*
 * The form needs no session, so any page on the web could post it. Browsers say where a request
 * comes from: in Sec-Fetch-Site on secure origins (Fetch Metadata, section 2.4; "none" is the
 * person themselves), else in Origin. Programs that are not browsers say neither.
 */
static bool is_from_elsewhere(struct request *request)
{
	const char *fetch_site = request_param(request, "HTTP_SEC_FETCH_SITE");
	const char *origin = request_param(request, "HTTP_ORIGIN");

	if (fetch_site != NULL && *fetch_site != '\0')
		return strcmp(fetch_site, "same-origin") != 0 && strcmp(fetch_site, "none") != 0;
	if (origin != NULL && *origin != '\0')
		return !origin_is_own(request, origin);
	return false;
}

/* Why nobody was created; to people with the form again, and what they typed in it. */
static void refuse(const struct sign_up *sign_up, struct problem_json problem)
{
	struct response *response = sign_up->response;

	if (sign_up->in_json) {
		answer_problem_json(response, problem);
		return;
	}
	home_view(response_body(response),
		&(struct home_view){.users = store_count(sign_up->site->store),
			.typed = sign_up->typed.bytes,
			.typed_length = sign_up->typed.length,
			.problem = problem.detail,
			.holder = problem.holder,
			.now = sign_up->site->clock()});
	if (problem.status == 503)
		answer_later(response);
	answer_page(response, problem.status);
}

static const char *describe(enum username_problem problem)
{
	switch (problem) {
	case USERNAME_EMPTY:
		return "Enter a username.";
	case USERNAME_TOO_LONG:
		return "A username has at most 64 characters.";
	case USERNAME_CHARACTER:
		return "A username has only letters and digits, with spaces, dots, hyphens or "
		       "underscores between them.";
	case USERNAME_SEPARATOR:
		return "A space, dot, hyphen or underscore stands alone between two letters or "
		       "digits, not at an end or beside "
		       "another.";
	case USERNAME_MARK:
		return "An accent or other mark needs a letter before it.";
	case USERNAME_MARKS:
		return "A letter has at most 4 accents or other marks.";
	case USERNAME_DIRECTION:
		return "A username is written either from left to right or from right to left, not "
		       "both.";
	case USERNAME_DIGITS:
		return "A username has Arabic-Indic digits of one kind only.";
	case USERNAME_FINE:
		break;
	}
	return NULL;
}

static void refuse_taken(const struct sign_up *sign_up, const struct user *holder)
{
	refuse(sign_up,
		(struct problem_json){
			.status = 409, .detail = "That username is taken by", .holder = holder});
}

static void refuse_unavailable(const struct sign_up *sign_up)
{
	refuse(sign_up, (struct problem_json){.status = 503,
				.detail = "Your name could not be stored. Please try again in a "
					  "few minutes."});
}

/* Keeps it, and holds the response, until the store has answered. */
static struct sign_up *begin_waiting(struct sign_up *sign_up)
{
	struct sign_up *waiting =
		request_memory(response_request(sign_up->response), sizeof(*waiting));

	*waiting = *sign_up;
	sign_up->typed = (struct buffer){0};
	response_hold(waiting->response);
	response_on_abandon(waiting->response, on_abandoned, waiting);
	return waiting;
}

static void end_waiting(struct sign_up *sign_up)
{
	buffer_free(&sign_up->typed);
	response_release(sign_up->response);
}

static void create(struct sign_up *sign_up)
{
	const struct buffer *typed = &sign_up->typed;
	struct username username;
	struct user holder;
	enum username_problem problem =
		username_parse(typed->length > 0 ? typed->bytes : "", typed->length, &username);

	if (problem != USERNAME_FINE) {
		refuse(sign_up, (struct problem_json){.status = 422,
					.detail = describe(problem),
					.pointer = "#/username"});
		return;
	}
	struct sign_up *waiting = begin_waiting(sign_up);
	switch (store_create(
		waiting->site->store, &username, on_created, waiting, &waiting->job, &holder)) {
	case RESULT_OK:
		return;
	case RESULT_TAKEN:
		refuse_taken(waiting, &holder);
		break;
	default:
		refuse_unavailable(waiting);
		break;
	}
	end_waiting(waiting);
}

/* People are led to the list, which says who was created: by number, looked up there, so that
 * nobody can make it say anything else. */
static void answer_created(struct response *response, const struct user *user, bool in_json)
{
	char location[64];

	char *end = stpcpy(location, in_json ? "/users/" : "/users?created=");
	end[decimal_write(user->number, end)] = '\0';
	response_header(response, "Location", location);
	if (!in_json) {
		answer_page(response, 303);
		return;
	}
	user_json_view(response_body(response), user);
	answer_json(response, 201);
}

/* store_created_cb */
static void on_created(void *argument, enum result result, const struct user *user)
{
	struct sign_up *sign_up = argument;

	if (result == RESULT_OK)
		answer_created(sign_up->response, user, sign_up->in_json);
	else if (result == RESULT_TAKEN)
		refuse_taken(sign_up, user);
	else
		refuse_unavailable(sign_up);
	end_waiting(sign_up);
}

/* The person has gone: what is not on its way to the disk yet need not go there. */
static void on_abandoned(void *argument)
{
	struct sign_up *sign_up = argument;

	store_cancel(sign_up->site->store, sign_up->job);
	end_waiting(sign_up);
}
