#include "../views/home.h"

#include "../site.h"
#include "../store/store.h"
#include "../views/home_json.h"
#include "answer.h"
#include "routes.h"

static void get(struct site *site, struct request *request, struct response *response)
{
	uint64_t users = store_count(site->store);

	if (answer_in_json(request)) {
		home_json_view(response_body(response), users);
		answer_json(response, 200);
	} else {
		home_view(response_body(response), &(struct home_view){.users = users});
		answer_page(response, 200);
	}
}

const struct route home_route = {.path = "/", .get = get};
