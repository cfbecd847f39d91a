/*
 * GET /admin/status: the load in a few numbers, and in words, for `rollcall status`. The page of
 * the loop has the rest (GET /loop).
 */
#include "base/json_text.h"
#include "base/meters/recent.h"
#include "event_loop/loop_watch.h"
#include "routes/answer.h"
#include "routes/organiser.h"
#include "routes/routes.h"
#include "routes/site.h"
#include "store/store.h"

#define MILLIONTHS 1000000.0

static void get_status(struct site *site, struct request *request, struct response *response);

const struct route admin_status_route = {.path = "/admin/status", .get = get_status};

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
	json_text_write(response_body(response),
		json_pack("{s:I,s:I,s:f,s:b,s:s*,s:s}", "users", (json_int_t)recent.users,
			"sign_ups_last_minute", (json_int_t)recent.sign_ups, "loop_utilization",
			(double)recent.utilization / MILLIONTHS, "ready", is_ready, "reason",
			is_ready ? NULL : reason, "status", words));
	answer_json(response, 200);
}
