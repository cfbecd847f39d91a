/*
 * Reads a flat file from its beginning to its end and tells a torn end, which a crash leaves, from
 * damage in the middle. A bad line is searched for good records, byte by byte: whether there are
 * any behind it decides between the two.
 */
#include "store/flat_file/journal_scan.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "base/memory.h"

#define CHUNK (1 << 20)

/* What is wrong with a line. */
static const char not_header[] = "is not its header";
static const char bad_record[] = "is bad, and good records follow it";
static const char sealed_nonsense[] =
	"is bad: its checksum is right, but not its number, time or name";

struct reader {
	const struct journal_visitor *visitor;
	struct journal_scan *scan;
	off_t offset; /* of the line */
	uint64_t line;
	uint64_t last_number;
	bool is_skipping; /* within a line that is too long to be one */
	bool has_record;  /* in the bad line, so far */
	bool has_text;    /* of any kind */
};

static bool parse_line(
	struct reader *reader, const char *line, size_t length, struct record *record)
{
	record->offset = reader->offset;
	record->length = length;
	return record_parse(line, length, record) == RESULT_OK;
}

static bool is_in_order(const struct reader *reader, const struct record *record)
{
	return record->operation != OPERATION_CREATED || record->number > reader->last_number;
}

/* The first one's fault is told. */
static void bad_line(struct reader *reader, const char *fault)
{
	if (reader->scan->bad_line != 0)
		return;
	reader->scan->bad_line = reader->line;
	reader->scan->fault = fault;
}

/* Looks for good records in bytes that are no good line: what is bad may be before them, behind
 * them, or the line feed between two. Returns how many bytes end with the last one. */
static size_t search_records(struct reader *reader, const char *bytes, size_t length)
{
	const struct journal_visitor *visitor = reader->visitor;
	size_t searched = 0;

	for (size_t from = 0; from < length;) {
		struct record record;
		size_t found = record_parse_start(bytes + from, length - from, &record);
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
	search_records(reader, line, length);
	reader->scan->has_good_after |= reader->has_record;
	reader->has_record = false;
}

static const char *fault_of(enum result result)
{
	return result == RESULT_LIMIT ? "is bad: it has a number that no user can have"
				      : "is bad: it contradicts those before it";
}

/* Whether it is the next good record. From the first bad line on, good records are only looked for.
 * One that does not fit where it stands counts too: a crash leaves nothing that has its checksum
 * right. */
static bool is_taken(struct reader *reader, const char *line, size_t length)
{
	const struct journal_visitor *visitor = reader->visitor;
	struct record record;

	if (reader->scan->bad_line != 0)
		return false;
	if (!parse_line(reader, line, length, &record)) {
		bad_line(reader, record_is_sealed(line, length) ? sealed_nonsense : bad_record);
		return false;
	}
	enum result result = is_in_order(reader, &record)
				     ? visitor->record(visitor->argument, &record)
				     : RESULT_MALFORMED;
	if (result == RESULT_OK && record.operation == OPERATION_CREATED)
		reader->last_number = record.number;
	if (result != RESULT_OK)
		bad_line(reader, fault_of(result));
	return result == RESULT_OK;
}

static void scan_record(struct reader *reader, const char *line, size_t length)
{
	if (is_taken(reader, line, length)) {
		reader->scan->good += (off_t)length + 1;
		return;
	}
	reader->scan->has_good_after |= record_is_sealed(line, length);
	search_line(reader, line, length);
}

static void scan_header(struct reader *reader, const char *line, size_t length)
{
	enum result result = header_parse(line, length, &reader->scan->header);

	if (result != RESULT_OK) {
		bad_line(reader, result == RESULT_LIMIT ? fault_of(result) : not_header);
		search_line(reader, line, length);
		return;
	}
	reader->scan->has_header = true;
	reader->scan->start = (off_t)length + 1;
	reader->scan->good = reader->scan->start;
}

/* One line of the file, without its line feed. */
static void scan_line(struct reader *reader, const char *line, size_t length)
{
	bool is_rest = reader->is_skipping;

	reader->is_skipping = false;
	reader->line += is_rest ? 0 : 1;
	if (is_rest)
		search_line(reader, line, length);
	else if (reader->line == 1)
		scan_header(reader, line, length);
	else
		scan_record(reader, line, length);
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
		scan_line(reader, line, (size_t)(end - line));
		used += (size_t)(end - line) + 1;
		reader->offset += end - line + 1;
	}
}

