#ifndef ROLLCALL_HTTP_GATEWAY_H
#define ROLLCALL_HTTP_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "http/meta_variable.h"
#include "http/request_times.h"

/*
 * What stands between a web server and a request: FastCGI (event_loop/exchange.h), plain CGI
 * (cgi.h), or memory in the tests. A gateway carries one request and takes one response. Its
 * implementation embeds the struct, and fills it in when it opens the gateway.
 *
 * What a request came with is there while its route runs, until router_dispatch() returns: then the
 * next request takes its place. The arena and the operations, but for `read`, last until `release`.
 */
struct gateway;
struct response;

struct gateway_operations {
	/* The next chunk of the body, at most `size` bytes; 0 at its end. */
	size_t (*read)(struct gateway *gateway, char *chunk, size_t size);

	/* Takes a whole CGI response (RFC 3875, section 6): head with its empty line, then the
	 * body. At most once, and the body of the request is not read after it. No bytes at all
	 * stand for a response for which there was no memory. False if not all of it has left yet:
	 * then response_left() is called when it has, or when the peer has gone. */
	bool (*respond)(struct gateway *gateway, const char *head, size_t head_length,
		const char *body, size_t body_length);

	/* The same for a response that goes on: takes its next part; the first one begins with the
	 * head. False if not all of it has left yet: then response_drained() is called when it has.
	 * No bytes: the rest cannot follow. `end` ends the response, and returns what `respond`
	 * does. Plain CGI, where no response goes on, has neither. */
	bool (*stream)(struct gateway *gateway, const char *bytes, size_t length);
	bool (*end)(struct gateway *gateway);

	/* Whether the kernel says that the peer is a process of root's or of the server's own user
	 * on this machine. NULL: never. Until the route returns. */
	bool (*is_peer_own)(struct gateway *gateway);

	/* Frees the gateway. The last call, whether a response was sent or not. */
	void (*release)(struct gateway *gateway);
};

struct gateway {
	const struct gateway_operations *operations;
	const struct meta_variable *params; /* a list */
	unsigned refused; /* the HTTP status with which the gateway itself refuses the request
			     (400, 413, 431, 503), or 0 */
	struct request_times times; /* `arrived` is 0 if the gateway does not know */
	struct response *response;  /* once it is open */
	struct arena arena;         /* for what lives as long as the request */
};

#endif
