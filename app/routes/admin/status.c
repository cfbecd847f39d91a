/*
 * GET /admin/status: the load in a few numbers, and in words, for `rollcall status`. The page of
 * the loop has the rest (GET /loop).
 */
#include <inttypes.h>
#include <string.h>

#include "base/json_text.h"
#include "base/meters/recent.h"
#include "event_loop/loop_watch.h"
#include "routes/answer.h"
#include "routes/organiser.h"
#include "routes/routes.h"
#include "routes/site.h"
#include "store/store.h"

#define MILLIONS 1000000

static void get_status(struct site *site, struct request *request, struct response *response);

const struct route admin_status_route = {.path = "/admin/status", .get = get_status};

/* By hand: jansson writes a small share with an exponent and more digits than it has. */
static void write_status(
	struct buffer *out, const struct recent *recent, const char *reason, const char *words)
{
	buffer_printf(out,
		"{\"users\":%" PRIu64 ",\"sign_ups_last_minute\":%" PRIu64
		",\"loop_utilization\":%" PRIu64 ".%06" PRIu64 ",\"ready\":%s",
		recent->users, recent->sign_ups, recent->utilization / MILLIONS,
		recent->utilization % MILLIONS, reason == NULL ? "true" : "false");
	if (reason != NULL) {
		buffer_string(out, ",\"reason\":");
		json_text_string(out, reason, strlen(reason));
	}
	buffer_string(out, ",\"status\":");
	json_text_string(out, words, strlen(words));
	buffer_string(out, "}");
}

static void get_status(struct site *site, struct request *request, struct response *response)
{
	char words[RECENT_WORDS_SIZE];
	const char *reason = "stopping";

	if (organiser_admit_page(request, response) == NULL)
		return;
	if (site->watch == NULL) {
		answer_error(response, true, 404,
			"A CGI program has no status: it ends after each response.");
		return;
	}
	const struct recent recent = recent_of(loop_watch_minute(site->watch), &meters);
	recent_words(&recent, words);
	bool is_ready = !site->is_stopping && store_ready(site->store, &reason) == RESULT_OK;
	write_status(response_body(response), &recent, is_ready ? NULL : reason, words);
	answer_json(response, 200);
}
