#include "record.h"

#include <stdbool.h>

#include "../decimal.h"
#include "../limit.h"
#include "../timestamp.h"
#include "checksum.h"
#include "code_points.h"

/* Where what the checksum is of begins. */
#define COVERED (CHECKSUM_LENGTH + 1)

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
		utf8proc_int32_t point;
		size_t step = code_point_decode(name + i, length - i, &point);
		if (step == 0 || is_control(point))
			return false;
		i += step;
	}
	return true;
}

enum status record_parse(const char *line, size_t length, struct record *record)
{
	const size_t least = CHECKSUM_LENGTH + 1 + 2 + 2 + TIMESTAMP_LENGTH + 1 + 1;

	if (length < least || length >= LIMIT_RECORD || line[CHECKSUM_LENGTH] != '\t' ||
		!checksum_matches(line, line + COVERED, length - COVERED))
		return STATUS_MALFORMED;
	const char *end = line + length;
	const char *at = line + COVERED;
	if ((at[0] != OPERATION_CREATED && at[0] != OPERATION_REMOVED) || at[1] != '\t')
		return STATUS_MALFORMED;
	record->operation = at[0] == OPERATION_CREATED ? OPERATION_CREATED : OPERATION_REMOVED;
	at += 2;

	size_t digits = decimal_parse(at, (size_t)(end - at), &record->number);
	at += digits;
	if (digits == 0 || end - at < 1 + TIMESTAMP_LENGTH + 2 || *at != '\t' ||
		at[1 + TIMESTAMP_LENGTH] != '\t' ||
		timestamp_parse(at + 1, &record->time) != STATUS_OK)
		return STATUS_MALFORMED;
	record->name = at + 1 + TIMESTAMP_LENGTH + 1;
	record->name_length = (size_t)(end - record->name);
	return is_text(record->name, record->name_length) ? STATUS_OK : STATUS_MALFORMED;
}

/* There is one for every user created: without printf. */
void record_append(struct buffer *lines, const struct record *record)
{
	const char operation[] = {(char)record->operation, '\t'};
	size_t start = lines->length;
	char time[TIMESTAMP_SIZE];

	timestamp_format(record->time, time);
	buffer_append(lines, "00000000\t", COVERED); /* the checksum, once it is known */
	buffer_append(lines, operation, sizeof(operation));
	buffer_number(lines, record->number);
	buffer_string(lines, "\t");
	buffer_append(lines, time, TIMESTAMP_LENGTH);
	buffer_string(lines, "\t");
	buffer_append(lines, record->name, record->name_length);
	if (!lines->failed) {
		char *line = lines->bytes + start;
		checksum_write(line + COVERED, lines->length - start - COVERED, line);
	}
	buffer_string(lines, "\n");
}

size_t record_size(const struct record *record)
{
	size_t digits = 1;

	for (uint64_t rest = record->number; rest > 9; rest /= 10)
		digits++;
	return COVERED + 2 + digits + 1 + TIMESTAMP_LENGTH + 1 + record->name_length + 1;
}
