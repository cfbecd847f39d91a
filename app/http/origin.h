#ifndef ROLLCALL_HTTP_ORIGIN_H
#define ROLLCALL_HTTP_ORIGIN_H

#include <stdbool.h>

#include "http/request.h"

/*
 * Whether an Origin value names the origin that the request was sent to: the same scheme, host and
 * port (RFC 6454, sections 4 to 7).
 *
 * The request's own origin is in Host; without it, as a web server may pass on HTTP/1.0 and HTTP/3,
 * in SERVER_NAME and SERVER_PORT. Only the browser knows its scheme for sure, since TLS may end at
 * a proxy in front of the web server. So a Host without a port has the default port of the Origin's
 * scheme (RFC 9110, section 4.2.3), and http is refused only where the web server says that it
 * speaks TLS itself (HTTPS, REQUEST_SCHEME).
 *
 * Where a proxy in front replaces Host, the operator says what the origin is, and that alone counts
 * (request_origin()).
 *
 * Hosts are the same whatever their case, with or without a dot at the end, and as IPv6 addresses
 * whatever their spelling. "null", a list, and a value that is no origin are nobody's.
 */
bool origin_is_own(struct request *request, const char *origin);

/* Whether this is an origin as a browser sends it: http or https, a host, perhaps a port. */
bool origin_is_valid(const char *origin);

/*
 * Whether another site had the browser send the request. A form needs no session, and a browser
 * sends a password that it knows with whatever any page has it send: all that changes something
 * asks this first. Browsers say where a request comes from: in Sec-Fetch-Site on secure origins
 * (Fetch Metadata, section 2.4; "none" is the person themselves), else in Origin. Programs that are
 * not browsers say neither.
 */
bool origin_is_elsewhere(struct request *request);

#endif
