#include "record.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>
#include <zlib.h>

#include "../limit.h"
#include "../timestamp.h"

#define CHECKSUM_LENGTH 8

static uint32_t checksum(const char *bytes, size_t length)
{
	return (uint32_t)crc32_z(0, (const unsigned char *)bytes, length);
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool has_checksum(const char *line, size_t length)
{
	uint32_t stored = 0;

	for (size_t i = 0; i < CHECKSUM_LENGTH; i++) {
		int value = hex_value(line[i]);
		if (value < 0)
			return false;
		stored = stored << 4 | (uint32_t)value;
	}
	const size_t covered = CHECKSUM_LENGTH + 1;
	return stored == checksum(line + covered, length - covered);
}

/* Digits up to a TAB, the first not 0. Returns how many bytes that is, or 0. */
static size_t read_number(const char *text, size_t length, uint64_t *number)
{
	size_t i = 0;

	*number = 0;
	if (length == 0 || text[0] == '0')
		return 0;
	for (; i < length && text[i] >= '0' && text[i] <= '9'; i++) {
		uint64_t digit = (uint64_t)(text[i] - '0');
		if (*number > (UINT64_MAX - digit) / 10)
			return 0;
		*number = *number * 10 + digit;
	}
	return i > 0 && i < length && text[i] == '\t' ? i + 1 : 0;
}

static bool is_control(utf8proc_int32_t point)
{
	return point < ' ' || (point >= 127 && point < 0xa0);
}

static bool is_text(const char *name, size_t length)
{
	size_t i = 0;

	if (length == 0 || length > LIMIT_NAME)
		return false;
	while (i < length) {
		utf8proc_int32_t point = (unsigned char)name[i];
		utf8proc_ssize_t step =
			point < 128 ? 1
				    : utf8proc_iterate((const utf8proc_uint8_t *)name + i,
					      (utf8proc_ssize_t)(length - i), &point);
		if (step <= 0 || is_control(point))
			return false;
		i += (size_t)step;
	}
	return true;
}

enum status record_parse(const char *line, size_t length, struct record *record)
{
	const size_t least = CHECKSUM_LENGTH + 1 + 2 + 2 + TIMESTAMP_LENGTH + 1 + 1;

	if (length < least || length >= LIMIT_RECORD || line[CHECKSUM_LENGTH] != '\t' ||
		!has_checksum(line, length))
		return STATUS_MALFORMED;
	const char *end = line + length;
	const char *at = line + CHECKSUM_LENGTH + 1;
	if ((at[0] != OPERATION_CREATED && at[0] != OPERATION_REMOVED) || at[1] != '\t')
		return STATUS_MALFORMED;
	record->operation = at[0] == OPERATION_CREATED ? OPERATION_CREATED : OPERATION_REMOVED;
	at += 2;

	size_t digits = read_number(at, (size_t)(end - at), &record->number);
	at += digits;
	if (digits == 0 || end - at < TIMESTAMP_LENGTH + 2 || at[TIMESTAMP_LENGTH] != '\t' ||
		timestamp_parse(at, &record->time) != STATUS_OK)
		return STATUS_MALFORMED;
	record->name = at + TIMESTAMP_LENGTH + 1;
	record->name_length = (size_t)(end - record->name);
	return is_text(record->name, record->name_length) ? STATUS_OK : STATUS_MALFORMED;
}

void record_append(struct buffer *lines, const struct record *record)
{
	char rest[LIMIT_RECORD];
	char time[TIMESTAMP_SIZE];

	timestamp_format(record->time, time);
	int length = snprintf(rest, sizeof(rest), "%c\t%" PRIu64 "\t%s\t%.*s", record->operation,
		record->number, time, (int)record->name_length, record->name);
	buffer_printf(lines, "%08" PRIx32 "\t", checksum(rest, (size_t)length));
	buffer_append(lines, rest, (size_t)length);
	buffer_string(lines, "\n");
}
