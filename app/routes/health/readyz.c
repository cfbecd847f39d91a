/*
 * GET /readyz: whether users can be stored, those to come as well; if not, why. A load balancer is
 * to send no sign-ups here while it is 503; reading still works.
 */
#include "routes/answer.h"
#include "routes/routes.h"
#include "routes/site.h"
#include "store/store.h"

static void get_ready(struct site *site, struct request *request, struct response *response)
{
	const char *reason = "stopping";

	(void)request;
	if (!site->is_stopping && store_ready(site->store, &reason) == RESULT_OK) {
		answer_text(response, 200, "ready");
		return;
	}
	answer_later(response);
	buffer_string(response_body(response), "not ready: ");
	answer_text(response, 503, reason);
}

const struct route readyz_route = {.path = "/readyz", .get = get_ready};
