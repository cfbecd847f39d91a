/*
 * Reads and writes one record. Parsing is strict and every record has one spelling only, so a
 * record that was read can be written again byte by byte; a record can also be found in the middle
 * of garbage, for repair.
 */
#include "store/flat_file/record.h"

#include "base/decimal.h"
#include "base/limit.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "store/flat_file/checksum.h"

/* Where what the checksum is of begins. */
#define COVERED (CHECKSUM_LENGTH + 1)

static size_t most_text(enum operation operation)
{
	return operation == OPERATION_SET ? LIMIT_SETTING - 1 : LIMIT_NAME;
}

static bool is_text(const char *name, size_t length, size_t most)
{
	size_t i = 0;

	if (length == 0 || length > most)
		return false;
	while (i < length) {
		int32_t point;
		size_t step = utf8_decode(name + i, length - i, &point);
		if (step == 0 || utf8_is_control(point))
			return false;
		i += step;
	}
	return true;
}

static bool read_operation(char letter, enum operation *operation)
{
	switch (letter) {
	case OPERATION_CREATED:
	case OPERATION_REMOVED:
	case OPERATION_RENAMED:
	case OPERATION_SET:
		*operation = (enum operation)letter;
		return true;
	default:
		return false;
	}
}

unsigned record_version(enum operation operation)
{
	return operation == OPERATION_CREATED || operation == OPERATION_REMOVED ? 1 : 2;
}

/* Returns its digits. */
static size_t parse_record_number(const char *at, size_t length, struct record *record)
{
	if (record->operation != OPERATION_SET)
		return decimal_parse(at, length, &record->number);
	record->number = 0;
	return length > 0 && *at == '0' ? 1 : 0;
}

/* The fields between the checksum and the name, with the TAB that ends each: their length, or 0. */
static size_t parse_fields(const char *fields, size_t length, struct record *record)
{
	const char *end = fields + length;
	const char *at = fields;

	if (length < 2 || !read_operation(at[0], &record->operation) || at[1] != '\t')
		return 0;
	at += 2;
	size_t digits = parse_record_number(at, (size_t)(end - at), record);
	at += digits;
	if (digits == 0 || end - at < 1 + TIMESTAMP_LENGTH + 1 || *at != '\t' ||
		at[1 + TIMESTAMP_LENGTH] != '\t' ||
		timestamp_parse(at + 1, &record->time) != RESULT_OK)
		return 0;
	return (size_t)(at + 1 + TIMESTAMP_LENGTH + 1 - fields);
}

bool record_is_sealed(const char *line, size_t length)
{
	return length > COVERED && length < LIMIT_RECORD && line[CHECKSUM_LENGTH] == '\t' &&
	       checksum_matches(line, line + COVERED, length - COVERED);
}

enum result record_parse(const char *line, size_t length, struct record *record)
{
	if (!record_is_sealed(line, length))
		return RESULT_MALFORMED;
	size_t fields = parse_fields(line + COVERED, length - COVERED, record);
	if (fields == 0)
		return RESULT_MALFORMED;
	record->name = line + COVERED + fields;
	record->name_length = length - COVERED - fields;
	return is_text(record->name, record->name_length, most_text(record->operation))
		       ? RESULT_OK
		       : RESULT_MALFORMED;
}

/* The checksum says where the name ends. It is tried only after fields that are right: those take
 * more bytes than another such beginning could overlap. */
size_t record_parse_start(const char *text, size_t length, struct record *record)
{
	size_t most = length < LIMIT_RECORD ? length : LIMIT_RECORD - 1, text_most;
	uint32_t wanted;

	if (most <= COVERED || text[CHECKSUM_LENGTH] != '\t' || !checksum_read(text, &wanted))
		return 0;
	size_t fields = parse_fields(text + COVERED, most - COVERED, record);
	if (fields == 0)
		return 0;
	size_t end = COVERED + fields;
	text_most = most_text(record->operation);
	most = most - end > text_most ? end + text_most : most;
	uint32_t checksum = checksum_extend(0, text + COVERED, fields);
	while (end < most && (unsigned char)text[end] >= ' ') {
		checksum = checksum_extend(checksum, text + end++, 1);
		if (checksum == wanted && record_parse(text, end, record) == RESULT_OK)
			return end;
	}
	return 0;
}

struct record record_of_user(const struct user *user)
{
	return (struct record){.operation = OPERATION_CREATED,
		.number = user->number,
		.time = user->created,
		.name = user->name,
		.name_length = user->name_length};
}

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
