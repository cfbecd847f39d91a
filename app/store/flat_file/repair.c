/*
 * Repairs a damaged flat file. It keeps every record with a right checksum, in an order that makes
 * sense, writes those to a new file, and saves all other bytes beside it: the operator can look at
 * what was dropped.
 */
#include "store/flat_file/repair.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/limit.h"
#include "base/memory.h"
#include "store/files/atomic_file.h"
#include "store/files/salvage.h"
#include "store/flat_file/claim.h"
#include "store/flat_file/journal_scan.h"
#include "store/flat_file/replay.h"

/* Where a good record stands. */
struct place {
	uint64_t anchor; /* it belongs after the creation of this number */
	off_t offset;
	uint32_t length;
	bool is_kept;
};

/* A piece of the file. */
struct window {
	off_t start;
	size_t length;
	char bytes[65536];
};

struct repair {
	const struct vfs *vfs;
	struct claim claim;
	int file;
	uint64_t numbered; /* that the new header is to say, */
	unsigned version;  /* as is this */
	off_t start;       /* of the records */
	off_t size;
	bool is_clean; /* nothing remains to be done about the end before */
	struct place *places;
	size_t count;
	size_t capacity;
	uint64_t last_number; /* of a creation, in the order of the file */
	uint64_t highest_number;
	uint64_t highest_created;
	struct window window;
	struct repair_report *report;
};

static enum result repair_failed(struct repair *repair, const char *what)
{
	return vfs_fail(&repair->report->reason, what, repair->claim.name);
}

/* journal_found_cb. A removal or renaming belongs after the creation before it, which in a block
 * that was moved may stand behind it, and never before that of its user. */
static void collect(void *argument, const struct record *record)
{
	struct repair *repair = argument;

	repair->places = memory_with_room(
		repair->places, repair->count, &repair->capacity, sizeof(*repair->places));
	if (record->number > LIMIT_PLACE)
		return; /* no user can have it: it is saved with what is unreadable */
	if (record->operation == OPERATION_CREATED)
		repair->last_number = record->number;
	if (record->number > repair->highest_number)
		repair->highest_number = record->number;
	if (record->operation == OPERATION_CREATED && record->number > repair->highest_created)
		repair->highest_created = record->number;
	unsigned version = record_version(record->operation);
	repair->version = version > repair->version ? version : repair->version;
	uint64_t anchor =
		record->number > repair->last_number ? record->number : repair->last_number;
	repair->places[repair->count++] = (struct place){
		.anchor = anchor, .offset = record->offset, .length = (uint32_t)record->length};
}

/* journal_record_cb */
static enum result collect_record(void *argument, const struct record *record)
{
	collect(argument, record);
	return RESULT_OK;
}

static int by_anchor(const void *left, const void *right)
{
	const struct place *a = left, *b = right;

	if (a->anchor != b->anchor)
		return a->anchor < b->anchor ? -1 : 1;
	return a->offset < b->offset ? -1 : 1;
}

static int by_offset(const void *left, const void *right)
{
	const struct place *a = left, *b = right;

	return a->offset < b->offset ? -1 : 1;
}

/* There may be none, and qsort() wants an array all the same. */
static void sort_places(struct repair *repair, int (*compare)(const void *, const void *))
{
	if (repair->count > 0)
		qsort(repair->places, repair->count, sizeof(*repair->places), compare);
}

static enum result take_damaged(struct repair *repair, const char *directory)
{
	enum result result = claim_take(
		&repair->claim, repair->vfs, directory, 0, &repair->file, &repair->report->reason);

	if (result != RESULT_OK)
		return result;
	repair->is_clean = repair->claim.was_clean;
	errno = ENOENT;
	return repair->file >= 0 ? RESULT_OK : repair_failed(repair, "open");
}

/* By the rules of opening. */
static enum result check_damage(struct repair *repair)
{
	struct replay replay;
	struct journal_scan scan;
	const struct journal_visitor visitor = {.record = replay_record, .argument = &replay};

