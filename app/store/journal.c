#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../heap.h"
#include "../timestamp.h"
#include "journal_scan.h"
#include "lock.h"
#include "username.h"

#define PATH_SIZE   4096
#define FILE_MODE   0640
#define COPY_CHUNK  65536
#define PROBE_BYTES 4096

struct journal {
	const struct disk *disk;
	int file;
	int lock;
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
	return fail(report, STATUS_SYSTEM, "cannot %s %s: %s", what, path, strerror(errno));
}

/* The path of a file in the data directory. */
static enum status path_in(const char *directory, const char *name, char path[static PATH_SIZE],
	struct journal_report *report)
{
	int length = snprintf(path, PATH_SIZE, "%s/%s", directory, name);

	return length < PATH_SIZE
		       ? STATUS_OK
		       : fail(report, STATUS_LIMIT, "the path of the data directory is too long");
}

/* Writes all of it, however the system takes it apart. */
static int write_all(
	const struct disk *disk, int file, const char *bytes, size_t length, off_t offset)
{
	while (length > 0) {
		ssize_t written = disk->write(disk, file, bytes, length, offset);
		if (written < 0 && errno == EINTR)
			continue;
		if (written == 0)
			errno = ENOSPC;
		if (written <= 0)
			return -1;
		bytes += written;
		length -= (size_t)written;
		offset += written;
	}
	return 0;
}

/* Makes a new file under another name first, so that one with half a header is never seen. */
static enum status create_file(const struct disk *disk, const char *directory, const char *path,
	struct journal_report *report)
{
	char temporary[PATH_SIZE], header[128];
	int length = snprintf(
		header, sizeof(header), JOURNAL_MAGIC "unicode %s\n", username_unicode_version());

	if (path_in(directory, "users.log.new", temporary, report) != STATUS_OK)
		return STATUS_LIMIT;
	int file = disk->open(disk, temporary, O_WRONLY | O_CREAT | O_TRUNC, FILE_MODE);
	if (file < 0)
		return fail_system(report, "create", temporary);
	int failed = write_all(disk, file, header, (size_t)length, 0) != 0 ||
		     disk->sync(disk, file) != 0;
	failed |= disk->close(disk, file) != 0;
	if (failed || disk->rename(disk, temporary, path) != 0)
		return fail_system(report, "create", path);
	return STATUS_OK;
}

static enum status open_file(struct journal *journal, const char *directory, const char *path,
	struct journal_report *report)
{
	const struct disk *disk = journal->disk;

	journal->file = disk->open(disk, path, O_RDWR, 0);
	if (journal->file < 0 && errno == ENOENT) {
		enum status status = create_file(disk, directory, path, report);
		if (status != STATUS_OK)
			return status;
		journal->file = disk->open(disk, path, O_RDWR, 0);
	}
	if (journal->file < 0)
		return fail_system(report, "open", path);
	/* Also when the file was there: whoever made it may have died before this. */
	return disk->sync_directory(disk, directory) == 0
		       ? STATUS_OK
		       : fail_system(report, "sync the directory of", path);
}

static enum status copy_bytes(const struct disk *disk, int from, off_t offset, off_t end, int to)
{
	char bytes[COPY_CHUNK];
	off_t start = offset;

	while (offset < end) {
		size_t most = end - offset < COPY_CHUNK ? (size_t)(end - offset) : COPY_CHUNK;
		ssize_t got = disk->read(disk, from, bytes, most, offset);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0 || write_all(disk, to, bytes, (size_t)got, offset - start) != 0)
			return STATUS_SYSTEM;
		offset += got;
	}
	return disk->sync(disk, to) == 0 ? STATUS_OK : STATUS_SYSTEM;
}

/* Saves the torn end beside the file before it is cut off: it was acknowledged to nobody, but it is
 * somebody's. */
static enum status save_torn(struct journal *journal, const char *directory,
	const struct journal_scan *scan, struct journal_report *report)
{
	const struct disk *disk = journal->disk;
	char now[TIMESTAMP_SIZE], name[64], path[PATH_SIZE];

	timestamp_format(timestamp_now(), now);
	snprintf(name, sizeof(name), "users.log.torn-%s", now);
	if (path_in(directory, name, path, report) != STATUS_OK)
		return STATUS_LIMIT;
	int copy = disk->open(disk, path, O_WRONLY | O_CREAT | O_EXCL, FILE_MODE);
	if (copy < 0)
		return fail_system(report, "create", path);
	enum status status = copy_bytes(disk, journal->file, scan->good, scan->size, copy);
	if (disk->close(disk, copy) != 0 || status != STATUS_OK ||
		disk->sync_directory(disk, directory) != 0)
		return fail_system(report, "save the torn end in", path);
	report->torn_bytes = (uint64_t)(scan->size - scan->good);
	snprintf(report->torn_copy, sizeof(report->torn_copy), "%.255s", path);
	return STATUS_OK;
}

