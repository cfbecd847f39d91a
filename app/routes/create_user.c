/*
 * POST /create-user: takes a name, and responds once the user is durable. The response waits for
 * the store; a client that goes away meanwhile takes its create back, if that is still possible. A
 * refusal shows the form again, which says how many users there are: that is one more question.
 */
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "base/limit.h"
#include "base/meters/meters.h"
#include "base/scratch.h"
#include "http/origin.h"
#include "routes/answer.h"
#include "routes/leave/leave_link.h"
#include "routes/lookup.h"
#include "routes/routes.h"
#include "routes/site.h"
#include "routes/submission.h"
#include "store/names/username.h"
#include "store/store.h"
#include "views/home.h"
#include "views/problems/name_problem.h"
#include "views/user_json.h"

/* As small as it can be: it stands in the room of a request that waits. */
struct sign_up {
	struct site *site;
	struct response *response;
	bool in_json; /* what the client wants */
	struct buffer typed;
	struct store_job *job; /* the create that is under way */
};

/* The form again, for a name that was refused. The strings are constants, or copies. */
struct refusal {
	struct lookup lookup;
	struct buffer typed;
	struct problem_json problem;
	enum sheet_state state; /* why the sheet takes no names; SHEET_OPEN: it is the name */
	struct user holder;     /* the one of the problem */
	char detail[USERNAME_TEXT_SIZE];
	struct username suggestion;
	char holder_name[LIMIT_NAME];
};

static void post_username(struct site *site, struct request *request, struct response *response);
static void refuse_shut(struct sign_up *sign_up, enum sheet_state state);
static void refuse_submission(struct sign_up *sign_up, const struct submission *sent);
static void create_user(struct sign_up *sign_up);
static void on_created(void *argument, enum result result, const struct user *user);
static void on_create_abandoned(void *argument);
static void refuse_sign_up(struct sign_up *sign_up, const struct problem_json *problem);
static void send_refusal(
	struct sign_up *sign_up, enum sheet_state state, const struct problem_json *problem);
static void on_form_answered(void *argument, const struct store_answer *answer);
static void on_refusal_over(void *argument);

const struct route create_user_route = {.path = "/create-user", .post = post_username};

/* By the server's clock, when the request is whole: what it brings is stored, however long that
 * takes. */
static enum sheet_state sheet_phase_now(const struct site *site)
{
	const struct sheet *sheet = &site->sheet;

	return sheet->opens == 0 && sheet->closes == 0 && !sheet->is_closed
		       ? SHEET_OPEN
		       : sheet_phase(sheet, site->clock());
}

static void post_username(struct site *site, struct request *request, struct response *response)
{
	if (origin_is_elsewhere(request)) {
		meters_refused(REFUSED_CROSS_SITE);
		answer_problem(request, response, 403);
		return;
	}
	struct submission sent;
	submission_read(request, &sent);
	struct sign_up *sign_up = request_memory(request, sizeof(*sign_up));
	*sign_up = (struct sign_up){.site = site,
		.response = response,
		.in_json = answer_in_json(request),
		.typed = sent.value};
	enum sheet_state phase = sheet_phase_now(site);
	if (phase != SHEET_OPEN)
		refuse_shut(sign_up, phase);
	else if (sent.status != 0)
		refuse_submission(sign_up, &sent);
	else
		create_user(sign_up);
}

static void count_sign_up(enum sign_up_outcome outcome)
{
	meters.sign_ups.outcomes[outcome]++;
}

/* There is no name in it to be judged. */
static void refuse_submission(struct sign_up *sign_up, const struct submission *sent)
{
	count_sign_up(SIGN_UP_REFUSED);
	if (sent->status == 422) {
		refuse_sign_up(sign_up,
			&(struct problem_json){
				.status = 422, .detail = sent->detail, .pointer = sent->pointer});
		return;
	}
	if (sent->field != NULL)
		response_header(sign_up->response, sent->field, sent->would_do);
	answer_error(sign_up->response, sign_up->in_json, sent->status, sent->detail);
	buffer_free(&sign_up->typed);
}

static void refuse_taken(struct sign_up *sign_up, const struct user *holder)
{
	const struct problem_json problem = name_problem_taken(holder);

	count_sign_up(SIGN_UP_TAKEN);
	refuse_sign_up(sign_up, &problem);
}

static void refuse_alike(struct sign_up *sign_up, const struct user *holder)
{
	const struct problem_json problem = name_problem_alike(holder);

	count_sign_up(SIGN_UP_TAKEN);
	refuse_sign_up(sign_up, &problem);
}

