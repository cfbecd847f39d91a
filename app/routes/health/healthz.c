/* GET /healthz: a response says that the loop turns. It asks nothing of the store: no supervisor
 * should end the process because the disk is full. */
#include "routes/answer.h"
#include "routes/routes.h"

static void get_health(struct site *site, struct request *request, struct response *response)
{
	(void)site;
	(void)request;
	answer_text(response, 200, "ok");
}

const struct route healthz_route = {.path = "/healthz", .get = get_health};
