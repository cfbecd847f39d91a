#ifndef ROLLCALL_FASTCGI_RECORD_H
#define ROLLCALL_FASTCGI_RECORD_H

#include <stddef.h>

#include "base/buffer.h"

/*
 * FastCGI records (specification 1.0, section 3.3): their headers, read and written. Records are
 * written without padding. Types and protocol statuses are those of <fastcgi.h>.
 */

#define FCGI_RECORD_HEADER 8 /* bytes of a header: FCGI_HEADER_LEN of <fastcgi.h> */

/* What a header says. */
struct fcgi_record {
	unsigned version;
	unsigned type;
	unsigned id;    /* of the request */
	size_t length;  /* bytes of content that follow, */
	size_t padding; /* and of padding behind those */
};

struct fcgi_record fcgi_record_read(const unsigned char header[static FCGI_RECORD_HEADER]);

#define FCGI_RECORD_CONTENT 65528 /* bytes in a record of a long stream: a multiple of 8 */

/* The header of a record; `length` bytes of content are to follow, at most 65535. */
void fcgi_record_header(struct buffer *out, unsigned type, unsigned id, size_t length);

/* Sets how much content is to follow the header at `header`. */
void fcgi_record_set_length(char *header, size_t length);

/* The bytes of a stream, in as many records as they need; not the empty one that ends it. */
void fcgi_record_stream(
	struct buffer *out, unsigned type, unsigned id, const char *bytes, size_t length);

void fcgi_record_end_request(struct buffer *out, unsigned id, unsigned protocol_status);

#endif
