#ifndef ROLLCALL_HTTP_GATEWAY_H
#define ROLLCALL_HTTP_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * What stands between a web server and a request: FastCGI (codec.h), plain CGI (cgi.h), or memory
 * in the tests. A gateway carries one request and takes one response. Whoever implements it embeds
 * the struct and sets `operations`.
 */
struct gateway;

struct gateway_operations {
	/* The CGI meta-variable of that name (RFC 3875, section 4.1), or NULL. Borrowed until
	 * settle or release. */
	const char *(*param)(struct gateway *gateway, const char *name);

	/* The next chunk of the body, at most `size` bytes; 0 at its end. */
	size_t (*read)(struct gateway *gateway, char *chunk, size_t size);

	/* Takes a whole CGI response (RFC 3875, section 6): head with its empty line, then the
	 * body. At most once, and neither param nor read is called after it. */
	void (*respond)(struct gateway *gateway, const char *head, size_t head_length,
		const char *body, size_t body_length);

	/* The same for a response that goes on: takes its next part, of which the first begins with
	 * the head. False: not all of it has left yet, and response_drained() is called when it
	 * has. No bytes: the rest of it cannot follow. `end` ends it. Plain CGI, where nothing goes
	 * on, has neither. */
	bool (*stream)(struct gateway *gateway, const char *bytes, size_t length);
	void (*end)(struct gateway *gateway);

	/* Frees what came with the request, for one whose answer takes its time: from here on there
	 * is neither a parameter nor a body. */
	void (*settle)(struct gateway *gateway);

	/* Frees the gateway. The last call, whether a response was given or not. */
	void (*release)(struct gateway *gateway);
};

struct gateway {
	const struct gateway_operations *operations;
	struct arena arena; /* for what lives as long as the request: until release */
	unsigned refused; /* the HTTP status with which the gateway itself refuses the request (400,
			     413, 431), or 0 */
};

#endif
