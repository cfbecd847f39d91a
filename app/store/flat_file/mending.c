/*
 * What a start has to put right before it appends: a torn end, a missing line feed, and pages that
 * may never have reached the disk. Every step can fail for want of room and be tried again later;
 * the old file stays valid until the new one is on disk.
 */
#include "store/flat_file/mending.h"

#include <errno.h>
#include <stdio.h>

#include "store/files/atomic_file.h"
#include "store/files/salvage.h"
#include "store/flat_file/journal_scan.h"

/* A torn end was never acknowledged, but it may hold a name. */
static enum result save_torn(
	struct mending *mending, const struct vfs *vfs, const char *path, int file)
{
	struct salvage *salvage;

	if (mending->torn_copy[0] != '\0')
		return RESULT_OK;
	if (salvage_open(vfs, path, "torn", &salvage) != RESULT_OK)
		return RESULT_SYSTEM;
	enum result result = salvage_copy(salvage, file, mending->length, mending->end);
	if (result == RESULT_OK)
		result = salvage_sync(salvage);
	if (result == RESULT_OK)
		snprintf(mending->torn_copy, sizeof(mending->torn_copy), "%.255s",
			salvage_path(salvage));
	mending->torn_bytes = mending->end - mending->length;
	salvage_close(salvage);
	return result;
}

static enum result cut_torn(struct mending *mending, const struct vfs *vfs, int file)
{
	if (vfs->truncate(vfs, file, mending->length) != 0)
		return RESULT_SYSTEM;
	if (vfs->sync(vfs, file) == 0)
		return RESULT_OK;
	mending->is_doubtful = true; /* from now on, whatever it was */
	return RESULT_SYSTEM;
}

/* journal_record_cb */
static enum result take_any(void *argument, const struct record *record)
{
	(void)argument, (void)record;
	return RESULT_OK;
}

/* What the page cache showed and the disk lacked is gone once the page cache gives up the page:
 * much time may have passed since it was read. */
static enum result check_copy(
	const struct mending *mending, const struct vfs *vfs, struct atomic_file *replacement)
{
	const struct journal_visitor visitor = {.record = take_any};
	struct journal_scan scan;
	int file = atomic_file_file(replacement);

	if (file < 0 || journal_scan(vfs, file, &visitor, &scan) != RESULT_OK)
		return RESULT_SYSTEM;
	bool is_whole = scan.has_header && scan.bad_line == 0 && !scan.is_unended &&
			scan.good == mending->length + mending->is_unended;
	return is_whole ? RESULT_OK : RESULT_MALFORMED;
}

static void copy_good(const struct mending *mending, int file, struct atomic_file *replacement)
{
	struct buffer line_feed = {0};

	if (mending->is_unended)
		buffer_string(&line_feed, "\n");
	atomic_file_reserve(replacement, mending->length + 1);
	atomic_file_copy(replacement, file, 0, mending->length);
	atomic_file_write(replacement, &line_feed);
	buffer_free(&line_feed);
}

/* A crash could still bring back the old file if the directory could not be synced: then the new
 * one is written anew. */
static enum result write_anew(
	struct mending *mending, const struct vfs *vfs, const char *path, int *file)
{
	struct atomic_file *replacement;
	off_t length;
	int written;

	if (atomic_file_open(vfs, path, &replacement) != RESULT_OK)
		return RESULT_SYSTEM;
	atomic_file_expect(replacement, *file);
	atomic_file_lock(replacement);
	copy_good(mending, *file, replacement);
	enum result result = check_copy(mending, vfs, replacement);
	if (result != RESULT_OK) {
		atomic_file_abandon(replacement);
		return result;
	}
	result = atomic_file_commit(replacement, &written, &length);
	if (result == RESULT_SYSTEM)
		return RESULT_SYSTEM;
	int cause = errno;
	vfs->close(vfs, *file);
	*file = written;
	mending->length = mending->end = length;
	mending->was_unended = mending->was_unended || mending->is_unended;
	mending->is_unended = false;
	if (result == RESULT_OK)
		return RESULT_OK;
	mending->is_doubtful = true;
	errno = cause;
	return RESULT_SYSTEM;
}

bool mending_is_due(const struct mending *mending)
{
	return mending->is_doubtful || mending->is_unended || mending->end > mending->length;
}

static enum result mend_file(
	struct mending *mending, const struct vfs *vfs, const char *path, int *file)
{
	if (mending->end > mending->length) {
		mending->failed_at = "save the torn end of";
		if (save_torn(mending, vfs, path, *file) != RESULT_OK)
			return RESULT_SYSTEM;
	}
	if (mending->is_doubtful || mending->is_unended) {
		mending->failed_at = "write anew";
		return write_anew(mending, vfs, path, file);
	}
	mending->failed_at = "cut the torn end off";
	return mending->end > mending->length ? cut_torn(mending, vfs, *file) : RESULT_OK;
}

enum result mending_run(struct mending *mending, const struct vfs *vfs, const char *path, int *file)
{
	enum result result = mend_file(mending, vfs, path, file);

	if (result != RESULT_OK)
		return result;
	mending->is_written_anew = mending->is_written_anew || mending->is_doubtful;
	mending->is_doubtful = false;
	mending->end = mending->length;
	return RESULT_OK;
}
