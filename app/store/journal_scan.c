#include "journal_scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../heap.h"
#include "../limit.h"

#define CHUNK (1 << 20)

struct reader {
	const struct journal_visitor *visitor;
	struct journal_scan *scan;
	off_t offset; /* of the line */
	uint64_t line;
	uint64_t last_number;
	bool is_skipping; /* within a line that is too long to be one */
};

static bool parse(struct reader *reader, const char *line, size_t length, struct record *record)
{
	record->offset = reader->offset;
	record->length = length;
	return record_parse(line, length, record) == STATUS_OK;
}

static bool is_in_order(const struct reader *reader, const struct record *record)
{
	return record->operation == OPERATION_REMOVED || record->number > reader->last_number;
}

static void bad_line(struct reader *reader)
{
	if (reader->scan->bad_line == 0)
		reader->scan->bad_line = reader->line;
}

static void found(struct reader *reader, const struct record *record)
{
	reader->scan->has_good_after = true;
	if (reader->visitor->found != NULL)
		reader->visitor->found(reader->visitor->argument, record);
}

/* Looks for a good record that a bad line ends in: then it is the beginning of the line, or the
 * line feed before the record, that is bad. */
static void search(struct reader *reader, const char *line, size_t length)
{
	struct record record, before;
	size_t from = length > LIMIT_RECORD ? length - LIMIT_RECORD : 0;

	while (from < length && record_parse(line + from, length - from, &record) != STATUS_OK)
		from++;
	if (from == length)
		return;
	record.offset = reader->offset + (off_t)from;
	record.length = length - from;
	if (from > 0 && parse(reader, line, from - 1, &before))
		found(reader, &before);
	found(reader, &record);
}

/* From the first bad line on, good records are only looked for. One that does not fit where it
 * stands counts too: a crash leaves nothing that has its checksum right. */
static void take_record(struct reader *reader, const char *line, size_t length)
{
	const struct journal_visitor *visitor = reader->visitor;
	struct journal_scan *scan = reader->scan;
	struct record record;

	if (scan->bad_line != 0 || !parse(reader, line, length, &record) ||
		!is_in_order(reader, &record) ||
		visitor->record(visitor->argument, &record) != STATUS_OK) {
		bad_line(reader);
		search(reader, line, length);
		return;
	}
	if (record.operation == OPERATION_CREATED)
		reader->last_number = record.number;
	scan->good += (off_t)length + 1;
}

static void take_header(struct reader *reader, const char *line, size_t length)
{
	if (header_parse(line, length, &reader->scan->header) != STATUS_OK) {
		bad_line(reader);
		search(reader, line, length);
		return;
	}
	reader->scan->has_header = true;
	reader->scan->start = (off_t)length + 1;
	reader->scan->good = reader->scan->start;
}

/* One line of the file, without its line feed. */
static void take_line(struct reader *reader, const char *line, size_t length)
{
	bool is_rest = reader->is_skipping;

	reader->is_skipping = false;
	reader->line += is_rest ? 0 : 1;
	if (is_rest)
		search(reader, line, length);
	else if (reader->line == 1)
		take_header(reader, line, length);
	else
		take_record(reader, line, length);
}

/* Takes the whole lines in `bytes`, returns how many bytes they are. */
static size_t take_lines(struct reader *reader, const char *bytes, size_t length)
{
	size_t used = 0;

	for (;;) {
		const char *line = bytes + used;
		const char *end = memchr(line, '\n', length - used);
		if (end == NULL)
			return used;
		take_line(reader, line, (size_t)(end - line));
		used += (size_t)(end - line) + 1;
		reader->offset += end - line + 1;
	}
}

/* What is left at the end of a chunk begins a line. One that is longer than any record is bad; so
 * is one that the file ends in. */
static void take_partial(struct reader *reader, bool is_last)
{
	if (!reader->is_skipping) {
		reader->line++;
		bad_line(reader);
	}
	reader->is_skipping = !is_last;
}

/* Of a line that is too long, the end is kept: a record may stand there. */
static size_t drop_all_but(struct reader *reader, char *bytes, size_t length, size_t kept)
{
	memmove(bytes, bytes + length - kept, kept);
	reader->offset += (off_t)(length - kept);
	return kept;
}

enum status journal_scan(const struct disk *disk, int file, const struct journal_visitor *visitor,
	struct journal_scan *scan)
{
	char *bytes = heap_resized(NULL, CHUNK, 1);
	struct reader reader = {.visitor = visitor, .scan = scan};
	size_t held = 0;
	ssize_t got;

	*scan = (struct journal_scan){0};
	while ((got = disk_read(disk, file, bytes + held, CHUNK - held, scan->size)) > 0) {
		scan->size += got;
		held += (size_t)got;
		size_t used = take_lines(&reader, bytes, held);
		held -= used;
		memmove(bytes, bytes + used, held);
		if (held >= LIMIT_RECORD) {
			take_partial(&reader, false);
			held = drop_all_but(&reader, bytes, held, LIMIT_RECORD - 1);
		}
	}
	if (got == 0 && held > 0)
		take_partial(&reader, true);
	free(bytes);
	return got == 0 ? STATUS_OK : STATUS_SYSTEM;
}
