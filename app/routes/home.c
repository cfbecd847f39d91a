#include "../views/home.h"

#include "../site.h"
#include "../store/store.h"
#include "../views/home_json.h"
#include "answer.h"
#include "routes.h"

#define LATEST 5 /* users */

static void get_page(struct site *site, struct response *response, uint64_t users)
{
	struct user latest[LATEST];
	struct store_page page = store_page(site->store, STORE_NEWEST, 0, latest, LATEST);

	home_view(response_body(response), &(struct home_view){.users = users,
						   .latest = latest,
						   .latest_count = page.count,
						   .now = site->clock()});
	answer_page(response, 200);
}

static void get(struct site *site, struct request *request, struct response *response)
{
	uint64_t users = store_count(site->store);

	if (answer_in_json(request)) {
		home_json_view(response_body(response), users);
		answer_json(response, 200);
	} else {
		get_page(site, response, users);
	}
}

const struct route home_route = {.path = "/", .get = get};
