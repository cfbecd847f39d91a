#include "../views/home.h"

#include "../site.h"
#include "../store/store.h"
#include "answer.h"
#include "routes.h"

static void get(struct site *site, struct request *request, struct response *response)
{
	(void)request;
	home_view(response_body(response), &(struct home_view){.users = store_count(site->store)});
	answer_page(response, 200);
}

const struct route home_route = {.path = "/", .get = get};
