/*
 * Name-value pairs are a length, a length, a name, a value, and any of these can be cut by the end
 * of a record. The lengths are checked before a request is decoded: libfcgi has trusted them
 * once, and overran its memory (CVE-2025-23016). Contents are skipped here, and searched for
 * NULs.
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

/* Where the next NUL is, at `from` or after it. */
static size_t find_nul(const unsigned char *bytes, size_t from, size_t length)
{
	const unsigned char *nul = memchr(bytes + from, '\0', length - from);

	return nul != NULL ? (size_t)(nul - bytes) : length;
}

/* How many bytes at the beginning are pairs as most are: whole, with lengths of one byte each, and
 * without a NUL. */
static size_t length_of_usual_pairs(const unsigned char *bytes, size_t length)
{
	size_t i = 0, nul = 0;

	while (length - i >= 2 && ((bytes[i] | bytes[i + 1]) & LONG_LENGTH) == 0) {
		size_t content = i + 2, end = content + bytes[i] + bytes[i + 1];
		if (end > length)
			break;
		if (nul < content)
			nul = find_nul(bytes, content, length);
		if (nul < end)
			break;
		i = end;
	}
	return i;
}

enum result params_feed(
	struct params *params, const unsigned char *bytes, size_t length, size_t most)
{
	bool is_within = params->total <= most && length <= most - params->total;
	size_t i = is_within && params_are_whole(params) ? length_of_usual_pairs(bytes, length) : 0;
	size_t nul = 0; /* the next one; those that are past were in lengths */

	while (i < length) {
		if (params->reading < 2) {
			length_byte(params, bytes[i++]);
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

/* Returns how many bytes a length takes, 0 if it is cut off. */
static size_t read_length(const unsigned char *bytes, size_t left, size_t *length)
{
	if (left > 0 && (bytes[0] & LONG_LENGTH) == 0) {
		*length = bytes[0];
		return 1;
	}
	if (left < 4)
		return 0;
	*length = (size_t)(bytes[0] & ~LONG_LENGTH) << 24 | (size_t)bytes[1] << 16 |
		  (size_t)bytes[2] << 8 | bytes[3];
	return 4;
}

size_t params_read_lengths(
	const unsigned char *bytes, size_t length, size_t *name_length, size_t *value_length)
{
	size_t first = read_length(bytes, length, name_length);
	size_t second = first > 0 ? read_length(bytes + first, length - first, value_length) : 0;

	return second > 0 ? first + second : 0;
}

/* The NUL behind a value takes the place of the first length of the next pair, which is read by
 * then. */
bool params_split(char *bytes, size_t length, struct meta_variable *list)
{
	size_t i = 0;

	while (i < length) {
		size_t name, value;
		size_t head = params_read_lengths(
			(const unsigned char *)bytes + i, length - i, &name, &value);
		if (head == 0 || name > length - i - head || value > length - i - head - name)
			return false;
		bytes[i] = '\0';
		*list++ = (struct meta_variable){.name = bytes + i + head,
			.name_length = name,
			.value = bytes + i + head + name};
		i += head + name + value;
	}
	bytes[length] = '\0';
	*list = (struct meta_variable){0};
	return true;
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
