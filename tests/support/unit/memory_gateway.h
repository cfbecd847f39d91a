#ifndef ROLLCALL_TESTS_SUPPORT_UNIT_MEMORY_GATEWAY_H
#define ROLLCALL_TESTS_SUPPORT_UNIT_MEMORY_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>

#include "http/gateway.h"

/*
 * A gateway (gateway.h) without a web server: the request comes from memory, the response is kept
 * there. It fails the test when its contract is broken: a second response, a call after the
 * response or the release, a response that is not a CGI response.
 */
struct memory_gateway;

/* A parameter that is NULL is not there. */
struct memory_request {
	const char *method;
	const char *path;
	const char *script_name;
	const char *path_info;
	const char *query;
	const char *content_type;
	const char *content_length;
	const char *content_encoding;
	const char *accept;
	const char *host;
	const char *server_name;
	const char *server_port;
	const char *https;
	const char *scheme;
	const char *origin;
	const char *fetch_site;
	const char *if_none_match;
	const char *if_match;
	const char *last_event_id;
	const char *remote_user;
	const char *remote_user_header;
	const char *operator;
	const char *list;
	const char *operator_header;
	const char *id;
	const char *body;
	size_t body_length; /* 0: up to the end of the string */
	size_t chunk;       /* the most bytes of the body that come at once; 0: as many as fit */
	unsigned refused;
	bool is_peer_own;
};

struct memory_gateway *memory_gateway_open(const struct memory_request *request);

struct gateway *memory_gateway_of(struct memory_gateway *memory);

/* Frees what came with the request, as gateways do when its route has returned. */
void memory_gateway_forget(struct memory_gateway *memory);

/* From now on what is sent has to wait, or no longer. */
void memory_gateway_clog(struct memory_gateway *memory, bool is_clogged);

/* From now on the end of a response has to wait, until the test calls response_left(). */
void memory_gateway_hold_back(struct memory_gateway *memory);

/* The next part of a response that goes on finds the peer gone: `lost` is called before it is
 * taken.
 */
void memory_gateway_lose(
	struct memory_gateway *memory, void (*lost)(void *argument), void *argument);

/* Whether a response that went on was broken off. */
bool memory_gateway_is_broken(const struct memory_gateway *memory);

/* How many parts of a response that goes on have come. */
unsigned memory_gateway_parts(const struct memory_gateway *memory);

/* The status of the response, 0 while there is none. */
unsigned memory_gateway_status(const struct memory_gateway *memory);

/* The value of a header field, NULL if it is not there; a repeated one fails the test. */
const char *memory_gateway_field(const struct memory_gateway *memory, const char *name);

/* All of the head, up to its empty line. */
const char *memory_gateway_head(const struct memory_gateway *memory);

/* The body, terminated; so far, of a response that goes on. */
const char *memory_gateway_body(const struct memory_gateway *memory);
size_t memory_gateway_body_length(const struct memory_gateway *memory);

/* Fails the test if the body does not have the text, or has it. */
void memory_gateway_expect(const struct memory_gateway *memory, const char *text);
void memory_gateway_expect_not(const struct memory_gateway *memory, const char *text);

/* The last that a test asks of a response: its status and a text of its body. Closes the gateway.
 */
void memory_gateway_end(struct memory_gateway *memory, unsigned status, const char *text);

/* The same for a header field and its value; NULL: it is not there. */
void memory_gateway_expect_field(
	const struct memory_gateway *memory, const char *name, const char *value);

/* How often each was called. */
unsigned memory_gateway_responds(const struct memory_gateway *memory);
unsigned memory_gateway_releases(const struct memory_gateway *memory);

/* Whether the request outlives its route, and does without what came with it (request_settle()). */
bool memory_gateway_is_settled(const struct memory_gateway *memory);

/* Expects that it was released, once, and frees it. */
void memory_gateway_close(struct memory_gateway *memory);

#endif
