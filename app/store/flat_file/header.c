/*
 * Reads and writes the first line of the flat file.
 */
#include "store/flat_file/header.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "base/limit.h"
#include "store/flat_file/checksum.h"
#include "store/names/username.h"

#define MAGIC    "rollcall-users\t"
#define UNICODE  "\tunicode "
#define NUMBERED "numbered "

static bool skip(const char **at, const char *end, const char *text)
{
	size_t length = strlen(text);

	if ((size_t)(end - *at) < length || memcmp(*at, text, length) != 0)
		return false;
	*at += length;
	return true;
}

static bool read_format(const char **at, const char *end, unsigned *version)
{
	if (*at == end || **at < '0' + HEADER_VERSION_FIRST || **at > '0' + HEADER_VERSION_LAST)
		return false;
	*version = (unsigned)(*(*at)++ - '0');
	return true;
}

/* Digits and dots. */
static bool read_version(const char **at, const char *end, char version[static HEADER_UNICODE_SIZE])
{
	size_t length = 0;

	while (*at < end && **at != '\t' && length < HEADER_UNICODE_SIZE - 1) {
		if ((**at < '0' || **at > '9') && **at != '.')
			return false;
		version[length++] = *(*at)++;
	}
	version[length] = '\0';
	return length > 0;
}

enum result header_parse(const char *line, size_t length, struct header *header)
{
	const char *at = line, *end = line + length;

	*header = (struct header){0};
	if (!skip(&at, end, MAGIC) || !read_format(&at, end, &header->version) ||
		!skip(&at, end, UNICODE) || !read_version(&at, end, header->unicode))
		return RESULT_MALFORMED;
	if (at == end)
		return RESULT_OK;
	if (!skip(&at, end, "\t" NUMBERED))
		return RESULT_MALFORMED;
	size_t digits = decimal_parse(at, (size_t)(end - at), &header->numbered);
	at += digits;
	if (digits == 0 || end - at != 1 + CHECKSUM_LENGTH || *at != '\t' ||
		!checksum_matches(at + 1, line, (size_t)(at - line)))
		return RESULT_MALFORMED;
	return header->numbered <= LIMIT_PLACE ? RESULT_OK : RESULT_LIMIT;
}

bool header_is_cut(const char *line, size_t length)
{
	const char *at = line, *end = line + length;
	unsigned version;

	if (length <= sizeof(MAGIC) - 1)
		return length > 0 && memcmp(line, MAGIC, length) == 0;
	if (!skip(&at, end, MAGIC) || !read_format(&at, end, &version))
		return false;
	size_t left = (size_t)(end - at);
	return memcmp(at, UNICODE, left < sizeof(UNICODE) - 1 ? left : sizeof(UNICODE) - 1) == 0;
}

struct header header_of_program(unsigned version, uint64_t numbered)
{
	struct header header = {.version = version, .numbered = numbered};

	snprintf(header.unicode, sizeof(header.unicode), "%s", username_unicode_version());
	return header;
}

void header_write(struct buffer *lines, const struct header *header)
{
	size_t start = lines->length;
	char checksum[CHECKSUM_LENGTH] = "";

	buffer_printf(lines, MAGIC "%u" UNICODE "%s", header->version, header->unicode);
	if (header->numbered > 0) {
		buffer_printf(lines, "\t" NUMBERED "%" PRIu64, header->numbered);
		if (!lines->failed)
			checksum_write(lines->bytes + start, lines->length - start, checksum);
		buffer_string(lines, "\t");
		buffer_append(lines, checksum, sizeof(checksum));
	}
	buffer_string(lines, "\n");
}

void header_append(struct buffer *lines, uint64_t numbered)
{
	const struct header header = header_of_program(HEADER_VERSION_FIRST, numbered);

	header_write(lines, &header);
}

off_t header_size(void)
{
	struct buffer header = {0};

	header_append(&header, 0);
	off_t size = (off_t)header.length;
	buffer_free(&header);
	return size;
}
