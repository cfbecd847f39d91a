#ifndef ROLLCALL_HTTP_BODY_H
#define ROLLCALL_HTTP_BODY_H

#include <stdbool.h>

#include "base/buffer.h"
#include "http/request.h"

/* The kinds of bodies that a route reads. A form is in UTF-8, which its media type may say; JSON
 * always is (RFC 8259, sections 8.1 and 11). */
enum body_kinds { BODY_FORM = 1, BODY_JSON = 2 };

struct body {
	bool is_json;         /* or else a form */
	struct buffer bytes;  /* all of it, as it was sent; the caller frees it */
	unsigned status;      /* 0: it is there; else 400, 415 or 503 */
	const char *reason;   /* of a 400: in a few words; of a 415: a sentence, or NULL */
	const char *field;    /* the header field of a 415 that says what would do (RFC 9110, */
	const char *would_do; /* section 15.5.16), and its value */
};

/* Reads the body of a request, one of these kinds. False: it is refused. */
bool body_read(struct request *request, unsigned kinds, struct body *body);

/* The same for a body that may be of any media type. */
bool body_read_any(struct request *request, struct body *body);

#endif
