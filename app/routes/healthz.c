#include "routes/answer.h"
#include "routes/routes.h"

/* Whoever gets this answer knows that the loop turns. It asks nothing of the store, so that a full
 * disk does not have the process ended by whoever watches it. */
static void get_health(struct site *site, struct request *request, struct response *response)
{
	(void)site;
	(void)request;
	answer_text(response, 200, "ok");
}

const struct route healthz_route = {.path = "/healthz", .get = get_health};
