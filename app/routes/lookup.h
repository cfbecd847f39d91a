#ifndef ROLLCALL_ROUTES_LOOKUP_H
#define ROLLCALL_ROUTES_LOOKUP_H

#include <stdbool.h>

#include "http/request.h"
#include "http/response.h"
#include "routes/site.h"
#include "store/store.h"

/*
 * A question that a route asks the store for a request. The store may answer at once or on a later
 * turn of the loop; the route is written the same way for both. A late answer holds the response
 * meanwhile, and a client that goes away cancels the question.
 *
 * By the time of the answer the route may have returned: it can no longer ask for a parameter, the
 * query or the body (request_settle()). What it needs of them it reads before.
 */
typedef void lookup_answered_cb(void *argument, const struct store_answer *answer);
typedef void lookup_over_cb(void *argument);

/* In memory that lives as long as the response (request_memory()). The route fills in all but the
 * job. */
struct lookup {
	struct site *site;
	struct response *response;
	bool in_json; /* what the client wants (answer.h) */
	/* To send the response. Not called when the store cannot answer: the client gets a 503
	 * then. */
	lookup_answered_cb *on_answered;
	lookup_over_cb *on_over; /* frees what the route has kept for it; NULL: nothing */
	void *argument;          /* of both */
	struct store_job *job;   /* for lookup.c */
};

/* Whether the client wants nothing that is older than its request (Cache-Control: no-cache, as
 * browsers send with some reloads), and the store may have such: for the question. */
bool lookup_is_fresh(const struct site *site, struct request *request);

/* Asks. `on_over` is called once: after the response was sent, or when the client has gone. */
void lookup_begin(struct lookup *lookup, const struct store_question *question);

/* Asks for no users, but for what the view and the sheet are now, whoever has changed them. */
void lookup_begin_sheet(struct lookup *lookup);

#endif
