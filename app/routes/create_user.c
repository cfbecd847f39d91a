#include <stdlib.h>
#include <string.h>

#include "../decimal.h"
#include "../heap.h"
#include "../http.h"
#include "../site.h"
#include "../store/store.h"
#include "../store/username.h"
#include "../views/home.h"
#include "../views/user_json.h"
#include "answer.h"
#include "routes.h"
#include "submission.h"

/* A create that the store has not answered yet. */
struct job {
	struct site *site;
	struct response *response;
	struct store_create *create;
	struct buffer typed;
	bool in_json; /* what the answer is to be in */
};

static void post(struct site *site, struct request *request, struct response *response);
static bool is_from_elsewhere(struct request *request);
static void refuse(struct site *site, struct response *response, const struct buffer *typed,
	struct problem_json problem);
static void create(struct site *site, struct response *response, struct buffer *typed);
static void on_created(void *argument, enum status status, const struct user *user);
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
	switch (sent.status) {
	case 0:
		create(site, response, &sent.username);
		break;
	case 422:
		refuse(site, response, &sent.username,
			(struct problem_json){
				.status = 422, .detail = sent.detail, .pointer = sent.pointer});
		break;
	case 415: /* which types would do (RFC 9110, section 15.5.16) */
		response_header(response, "Accept", SUBMISSION_TYPES);
		answer_problem(request, response, 415);
		break;
	default:
		answer_problem_because(request, response, sent.status, sent.detail);
		break;
	}
	buffer_free(&sent.username);
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
		return !http_origin_has_authority(origin, request_param(request, "HTTP_HOST"));
	return false;
}

/* Why nobody was created; to people with the form again, and what they typed in it. */
static void refuse(struct site *site, struct response *response, const struct buffer *typed,
	struct problem_json problem)
{
	if (answer_in_json(response_request(response))) {
		answer_problem_json(response, problem);
		return;
	}
	home_view(response_body(response), &(struct home_view){.users = store_count(site->store),
						   .typed = typed->bytes,
						   .typed_length = typed->length,
						   .problem = problem.detail,
						   .holder = problem.holder,
						   .now = site->clock()});
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

static void refuse_taken(struct site *site, struct response *response, const struct buffer *typed,
	const struct user *holder)
{
	refuse(site, response, typed,
		(struct problem_json){
			.status = 409, .detail = "That username is taken by", .holder = holder});
}

static void refuse_unavailable(
	struct site *site, struct response *response, const struct buffer *typed)
{
	refuse(site, response, typed,
		(struct problem_json){.status = 503,
			.detail = "Your name could not be stored. Please try again in a little "
				  "while."});
}

/* Holds the response until the store has answered. */
static struct job *begin_job(struct site *site, struct response *response, struct buffer *typed)
{
	struct job *job = heap_zeroed(sizeof(*job));

	job->site = site;
	job->response = response;
	job->typed = *typed;
	/* By the time there is an answer, the parameters are no longer in the processor's cache. */
	job->in_json = answer_in_json(response_request(response));
	*typed = (struct buffer){0};
	response_hold(response);
	response_on_abandon(response, on_abandoned, job);
	return job;
}

static void end_job(struct job *job)
{
	struct response *response = job->response;

	buffer_free(&job->typed);
	free(job);
	response_release(response);
}

static void create(struct site *site, struct response *response, struct buffer *typed)
{
	struct username username;
	struct user holder;
	enum username_problem problem =
		username_parse(typed->length > 0 ? typed->bytes : "", typed->length, &username);

	if (problem != USERNAME_FINE) {
		refuse(site, response, typed,
			(struct problem_json){.status = 422,
				.detail = describe(problem),
				.pointer = "#/username"});
		return;
	}
	struct job *job = begin_job(site, response, typed);
	switch (store_create(site->store, &username, on_created, job, &job->create, &holder)) {
	case STATUS_OK:
		return;
	case STATUS_TAKEN:
		refuse_taken(site, response, &job->typed, &holder);
		break;
	default:
		refuse_unavailable(site, response, &job->typed);
		break;
	}
	end_job(job);
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

/* store_created */
static void on_created(void *argument, enum status status, const struct user *user)
{
	struct job *job = argument;

	if (status == STATUS_OK)
		answer_created(job->response, user, job->in_json);
	else if (status == STATUS_TAKEN)
		refuse_taken(job->site, job->response, &job->typed, user);
	else
		refuse_unavailable(job->site, job->response, &job->typed);
	end_job(job);
}

/* The person has gone: what is not on its way to the disk yet need not go there. */
static void on_abandoned(void *argument)
{
	struct job *job = argument;

	store_cancel(job->site->store, job->create);
	end_job(job);
}