/* A database that does not answer in time may have stored it all the same. */
static void refuse_unknown(struct sign_up *sign_up)
{
	count_sign_up(SIGN_UP_UNAVAILABLE);
	meters_refused(REFUSED_STORE);
	refuse_sign_up(sign_up,
		&(struct problem_json){.status = 503,
			.detail =
				"It could not be confirmed that your name was stored. Please look "
				"at the list in a little while, before you try again."});
}

static void refuse_unavailable(struct sign_up *sign_up, enum result result)
{
	count_sign_up(SIGN_UP_UNAVAILABLE);
	meters_refused(result == RESULT_LIMIT ? REFUSED_QUEUE : REFUSED_STORE);
	refuse_sign_up(sign_up,
		&(struct problem_json){.status = 503,
			.detail = "Your name could not be stored. Please look at the list in a "
				  "little while, and try again if it is not there."});
}

/* Names of their own for programs, which see other refusals with these statuses, too. They are tag
 * URIs (RFC 4151): the same on every site, and no address that leads nowhere. */
#define PROBLEM_TYPE "tag:rollcall@example.org,2026:"

static const char *type_of_shut(enum sheet_state state)
{
	switch (state) {
	case SHEET_NOT_YET_OPEN:
		return PROBLEM_TYPE "not-yet-open";
	case SHEET_CLOSED:
		return PROBLEM_TYPE "closed";
	case SHEET_FULL:
		return PROBLEM_TYPE "full";
	case SHEET_OPEN:
		break;
	}
	return NULL;
}

/* It takes no names, or no more. */
static void refuse_shut(struct sign_up *sign_up, enum sheet_state state)
{
	const struct site *site = sign_up->site;
	struct sheet_status status = sheet_status_of(&site->sheet, 0, site->clock());
	char words[SHEET_STATUS_SIZE];

	count_sign_up(state == SHEET_FULL ? SIGN_UP_FULL : SIGN_UP_CLOSED);
	status.state = state;
	sheet_status_words(&status, words);
	send_refusal(sign_up, state,
		&(struct problem_json){.status = state == SHEET_FULL ? 409 : 403,
			.type = type_of_shut(state),
			.title = sheet_status_title(&status),
			.detail = words});
}

/* What the store says, at once or later. `holder` has the name, or one that looks like it. */
static void refuse_result(struct sign_up *sign_up, enum result result, const struct user *holder)
{
	switch (result) {
	case RESULT_TAKEN:
		refuse_taken(sign_up, holder);
		break;
	case RESULT_ALIKE:
		refuse_alike(sign_up, holder);
		break;
	case RESULT_NO_SEAT:
		refuse_shut(sign_up, SHEET_FULL);
		break;
	case RESULT_UNKNOWN:
		refuse_unknown(sign_up);
		break;
	default:
		refuse_unavailable(sign_up, result);
		break;
	}
}

static void refuse_name(
	struct sign_up *sign_up, enum username_problem problem, const struct username *username)
{
	const struct buffer *typed = &sign_up->typed;
	struct name_problem name;

	count_sign_up(SIGN_UP_REFUSED);
	name_problem_refuse(&name, problem, username, typed->bytes, typed->length);
	refuse_sign_up(sign_up, &name.problem);
}

static void create_user(struct sign_up *sign_up)
{
	const struct buffer *typed = &sign_up->typed;
	SCRATCH struct username username;
	struct user holder;
	enum username_problem problem =
		username_parse(typed->length > 0 ? typed->bytes : "", typed->length, &username);

	if (problem != USERNAME_FINE) {
		refuse_name(sign_up, problem, &username);
		return;
	}
	enum result result = store_create(
		sign_up->site->store, &username, on_created, sign_up, &sign_up->job, &holder);
	if (result != RESULT_OK) {
		refuse_result(sign_up, result, &holder);
		return;
	}
	response_hold(sign_up->response);
	response_on_abandon(sign_up->response, on_create_abandoned, sign_up);
}

/* A browser is led to the list, which shows the new user. The address has only the number, and the
 * name is looked up: a link cannot make the page show any other text. It also has a code with which
 * the page shows how to leave the list again, as long as the user has just signed up. */
static void send_created_page(
	const struct site *site, struct response *response, const struct user *user)
{
	char location[LIMIT_ADDRESS];
	char *end = stpcpy(location, "/users?created=");

	end += decimal_write(user->number, end);
	*end = '\0';
	if (site->has_leave_key)
		leave_code_make(
			site->leave_key, LEAVE_CLAIM, user, stpcpy(end, "&" LEAVE_CLAIM_FIELD "="));
	answer_location(response, location);
	answer_page(response, 303);
}

