/*
 * Two representations of each resource, and the header fields that go with them. Which one a client
 * wants is decided here alone, so that a page and its JSON never differ in caching or in Vary.
 */
#include "routes/answer.h"

#include <string.h>

#include "base/limit.h"
#include "http/accept_header.h"
#include "http/http.h"
#include "routes/site.h"
#include "views/problems/problem.h"

#define RETRY_AFTER "5" /* seconds */

#define ADMIN "/admin" /* the organiser's pages are here and below */

/* Programs that only want to know of problems get JSON when there is none, too. */
static const char *const page_first[] = {
	"text/html", "application/json", "application/problem+json"};
static const char *const json_first[] = {
	"application/json", "application/problem+json", "text/html"};

static bool has_sent_json(struct request *request)
{
	enum method method = request_method(request);
	const char *parameters;

	return (method == METHOD_POST || method == METHOD_PUT || method == METHOD_PATCH) &&
	       http_media_type_is(
		       request_param(request, "CONTENT_TYPE"), "application/json", &parameters);
}

bool answer_in_json(struct request *request)
{
	const char *accept = request_param(request, "HTTP_ACCEPT");

	if (has_sent_json(request))
		return accept_header_choose(accept, json_first, 3) < 2;
	return accept_header_choose(accept, page_first, 3) > 0;
}

#define HTML "text/html; charset=utf-8"

static void send_cached(struct response *response, unsigned status, const char *content_type,
	const char *cache_control)
{
	response_status(response, status);
	response_header(response, "Content-Type", content_type);
	response_header(response, "Cache-Control", cache_control);
	response_send(response);
}

/* Nearly every response has these fields: one by one they take 400 instructions more. */
#define FIELDS(before, type, cache) before "Content-Type: " type "\r\nCache-Control: " cache "\r\n"
#define SEND(response, status, before, type)                                                       \
	send_fields((response), (status), FIELDS(before, type, "no-cache"),                        \
		FIELDS(before, type, "no-store"))
#define SEND_AS_WANTED(response, status, type) SEND(response, status, "Vary: Accept\r\n", type)

static void send_fields(struct response *response, unsigned status, const char *fields,
	const char *fields_of_problem)
{
	response_status(response, status);
	response_lines(response, status < 400 ? fields : fields_of_problem);
	response_send(response);
}

static const struct site *site_of(struct response *response)
{
	return request_site(response_request(response));
}

void answer_location(struct response *response, const char *address)
{
	char location[LIMIT_BASE_PATH + LIMIT_ADDRESS];

	stpcpy(stpcpy(location, site_of(response)->sheet.text.base_path), address);
	response_header(response, "Location", location);
}

void answer_page(struct response *response, unsigned status)
{
	SEND_AS_WANTED(response, status, HTML);
}

void answer_private_page(struct response *response, unsigned status)
{
	send_cached(response, status, HTML, "no-store");
}

void answer_page_begin(struct response *response)
{
	response_header(response, "Content-Type", HTML);
	response_header(response, "Cache-Control", "no-cache");
	response_header(response, "Vary", "Accept");
}

void answer_events_begin(struct response *response)
{
	response_header(response, "Content-Type", "text/event-stream");
	response_header(response, "Cache-Control", "no-store");
	/* nginx would keep events until they fill a buffer. */
	response_header(response, "X-Accel-Buffering", "no");
}

void answer_refused_form(struct response *response, unsigned status)
{
	response_header(response, "Vary", "Accept");
	send_cached(response, status, HTML, "no-cache");
}

void answer_json(struct response *response, unsigned status)
{
	SEND_AS_WANTED(response, status, "application/json");
}

void answer_text(struct response *response, unsigned status, const char *text)
{
	buffer_string(response_body(response), text);
	buffer_string(response_body(response), "\n");
	SEND(response, status, "", "text/plain; charset=utf-8");
}

void answer_nothing(struct response *response)
{
	response_status(response, 204);
	response_header(response, "Cache-Control", "no-store");
	response_send(response);
}

/* Of a page or of JSON. */
struct error {
	unsigned status;
	const char *detail; /* NULL: the usual words */
	bool in_json;
	bool is_below_admin;
};

static void send_error(struct response *response, const struct error *error);

static bool is_below_admin(struct request *request)
{
	const char *base = request_site(request)->sheet.text.base_path;
	const char *path = request_path(request);

	if (path == NULL)
		return false;
	if (base != NULL && strncmp(path, base, strlen(base)) == 0)
		path += strlen(base);
	return strncmp(path, ADMIN, strlen(ADMIN)) == 0 &&
	       (path[strlen(ADMIN)] == '\0' || path[strlen(ADMIN)] == '/');
}

void answer_problem(struct request *request, struct response *response, unsigned status)
{
	answer_problem_because(request, response, status, NULL);
}

void answer_problem_because(
	struct request *request, struct response *response, unsigned status, const char *detail)
{
	send_error(response, &(struct error){.status = status,
				     .detail = detail,
				     .in_json = answer_in_json(request),
				     .is_below_admin = is_below_admin(request)});
}

void answer_error(struct response *response, bool in_json, unsigned status, const char *detail)
{
	send_error(
		response, &(struct error){.status = status, .detail = detail, .in_json = in_json});
}

void answer_organiser_error(struct response *response, unsigned status, const char *detail)
{
	send_error(response,
		&(struct error){.status = status, .detail = detail, .is_below_admin = true});
}

static void send_error(struct response *response, const struct error *error)
{
	const struct site *site = site_of(response);
	unsigned status = error->status;
	const char *detail = error->detail;

	if (detail == NULL)
		detail = problem_words(status);
	if (error->in_json) {
		answer_problem_json(
			response, (struct problem_json){.status = status, .detail = detail});
		return;
	}
	if (status == 503)
		answer_later(response);
	problem_view(response_body(response), &site->sheet.text,
		&(struct problem_view){.status = status,
			.detail = detail,
			.has_admin = site->has_admin,
			.is_below_admin = error->is_below_admin});
	answer_page(response, status);
}

void answer_problem_json(struct response *response, struct problem_json problem)
{
	problem.request = request_id(response_request(response));
	problem.base_path = site_of(response)->sheet.text.base_path;
	if (problem.status == 503)
		answer_later(response);
	problem_json_view(response_body(response), &problem);
	SEND_AS_WANTED(response, problem.status, "application/problem+json");
}

void answer_later(struct response *response)
{
	response_header(response, "Retry-After", RETRY_AFTER);
}
