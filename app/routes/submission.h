#ifndef ROLLCALL_ROUTES_SUBMISSION_H
#define ROLLCALL_ROUTES_SUBMISSION_H

#include <stdbool.h>

#include "base/buffer.h"
#include "http/request.h"

/* What a POST brings to sign up with: a name, in the field `username` of a form or the member
 * `username` of a JSON object. Whatever else is in there is left alone.
 * A form is in UTF-8, which its media type may say; JSON always is (RFC 8259, sections 8.1 and 11).
 */
struct submission {
	unsigned status;  /* 0: there is a name to be judged; else 400, 415, 422 or 503 */
	char detail[128]; /* why, in words */
	bool is_json;
	const char *pointer;    /* to what is wrong, for a 422 (RFC 6901, as a fragment) */
	const char *field;      /* the header field of a 415 that says what would do (RFC 9110, */
	const char *would_do;   /* section 15.5.16), and its value */
	struct buffer username; /* empty if there was none; the caller frees it */
};

void submission_read(struct request *request, struct submission *submission);

#endif
