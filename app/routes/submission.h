#ifndef ROLLCALL_SUBMISSION_H
#define ROLLCALL_SUBMISSION_H

#include "../buffer.h"
#include "../request.h"

/* The types a body may have, as an Accept field of an answer says it. */
#define SUBMISSION_TYPES "application/x-www-form-urlencoded, application/json"

/* What a POST brings to sign up with: a name, in the field `username` of a form or the member
 * `username` of a JSON object. Whatever else is in there is left alone. */
struct submission {
	unsigned status;        /* 0: there is a name to be judged; else 400, 415, 422 or 503 */
	char detail[128];       /* why, in words */
	const char *pointer;    /* to what is wrong, for a 422 (RFC 6901, as a fragment) */
	struct buffer username; /* empty if there was none; the caller frees it */
};

void submission_read(struct request *request, struct submission *submission);

#endif
