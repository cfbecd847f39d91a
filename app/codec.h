#ifndef ROLLCALL_CODEC_H
#define ROLLCALL_CODEC_H

#include <stddef.h>

#include "gateway.h"
#include "status.h"

/*
 * FastCGI records to requests, done by libfcgi, and responses to records. libfcgi reads a file
 * descriptor and waits when it must; here that descriptor is a file in memory that holds whole
 * requests only, so it never waits. This is the one place that knows libfcgi.
 */
struct codec;

/* One for a loop: the memory file is used by one request at a time, only within these functions and
 * those of the gateway. */
enum status codec_open(struct codec **opened) MUST_CHECK;
void codec_close(struct codec *codec);

/* Takes the encoded response: STDOUT records and END_REQUEST. The bytes are borrowed until it
 * returns. */
typedef void codec_deliver(void *argument, const char *records, size_t length);

/*
 * Decodes one request. `records` are whole, in order and within limits, as framing.h hands them
 * over. The gateway is the caller's; `deliver` is called from its respond. STATUS_MALFORMED if
 * libfcgi does not take the records.
 */
enum status codec_decode(struct codec *codec, const char *records, size_t length,
	codec_deliver *deliver, void *argument, struct gateway **gateway) MUST_CHECK;

#endif
