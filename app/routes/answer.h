#ifndef ROLLCALL_ROUTES_ANSWER_H
#define ROLLCALL_ROUTES_ANSWER_H

#include <stdbool.h>

#include "http/request.h"
#include "http/response.h"
#include "views/problem_json.h"

/*
 * How answers are sent. Each resource has two representations, a page and JSON; the request says
 * which one it wants, and every answer for which that was asked carries `Vary: Accept`. An answer
 * is to be asked for again each time; one that is an error is not even kept.
 */

/* Whether JSON is wanted: Accept prefers it, or JSON was sent and Accept does not care. */
bool answer_in_json(struct request *request);

/* Sends the body as an HTML page, or as JSON. */
void answer_page(struct response *response, unsigned status);
void answer_json(struct response *response, unsigned status);

/* The same for a page that is for its reader alone: it is kept nowhere. */
void answer_private_page(struct response *response, unsigned status);

/* The header fields of a page that is sent in parts. */
void answer_page_begin(struct response *response);

/* Those of events that are sent as they happen (WHATWG HTML, section 9.2.5). */
void answer_events_begin(struct response *response);

/* Sends the body as a page with a form that was refused. The browser keeps it, so that Back from
 * the response to the next try leads to what was typed. */
void answer_refused_form(struct response *response, unsigned status);

/* Sends the text, with a line feed, whatever is wanted. */
void answer_text(struct response *response, unsigned status, const char *text);

/* Sends a 204: there is nothing to be had here. */
void answer_nothing(struct response *response);

/* Sends an error, as a page or as application/problem+json (RFC 9457); with the usual words for its
 * status, or with others. */
void answer_problem(struct request *request, struct response *response, unsigned status);
void answer_problem_because(
	struct request *request, struct response *response, unsigned status, const char *detail);

/* The same where the request can no longer be asked what is wanted: `in_json` says it. `detail` is
 * NULL for the usual words. */
void answer_error(struct response *response, bool in_json, unsigned status, const char *detail);

/* The same as a page of the organiser's, which leads back to the others. */
void answer_organiser_error(struct response *response, unsigned status, const char *detail);

/* The same for programs that are told more. The identifier of the request is filled in here. */
void answer_problem_json(struct response *response, struct problem_json problem);

/* Adds the Location for an address within the site, of fewer than LIMIT_ADDRESS bytes, such as
 * "/users". */
void answer_location(struct response *response, const char *address);

/* Adds the Retry-After that goes with a 503 (RFC 9110, section 10.2.3). */
void answer_later(struct response *response);

#endif