static enum status cut_torn(struct journal *journal, const char *directory, const char *path,
	const struct journal_scan *scan, struct journal_report *report)
{
	const struct disk *disk = journal->disk;
	enum status status = save_torn(journal, directory, scan, report);

	if (status != STATUS_OK)
		return status;
	if (disk->truncate(disk, journal->file, scan->good) != 0 ||
		disk->sync(disk, journal->file) != 0)
		return fail_system(report, "cut the torn end off", path);
	return STATUS_OK;
}

static enum status read_file(struct journal *journal, const char *directory, const char *path,
	journal_visit *visit, void *argument, struct journal_report *report)
{
	struct journal_scan scan;

	if (journal_scan(journal->disk, journal->file, visit, argument, &scan) != STATUS_OK)
		return fail_system(report, "read", path);
	if (!scan.has_header)
		return fail(report, STATUS_MALFORMED,
			"%s is not a users.log: line 1 is not its header", path);
	if (scan.has_good_after)
		return fail(report, STATUS_MALFORMED,
			"%s is damaged: line %" PRIu64
			" is bad, and good records follow it; nothing was changed",
			path, scan.bad_line);
	journal->length = scan.good;
	return scan.bad_line != 0 ? cut_torn(journal, directory, path, &scan, report) : STATUS_OK;
}

/* `was_held`: whoever had the lock before did not come to an end of its own. */
static enum status take_lock(struct journal *journal, const char *directory, unsigned wait,
	bool *was_held, struct journal_report *report)
{
	char path[PATH_SIZE], holder[LOCK_HOLDER_SIZE];

	if (path_in(directory, "users.lock", path, report) != STATUS_OK)
		return STATUS_LIMIT;
	switch (lock_acquire(path, wait, &journal->lock, holder)) {
	case STATUS_OK:
		*was_held = *holder != '\0';
		return STATUS_OK;
	case STATUS_BUSY:
		return fail(report, STATUS_BUSY, "%s is in use by %s", directory, holder);
	default:
		return fail_system(report, "lock", path);
	}
}

/* After an end that was not clean the page cache may show what the disk lacks, and syncing the same
 * file again may not write it. So what was read goes to a new file, which takes its place. */
static enum status write_anew(struct journal *journal, const char *directory, const char *path,
	struct journal_report *report)
{
	const struct disk *disk = journal->disk;
	char temporary[PATH_SIZE];

	if (path_in(directory, "users.log.new", temporary, report) != STATUS_OK)
		return STATUS_LIMIT;
	int file = disk->open(disk, temporary, O_RDWR | O_CREAT | O_TRUNC, FILE_MODE);
	if (file < 0)
		return fail_system(report, "create", temporary);
	if (copy_bytes(disk, journal->file, 0, journal->length, file) != STATUS_OK ||
		disk->rename(disk, temporary, path) != 0 ||
		disk->sync_directory(disk, directory) != 0) {
		enum status status = fail_system(report, "write anew", path);
		disk->close(disk, file);
		return status;
	}
	disk->close(disk, journal->file);
	journal->file = file;
	report->is_written_anew = true;
	return STATUS_OK;
}

enum status journal_open(const struct disk *disk, const char *directory, unsigned wait,
	journal_visit *visit, void *argument, struct journal **opened,
	struct journal_report *report)
{
	char path[PATH_SIZE];
	bool was_held = false;
	struct journal *journal = heap_zeroed(sizeof(*journal));

	*report = (struct journal_report){0};
	journal->disk = disk;
	journal->file = -1;
	journal->lock = -1;
	enum status status = path_in(directory, "users.log", path, report);
	if (status == STATUS_OK)
		status = take_lock(journal, directory, wait, &was_held, report);
	if (status == STATUS_OK)
		status = open_file(journal, directory, path, report);
	if (status == STATUS_OK)
		status = read_file(journal, directory, path, visit, argument, report);
	if (status == STATUS_OK && was_held)
		status = write_anew(journal, directory, path, report);
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
	if (write_all(journal->disk, journal->file, lines, length, journal->length) != 0)
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
 * shows only in a write. */
static bool is_room_there(struct journal *journal)
{
	if (journal->write_error != ENOSPC && journal->write_error != EDQUOT)
		return journal->write_error == 0;
	return journal->disk->allocate(
		       journal->disk, journal->file, journal->length, PROBE_BYTES) == 0 ||
	       errno == EOPNOTSUPP;
}

enum status journal_probe(struct journal *journal, const char **reason)
{
	*reason = journal->failure;
	if (journal->failure != NULL)
		return STATUS_UNAVAILABLE;
	if (is_room_there(journal))
		return STATUS_OK;
	*reason = system_words(journal->write_error);
	return STATUS_FULL;
}

/* Only a lock that is given up says that the end was clean. */
static void close_lock(struct journal *journal)
{
	if (journal->lock < 0)
		return;
	if (journal->is_open && journal->failure == NULL)
		lock_release(journal->lock);
	else
		close(journal->lock);
}

void journal_close(struct journal *journal)
{
	if (journal == NULL)
		return;
	if (journal->file >= 0)
		journal->disk->close(journal->disk, journal->file);
	close_lock(journal);
	free(journal);
}
