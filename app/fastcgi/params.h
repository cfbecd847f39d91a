#ifndef ROLLCALL_FASTCGI_PARAMS_H
#define ROLLCALL_FASTCGI_PARAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/result.h"
#include "http/meta_variable.h"

/*
 * Checks a stream of FastCGI name-value pairs (specification, section 3.4) as it comes, wherever
 * its records cut it. A zeroed struct is at the start of a stream.
 */
struct params {
	uint32_t lengths[2]; /* of the name and of the value, as far as they are read */
	unsigned reading;    /* which of the two is being read; 2: neither, the content is being
				skipped */
	unsigned partial;    /* bytes still missing of a four-byte length */
	uint64_t content;    /* bytes of name and value still to come */
	size_t total;        /* bytes seen */
};

/* RESULT_LIMIT if a pair says that it reaches beyond `most` bytes of stream, RESULT_MALFORMED for a
 * NUL in a name or a value: read as strings they would end there. */
enum result params_feed(
	struct params *params, const unsigned char *bytes, size_t length, size_t most) MUST_CHECK;

/* For pairs that are all in memory: the lengths of the name and the value that the first pair
 * begins with. Returns how many bytes the lengths take, 0 if they are cut off. */
size_t params_read_lengths(
	const unsigned char *bytes, size_t length, size_t *name_length, size_t *value_length);

/* Makes a list of pairs that are all in memory, where they stand: `bytes` has one more byte of room
 * behind them. False if a pair reaches beyond the end. */
#define PARAMS_LIST_SIZE(length) (((length) / 2 + 1) * sizeof(struct meta_variable)) /* bytes */
bool params_split(char *bytes, size_t length, struct meta_variable *list);

/* Writes a pair of strings of up to 127 bytes each. */
void params_append(struct buffer *out, const char *name, const char *value);

/* Whether the stream may end here. */
bool params_are_whole(const struct params *params);

#endif