	replay_open(&replay, NULL, NULL);
	enum result result = journal_scan(repair->vfs, repair->file, &visitor, &scan);
	repair->report->is_sound = result == RESULT_OK && scan.has_header && scan.bad_line == 0;
	repair->report->bad_line = scan.bad_line;
	repair->report->users = user_index_count(replay.users);
	repair->report->kept = replay.created + replay.removed + replay.renamed + replay.set;
	replay_close(&replay);
	return result == RESULT_OK ? RESULT_OK : repair_failed(repair, "read");
}

/* What a header that is bad may still say. Too high a number does no harm. */
static uint64_t read_numbered(const struct repair *repair)
{
	static const char before[] = "numbered ";
	char line[LIMIT_RECORD];
	uint64_t number = 0;
	ssize_t got = vfs_read(repair->vfs, repair->file, line, sizeof(line), 0);
	const char *end = got > 0 ? memchr(line, '\n', (size_t)got) : NULL;
	const char *at =
		end != NULL ? memmem(line, (size_t)(end - line), before, sizeof(before) - 1) : NULL;

	if (at == NULL)
		return 0;
	at += sizeof(before) - 1;
	if (decimal_parse(at, (size_t)(end - at), &number) == 0)
		return 0;
	return number < LIMIT_PLACE ? number : LIMIT_PLACE;
}

/* A user whose record is lost had a number too: a record of its removal still has it. */
static uint64_t find_numbered(const struct repair *repair, const struct journal_scan *scan)
{
	uint64_t numbered = scan->has_header ? scan->header.numbered : read_numbered(repair);

	if (repair->highest_number > repair->highest_created && repair->highest_number > numbered)
		numbered = repair->highest_number;
	return numbered;
}

static enum result collect_all(struct repair *repair)
{
	const struct journal_visitor visitor = {
		.record = collect_record, .found = collect, .argument = repair};
	struct journal_scan scan;

	if (journal_scan(repair->vfs, repair->file, &visitor, &scan) != RESULT_OK)
		return repair_failed(repair, "read");
	repair->numbered = find_numbered(repair, &scan);
	repair->start = scan.start;
	repair->size = scan.size;
	if (repair->count == 0 && !scan.has_header) {
		journal_scan_explain(&scan, repair->claim.name, &repair->report->reason);
		return RESULT_MALFORMED;
	}
	sort_places(repair, by_anchor);
	return RESULT_OK;
}

/* Records are nearly in order, so most are in what was read for the one before. */
static bool read_found(struct repair *repair, const struct place *place, struct record *record)
{
	struct window *window = &repair->window;
	off_t end = place->offset + place->length;

	if (place->offset < window->start || end > window->start + (off_t)window->length) {
		ssize_t got = vfs_read(repair->vfs, repair->file, window->bytes,
			sizeof(window->bytes), place->offset);
		window->start = place->offset;
		window->length = got > 0 ? (size_t)got : 0;
		if (got < 0)
			return false;
	}
	errno = EIO; /* it was there, and good, a moment ago */
	return end <= window->start + (off_t)window->length &&
	       record_parse(window->bytes + (place->offset - window->start), place->length,
		       record) == RESULT_OK;
}

/* Writes those that fit one after the other, and marks them. */
static enum result write_kept(struct repair *repair, struct atomic_file *replacement)
{
	struct repair_report *report = repair->report;
	struct buffer out = {0};
	struct replay replay;
	uint64_t last = 0;
	bool is_read = true;

	report->kept = 0;
	replay_open(&replay, NULL, NULL);
	const struct header header = header_of_program(repair->version, repair->numbered);
	header_write(&out, &header);
	atomic_file_write(replacement, &out);
	for (size_t i = 0; i < repair->count && is_read; i++) {
		struct place *place = &repair->places[i];
		struct record record;
		is_read = read_found(repair, place, &record);
		place->is_kept = is_read &&
				 (record.operation != OPERATION_CREATED || record.number > last) &&
				 replay_record(&replay, &record) == RESULT_OK;
		if (!place->is_kept)
			continue;
		if (record.operation == OPERATION_CREATED)
			last = record.number;
		report->kept++;
		buffer_clear(&out);
		record_append(&out, &record);
		atomic_file_write(replacement, &out);
	}
	report->dropped = repair->count - report->kept;
	report->users = user_index_count(replay.users);
	replay_close(&replay);
	buffer_free(&out);
	return is_read ? RESULT_OK : repair_failed(repair, "read");
}

