#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../heap.h"
#include "aside.h"

#define PROBE_BYTES 4096

struct journal {
	const struct disk *disk;
	struct claim claim;
	int file;
	off_t length; /* of what is known to be on disk */
	bool is_open;
	int write_error;     /* errno of the last write, 0 if it went well */
	const char *failure; /* why nothing is written any more, or NULL */
};

static enum status fail(struct journal_report *report, enum status status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static enum status fail(struct journal_report *report, enum status status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(report->reason, sizeof(report->reason), format, arguments);
	va_end(arguments);
	return status;
}

static enum status fail_system(struct journal_report *report, const char *what, const char *path)
{
	return fail(report, STATUS_SYSTEM, "cannot %s %s: %s", what, path, disk_words(errno));
}

/* So that one with half a header is never seen. */
static enum status create_file(struct journal *journal, struct journal_report *report)
{
	const struct claim *claim = &journal->claim;
	struct replacement *replacement;
	struct buffer header = {0};
	off_t length;

	if (replacement_open(journal->disk, claim->path, &replacement) != STATUS_OK)
		return fail_system(report, "create", claim->name);
	replacement_lock(replacement);
	header_append(&header, 0);
	replacement_write(replacement, &header);
	buffer_free(&header);
	if (replacement_commit(replacement, &journal->file, &length) != STATUS_OK)
		return fail_system(report, "create", claim->name);
	return claim_confirm(claim, report->reason);
}

/* Whoever put the file there, or the link to it, may have died before this. */
static enum status sync_names(struct journal *journal, struct journal_report *report)
{
	const struct claim *claim = &journal->claim;
	bool is_link = strcmp(claim->name, claim->path) != 0;

	if (disk_sync_parent(journal->disk, claim->path) != 0 ||
		(is_link && disk_sync_parent(journal->disk, claim->name) != 0))
		return fail_system(report, "sync the directory of", claim->name);
	return STATUS_OK;
}

/* The torn end was acknowledged to nobody, but it is somebody's. */
static enum status save_torn(struct journal *journal, const char *path,
	const struct journal_scan *scan, struct journal_report *report)
{
	struct aside *aside;

	if (aside_open(journal->disk, journal->claim.path, "torn", &aside) != STATUS_OK)
		return fail_system(report, "save the torn end of", path);
	enum status status = aside_copy(aside, journal->file, scan->good, scan->size);
	if (status == STATUS_OK)
		status = aside_sync(aside);
	report->torn_bytes = (uint64_t)(scan->size - scan->good);
	snprintf(report->torn_copy, sizeof(report->torn_copy), "%.255s", aside_path(aside));
	aside_close(aside);
	return status == STATUS_OK ? STATUS_OK : fail_system(report, "save the torn end of", path);
}

static enum status cut_torn(struct journal *journal, const char *path,
	const struct journal_scan *scan, struct journal_report *report)
{
	const struct disk *disk = journal->disk;
	enum status status = save_torn(journal, path, scan, report);

	if (status != STATUS_OK)
		return status;
	if (disk->truncate(disk, journal->file, scan->good) != 0 ||
		disk->sync(disk, journal->file) != 0)
		return fail_system(report, "cut the torn end off", path);
	return STATUS_OK;
}

static enum status read_file(struct journal *journal, const char *path,
	const struct journal_visitor *visitor, struct journal_report *report)
{
	struct journal_scan scan;

	if (journal_scan(journal->disk, journal->file, visitor, &scan) != STATUS_OK)
		return fail_system(report, "read", path);
	if (!journal_scan_is_sound(&scan)) {
		journal_scan_explain(&scan, path, report->reason, sizeof(report->reason));
		return STATUS_MALFORMED;
	}
	report->header = scan.header;
	report->is_unended = scan.is_unended;
	journal->length = scan.good;
	return scan.bad_line != 0 ? cut_torn(journal, path, &scan, report) : STATUS_OK;
}

/* journal_fill */
static void copy_all(void *argument, struct replacement *replacement, int file, off_t length)
{
	const struct journal_report *report = argument;
	struct buffer line_feed = {0};

	replacement_copy(replacement, file, 0, length);
	if (report->is_unended)
		buffer_string(&line_feed, "\n");
	replacement_write(replacement, &line_feed);
	buffer_free(&line_feed);
}

/* After an end that was not clean the page cache may show what the disk lacks, and syncing the same
 * file again may not write it. So what was read goes to a new file, which takes its place. */
static enum status write_anew(
	struct journal *journal, const char *path, struct journal_report *report)
{
	const char *reason;

	if (journal_replace(journal, copy_all, report, &reason) != STATUS_OK)
		return fail(report, STATUS_SYSTEM, "cannot write %s anew: %s", path, reason);
	return STATUS_OK;
}

static enum status open_file(struct journal *journal, const struct journal_visitor *visitor,
	struct journal_report *report)
{
	const char *name = journal->claim.name;
	bool is_new = journal->file < 0;
	enum status status = is_new ? create_file(journal, report) : sync_names(journal, report);

	if (status == STATUS_OK)
		status = read_file(journal, name, visitor, report);
	report->is_written_anew = !is_new && !journal->claim.was_clean;
	if (status == STATUS_OK && (report->is_written_anew || report->is_unended))
		status = write_anew(journal, name, report);
	return status;
}

enum status journal_open(const struct disk *disk, const char *directory, unsigned wait,
	journal_visit *visit, void *argument, struct journal **opened,
	struct journal_report *report)
{
	const struct journal_visitor visitor = {.record = visit, .argument = argument};
	struct journal *journal = heap_zeroed(sizeof(*journal));

	*report = (struct journal_report){0};
	journal->disk = disk;
	enum status status =
		claim_take(&journal->claim, disk, directory, wait, &journal->file, report->reason);
	if (status == STATUS_OK)
		status = open_file(journal, &visitor, report);
	if (status != STATUS_OK) {
		journal_close(journal);
		return status;
	}
	journal->is_open = true;
	*opened = journal;
	return STATUS_OK;
}

/* The system's words for an errno. Unlike strerror() for any thread; never NULL. */
static const char *system_words(int error)
{
	const char *words = strerrordesc_np(error);

	return words != NULL ? words : "unknown error";
}

static enum status give_up(struct journal *journal, const char **reason)
{
	journal->failure = system_words(errno);
	*reason = journal->failure;
	return STATUS_UNAVAILABLE;
}

/* Undoes a write that failed half-way. The cut must be on disk too, or the half could come back. */
static enum status cut_back(struct journal *journal, const char **reason)
{
	journal->write_error = errno;
	if (journal->disk->truncate(journal->disk, journal->file, journal->length) != 0 ||
		journal->disk->sync(journal->disk, journal->file) != 0)
		return give_up(journal, reason);
	*reason = system_words(journal->write_error);
	return STATUS_FULL;
}

enum status journal_append(
	struct journal *journal, const char *lines, size_t length, const char **reason)
{
	*reason = journal->failure;
	if (journal->failure != NULL)
		return STATUS_UNAVAILABLE;
	if (disk_write(journal->disk, journal->file, lines, length, journal->length) != 0)
		return cut_back(journal, reason);
	/* Never tried again after a failure: the kernel may have dropped the pages and would report
	 * success. */
	if (journal->disk->sync(journal->disk, journal->file) != 0)
		return give_up(journal, reason);
	journal->length += (off_t)length;
	journal->write_error = 0;
	return STATUS_OK;
}

/* Room that is found stays allocated past the end, for the next append. What is not about room
 * shows only in a write, which is taken back. */
static enum status try_room(struct journal *journal, const char **reason)
{
	static const char bytes[PROBE_BYTES];
	const struct disk *disk = journal->disk;

	if (journal->write_error == ENOSPC || journal->write_error == EDQUOT) {
		bool is_there =
			disk->allocate(disk, journal->file, journal->length, PROBE_BYTES) == 0 ||
			errno == EOPNOTSUPP;
		*reason = system_words(journal->write_error);
		return is_there ? STATUS_OK : STATUS_FULL;
	}
	bool is_written =
		disk_write(disk, journal->file, bytes, sizeof(bytes), journal->length) == 0;
	enum status status = cut_back(journal, reason);
	return status == STATUS_FULL && is_written ? STATUS_OK : status;
}

enum status journal_probe(struct journal *journal, const char **reason)
{
	*reason = journal->failure;
	if (journal->failure != NULL)
		return STATUS_UNAVAILABLE;
	enum status status = journal->write_error == 0 ? STATUS_OK : try_room(journal, reason);
	if (status == STATUS_OK)
		*reason = NULL;
	return status;
}

static void adopt(struct journal *journal, int file, off_t length)
{
	journal->disk->close(journal->disk, journal->file);
	journal->file = file;
	journal->length = length;
}

enum status journal_replace(
	struct journal *journal, journal_fill *fill, void *argument, const char **reason)
{
	struct replacement *replacement;
	int file = -1;
	off_t length = 0;

	*reason = journal->failure;
	if (journal->failure != NULL)
		return STATUS_UNAVAILABLE;
	enum status status = replacement_open(journal->disk, journal->claim.path, &replacement);
	if (status == STATUS_OK) {
		replacement_lock(replacement);
		fill(argument, replacement, journal->file, journal->length);
		status = replacement_commit(replacement, &file, &length);
	}
	if (status == STATUS_SYSTEM) {
		*reason = system_words(errno);
		return STATUS_FULL;
	}
	if (status != STATUS_OK)
		status = give_up(journal, reason);
	adopt(journal, file, length);
	return status;
}

void journal_close(struct journal *journal)
{
	if (journal == NULL)
		return;
	if (journal->file >= 0)
		journal->disk->close(journal->disk, journal->file);
	claim_give_up(&journal->claim, journal->is_open && journal->failure == NULL);
	free(journal);
}
