#ifndef ROLLCALL_HTTP_RESPONSE_H
#define ROLLCALL_HTTP_RESPONSE_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/log.h"
#include "http/gateway.h"
#include "http/request.h"

/*
 * The one response to a request: open, then sent. A second send is refused, logged, and changes
 * nothing on the wire.
 *
 * A response lives as long as it is held: by the router while the route runs, and by a route while
 * a job of its own is under way. When the last hold is released and nothing was sent, the client
 * gets a bare 500. Then the response, its request and its gateway are freed.
 *
 * Every response carries the site's security headers.
 */
struct response;

/* What a route wants to be told of its response; response_begin() and response_on_abandon() take
 * the argument. */
typedef void response_cb(void *argument);

/* With one hold, the caller's. Owns the request and the gateway from here on. Never NULL. */
struct response *response_open(struct gateway *gateway, struct request *request, struct log *log);

void response_hold(struct response *response);

/* True if that was the last hold and the response is gone. */
bool response_release(struct response *response);

/* What is too slow for it, in nanoseconds (request_log.h), and whether it carries Server-Timing. */
void response_set_timing(struct response *response, uint64_t slow, bool has_header);

/* The request it answers. */
struct request *response_request(struct response *response);

/* The HTTP status (RFC 9110, section 15); 200 unless set. */
void response_status(struct response *response, unsigned status);

/* Adds a header field. A value with a control byte (RFC 9110, section 5.5) is a fault of the
 * program: logged, and the response becomes a 500. */
void response_header(struct response *response, const char *name, const char *value);

/* Adds header fields that are a literal of the program, each with its line end. */
void response_lines(struct response *response, const char *lines);

/* The body, to be appended to. A failed append makes the response a 500. */
struct buffer *response_body(struct response *response);

/* Sends these bytes in its place. They are borrowed, and must not change until the response is
 * sent.
 */
void response_lend_body(struct response *response, const struct buffer *body);

/* Sends status, header fields and body; a HEAD or 304 response keeps its header fields and loses
 * its body. False if it was sent before. */
bool response_send(struct response *response);
bool response_is_sent(const struct response *response);

/* Whether the gateway has responses that go on. Plain CGI has none. */
bool response_can_go_on(const struct response *response);

/*
 * Begins a response that goes on, in place of response_send(): sends status, header fields, and
 * what there is of the body. False if the response ends with that: for HEAD, after a fault, where
 * none can go on, and when something was sent before or the peer has gone. Otherwise
 * response_write() sends more, until response_end() or the last release. `drained` is called
 * whenever the peer has taken all that was written after response_has_to_wait(), until the end.
 */
bool response_begin(struct response *response, response_cb *drained, void *argument);

/* Sends more of the body. Do not write while response_has_to_wait(): it would pile up in memory. */
void response_write(struct response *response, const char *bytes, size_t length);
bool response_has_to_wait(const struct response *response);

void response_end(struct response *response);

/* Breaks off a response that goes on and cannot be completed: the peer must not take what it has
 * for the whole. Calls `abandoned`, as when the peer goes away. */
void response_break_off(struct response *response);

/* Whether a response that goes on does so until its peer ends it. Set before response_begin(): a
 * peer that has finished sending still gets the whole of any other response. */
void response_set_endless(struct response *response);
bool response_is_endless(const struct response *response);

/* Whether it has begun, not ended, and its peer is there. */
bool response_goes_on(const struct response *response);

/* For gateways: the peer has taken all that was written. */
void response_drained(struct response *response);

/* For gateways that have said that not all of the whole response has left: it has, or never will.
 * The response may be gone after that. */
void response_left(struct response *response);

/* For the router: its route has returned. Its time counts as waiting for the store from now on,
 * unless it has begun. */
void response_settle(struct response *response);

/* For a route with a job under way: `abandoned` is called once if the peer goes away before the
 * response is sent. The route may then release its hold, or go on; what it sends later goes
 * nowhere. NULL takes it back. */
void response_on_abandon(struct response *response, response_cb *abandoned, void *argument);

/* For gateways: the peer has gone. From here on the response calls only `release` of its gateway.
 */
void response_abandon(struct response *response);

#endif