/* Saves the bytes between two kept records. */
static enum result save_between(
	struct repair *repair, struct salvage **salvage, off_t start, off_t end)
{
	const struct vfs *vfs = repair->vfs;
	char byte = '\0';

	if (start < end && vfs_read(vfs, repair->file, &byte, 1, start) == 1 && byte == '\n')
		start++;
	if (start >= end)
		return RESULT_OK;
	if (*salvage == NULL &&
		salvage_open(vfs, repair->claim.path, "dropped", salvage) != RESULT_OK)
		return RESULT_SYSTEM;
	repair->report->saved_bytes += (uint64_t)(end - start);
	return salvage_copy(*salvage, repair->file, start, end);
}

static enum result save_all(struct repair *repair, struct salvage **salvage)
{
	off_t end = repair->start;
	enum result result = RESULT_OK;

	sort_places(repair, by_offset);
	for (size_t i = 0; i < repair->count && result == RESULT_OK; i++) {
		const struct place *place = &repair->places[i];
		if (!place->is_kept)
			continue;
		result = save_between(repair, salvage, end, place->offset);
		end = place->offset + place->length;
	}
	if (result == RESULT_OK)
		result = save_between(repair, salvage, end, repair->size);
	if (result == RESULT_OK && *salvage != NULL)
		result = salvage_sync(*salvage);
	return result;
}

/* Whatever the new file will not have. */
static enum result save_rest(struct repair *repair)
{
	struct salvage *salvage = NULL;
	enum result result = save_all(repair, &salvage);

	if (salvage != NULL)
		snprintf(repair->report->saved_copy, sizeof(repair->report->saved_copy), "%.255s",
			salvage_path(salvage));
	salvage_close(salvage);
	return result == RESULT_OK ? RESULT_OK : repair_failed(repair, "save what is bad in");
}

static enum result commit_repaired(struct repair *repair, struct atomic_file *replacement)
{
	int file;
	off_t length;
	enum result result = atomic_file_commit(replacement, &file, &length);

	if (result == RESULT_SYSTEM)
		return repair_failed(repair, "write anew");
	repair->vfs->close(repair->vfs, file);
	repair->is_clean = result == RESULT_OK;
	return result == RESULT_OK ? RESULT_OK : repair_failed(repair, "sync the directory of");
}

static enum result write_repaired(struct repair *repair)
{
	struct atomic_file *replacement;

	if (atomic_file_open(repair->vfs, repair->claim.path, &replacement) != RESULT_OK)
		return repair_failed(repair, "write anew");
	atomic_file_expect(replacement, repair->file);
	atomic_file_lock(replacement);
	enum result result = write_kept(repair, replacement);
	if (result == RESULT_OK)
		result = save_rest(repair);
	if (result == RESULT_OK)
		return commit_repaired(repair, replacement);
	atomic_file_abandon(replacement);
	return result;
}

static enum result repair_claimed(struct repair *repair)
{
	enum result result = check_damage(repair);

	if (result != RESULT_OK || repair->report->is_sound)
		return result;
	result = collect_all(repair);
	return result == RESULT_OK ? write_repaired(repair) : result;
}

enum result repair(const struct vfs *vfs, const char *directory, struct repair_report *report)
{
	struct repair state = {.vfs = vfs, .version = HEADER_VERSION_FIRST, .report = report};

	*report = (struct repair_report){0};
	enum result result = take_damaged(&state, directory);
	if (result == RESULT_OK)
		result = repair_claimed(&state);
	int cause = errno;
	if (state.file >= 0)
		vfs->close(vfs, state.file);
	claim_give_up(&state.claim, state.is_clean);
	free(state.places);
	errno = cause;
	return result;
}
