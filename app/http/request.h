#ifndef ROLLCALL_HTTP_REQUEST_H
#define ROLLCALL_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/gateway.h"

/* A request as a route sees it. What the functions return is borrowed: strings until the route
 * returns, after which they can be asked for again; memory until the response is released. */
struct request;
struct site;

enum method {
	METHOD_GET,
	METHOD_HEAD,
	METHOD_POST,
	METHOD_PUT,
	METHOD_PATCH,
	METHOD_DELETE,
	METHOD_OTHER
};

/* Reads what every request needs from the gateway, which stays the caller's. Never NULL. */
struct request *request_open(struct gateway *gateway);
void request_close(struct request *request);

/* The site that it was sent to, for its routes (router.h). */
struct site *request_site(const struct request *request);
void request_set_site(struct request *request, struct site *site);

/* For a request that outlives its route: identifier, method, path and number
 * stay (the first three are "-" if memory is short); neither the query nor a parameter nor the body
 * may be asked for. */
void request_settle(struct request *request);

/* The origin of the site, where the operator has said it; else NULL. */
const char *request_origin(const struct request *request);
void request_set_origin(struct request *request, const char *origin);

/* REQUEST_ID as the web server gave it, or "-". */
const char *request_id(const struct request *request);

/* REQUEST_METHOD: what it is to the router, and as it was sent ("-" if it was not). */
enum method request_method(const struct request *request);
const char *request_method_name(const struct request *request);

/* "other" for METHOD_OTHER. */
const char *method_name(enum method method);

/* The place of its route in the table of the router, METERS_ROUTES if it has none (meters.h). */
size_t request_route(const struct request *request);
void request_set_route(struct request *request, size_t place);

/* The decoded path without the query: DOCUMENT_URI, else SCRIPT_NAME and PATH_INFO; NULL if there
 * was none. */
const char *request_path(const struct request *request);

/* The number in the path, where the path of the route has one (router.h). */
uint64_t request_number(const struct request *request);
void request_set_number(struct request *request, uint64_t number);

/* QUERY_STRING, "" if there is none. */
const char *request_query(const struct request *request);

/* The meta-variable CONTENT_TYPE, HTTP_..., or NULL. */
const char *request_param(struct request *request, const char *name);

/* Whether it comes from a process of root's or of the server's own user on this machine, as the
 * kernel says. That process may be a web server, which passes on what its clients send. */
bool request_is_peer_own(struct request *request);

/* Zeroed memory for what a route has to remember: it lives until the response is released. */
void *request_memory(struct request *request, size_t size) __attribute__((returns_nonnull));

/* The next chunk of the body; 0 at its end. */
size_t request_read(struct request *request, char *chunk, size_t size);

/* The HTTP status with which the gateway refused the request, or 0. 503 if there is no memory for
 * its path. */
unsigned request_refused(const struct request *request);

#endif
