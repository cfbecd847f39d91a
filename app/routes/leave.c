/*
 * GET and POST /leave/N: a user takes themselves off the list, with the code that they were shown
 * when they signed up (leave_link.h). GET asks, and needs no code: it shows what everybody can see.
 */
#include <string.h>

#include "base/meters/meters.h"
#include "http/origin.h"
#include "routes/answer.h"
#include "routes/leave/leave_link.h"
#include "routes/lookup.h"
#include "routes/routes.h"
#include "routes/site.h"
#include "routes/submission.h"
#include "store/store.h"
#include "views/leave.h"
#include "views/user_json.h"

#define NOT_THERE                                                                                  \
	"This name is not on the list, or not any more: the link may have been used before."
#define UNKNOWN                                                                                    \
	"It could not be confirmed that the name was taken off. Please look at the list in a "     \
	"little while, before you try again."
#define WRONG "This is not the link that was shown at the sign-up."

struct leaving {
	struct lookup lookup;
	uint64_t number;
	struct buffer code;    /* for POST */
	struct store_job *job; /* the removal that is under way */
};

static void ask_to_leave(struct site *site, struct request *request, struct response *response);
static void post_leave(struct site *site, struct request *request, struct response *response);
static void on_user_to_ask(void *argument, const struct store_answer *answer);
static void on_user_to_leave(void *argument, const struct store_answer *answer);
static void on_leave_over(void *argument);
static void on_left(void *argument, enum result result, const struct user *user);
static void on_leave_abandoned(void *argument);

const struct route leave_route = {
	.path = "/leave/" ROUTE_NUMBER, .get = ask_to_leave, .post = post_leave};

static void find_user(struct site *site, struct request *request, struct response *response,
	lookup_answered_cb *answered, struct buffer code)
{
	struct leaving *leaving = request_memory(request, sizeof(*leaving));

	*leaving = (struct leaving){.number = request_number(request),
		.code = code,
		.lookup = {.site = site,
			.response = response,
			.in_json = answer_in_json(request),
			.on_answered = answered,
			.on_over = on_leave_over,
			.argument = leaving}};
	lookup_begin(&leaving->lookup,
		&(struct store_question){.least = leaving->number, .beside = leaving->number});
}

static void ask_to_leave(struct site *site, struct request *request, struct response *response)
{
	if (!site->has_leave_key)
		answer_problem(request, response, 404);
	else
		find_user(site, request, response, on_user_to_ask, (struct buffer){0});
}

static void post_leave(struct site *site, struct request *request, struct response *response)
{
	struct submission sent;

	if (!site->has_leave_key) {
		answer_problem(request, response, 404);
		return;
	}
	if (origin_is_elsewhere(request)) {
		meters_refused(REFUSED_CROSS_SITE);
		answer_problem(request, response, 403);
		return;
	}
	submission_read_field(request, "key", &sent);
	if (sent.status != 0) {
		if (sent.field != NULL)
			response_header(response, sent.field, sent.would_do);
		answer_problem_because(request, response, sent.status, sent.detail);
		buffer_free(&sent.value);
		return;
	}
	find_user(site, request, response, on_user_to_leave, sent.value);
}

static void send_leave_page(struct response *response, unsigned status)
{
	response_header(response, "Vary", "Accept");
	answer_private_page(response, status);
}

/* lookup_answered_cb */
static void on_user_to_ask(void *argument, const struct store_answer *answer)
{
	const struct leaving *leaving = argument;
	struct response *response = leaving->lookup.response;

	if (answer->beside == NULL) {
		answer_error(response, leaving->lookup.in_json, 404, NOT_THERE);
		return;
	}
	if (leaving->lookup.in_json) {
		user_json_view_seated(
			response_body(response), answer->beside, answer->view->last_seat);
		answer_json(response, 200);
		return;
	}
	leave_view(
		response_body(response), &leaving->lookup.site->sheet.text, answer->beside, false);
	send_leave_page(response, 200);
}

/* People may send the whole link: the code is at its end. */
static bool is_code_right(const struct leaving *leaving, const struct user *user)
{
	const char *text = leaving->code.length > 0 ? leaving->code.bytes : "";
	size_t length = leaving->code.length;

	while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\n'))
		length--;
	const char *mark = memrchr(text, '#', length);
	size_t skipped = mark != NULL ? (size_t)(mark + 1 - text) : strspn(text, " ");
	return leave_code_fits(leaving->lookup.site->leave_key, LEAVE_FOREVER, user, text + skipped,
		length - skipped);
}

static void refuse_code(const struct leaving *leaving, const struct user *user)
{
	struct response *response = leaving->lookup.response;

	if (leaving->lookup.in_json) {
		answer_error(response, true, 403, WRONG);
		return;
	}
	leave_view(response_body(response), &leaving->lookup.site->sheet.text, user, true);
	send_leave_page(response, 403);
}

static void refuse_removal(const struct leaving *leaving, enum result result)
{
	bool is_gone = result == RESULT_MISSING;

	answer_error(leaving->lookup.response, leaving->lookup.in_json, is_gone ? 404 : 503,
		is_gone                    ? NOT_THERE
		: result == RESULT_UNKNOWN ? UNKNOWN
					   : NULL);
}

/* lookup_answered_cb */
static void on_user_to_leave(void *argument, const struct store_answer *answer)
{
	struct leaving *leaving = argument;
	struct response *response = leaving->lookup.response;

	if (answer->beside == NULL) {
		refuse_removal(leaving, RESULT_MISSING);
		return;
	}
	if (!is_code_right(leaving, answer->beside)) {
		refuse_code(leaving, answer->beside);
		return;
	}
	enum result result = store_remove(
		leaving->lookup.site->store, leaving->number, on_left, leaving, &leaving->job);
	if (result != RESULT_OK) {
		refuse_removal(leaving, result);
		return;
	}
	response_hold(response);
	response_on_abandon(response, on_leave_abandoned, leaving);
}

/* lookup_over_cb */
static void on_leave_over(void *argument)
{
	struct leaving *leaving = argument;

	buffer_free(&leaving->code);
}

/* Only the number: the name is not to stay there, and nobody may learn the code. */
static void log_left(const struct leaving *leaving, const struct user *user)
{
	log_event(leaving->lookup.site->log, LOG_INFO, "user-left",
		LOG_NUMBER("number", user->number),
		LOG_TEXT("id", request_id(response_request(leaving->lookup.response))));
}

/* store_outcome_cb */
static void on_left(void *argument, enum result result, const struct user *user)
{
	const struct leaving *leaving = argument;
	struct response *response = leaving->lookup.response;

	response_on_abandon(response, NULL, NULL);
	if (result != RESULT_OK) {
		refuse_removal(leaving, result);
	} else if (leaving->lookup.in_json) {
		log_left(leaving, user);
		answer_nothing(response);
	} else {
		log_left(leaving, user);
		left_view(response_body(response), &leaving->lookup.site->sheet.text, user);
		send_leave_page(response, 200);
	}
	response_release(response);
}

/* response_cb: the client has gone. What is not on its way to be stored is not done. */
static void on_leave_abandoned(void *argument)
{
	const struct leaving *leaving = argument;

	store_cancel(leaving->lookup.site->store, leaving->job);
	response_release(leaving->lookup.response);
}