static void send_created_json(
	const struct site *site, struct response *response, const struct user *user)
{
	char location[LIMIT_ADDRESS], leave[LEAVE_LINK_SIZE];

	char *end = stpcpy(location, "/users/");
	end[decimal_write(user->number, end)] = '\0';
	answer_location(response, location);
	if (site->has_leave_key)
		leave_link_make(site->leave_key, user, leave);
	created_json_view(response_body(response), user, store_last_seat(site->store),
		site->sheet.text.base_path, site->has_leave_key ? leave : NULL);
	answer_json(response, 201);
}

static void send_created(const struct sign_up *sign_up, const struct user *user)
{
	if (sign_up->in_json)
		send_created_json(sign_up->site, sign_up->response, user);
	else
		send_created_page(sign_up->site, sign_up->response, user);
}

/* store_outcome_cb */
static void on_created(void *argument, enum result result, const struct user *user)
{
	struct sign_up *sign_up = argument;
	struct response *response = sign_up->response;

	response_on_abandon(response, NULL, NULL);
	if (result == RESULT_OK) {
		count_sign_up(SIGN_UP_CREATED);
		send_created(sign_up, user);
		buffer_free(&sign_up->typed);
	} else {
		refuse_result(sign_up, result, user);
	}
	response_release(response);
}

/* response_cb: the client has gone. What is not on its way to be stored yet is not stored. */
static void on_create_abandoned(void *argument)
{
	struct sign_up *sign_up = argument;

	store_cancel(sign_up->site->store, sign_up->job);
	buffer_free(&sign_up->typed);
	response_release(sign_up->response);
}

/* What the store or the caller lends goes before the form is sent. */
static void keep_problem(struct refusal *refusal, const struct problem_json *problem)
{
	refusal->problem = *problem;
	snprintf(refusal->detail, sizeof(refusal->detail), "%s", problem->detail);
	refusal->problem.detail = refusal->detail;
	refusal->problem.pointer = NULL; /* a page does not say it */
	if (problem->suggestion != NULL) {
		refusal->suggestion = *problem->suggestion;
		refusal->problem.suggestion = &refusal->suggestion;
	}
	if (problem->holder == NULL)
		return;
	memcpy(refusal->holder_name, problem->holder->name, problem->holder->name_length);
	refusal->holder = *problem->holder;
	refusal->holder.name = refusal->holder_name;
	refusal->problem.holder = &refusal->holder;
}

static void refuse_sign_up(struct sign_up *sign_up, const struct problem_json *problem)
{
	send_refusal(sign_up, SHEET_OPEN, problem);
}

/* Sends why no user was created: as a page, with the form and what was typed in it. */
static void send_refusal(
	struct sign_up *sign_up, enum sheet_state state, const struct problem_json *problem)
{
	struct response *response = sign_up->response;

	if (sign_up->in_json) {
		answer_problem_json(response, *problem);
		buffer_free(&sign_up->typed);
		return;
	}
	struct refusal *refusal = request_memory(response_request(response), sizeof(*refusal));
	refusal->typed = sign_up->typed;
	refusal->state = state;
	keep_problem(refusal, problem);
	refusal->lookup = (struct lookup){.site = sign_up->site,
		.response = response,
		.on_answered = on_form_answered,
		.on_over = on_refusal_over,
		.argument = refusal};
	lookup_begin(&refusal->lookup, &(struct store_question){.most = 0});
}

/* The last seat may be another user's that is not stored yet. */
static struct sheet_status status_beside(
	const struct refusal *refusal, const struct store_answer *answer)
{
	const struct site *site = refusal->lookup.site;
	struct sheet_status status =
		sheet_status_of(&site->sheet, answer->view->users, site->clock());

	if (refusal->state != SHEET_OPEN)
		status.state = refusal->state;
	return status;
}

/* lookup_answered_cb */
static void on_form_answered(void *argument, const struct store_answer *answer)
{
	const struct refusal *refusal = argument;
	const struct problem_json *problem = &refusal->problem;
	const struct site *site = refusal->lookup.site;
	struct response *response = refusal->lookup.response;

	home_view(response_body(response), &(struct home_view){.sheet = &site->sheet.text,
						   .status = status_beside(refusal, answer),
						   .users = answer->view->users,
						   .typed = refusal->typed.bytes,
						   .typed_length = refusal->typed.length,
						   .problem = problem->detail,
						   .holder = problem->holder,
						   .is_alike = problem->is_alike,
						   .suggestion = problem->suggestion,
						   .now = site->clock()});
	if (problem->status == 503)
		answer_later(response);
	answer_refused_form(response, problem->status);
}

/* lookup_over_cb */
static void on_refusal_over(void *argument)
{
	struct refusal *refusal = argument;

	buffer_free(&refusal->typed);
}
