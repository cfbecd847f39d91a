#ifndef ROLLCALL_HTTP_ROUTER_H
#define ROLLCALL_HTTP_ROUTER_H

#include "base/log.h"
#include "http/gateway.h"
#include "http/request.h"
#include "http/response.h"

struct site;

/*
 * Answers the request, or starts a job that will: then it holds the response, and releases it when
 * the job is over. Must not wait for anything.
 */
typedef void route_handler(struct site *site, struct request *request, struct response *response);

/* In the path of a route: any number from 1 on, in decimal and without zeros before it. */
#define ROUTE_NUMBER "{number}"

/* What one path answers. */
struct route {
	const char *path;   /* ROUTE_NUMBER may stand in it; request_number() has what was there */
	route_handler *get; /* HEAD too; NULL: not allowed */
	route_handler *post;
};

struct router {
	const struct route *const *routes; /* ends with NULL */
	struct site *site;                 /* handed to every route */
	struct log *log;
	/* Answers with the page of an error status. */
	void (*refuse)(struct request *request, struct response *response, unsigned status);
};

/* Finds the route for the request that the gateway brings, and runs it. Owns the gateway from here
 * on. Returns the response while it has still to be sent, else NULL. */
struct response *router_dispatch(const struct router *router, struct gateway *gateway);

#endif
