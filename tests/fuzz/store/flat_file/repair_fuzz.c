/*
 * Repairs of flat files of any bytes. What a repair made can be opened, and a second one changes
 * nothing. No byte is lost: each is in the new file or in the one beside it. No user whose creation
 * could be read is missing, and no number that could be read is given again. A repair that fails
 * leaves the file as it is.
 */
#include "store/flat_file/repair.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/store/memory_lock.h"
#include "fuzz/store/sealed_lines.h"
#include "store/flat_file/journal_scan.h"
#include "store/flat_file/replay.h"
#include "store/names/name_key.h"
#include "support/disk/simulated_disk.h"

#define FOUND_MOST 1024

/* Good records of a file, wherever they stand. */
struct finds {
	struct record records[FOUND_MOST];
	size_t count;
	struct journal_scan scan;
	char *bytes; /* the names are in there */
};

/* journal_found_cb */
static void note_found(void *argument, const struct record *record)
{
	struct finds *finds = argument;

	must(finds->count < FOUND_MOST);
	must(record_parse(finds->bytes + record->offset, record->length,
		     &finds->records[finds->count]) == RESULT_OK);
	finds->records[finds->count].offset = record->offset;
	finds->records[finds->count++].length = record->length;
}

/* journal_record_cb */
static enum result note_record(void *argument, const struct record *record)
{
	note_found(argument, record);
	return RESULT_OK;
}

static void find_records(struct finds *finds, struct simulated_disk *disk)
{
	const struct vfs *vfs = simulated_disk_table(disk);
	const struct buffer *there = simulated_disk_visible(disk, JOURNAL_NAME);
	const struct journal_visitor visitor = {
		.record = note_record, .found = note_found, .argument = finds};
	int file = vfs->open(vfs, JOURNAL_NAME, O_RDONLY);

	must(file >= 0);
	finds->count = 0;
	finds->bytes = calloc(there->length + 1, 1);
	must(finds->bytes != NULL);
	if (there->length > 0)
		memcpy(finds->bytes, there->bytes, there->length);
	must(journal_scan(vfs, file, &visitor, &finds->scan) == RESULT_OK);
	vfs->close(vfs, file);
}

/* Those whose number a user can have: others are saved with what is unreadable. */
static size_t count_possible(const struct finds *finds)
{
	size_t count = 0;

	for (size_t i = 0; i < finds->count; i++)
		count += finds->records[i].number <= LIMIT_PLACE;
	return count;
}

static bool is_same_line(const struct finds *a, size_t i, const struct finds *b, size_t j)
{
	const struct record *one = &a->records[i], *other = &b->records[j];

	return one->length == other->length &&
	       memcmp(a->bytes + one->offset, b->bytes + other->offset, one->length) == 0;
}

/* How often the line of a record is in a file. */
static size_t count_lines(const struct finds *in, const struct finds *of, size_t record)
{
	size_t count = 0;

	for (size_t i = 0; i < in->count; i++)
		count += is_same_line(in, i, of, record);
	return count;
}

/* The first creation of a user with that number that has a key. NULL: there is none. */
static const struct record *find_creation(const struct finds *finds, uint64_t number)
{
	for (size_t i = 0; i < finds->count; i++) {
		const struct record *record = &finds->records[i];
		char key[LIMIT_NAME_KEY];
		size_t length;
		if (record->operation == OPERATION_CREATED && record->number == number &&
			name_key_fold(record->name, record->name_length, key, &length) == RESULT_OK)
			return record;
	}
	return NULL;
}

/* Every record of the new file is one of the old one, and no creation is missing. */
static void check_kept(const struct finds *old, const struct finds *new)
{
	for (size_t i = 0; i < new->count; i++)
		must(count_lines(new, new, i) <= count_lines(old, new, i));
	for (size_t i = 0; i < old->count; i++) {
		const struct record *record = &old->records[i];
		if (record->operation == OPERATION_CREATED && record->number > 0 &&
			record->number <= LIMIT_PLACE && find_creation(old, record->number) != NULL)
			must(find_creation(new, record->number) != NULL);
	}
}

