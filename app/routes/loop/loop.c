/*
 * GET /loop: the event loop at work, as a page or as JSON. It has no names of users in it. Which
 * addresses may see it is for the web server to say, as with /healthz. Each request gets what the
 * last whole second was like: nothing is measured for it.
 */
#include "routes/loop/loop.h"

#include "routes/answer.h"
#include "routes/routes.h"
#include "views/loop/loop_json.h"

void loop_see(struct site *site, struct loop_seen *seen)
{
	loop_watch_alive(site->watch, &seen->alive);
	seen->view = (struct loop_view){.sheet = &site->sheet.text,
		.minute = loop_watch_minute(site->watch),
		.alive = &seen->alive,
		.pool = &meters.pool,
		.now = meters_clock()};
}

static void get_loop(struct site *site, struct request *request, struct response *response)
{
	struct loop_seen seen;

	if (site->watch == NULL) {
		answer_problem_because(request, response, 404,
			"A CGI program has no loop that lasts: it ends after each response.");
		return;
	}
	loop_see(site, &seen);
	if (answer_in_json(request)) {
		loop_json_view(response_body(response), &seen.view);
		answer_json(response, 200);
	} else {
		loop_view(response_body(response), &seen.view);
		answer_page(response, 200);
	}
}

const struct route loop_route = {.path = "/loop", .get = get_loop};
