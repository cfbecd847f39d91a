#ifndef ROLLCALL_TESTS_FUZZ_EVENT_LOOP_RECORDS_CHECK_H
#define ROLLCALL_TESTS_FUZZ_EVENT_LOOP_RECORDS_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/* What the server has sent on one connection, and what it comes to. */
struct records_seen {
	size_t ended;         /* requests that got their END_REQUEST */
	size_t completed;     /* of these, with a whole response before */
	size_t created;       /* responses that said a user was created, */
	uint64_t last_number; /* and the greatest number of one of them */
	bool goes_on;         /* the last response, until its peer ends it */
};

/* Expects well-formed records of FastCGI (specification 1.0, section 3.3) with well-formed
 * responses of CGI in them: of one request after the other, each ended once. The last record may be
 * cut off only if `may_be_cut`. */
struct records_seen records_check(const struct buffer *sent, bool may_be_cut);

/* Expects a well-formed response of CGI (RFC 3875, section 6): a whole one if `is_whole`, else at
 * least its head. */
void records_check_response(struct records_seen *seen, const struct buffer *bytes, bool is_whole);

#endif