/* By the rules of opening. Returns the number of the next user. */
static uint64_t check_opens(struct simulated_disk *disk, const struct repair_report *report)
{
	const struct vfs *vfs = simulated_disk_table(disk);
	struct replay replay;
	struct journal_scan scan;
	const struct journal_visitor visitor = {.record = replay_record, .argument = &replay};
	int file = vfs->open(vfs, JOURNAL_NAME, O_RDONLY);

	replay_open(&replay, NULL, NULL);
	must(journal_scan(vfs, file, &visitor, &scan) == RESULT_OK);
	vfs->close(vfs, file);
	must(scan.has_header && scan.bad_line == 0);
	replay_settle(&replay, &scan.header);
	must(user_index_count(replay.users) == report->users);
	must(replay.created + replay.removed + replay.renamed + replay.set == report->kept);
	uint64_t next = replay.next_number;
	replay_close(&replay);
	return next;
}

/* The numbers that are said once are never given again. */
static void check_numbers(const struct finds *old, uint64_t next)
{
	for (size_t i = 0; i < old->count; i++)
		must(old->records[i].number > LIMIT_PLACE || old->records[i].number < next);
	must(!old->scan.has_header || old->scan.header.numbered < next);
}

static const char *saved_name(const struct repair_report *report)
{
	const char *slash = strrchr(report->saved_copy, '/');

	return slash != NULL ? slash + 1 : report->saved_copy;
}

/* All bytes but the header, and line feeds, are in one of the two files. */
static void check_bytes(const struct simulated_disk *disk, const struct finds *old,
	const struct finds *new, const struct repair_report *report)
{
	size_t kept = 0, size = (size_t)old->scan.size - (size_t)old->scan.start;

	for (size_t i = 0; i < new->count; i++)
		kept += new->records[i].length;
	must(kept + report->saved_bytes <= size);
	must(size - kept - report->saved_bytes <= new->count + 1);
	must((report->saved_bytes > 0) == (report->saved_copy[0] != '\0'));
	if (report->saved_bytes == 0)
		return;
	const struct buffer *saved = simulated_disk_visible(disk, saved_name(report));
	must(saved != NULL && saved->length == report->saved_bytes);
	must(simulated_disk_is_settled(disk, saved_name(report)));
}

static void check_repaired(
	struct simulated_disk *disk, const struct finds *old, const struct repair_report *report)
{
	static struct finds new;
	struct repair_report again;

	must(memory_lock_is_clean() && simulated_disk_is_settled(disk, JOURNAL_NAME));
	find_records(&new, disk);
	check_kept(old, &new);
	check_bytes(disk, old, &new, report);
	must(new.count == report->kept);
	must(report->kept + report->dropped == count_possible(old));
	check_numbers(old, check_opens(disk, report));
	must(repair(simulated_disk_table(disk), "data", &again) == RESULT_OK);
	must(again.is_sound && again.users == report->users && again.kept == report->kept);
	const struct buffer *there = simulated_disk_visible(disk, JOURNAL_NAME);
	must(there->length == (size_t) new.scan.size);
	must(memcmp(there->bytes, new.bytes, there->length) == 0);
	free(new.bytes);
}

static void must_be_as_before(const struct simulated_disk *disk, const struct finds *old)
{
	const struct buffer *there = simulated_disk_visible(disk, JOURNAL_NAME);

	must(there != NULL && there->length == (size_t)old->scan.size);
	must(there->length == 0 || memcmp(there->bytes, old->bytes, there->length) == 0);
}

static void check_repair(struct simulated_disk *disk)
{
	static struct finds old;
	struct repair_report report;

	find_records(&old, disk);
	bool was_clean = memory_lock_is_clean();
	enum result result = repair(simulated_disk_table(disk), "data", &report);
	must(!memory_lock_is_held());
	if (result != RESULT_OK) {
		must(result == RESULT_MALFORMED && report.reason.text[0] != '\0');
		must(count_possible(&old) == 0 && !old.scan.has_header);
		must_be_as_before(disk, &old);
	} else if (report.is_sound) {
		must(old.scan.has_header && report.kept == old.count);
		must_be_as_before(disk, &old);
		check_opens(disk, &report);
	} else {
		check_repaired(disk, &old, &report);
	}
	must(memory_lock_is_clean() == (was_clean || (result == RESULT_OK && !report.is_sound)));
	free(old.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length < 4096 ? length : 4096};
	struct buffer file = {0};

	memory_lock_set(fuzz_take_below(&input, 2) == 1);
	sealed_lines_make(&file, input.bytes, input.length);
	struct simulated_disk *disk = simulated_disk_open(1);
	simulated_disk_put(disk, JOURNAL_NAME, &file, true);
	check_repair(disk);
	simulated_disk_close(disk);
	buffer_free(&file);
	return 0;
}
