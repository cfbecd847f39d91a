#include "fuzz/store/sealed_lines.h"

#include <string.h>

#include "base/decimal.h"
#include "store/flat_file/checksum.h"
#include "store/flat_file/header.h"
#include "store/flat_file/record.h"

/* 2026-01-01T00:00:00.000Z */
#define SOME_TIME INT64_C(1767225600000)

/* Reads a number and the space behind it. */
static uint64_t take_decimal(const char **at, const char *end)
{
	uint64_t number = 0;

	*at += decimal_parse(*at, (size_t)(end - *at), &number);
	*at += *at < end && **at == ' ';
	return number;
}

static void append_header(struct buffer *file, const char *at, const char *end)
{
	unsigned version = (unsigned)take_decimal(&at, end);
	const struct header header = header_of_program(version, take_decimal(&at, end));

	header_write(file, &header);
}

static void append_record(struct buffer *file, const char *at, const char *end)
{
	struct record record = {.operation = OPERATION_CREATED, .time = SOME_TIME};

	if (at < end)
		record.operation = (enum operation)(unsigned char)*at++;
	record.number = take_decimal(&at, end);
	record.name = at;
	record.name_length = (size_t)(end - at);
	record_append(file, &record);
}

static void append_sealed(struct buffer *file, const char *at, const char *end)
{
	char checksum[CHECKSUM_LENGTH];

	checksum_write(at, (size_t)(end - at), checksum);
	buffer_append(file, checksum, sizeof(checksum));
	buffer_string(file, "\t");
	buffer_append(file, at, (size_t)(end - at));
	buffer_string(file, "\n");
}

static void append_line(struct buffer *file, const char *line, const char *end)
{
	if (line < end && *line == '&') {
		line++;
		file->length -= file->length > 0;
	}
	switch (line < end ? *line : '\0') {
	case '@':
		append_header(file, line + 1, end);
		return;
	case '!':
		append_record(file, line + 1, end);
		return;
	case '#':
		append_sealed(file, line + 1, end);
		return;
	default:
		buffer_append(file, line, (size_t)(end - line));
		buffer_string(file, "\n");
	}
}

void sealed_lines_make(struct buffer *file, const uint8_t *bytes, size_t length)
{
	const char *at = (const char *)bytes, *last = at + length;

	while (at < last) {
		const char *end = memchr(at, '\n', (size_t)(last - at));
		append_line(file, at, end != NULL ? end : last);
		if (end == NULL)
			file->length--; /* the last line has no line feed there either */
		at = end != NULL ? end + 1 : last;
	}
	must(!file->failed);
}
