/*
 * Flat files of any bytes. Whatever the pieces are that a file is read in, the scan finds the same;
 * a file that ends anywhere has the beginning of its records; and a byte that is changed in one of
 * them is noticed in its line, or is at the torn end.
 */
#include "store/flat_file/journal_scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "base/memory.h"
#include "fuzz/fuzz.h"
#include "fuzz/store/sealed_lines.h"

#define FOUND_MOST 4096

/* A file in memory that gives at most so many bytes at once. */
struct piecemeal {
	struct vfs vfs; /* first: the scan is given it */
	const char *bytes;
	size_t length;
	size_t piece;
};

struct found_record {
	struct record record;
	bool is_good; /* it stands before the first bad line */
};

/* All that a scan tells. The names are in the bytes that were scanned. */
struct told {
	struct journal_scan scan;
	struct found_record found[FOUND_MOST];
	size_t count;
	size_t good_count;
	const char *bytes;
};

static ssize_t read_piece(const struct vfs *vfs, int file, void *bytes, size_t length, off_t offset)
{
	const struct piecemeal *piecemeal = (const struct piecemeal *)vfs;
	size_t at = (size_t)offset;

	must(file == 3 && length > 0 && offset >= 0);
	size_t left = at < piecemeal->length ? piecemeal->length - at : 0;
	size_t most = length < piecemeal->piece ? length : piecemeal->piece;
	size_t got = left < most ? left : most;
	memcpy(bytes, piecemeal->bytes + at, got);
	return (ssize_t)got;
}

static void note_record(struct told *told, const struct record *record, bool is_good)
{
	const char *line = told->bytes + record->offset;
	struct record again;

	if (told->count == FOUND_MOST)
		return;
	must(record_parse(line, record->length, &again) == RESULT_OK);
	must(again.number == record->number && again.operation == record->operation &&
		again.time == record->time && again.name_length == record->name_length);
	must(memcmp(again.name, record->name, record->name_length) == 0);
	again.offset = record->offset;
	again.length = record->length;
	told->found[told->count++] = (struct found_record){again, is_good};
	told->good_count += is_good;
}

/* journal_record_cb: numbers are below this one, for a record that does not fit. */
static enum result on_record(void *argument, const struct record *record)
{
	if (record->number > LIMIT_PLACE)
		return RESULT_LIMIT;
	note_record(argument, record, true);
	return RESULT_OK;
}

/* journal_found_cb */
static void on_found(void *argument, const struct record *record)
{
	note_record(argument, record, false);
}

static void scan_pieces(struct told *told, const char *bytes, size_t length, size_t piece)
{
	const struct piecemeal piecemeal = {
		.vfs.read = read_piece, .bytes = bytes, .length = length, .piece = piece};
	const struct journal_visitor visitor = {
		.record = on_record, .found = on_found, .argument = told};

	told->count = told->good_count = 0;
	told->bytes = bytes;
	must(journal_scan(&piecemeal.vfs, 3, &visitor, &told->scan) == RESULT_OK);
}

static void check_told(const struct told *told, size_t length)
{
	const struct journal_scan *scan = &told->scan;
	struct reason reason;

	must(scan->size == (off_t)length);
	must(scan->good >= 0 && scan->good <= scan->size && scan->start <= scan->good);
	must((scan->bad_line == 0) <= (scan->has_header && scan->good == scan->size));
	must(scan->has_header == (scan->start > 0));
	must((scan->bad_line != 0) == (scan->fault != NULL));
	must(!scan->has_good_after || scan->bad_line != 0);
	must(!scan->is_unended || (scan->good == scan->size && scan->bad_line == 0));
	must(!scan->is_blank || !journal_scan_is_sound(scan));
	if (journal_scan_is_sound(scan))
		return;
	memset(&reason, 'x', sizeof(reason));
	journal_scan_explain(scan, "users.log", &reason);
	must(memchr(reason.text, '\0', sizeof(reason.text)) != NULL && reason.text[0] != '\0');
}

