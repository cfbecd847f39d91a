#include "journal_scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../heap.h"
#include "../limit.h"

#define CHUNK (1 << 20)

struct reader {
	const struct disk *disk;
	int file;
	journal_visit *visit;
	void *argument;
	struct journal_scan *scan;
	uint64_t line;
	uint64_t last_number;
	bool is_skipping; /* within a line that is too long to be one */
};

static bool is_good(struct reader *reader, const char *line, size_t length, struct record *record)
{
	return record_parse(line, length, record) == STATUS_OK &&
	       (record->operation == OPERATION_REMOVED || record->number > reader->last_number);
}

static void bad_line(struct reader *reader)
{
	if (reader->scan->bad_line == 0)
		reader->scan->bad_line = reader->line;
}

/* Whether a line is a good record, or ends in one: then it is the beginning of the line, or the
 * line feed before the record, that is bad. */
static bool ends_in_record(const char *line, size_t length)
{
	struct record record;
	size_t from = length > LIMIT_RECORD ? length - LIMIT_RECORD : 0;

	for (; from < length; from++) {
		if (record_parse(line + from, length - from, &record) == STATUS_OK)
			return true;
	}
	return false;
}

/* From the first bad line on, good records are only looked for. One that does not fit where it
 * stands counts too: a crash leaves nothing that has its checksum right. */
static void take_record(struct reader *reader, const char *line, size_t length)
{
	struct journal_scan *scan = reader->scan;
	struct record record;

	if (scan->bad_line != 0 || !is_good(reader, line, length, &record) ||
		reader->visit(reader->argument, &record) != STATUS_OK) {
		bad_line(reader);
		scan->has_good_after |= ends_in_record(line, length);
		return;
	}
	if (record.operation == OPERATION_CREATED)
		reader->last_number = record.number;
	scan->good += (off_t)length + 1;
}

static void take_header(struct reader *reader, const char *line, size_t length)
{
	const size_t magic = sizeof(JOURNAL_MAGIC) - 1;

	if (length < magic || memcmp(line, JOURNAL_MAGIC, magic) != 0) {
		bad_line(reader);
		return;
	}
	reader->scan->has_header = true;
	reader->scan->good = (off_t)length + 1;
}

/* One line of the file, without its line feed. */
static void take_line(struct reader *reader, const char *line, size_t length)
{
	bool is_rest = reader->is_skipping;

	reader->is_skipping = false;
	reader->line += is_rest ? 0 : 1;
	if (is_rest)
		reader->scan->has_good_after |= ends_in_record(line, length);
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
static size_t drop_all_but(char *bytes, size_t length, size_t kept)
{
	memmove(bytes, bytes + length - kept, kept);
	return kept;
}

static ssize_t read_chunk(struct reader *reader, char *bytes, size_t length)
{
	ssize_t got;

	do
		got = reader->disk->read(
			reader->disk, reader->file, bytes, length, reader->scan->size);
	while (got < 0 && errno == EINTR);
	return got;
}

enum status journal_scan(const struct disk *disk, int file, journal_visit *visit, void *argument,
	struct journal_scan *scan)
{
	char *bytes = heap_resized(NULL, CHUNK, 1);
	struct reader reader = {
		.disk = disk, .file = file, .visit = visit, .argument = argument, .scan = scan};
	size_t held = 0;
	ssize_t got;

	*scan = (struct journal_scan){0};
	while ((got = read_chunk(&reader, bytes + held, CHUNK - held)) > 0) {
		scan->size += got;
		held += (size_t)got;
		size_t used = take_lines(&reader, bytes, held);
		held -= used;
		memmove(bytes, bytes + used, held);
		if (held >= LIMIT_RECORD) {
			take_partial(&reader, false);
			held = drop_all_but(bytes, held, LIMIT_RECORD - 1);
		}
	}
	if (got == 0 && held > 0)
		take_partial(&reader, true);
	free(bytes);
	return got == 0 ? STATUS_OK : STATUS_SYSTEM;
}
