#ifndef ROLLCALL_HTTP_ROUTER_H
#define ROLLCALL_HTTP_ROUTER_H

#include "base/log.h"
#include "http/gateway.h"
#include "http/request.h"
#include "http/response.h"

struct site;

/*
 * Sends the response, or starts a job that will: then it holds the response, and releases it when
 * the job is over. Must not wait for anything.
 */
typedef void route_cb(struct site *site, struct request *request, struct response *response);

/* In the path of a route: any number from 1 on, in decimal and without zeros before it. */
#define ROUTE_NUMBER "{number}"

/* What one path answers. */
struct route {
	const char *path; /* ROUTE_NUMBER may stand in it; request_number() has what was there */
	route_cb *get;    /* HEAD too; NULL: not allowed */
	route_cb *post;
	route_cb *put;
	route_cb *patch;
	route_cb *delete;
};

/* Sends the page of an error status. */
typedef void router_refuse_cb(struct request *request, struct response *response, unsigned status);

struct router {
	const struct route *const *routes; /* ends with NULL */
	struct site *site;                 /* handed to every route, and to every request */
	struct log *log;
	const char *origin;    /* as request_origin() has it; NULL or empty: none */
	const char *base_path; /* that paths may begin with, and are routed without; likewise */
	uint64_t slow;         /* requests that take longer, in nanoseconds, are logged; 0: none */
	bool has_timing;       /* responses carry Server-Timing */
	router_refuse_cb *refuse;
};

/* Finds the route for the request that the gateway brings, and runs it. Owns the gateway from here
 * on. Returns the response if it has still to be sent, else NULL: then the gateway may be gone. */
struct response *router_dispatch(const struct router *router, struct gateway *gateway);

#endif
