/* GET /users/{number}: one user. */
#include "views/user.h"

#include "routes/answer.h"
#include "routes/lookup.h"
#include "routes/routes.h"
#include "routes/site.h"
#include "store/store.h"
#include "views/user_json.h"

static void get_user(struct site *site, struct request *request, struct response *response);
static void on_user(void *argument, const struct store_answer *answer);

const struct route user_route = {.path = "/users/" ROUTE_NUMBER, .get = get_user};

static void get_user(struct site *site, struct request *request, struct response *response)
{
	struct lookup *lookup = request_memory(request, sizeof(*lookup));
	uint64_t number = request_number(request);

	*lookup = (struct lookup){.site = site,
		.response = response,
		.in_json = answer_in_json(request),
		.on_answered = on_user,
		.argument = lookup};
	lookup_begin(lookup, &(struct store_question){.least = number, .beside = number});
}

static void on_user(void *argument, const struct store_answer *answer)
{
	const struct lookup *lookup = argument;
	struct response *response = lookup->response;

	if (answer->beside == NULL) {
		answer_error(response, lookup->in_json, 404, "There is no user with that number.");
	} else if (lookup->in_json) {
		user_json_view(response_body(response), answer->beside);
		answer_json(response, 200);
	} else {
		user_view(response_body(response), &lookup->site->sheet.text, answer->beside);
		answer_page(response, 200);
	}
}
