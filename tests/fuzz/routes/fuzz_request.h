#ifndef ROLLCALL_TESTS_FUZZ_ROUTES_FUZZ_REQUEST_H
#define ROLLCALL_TESTS_FUZZ_ROUTES_FUZZ_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "fuzz/fuzz.h"
#include "fuzz/routes/fuzz_site.h"
#include "support/unit/memory_gateway.h"

/*
 * A request that is made from the input, field by field, and what is known of it without asking the
 * program: mostly a choice of words that mean something, else any text.
 */
struct fuzz_request {
	struct memory_request sent;
	bool may_change;   /* the list: not GET or HEAD */
	bool is_elsewhere; /* another site had the browser send it */
	bool is_organiser;
	bool has_code;    /* the one with which a user leaves the list */
	bool is_page;     /* its path has a page and JSON, as Accept says */
	bool is_stable;   /* its path shows nothing that changes by being looked at */
	bool is_left;     /* the client goes away before there is an answer */
	bool is_followed; /* by another one before it is answered */

	/* Private: what the strings above point to. */
	char path[512];
	char body[512];
	char *texts[16];
	size_t text_count;
};

/* Reads a request; fuzz_request_free() gives back its texts. */
void fuzz_request_take(
	struct fuzz_request *request, struct fuzz_input *input, const struct fuzz_site *site);
void fuzz_request_free(struct fuzz_request *request);

#endif
