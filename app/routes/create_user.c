/*
 * POST /create-user: takes a name, and responds once the user is durable. The response waits for
 * the store; a client that goes away meanwhile takes its create back, if that is still possible. A
 * refusal shows the form again, which says how many users there are: that is one more question.
 */
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "http/origin.h"
#include "routes/answer.h"
#include "routes/lookup.h"
#include "routes/routes.h"
#include "routes/site.h"
#include "routes/submission.h"
#include "store/names/username.h"
#include "store/names/username_text.h"
#include "store/store.h"
#include "views/home.h"
#include "views/user_json.h"

struct sign_up {
	struct site *site;
	struct response *response;
	bool in_json; /* what the client wants */
	struct submission sent;
	struct store_job *job;       /* the create that is under way */
	struct problem_json problem; /* why it was refused */
	struct user holder;          /* of which the problem is, a copy */
	struct lookup lookup;        /* for the form that says so */
};

static void post_username(struct site *site, struct request *request, struct response *response);
static bool is_from_elsewhere(struct request *request);
static void create_user(struct sign_up *sign_up);
static void on_created(void *argument, enum result result, const struct user *user);
static void on_create_abandoned(void *argument);
static void refuse_sign_up(struct sign_up *sign_up, const struct problem_json *problem);
static void on_form_answered(void *argument, const struct store_answer *answer);
static void on_sign_up_over(void *argument);

const struct route create_user_route = {.path = "/create-user", .post = post_username};

static void post_username(struct site *site, struct request *request, struct response *response)
{
	if (is_from_elsewhere(request)) {
		answer_problem(request, response, 403);
		return;
	}
	struct sign_up *sign_up = request_memory(request, sizeof(*sign_up));
	const struct submission *sent = &sign_up->sent;
	sign_up->site = site;
	sign_up->response = response;
	sign_up->in_json = answer_in_json(request);
	submission_read(request, &sign_up->sent);
	switch (sent->status) {
	case 0:
		create_user(sign_up);
		break;
	case 422:
		refuse_sign_up(sign_up,
			&(struct problem_json){
				.status = 422, .detail = sent->detail, .pointer = sent->pointer});
		break;
	default:
		if (sent->field != NULL)
			response_header(response, sent->field, sent->would_do);
		answer_error(response, sign_up->in_json, sent->status, sent->detail);
		on_sign_up_over(sign_up);
		break;
	}
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

static void refuse_taken(struct sign_up *sign_up, const struct user *holder)
{
	refuse_sign_up(sign_up,
		&(struct problem_json){
			.status = 409, .detail = "That username is taken by", .holder = holder});
}

static void refuse_unavailable(struct sign_up *sign_up)
{
	refuse_sign_up(sign_up,
		&(struct problem_json){.status = 503,
			.detail = "Your name could not be stored. Please try again in a little "
				  "while."});
}

static void create_user(struct sign_up *sign_up)
{
	const struct buffer *typed = &sign_up->sent.username;
	struct username username;
	struct user holder;
	enum username_problem problem =
		username_parse(typed->length > 0 ? typed->bytes : "", typed->length, &username);

	if (problem != USERNAME_FINE) {
		refuse_sign_up(sign_up, &(struct problem_json){.status = 422,
						.detail = username_text(problem)->advice,
						.pointer = "#/username"});
		return;
	}
	switch (store_create(
		sign_up->site->store, &username, on_created, sign_up, &sign_up->job, &holder)) {
	case RESULT_OK:
		response_hold(sign_up->response);
		response_on_abandon(sign_up->response, on_create_abandoned, sign_up);
		break;
	case RESULT_TAKEN:
		refuse_taken(sign_up, &holder);
		break;
	default:
		refuse_unavailable(sign_up);
		break;
	}
}

/* People are led to the list, which says who was created: by number, looked up there, so that
 * nobody can make it say anything else. */
static void send_created(struct response *response, const struct user *user, bool in_json)
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
	struct response *response = sign_up->response;

	response_on_abandon(response, NULL, NULL);
	if (result == RESULT_OK) {
		send_created(response, user, sign_up->in_json);
		on_sign_up_over(sign_up);
	} else if (result == RESULT_TAKEN) {
		refuse_taken(sign_up, user);
	} else {
		refuse_unavailable(sign_up);
	}
	response_release(response);
}

/* response_cb: the client has gone. What is not on its way to be stored yet is not stored. */
static void on_create_abandoned(void *argument)
{
	struct sign_up *sign_up = argument;

	store_cancel(sign_up->site->store, sign_up->job);
	on_sign_up_over(sign_up);
	response_release(sign_up->response);
}

/* The holder is the store's, for now only. Names have a limit of ours (LIMIT_NAME). */
static void keep_holder(struct sign_up *sign_up, const struct user *holder)
{
	char *name = request_memory(response_request(sign_up->response), holder->name_length);

	memcpy(name, holder->name, holder->name_length);
	sign_up->holder = *holder;
	sign_up->holder.name = name;
	sign_up->problem.holder = &sign_up->holder;
}

/* Why nobody was created; to people with the form again, and what they typed in it. */
static void refuse_sign_up(struct sign_up *sign_up, const struct problem_json *problem)
{
	if (sign_up->in_json) {
		answer_problem_json(sign_up->response, *problem);
		on_sign_up_over(sign_up);
		return;
	}
	sign_up->problem = *problem;
	if (problem->holder != NULL)
		keep_holder(sign_up, problem->holder);
	sign_up->lookup = (struct lookup){.site = sign_up->site,
		.response = sign_up->response,
		.on_answered = on_form_answered,
		.on_over = on_sign_up_over,
		.argument = sign_up};
	lookup_begin(&sign_up->lookup, &(struct store_question){.most = 0});
}

/* lookup_answered_cb */
static void on_form_answered(void *argument, const struct store_answer *answer)
{
	const struct sign_up *sign_up = argument;
	const struct problem_json *problem = &sign_up->problem;
	struct response *response = sign_up->response;

	home_view(response_body(response), &(struct home_view){.users = answer->view->users,
						   .typed = sign_up->sent.username.bytes,
						   .typed_length = sign_up->sent.username.length,
						   .problem = problem->detail,
						   .holder = problem->holder,
						   .now = sign_up->site->clock()});
	if (problem->status == 503)
		answer_later(response);
	answer_page(response, problem->status);
}

/* lookup_over_cb, and for those without a lookup */
static void on_sign_up_over(void *argument)
{
	struct sign_up *sign_up = argument;

	buffer_free(&sign_up->sent.username);
}
