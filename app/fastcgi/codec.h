#ifndef ROLLCALL_FASTCGI_CODEC_H
#define ROLLCALL_FASTCGI_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#include "base/result.h"
#include "http/gateway.h"

/*
 * FastCGI records to requests, done by libfcgi, and responses to records. libfcgi reads a file
 * descriptor and waits when it must; here that descriptor is a file in memory that holds whole
 * requests only, so it never waits. This is the one place that knows libfcgi.
 */
struct codec;

/* One for a loop: the memory file is used by one request at a time, only within these functions and
 * those of the gateway. */
enum result codec_open(struct codec **opened) MUST_CHECK;

/* When all gateways are released. */
void codec_close(struct codec *codec);

/* Takes what is encoded of a response, in up to CODEC_PIECES pieces that follow one another. They
 * are borrowed until it returns. */
#define CODEC_PIECES 3
struct codec_receiver {
	/* All of it, or the rest: STDOUT records and END_REQUEST. None: it could not be encoded. */
	void (*deliver)(void *argument, const struct iovec *records, size_t count);
	/* A part of one that goes on, as gateway_operations.stream has it. None: the rest of it
	 * cannot follow. */
	bool (*deliver_part)(void *argument, const struct iovec *records, size_t count);
	void *argument;
};

/*
 * Decodes one request. `records` are whole, in order and within limits, as framing.h hands them
 * over. The gateway is the caller's; `receiver` is copied, and called from its operations.
 * RESULT_MALFORMED if libfcgi does not take the records.
 */
enum result codec_decode(struct codec *codec, const char *records, size_t length,
	const struct codec_receiver *receiver, struct gateway **gateway) MUST_CHECK;

#endif
