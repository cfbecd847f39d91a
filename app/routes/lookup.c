/*
 * The life of a question. Asked and answered at once, it is a call and a callback, with nothing
 * held: that is the flat file, and the common case. Answered later, it holds the response from
 * store_ask() until the answer or the end of the client, whichever is first. The store does not
 * call back after store_cancel(), so one of the two always happens, and never both.
 */
#include "routes/lookup.h"

#include <stddef.h>
#include <string.h>

#include "base/meters/meters.h"
#include "routes/answer.h"

static store_answered_cb on_store_answered;
static response_cb on_lookup_abandoned;

bool lookup_is_fresh(const struct site *site, struct request *request)
{
	const char *cache_control =
		store_is_shared(site->store) ? request_param(request, "HTTP_CACHE_CONTROL") : NULL;

	return cache_control != NULL && strcasestr(cache_control, "no-cache") != NULL;
}

void lookup_begin(struct lookup *lookup, const struct store_question *question)
{
	lookup->job = NULL;
	lookup->job = store_ask(lookup->site->store, question, on_store_answered, lookup);
	if (lookup->job == NULL)
		return;
	response_hold(lookup->response);
	response_on_abandon(lookup->response, on_lookup_abandoned, lookup);
}

void lookup_begin_sheet(struct lookup *lookup)
{
	lookup_begin(lookup, &(struct store_question){.is_fresh = true});
}

static void end_lookup(const struct lookup *lookup)
{
	if (lookup->on_over != NULL)
		lookup->on_over(lookup->argument);
}

static void refuse_lookup(const struct lookup *lookup)
{
	meters_refused(REFUSED_STORE);
	answer_error(lookup->response, lookup->in_json, 503, NULL);
}

/* `job` is not set yet when the answer comes from within store_ask(). */
static void on_store_answered(void *argument, const struct store_answer *answer)
{
	const struct lookup *lookup = argument;
	struct response *response = lookup->response;
	bool is_late = lookup->job != NULL;

	if (is_late)
		response_on_abandon(response, NULL, NULL);
	if (answer->result == RESULT_OK)
		lookup->on_answered(lookup->argument, answer);
	else
		refuse_lookup(lookup);
	end_lookup(lookup);
	if (is_late)
		response_release(response);
}

static void on_lookup_abandoned(void *argument)
{
	const struct lookup *lookup = argument;

	store_cancel(lookup->site->store, lookup->job);
	end_lookup(lookup);
	response_release(lookup->response);
}
