#include "views/user.h"

#include "routes/answer.h"
#include "routes/routes.h"
#include "routes/site.h"
#include "store/store.h"
#include "views/user_json.h"

static void get(struct site *site, struct request *request, struct response *response)
{
	struct user user;

	if (!store_user(site->store, request_number(request), &user)) {
		answer_problem_because(
			request, response, 404, "There is no user with that number.");
		return;
	}
	if (answer_in_json(request)) {
		user_json_view(response_body(response), &user);
		answer_json(response, 200);
	} else {
		user_view(response_body(response), &user);
		answer_page(response, 200);
	}
}

const struct route user_route = {.path = "/users/" ROUTE_NUMBER, .get = get};