static void must_be_told(const struct told *a, const struct told *b)
{
	const struct journal_scan *one = &a->scan, *other = &b->scan;

	must(one->start == other->start && one->good == other->good && one->size == other->size);
	must(one->bad_line == other->bad_line && one->has_good_after == other->has_good_after);
	must(one->is_blank == other->is_blank && one->is_unended == other->is_unended);
	must(one->has_header == other->has_header);
	must((one->fault == NULL) == (other->fault == NULL));
	must(one->fault == NULL || strcmp(one->fault, other->fault) == 0);
	must(a->count == b->count && a->good_count == b->good_count);
	for (size_t i = 0; i < a->count; i++) {
		must(a->found[i].is_good == b->found[i].is_good);
		must(a->found[i].record.offset == b->found[i].record.offset);
		must(a->found[i].record.length == b->found[i].record.length);
	}
}

/* What is read of a beginning of the file are the first of its records. */
static void check_cut(const struct told *whole, struct told *cut, size_t length)
{
	scan_pieces(cut, whole->bytes, length, SIZE_MAX);
	check_told(cut, length);
	must(cut->good_count <= whole->good_count);
	for (size_t i = 0; i < cut->good_count; i++)
		must(cut->found[i].record.offset == whole->found[i].record.offset &&
			cut->found[i].record.length == whole->found[i].record.length);
	if (whole->scan.bad_line != 0)
		return;
	must(!cut->scan.has_good_after);
	must(cut->scan.has_header == (length >= (size_t)whole->scan.start));
	must(cut->scan.has_header || cut->scan.is_blank);
	/* All records whose line feed is there, and the one that lacks nothing else. */
	for (size_t i = 0; i < whole->good_count; i++) {
		const struct record *record = &whole->found[i].record;
		bool is_whole = (size_t)record->offset + record->length <= length;
		must((i < cut->good_count) == is_whole);
	}
}

static uint64_t line_at(const char *bytes, size_t place)
{
	uint64_t line = 1;

	for (size_t i = 0; i < place; i++)
		line += bytes[i] == '\n';
	return line;
}

/* Whether the byte is of the last line; or the line feed before one that has none. */
static bool is_at_end(const struct told *whole, size_t place)
{
	const char *last = whole->bytes + whole->scan.size;
	bool is_line_feed = whole->bytes[place] == '\n';
	const char *from = whole->bytes + place + is_line_feed;
	const char *end = memchr(from, '\n', (size_t)(last - from));

	return end == NULL || (!is_line_feed && end == last - 1);
}

/* A byte of the records is another one. */
static void check_changed(const struct told *whole, struct told *changed, size_t place, char byte)
{
	size_t length = (size_t)whole->scan.size;
	size_t start = (size_t)whole->scan.start;

	if (whole->scan.bad_line != 0 || length <= start)
		return;
	place = start + place % (length - start);
	if (whole->bytes[place] == byte)
		return;
	char *bytes = memory_resized(NULL, length, 1);
	memcpy(bytes, whole->bytes, length);
	bytes[place] = byte;
	scan_pieces(changed, bytes, length, SIZE_MAX);
	check_told(changed, length);
	uint64_t line = line_at(whole->bytes, place);
	must(changed->scan.bad_line == line);
	must(changed->good_count == line - 2);
	must(changed->scan.has_good_after || is_at_end(whole, place));
	free(bytes);
}

static size_t take_place(struct fuzz_input *input)
{
	size_t high = fuzz_take_byte(input);

	return high << 8 | fuzz_take_byte(input);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct told whole, other;
	struct fuzz_input input = {bytes, length};
	struct buffer file = {0};

	size_t piece = take_place(&input);
	size_t cut = take_place(&input), place = take_place(&input);
	char byte = (char)fuzz_take_byte(&input);
	sealed_lines_make(&file, input.bytes, input.length);
	/* A file with nothing in it has no bytes. */
	buffer_append(&file, "", 1);
	must(!file.failed);
	file.length--;
	scan_pieces(&whole, file.bytes, file.length, SIZE_MAX);
	check_told(&whole, file.length);
	/* Not so small that reading it takes all the time. */
	scan_pieces(&other, file.bytes, file.length, piece % 9000 + file.length / 64 + 1);
	must_be_told(&whole, &other);
	check_cut(&whole, &other, cut % (file.length + 1));
	check_changed(&whole, &other, place, byte);
	buffer_free(&file);
	return 0;
}
