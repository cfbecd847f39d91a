#ifndef ROLLCALL_TESTS_SUPPORT_PROTOCOL_RECORDS_H
#define ROLLCALL_TESTS_SUPPORT_PROTOCOL_RECORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/*
 * Writes FastCGI records as a web server sends them, from the specification (1.0, sections 3 to 5)
 * and without libfcgi, which reads them on the other side. Everything is appended to a buffer, so
 * that a test can cut, join and spoil it.
 */

/* One record. Padding is filled with bytes that break a reader of them. */
void records_append(struct buffer *out, unsigned type, unsigned id, const void *content,
	size_t length, unsigned padding);

/* A header that may lie: `version` and `length` go out as given, nothing follows. */
void records_header(struct buffer *out, unsigned version, unsigned type, unsigned id, size_t length,
	unsigned padding);

void records_begin(struct buffer *out, unsigned id, unsigned role, unsigned flags);

/* A stream in records of at most `piece` bytes (0: as large as records get), then the empty record
 * that ends it. */
void records_stream(struct buffer *out, unsigned type, unsigned id, const void *bytes,
	size_t length, size_t piece, unsigned padding);

/* A name-value pair: lengths of one byte where they fit, else of four. */
void records_pair(struct buffer *params, const char *name, const char *value);

/* The same with both lengths in four bytes, as the specification allows for any length. */
void records_long_pair(struct buffer *params, const char *name, const char *value);

/* A length in four bytes, whatever really follows. */
void records_long_length(struct buffer *params, size_t length);

/* What a web server asks for; all that is zero is as in a plain GET of "/" with request id 1 on a
 * kept connection. */
struct web_request {
	unsigned id;
	const char *method;
	const char *path;
	const char *query;
	const char *request_id;
	const char *body;
	const char *content_length;  /* NULL: the length of the body */
	const struct buffer *before; /* pairs that come before all others */
	const struct buffer *after;  /* and behind them */
	size_t piece;                /* as in records_stream() */
	unsigned padding;            /* of every record */
	bool closing;                /* without FCGI_KEEP_CONN */
};

/* Its parameters as name-value pairs. */
void records_pairs(struct buffer *params, const struct web_request *request);

/* The whole request. */
void records_request(struct buffer *out, const struct web_request *request);

/* The whole request to create the user NAME-NUMBER. */
void records_sign_up(struct buffer *out, const char *name, unsigned number);

/* A string of that many letters, to be freed by the caller. */
char *records_filler(size_t length);

/* A POST of the username form; `body` is form-encoded. */
#define RECORDS_CREATE_USER(form) .method = "POST", .path = "/create-user", .body = (form)

#endif
