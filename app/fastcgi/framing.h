#ifndef ROLLCALL_FASTCGI_FRAMING_H
#define ROLLCALL_FASTCGI_FRAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/*
 * Takes the bytes of one connection apart into FastCGI records (specification 1.0, sections 3 to 5)
 * and gathers those of one request until it is whole: BEGIN_REQUEST, PARAMS to its empty record,
 * STDIN to its empty record. Everything that arrives is checked here, against the specification and
 * the limits, before libfcgi sees a byte of it.
 *
 * A connection carries one request at a time. Records of request ids that are not under way are
 * skipped, as section 3.3 asks; management records and requests that cannot be taken are answered
 * here.
 */
struct framing;

struct framing_limits {
	size_t params;        /* bytes of PARAMS in a request */
	size_t body;          /* bytes of STDIN in a request */
	unsigned connections; /* that can be open at once, for web servers that ask */
	size_t drain;         /* bytes read and dropped of a request that passes one of these */
};

enum framing_event {
	FRAMING_MORE,    /* every byte is used; nothing to do yet */
	FRAMING_REQUEST, /* a request is whole; none other is taken until framing_finished() */
	FRAMING_REPLY,   /* framing_reply() is to be sent now */
	FRAMING_ABORT,   /* the request under way was aborted; its END_REQUEST is in framing_reply()
			  */
	FRAMING_ERROR,   /* the connection cannot go on; framing_reason() says why */
};

struct framing *framing_open(const struct framing_limits *limits);
void framing_close(struct framing *framing);

/* Uses bytes up to the first event; `used` gets how many. After FRAMING_ERROR it is not called
 * again. */
enum framing_event framing_feed(
	struct framing *framing, const char *bytes, size_t length, size_t *used);

/* The records of the whole request, as libfcgi wants them: in order, without those of others, and
 * as few as its content needs. Of one that is refused, only what keeps it answerable. */
const struct buffer *framing_request(const struct framing *framing);

/* Its id. */
unsigned framing_id(const struct framing *framing);

/* The HTTP status for a request over its limits: 431 for PARAMS, 413 for STDIN; 400 for a NUL in
 * PARAMS; else 0. */
unsigned framing_refused(const struct framing *framing);

/* Whether the web server wants to use the connection again (FCGI_KEEP_CONN of the last
 * BEGIN_REQUEST). */
bool framing_is_kept(const struct framing *framing);

/* What is to be sent; clear it when it is. */
struct buffer *framing_reply(struct framing *framing);

const char *framing_reason(const struct framing *framing);

/* Whether the connection is between requests and between records. */
bool framing_is_idle(const struct framing *framing);

/* Whether a request has begun that is not finished. */
bool framing_has_begun(const struct framing *framing);

/* The request was answered: its id is free again. */
void framing_finished(struct framing *framing);

#endif
