#include "pairs.h"

#include <string.h>

#define LONG_LENGTH 0x80u

static void begin_pair(struct pairs *pairs)
{
	pairs->reading = 0;
	pairs->lengths[0] = 0;
	pairs->lengths[1] = 0;
}

/* A length is one byte up to 127, else four with the highest bit set. */
static void length_byte(struct pairs *pairs, unsigned char byte)
{
	uint32_t *length = &pairs->lengths[pairs->reading];

	if (pairs->partial > 0) {
		*length = *length << 8 | byte;
		pairs->partial--;
	} else if (byte & LONG_LENGTH) {
		*length = byte & ~LONG_LENGTH;
		pairs->partial = 3;
	} else {
		*length = byte;
	}
	if (pairs->partial > 0)
		return;
	pairs->reading++;
	if (pairs->reading == 2)
		pairs->content = (uint64_t)pairs->lengths[0] + pairs->lengths[1];
}

/* Takes what it can of the lengths at once, and returns how many bytes that is: mostly both are
 * there, and one byte each. */
static size_t take_lengths(struct pairs *pairs, const unsigned char *bytes, size_t length)
{
	bool is_begun = pairs->reading > 0 || pairs->partial > 0;

	if (is_begun || length < 2 || ((bytes[0] | bytes[1]) & LONG_LENGTH) != 0) {
		length_byte(pairs, bytes[0]);
		return 1;
	}
	pairs->reading = 2;
	pairs->content = (uint64_t)bytes[0] + bytes[1];
	return 2;
}

/* Where the next NUL is, at `from` or after it. */
static size_t find_nul(const unsigned char *bytes, size_t from, size_t length)
{
	const unsigned char *nul = memchr(bytes + from, '\0', length - from);

	return nul != NULL ? (size_t)(nul - bytes) : length;
}

enum status pairs_feed(struct pairs *pairs, const unsigned char *bytes, size_t length, size_t most)
{
	size_t i = 0, nul = 0; /* the next one; those that are past were in lengths */

	while (i < length) {
		if (pairs->reading < 2) {
			i += take_lengths(pairs, bytes + i, length - i);
		} else {
			size_t skipped =
				pairs->content < length - i ? (size_t)pairs->content : length - i;
			if (nul <= i)
				nul = find_nul(bytes, i, length);
			pairs->content -= skipped;
			i += skipped;
			if (nul < i)
				return STATUS_MALFORMED;
		}
		if (pairs->reading < 2)
			continue;
		if (pairs->content == 0)
			begin_pair(pairs);
		else if (pairs->content > most || pairs->total + i > most - pairs->content)
			return STATUS_LIMIT;
	}
	pairs->total += length;
	return STATUS_OK;
}

size_t pairs_read_lengths(
	const unsigned char *bytes, size_t length, size_t *name_length, size_t *value_length)
{
	struct pairs pairs = {0};

	for (size_t i = 0; i < length; i++) {
		length_byte(&pairs, bytes[i]);
		if (pairs.reading < 2)
			continue;
		*name_length = pairs.lengths[0];
		*value_length = pairs.lengths[1];
		return i + 1;
	}
	return 0;
}

bool pairs_are_whole(const struct pairs *pairs)
{
	return pairs->reading == 0 && pairs->partial == 0;
}
