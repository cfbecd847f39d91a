#ifndef ROLLCALL_FASTCGI_CODEC_H
#define ROLLCALL_FASTCGI_CODEC_H

#include <stddef.h>
#include <sys/uio.h>

#include "base/buffer.h"
#include "base/result.h"
#include "http/meta_variable.h"

/*
 * From FastCGI records to a request, and from a response to FastCGI records. It calls back nowhere:
 * what it has decoded is asked for, and what it has encoded is returned. This is the one place that
 * knows libfcgi.
 *
 * One for a loop. It holds one request at a time, from codec_decode() to codec_forget().
 */
struct codec;

struct codec *codec_open(void);
void codec_close(struct codec *codec);

/* Decodes one request, after the one before was forgotten. `records` are whole, in order and within
 * limits, as framing.h hands them over; the body is read from where they are. RESULT_MALFORMED if
 * they are not, RESULT_MEMORY if there is no room for the parameters: then there is no request. */
enum result codec_decode(struct codec *codec, const char *records, size_t length) MUST_CHECK;

/* The list of its CGI meta-variables, empty without a request. Borrowed until it is forgotten. */
const struct meta_variable *codec_params(const struct codec *codec);

/* The next chunk of its body, at most `size` bytes; 0 at its end, or without a request. The records
 * must still be there. */
size_t codec_read(struct codec *codec, char *chunk, size_t size);

void codec_forget(struct codec *codec);

/*
 * These three encode for the request of this id. What is encoded are the pieces, which follow one
 * another; they point into `out`, which is cleared first, and to head and body. Each returns how
 * many pieces there are, 0 if memory is short.
 */
#define CODEC_PIECES 4

/* A whole response: STDOUT records and END_REQUEST. */
size_t codec_encode(struct buffer *out, unsigned id, const struct iovec *head,
	const struct iovec *body, struct iovec pieces[static CODEC_PIECES]);

/* A part of one that goes on. */
size_t codec_encode_part(struct buffer *out, unsigned id, const char *bytes, size_t length,
	struct iovec pieces[static CODEC_PIECES]);

/* What ends it. */
size_t codec_encode_end(struct buffer *out, unsigned id, struct iovec pieces[static CODEC_PIECES]);

#endif