/* What is left at the end of a chunk begins a line, but one that is longer than any record; or the
 * file ends in it. Returns how many bytes are done with. */
static size_t take_partial(struct reader *reader, const char *bytes, size_t length)
{
	if (!reader->is_skipping)
		reader->line++;
	reader->is_skipping = true;
	bad_line(reader, reader->line == 1 ? not_header : bad_record);
	size_t searched = search_records(reader, bytes, length);
	/* A record may begin in the last of them. */
	size_t kept = LIMIT_RECORD - 1;
	size_t done = length > kept && length - kept > searched ? length - kept : searched;
	reader->offset += (off_t)done;
	return done;
}

/* A good record with nothing but white space behind it, as an editor or a transfer leaves a line
 * feed that it has changed. */
static bool has_other_end(const char *bytes, size_t length)
{
	struct record record;
	size_t found = record_parse_start(bytes, length, &record);
	size_t at = found;

	while (at < length && isspace((unsigned char)bytes[at]))
		at++;
	return found > 0 && at == length;
}

/* What the file ends in has no line feed. */
static void scan_end(struct reader *reader, const char *bytes, size_t length)
{
	struct journal_scan *scan = reader->scan;

	if (!reader->is_skipping) {
		reader->is_skipping = true;
		reader->line++;
		if (reader->line == 1 && header_is_cut(bytes, length)) {
			scan->is_blank = true;
			bad_line(reader, "has only the beginning of a header");
		}
		if (reader->line > 1 && is_taken(reader, bytes, length)) {
			scan->good += (off_t)length;
			scan->is_unended = true;
			return;
		}
		scan->has_good_after |=
			record_is_sealed(bytes, length) || has_other_end(bytes, length);
	}
	take_partial(reader, bytes, length);
}

static bool has_text(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] != '\0' && !isspace((unsigned char)bytes[i]))
			return true;
	}
	return false;
}

/* Takes what can be taken of the bytes that are held, and keeps the rest; returns its length. */
static size_t take_chunk(struct reader *reader, char *bytes, size_t held)
{
	size_t used = take_lines(reader, bytes, held);

	held -= used;
	memmove(bytes, bytes + used, held);
	if (held < LIMIT_RECORD)
		return held;
	used = take_partial(reader, bytes, held);
	held -= used;
	memmove(bytes, bytes + used, held);
	return held;
}

enum result journal_scan(const struct vfs *vfs, int file, const struct journal_visitor *visitor,
	struct journal_scan *scan)
{
	char *bytes = memory_resized(NULL, CHUNK, 1);
	struct reader reader = {.visitor = visitor, .scan = scan};
	size_t held = 0;
	ssize_t got;

	*scan = (struct journal_scan){0};
	while ((got = vfs_read(vfs, file, bytes + held, CHUNK - held, scan->size)) > 0) {
		reader.has_text = reader.has_text || has_text(bytes + held, (size_t)got);
		scan->size += got;
		held = take_chunk(&reader, bytes, held + (size_t)got);
	}
	if (got == 0 && held > 0)
		scan_end(&reader, bytes, held);
	if (!reader.has_text) {
		scan->is_blank = true;
		scan->bad_line = 1;
		scan->fault = scan->size == 0 ? "is empty" : "holds only blanks and zeros";
	}
	free(bytes);
	return got == 0 ? RESULT_OK : RESULT_SYSTEM;
}

bool journal_scan_is_sound(const struct journal_scan *scan)
{
	return scan->has_header && !scan->has_good_after;
}

void journal_scan_explain(const struct journal_scan *scan, const char *path, struct reason *reason)
{
	if (scan->is_blank)
		reason_set(reason,
			"%s %s. Put a backup in its place; or, if there is no list to keep, "
			"remove it and start with --new",
			path, scan->fault);
	else if (!scan->has_header)
		reason_set(reason, "%s is not a users.log: line 1 %s%s", path, scan->fault,
			scan->has_good_after ? ". 'rollcall repair' keeps what is good" : "");
	else
		reason_set(reason,
			"%s is damaged: line %" PRIu64
			" %s; nothing was changed. 'rollcall repair' keeps what is good",
			path, scan->bad_line, scan->fault);
}
