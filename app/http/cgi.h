#ifndef ROLLCALL_HTTP_CGI_H
#define ROLLCALL_HTTP_CGI_H

#include <stdbool.h>
#include <stddef.h>

#include "http/gateway.h"

/*
 * Plain CGI (RFC 3875): one request from the environment and standard input, its response on
 * standard output. The process has nothing else to do, so this gateway may wait for its
 * descriptors.
 */

/* Whether the process was started by a CGI server (section 4.1.4). Its arguments are then the words
 * of a query without "=" (section 4.4): any client chooses them, and nothing may read them. */
bool cgi_is_wanted(void);

/* What became of the request. Stays where it is until that. */
struct cgi_outcome {
	bool is_over;    /* nothing of it is left: the process can end */
	bool has_failed; /* the response could not be written */
};

/* Never NULL. A body over `max_body` bytes is refused with 413, one whose length is not known with
 * 400 (section 4.1.2). */
struct gateway *cgi_open(size_t max_body, struct cgi_outcome *outcome);

/* The same for a program that cannot serve: the request is refused with this HTTP status. */
struct gateway *cgi_open_refused(unsigned status, struct cgi_outcome *outcome);

#endif
