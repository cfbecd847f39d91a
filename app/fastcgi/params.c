/*
 * Name-value pairs are a length, a length, a name, a value, and any of these can be cut by the end
 * of a record. The lengths are checked before libfcgi sees them: it has trusted them once, and
 * overran its memory (CVE-2025-23016). Contents are only skipped here, and searched for NULs.
 */
#include "fastcgi/params.h"

#include <string.h>

#define LONG_LENGTH 0x80u

static void begin_pair(struct params *params)
{
	params->reading = 0;
	params->lengths[0] = 0;
	params->lengths[1] = 0;
}

/* A length is one byte up to 127, else four with the highest bit set. */
static void length_byte(struct params *params, unsigned char byte)
{
	uint32_t *length = &params->lengths[params->reading];

	if (params->partial > 0) {
		*length = *length << 8 | byte;
		params->partial--;
	} else if (byte & LONG_LENGTH) {
		*length = byte & ~LONG_LENGTH;
		params->partial = 3;
	} else {
		*length = byte;
	}
	if (params->partial > 0)
		return;
	params->reading++;
	if (params->reading == 2)
		params->content = (uint64_t)params->lengths[0] + params->lengths[1];
}

/* Takes what it can of the lengths at once, and returns how many bytes that is: mostly both are
 * there, and one byte each. */
static size_t take_lengths(struct params *params, const unsigned char *bytes, size_t length)
{
	bool is_begun = params->reading > 0 || params->partial > 0;

	if (is_begun || length < 2 || ((bytes[0] | bytes[1]) & LONG_LENGTH) != 0) {
		length_byte(params, bytes[0]);
		return 1;
	}
	params->reading = 2;
	params->content = (uint64_t)bytes[0] + bytes[1];
	return 2;
}

/* Where the next NUL is, at `from` or after it. */
static size_t find_nul(const unsigned char *bytes, size_t from, size_t length)
{
	const unsigned char *nul = memchr(bytes + from, '\0', length - from);

	return nul != NULL ? (size_t)(nul - bytes) : length;
}

enum result params_feed(
	struct params *params, const unsigned char *bytes, size_t length, size_t most)
{
	size_t i = 0, nul = 0; /* the next one; those that are past were in lengths */

	while (i < length) {
		if (params->reading < 2) {
			i += take_lengths(params, bytes + i, length - i);
		} else {
			size_t skipped =
				params->content < length - i ? (size_t)params->content : length - i;
			if (nul <= i)
				nul = find_nul(bytes, i, length);
			params->content -= skipped;
			i += skipped;
			if (nul < i)
				return RESULT_MALFORMED;
		}
		if (params->reading < 2)
			continue;
		if (params->content == 0)
			begin_pair(params);
		else if (params->content > most || params->total + i > most - params->content)
			return RESULT_LIMIT;
	}
	params->total += length;
	return RESULT_OK;
}

size_t params_read_lengths(
	const unsigned char *bytes, size_t length, size_t *name_length, size_t *value_length)
{
	struct params params = {0};

	for (size_t i = 0; i < length; i++) {
		length_byte(&params, bytes[i]);
		if (params.reading < 2)
			continue;
		*name_length = params.lengths[0];
		*value_length = params.lengths[1];
		return i + 1;
	}
	return 0;
}

void params_append(struct buffer *out, const char *name, const char *value)
{
	const unsigned char lengths[2] = {
		(unsigned char)strlen(name), (unsigned char)strlen(value)};

	buffer_append(out, lengths, sizeof(lengths));
	buffer_string(out, name);
	buffer_string(out, value);
}

bool params_are_whole(const struct params *params)
{
	return params->reading == 0 && params->partial == 0;
}
