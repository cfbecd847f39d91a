#include "journal_scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../heap.h"
#include "../limit.h"
#include "checksum.h"

#define CHUNK (1 << 20)

struct reader {
	const struct journal_visitor *visitor;
	struct journal_scan *scan;
	off_t offset; /* of the line */
	uint64_t line;
	uint64_t last_number;
	bool is_skipping; /* within a line that is too long to be one */
	bool has_record;  /* in the bad line, so far */
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

/* What every record has behind its checksum. */
static bool may_begin(const char *text, size_t length)
{
	const char *at = text + CHECKSUM_LENGTH;

	return length > CHECKSUM_LENGTH + 3 && at[0] == '\t' &&
	       (at[1] == OPERATION_CREATED || at[1] == OPERATION_REMOVED) && at[2] == '\t';
}

/* The length of the good record that begins there, or 0. Nothing says where it ends. */
static size_t record_at(const char *text, size_t length, struct record *record)
{
	size_t most = length < LIMIT_RECORD ? length : LIMIT_RECORD - 1;

	if (!may_begin(text, length))
		return 0;
	for (size_t end = 1; end <= most; end++) {
		if (record_parse(text, end, record) == STATUS_OK)
			return end;
	}
	return 0;
}

/* Looks for good records in bytes that are no good line: what is bad may be before them, behind
 * them, or the line feed between two. Returns how many bytes end with the last one. */
static size_t search(struct reader *reader, const char *bytes, size_t length)
{
	const struct journal_visitor *visitor = reader->visitor;
	size_t searched = 0;

	for (size_t from = 0; from < length;) {
		struct record record;
		size_t found = record_at(bytes + from, length - from, &record);
		if (found == 0) {
			from++;
			continue;
		}
		record.offset = reader->offset + (off_t)from;
		record.length = found;
		reader->has_record = true;
		if (visitor->found != NULL)
			visitor->found(visitor->argument, &record);
		from += found;
		searched = from;
	}
	return searched;
}

/* A bad line that is a line: a crash does not leave one with a good record in it. */
static void search_line(struct reader *reader, const char *line, size_t length)
{
	bad_line(reader);
	search(reader, line, length);
	reader->scan->has_good_after |= reader->has_record;
	reader->has_record = false;
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
		search_line(reader, line, length);
		return;
	}
	if (record.operation == OPERATION_CREATED)
		reader->last_number = record.number;
	scan->good += (off_t)length + 1;
}

static void take_header(struct reader *reader, const char *line, size_t length)
{
	if (header_parse(line, length, &reader->scan->header) != STATUS_OK) {
		search_line(reader, line, length);
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
		search_line(reader, line, length);
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
 * is one that the file ends in, whatever is in it: its line feed was never written. Returns how
 * many bytes are done with. */
static size_t take_partial(struct reader *reader, const char *bytes, size_t length)
{
	if (!reader->is_skipping)
		reader->line++;
	reader->is_skipping = true;
	bad_line(reader);
	size_t searched = search(reader, bytes, length);
	/* A record may begin in the last of them. */
	size_t kept = LIMIT_RECORD - 1;
	size_t done = length > kept && length - kept > searched ? length - kept : searched;
	reader->offset += (off_t)done;
	return done;
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
			used = take_partial(&reader, bytes, held);
			held -= used;
			memmove(bytes, bytes + used, held);
		}
	}
	if (got == 0 && held > 0)
		take_partial(&reader, bytes, held);
	free(bytes);
	return got == 0 ? STATUS_OK : STATUS_SYSTEM;
}
