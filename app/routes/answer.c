#include "answer.h"

#include "../views/problem.h"

#define RETRY_AFTER "5" /* seconds */

static void send(struct response *response, unsigned status, const char *content_type)
{
	response_status(response, status);
	response_header(response, "Content-Type", content_type);
	response_header(response, "Cache-Control", status < 400 ? "no-cache" : "no-store");
	response_send(response);
}

void answer_page(struct response *response, unsigned status)
{
	send(response, status, "text/html; charset=utf-8");
}

void answer_text(struct response *response, unsigned status, const char *text)
{
	buffer_string(response_body(response), text);
	buffer_string(response_body(response), "\n");
	send(response, status, "text/plain; charset=utf-8");
}

void answer_problem(struct request *request, struct response *response, unsigned status)
{
	(void)request; /* one representation so far */
	if (status == 503)
		answer_later(response);
	problem_view(response_body(response), status);
	answer_page(response, status);
}

void answer_later(struct response *response)
{
	response_header(response, "Retry-After", RETRY_AFTER);
}
