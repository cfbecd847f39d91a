#ifndef ROLLCALL_VIEWS_PROBLEM_JSON_H
#define ROLLCALL_VIEWS_PROBLEM_JSON_H

#include <stdbool.h>

#include "base/buffer.h"
#include "store/names/username.h"
#include "store/user.h"

/* An error for programs, as RFC 9457 has it. Its type is about:blank where the status says all that
 * a program has to tell apart. */
struct problem_json {
	unsigned status;
	const char *type;      /* a URI; NULL: about:blank */
	const char *title;     /* of that type */
	const char *detail;    /* in words */
	const char *request;   /* the identifier of the request */
	const char *pointer;   /* to what is wrong in the body (RFC 6901, as a fragment), or NULL */
	const char *base_path; /* of the site, as in sheet_text.h */
	const struct user *holder; /* the user who has the name, which ends the detail; or NULL */
	bool is_alike;             /* not this name, but one that looks like it */
	const struct username *suggestion; /* a name that would be accepted, or NULL */
};

void problem_json_view(struct buffer *out, const struct problem_json *problem);

#endif
