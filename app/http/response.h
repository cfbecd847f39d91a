#ifndef ROLLCALL_HTTP_RESPONSE_H
#define ROLLCALL_HTTP_RESPONSE_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/log.h"
#include "http/gateway.h"
#include "http/request.h"

/*
 * The one answer to a request: open, then sent. A second send is refused, logged, and changes
 * nothing on the wire.
 *
 * Whoever still has work to do on a response holds it; the router does while the route runs, and a
 * route does while a job of its own is under way. When the last hold is released without an answer,
 * a bare 500 is sent in its place. Then the response, its request and its gateway are freed.
 *
 * Every answer carries the site's security headers; nobody has to remember them.
 */
struct response;

/* With one hold, the caller's. Owns the request and the gateway from here on. Never NULL. */
struct response *response_open(struct gateway *gateway, struct request *request, struct log *log);

void response_hold(struct response *response);

/* True if that was the last hold and the response is gone. */
bool response_release(struct response *response);

/* The request it answers. */
struct request *response_request(struct response *response);

/* The HTTP status (RFC 9110, section 15); 200 unless set. */
void response_status(struct response *response, unsigned status);

/* Adds a header field. A value with a control byte (RFC 9110, section 5.5) is a fault of the
 * program: logged, and the answer becomes a 500. */
void response_header(struct response *response, const char *name, const char *value);

/* The body, to be appended to. A failed append makes the answer a 500. */
struct buffer *response_body(struct response *response);

/* In its place, bytes that somebody keeps: they stay as they are until the response is sent. */
void response_lend_body(struct response *response, const struct buffer *body);

/* Sends status, header fields and body; a HEAD or 304 answer keeps its header fields and loses its
 * body. False if it was sent before. */
bool response_send(struct response *response);
bool response_is_sent(const struct response *response);

/*
 * An answer that goes on, in place of response_send(): sends status, header fields, and what there
 * is of the body. False if that is all there is to it, because only the head was asked for or an
 * answer was sent before. Then response_write() sends more, until response_end() or the last
 * release. `drained` is called each time that what had to wait has left, until one of these.
 */
bool response_begin(struct response *response, void (*drained)(void *argument), void *argument);

/* Sends more of the body. While it has to wait, in memory, there had better not be more. */
void response_write(struct response *response, const char *bytes, size_t length);
bool response_has_to_wait(const struct response *response);

void response_end(struct response *response);

/* Whether it has begun and not ended. */
bool response_goes_on(const struct response *response);

/* For gateways: what had to wait has left. */
void response_drained(struct response *response);

/* For a route with a job under way: `abandoned` is called once if the peer goes away before the
 * answer. The route may then release its hold, or go on; what is sent later goes nowhere. NULL
 * takes it back. */
void response_on_abandon(
	struct response *response, void (*abandoned)(void *argument), void *argument);

/* For gateways: the peer has gone. The response no longer touches the gateway but to release it. */
void response_abandon(struct response *response);

#endif
