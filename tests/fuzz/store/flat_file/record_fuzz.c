/*
 * Records of the flat file. A line that is read is written again byte by byte; a record that is
 * written is read as it was, also in the middle of garbage; and no byte of it can change unnoticed.
 */
#include "store/flat_file/record.h"

#include <string.h>

#include "base/limit.h"
#include "base/timestamp.h"
#include "fuzz/fuzz.h"
#include "store/flat_file/checksum.h"

#define SETTING_MOST (LIMIT_SETTING - 1)

static void must_be_record(const struct record *a, const struct record *b)
{
	must(a->operation == b->operation && a->number == b->number && a->time == b->time);
	must(a->name_length == b->name_length && memcmp(a->name, b->name, a->name_length) == 0);
}

/* Any line. */
static void check_line(const char *line, size_t length)
{
	struct record record;
	struct buffer written = {0};

	bool is_sealed = record_is_sealed(line, length);
	if (record_parse(line, length, &record) != RESULT_OK)
		return;
	must(is_sealed && length < LIMIT_RECORD);
	record_append(&written, &record);
	must(written.length == length + 1 && memcmp(written.bytes, line, length) == 0);
	must(record_size(&record) == written.length);
	buffer_free(&written);
}

/* The same bytes behind their checksum. */
static void check_sealed(const char *bytes, size_t length)
{
	struct buffer line = {0};
	char checksum[CHECKSUM_LENGTH];

	checksum_write(bytes, length, checksum);
	buffer_append(&line, checksum, sizeof(checksum));
	buffer_string(&line, "\t");
	buffer_append(&line, bytes, length);
	must(record_is_sealed(line.bytes, line.length) ==
		(length > 0 && line.length < LIMIT_RECORD));
	check_line(line.bytes, line.length);
	buffer_free(&line);
}

/* With bytes behind it. */
static void check_found(
	const struct buffer *line, const struct record *record, const struct fuzz_input *garbage)
{
	struct buffer bytes = {0};
	struct record found;
	size_t length = line->length - 1;

	buffer_append(&bytes, line->bytes, length);
	buffer_append(&bytes, (const char *)garbage->bytes, garbage->length);
	must(record_parse_start(bytes.bytes, bytes.length, &found) == length);
	must_be_record(&found, record);
	for (size_t cut = 0; cut < length; cut += 7)
		must(record_parse_start(bytes.bytes, cut, &found) == 0);
	buffer_free(&bytes);
}

static void check_changed(struct buffer *line, size_t place, char byte)
{
	struct record record;
	char *at = &line->bytes[place % (line->length - 1)];
	char was = *at;

	if (was == byte)
		return;
	*at = byte;
	must(record_parse(line->bytes, line->length - 1, &record) != RESULT_OK);
	must(record_parse_start(line->bytes, line->length - 1, &record) == 0);
	*at = was;
}

static uint64_t take_number(struct fuzz_input *input)
{
	uint64_t number = 0;

	for (unsigned left = fuzz_take_byte(input) % 9U; left > 0; left--)
		number = number << 8 | fuzz_take_byte(input);
	return number;
}

/* One that is made of the input. */
static void check_record(struct fuzz_input *input)
{
	static const enum operation operations[] = {
		OPERATION_CREATED, OPERATION_REMOVED, OPERATION_RENAMED, OPERATION_SET};
	struct record record = {.operation = operations[fuzz_take_byte(input) % 4U]}, read;
	struct buffer line = {0};

	record.number = record.operation == OPERATION_SET ? 0 : take_number(input);
	record.time = (int64_t)(take_number(input) % ((uint64_t)TIMESTAMP_LAST + 1));
	size_t place = (size_t)take_number(input);
	char byte = (char)fuzz_take_byte(input);
	record.name = fuzz_take_text(input, &record.name_length);
	record_append(&line, &record);
	must(!line.failed && line.length == record_size(&record));
	must(record_is_sealed(line.bytes, line.length - 1));
	if (record_parse(line.bytes, line.length - 1, &read) == RESULT_OK) {
		size_t most = record.operation == OPERATION_SET ? SETTING_MOST : LIMIT_NAME;
		must(record.name_length > 0 && record.name_length <= most);
		must_be_record(&read, &record);
		check_found(&line, &record, input);
		check_changed(&line, place, byte);
	}
	buffer_free(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	struct record record;

	check_line((const char *)bytes, length);
	check_sealed((const char *)bytes, length);
	size_t found = record_parse_start((const char *)bytes, length, &record);
	must(found <= length);
	if (found > 0)
		check_line((const char *)bytes, found);
	check_record(&input);
	return 0;
}
