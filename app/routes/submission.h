#ifndef ROLLCALL_ROUTES_SUBMISSION_H
#define ROLLCALL_ROUTES_SUBMISSION_H

#include <stdbool.h>

#include "base/buffer.h"
#include "http/request.h"

/* What a POST brings: one text, in a field of a form or a member of a JSON object, such as the
 * `username` to sign up with. Whatever else is in there is left alone. */
struct submission {
	const char *name; /* of the field */
	unsigned status;  /* 0: there is a text to be judged; else 400, 415, 422 or 503 */
	char detail[128]; /* why, in words */
	bool is_json;
	char pointer[32];     /* to what is wrong, for a 422 (RFC 6901, as a fragment) */
	const char *field;    /* the header field of a 415 that says what would do (RFC 9110, */
	const char *would_do; /* section 15.5.16), and its value */
	struct buffer value;  /* empty if there was none; the caller frees it */
};

/* The field `username`; or another one, whose name is borrowed. */
void submission_read(struct request *request, struct submission *submission);
void submission_read_field(
	struct request *request, const char *name, struct submission *submission);

#endif
