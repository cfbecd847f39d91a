#ifndef ROLLCALL_ANSWER_H
#define ROLLCALL_ANSWER_H

#include "../request.h"
#include "../response.h"

/* Sends the body as an HTML page. A page is to be asked for again each time; one of an error is not
 * even kept. */
void answer_page(struct response *response, unsigned status);

/* Sends the text, with a line feed, for programs. */
void answer_text(struct response *response, unsigned status, const char *text);

/* Sends the page of an error status. */
void answer_problem(struct request *request, struct response *response, unsigned status);

/* Adds the Retry-After that goes with a 503 (RFC 9110, section 10.2.3). */
void answer_later(struct response *response);

#endif
