#include "store/flat_file/mending.h"

#include <errno.h>
#include <stdio.h>

#include "store/files/atomic_file.h"
#include "store/files/salvage.h"
#include "store/flat_file/journal_scan.h"

/* It was acknowledged to nobody, but it is somebody's. */
static enum status save_torn(
	struct mending *mending, const struct vfs *vfs, const char *path, int file)
{
	struct salvage *salvage;

	if (mending->torn_copy[0] != '\0')
		return STATUS_OK;
	if (salvage_open(vfs, path, "torn", &salvage) != STATUS_OK)
		return STATUS_SYSTEM;
	enum status status = salvage_copy(salvage, file, mending->length, mending->end);
	if (status == STATUS_OK)
		status = salvage_sync(salvage);
	if (status == STATUS_OK)
		snprintf(mending->torn_copy, sizeof(mending->torn_copy), "%.255s",
			salvage_path(salvage));
	mending->torn_bytes = mending->end - mending->length;
	salvage_close(salvage);
	return status;
}

static enum status cut_torn(struct mending *mending, const struct vfs *vfs, int file)
{
	if (vfs->truncate(vfs, file, mending->length) != 0)
		return STATUS_SYSTEM;
	if (vfs->sync(vfs, file) == 0)
		return STATUS_OK;
	mending->is_doubtful = true; /* from now on, whatever it was */
	return STATUS_SYSTEM;
}

/* journal_visit */
static enum status take_any(void *argument, const struct record *record)
{
	(void)argument, (void)record;
	return STATUS_OK;
}

/* What the page cache showed and the disk lacked is gone once the page cache gives up the page:
 * much time may have passed since it was read. */
static enum status check_copy(
	const struct mending *mending, const struct vfs *vfs, struct atomic_file *replacement)
{
	const struct journal_visitor visitor = {.record = take_any};
	struct journal_scan scan;
	int file = atomic_file_file(replacement);

	if (file < 0 || journal_scan(vfs, file, &visitor, &scan) != STATUS_OK)
		return STATUS_SYSTEM;
	bool is_whole = scan.has_header && scan.bad_line == 0 && !scan.is_unended &&
			scan.good == mending->length + mending->is_unended;
	return is_whole ? STATUS_OK : STATUS_MALFORMED;
}

static void copy(const struct mending *mending, int file, struct atomic_file *replacement)
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
static enum status write_anew(
	struct mending *mending, const struct vfs *vfs, const char *path, int *file)
{
	struct atomic_file *replacement;
	off_t length;
	int written;

	if (atomic_file_open(vfs, path, &replacement) != STATUS_OK)
		return STATUS_SYSTEM;
	atomic_file_expect(replacement, *file);
	atomic_file_lock(replacement);
	copy(mending, *file, replacement);
	enum status status = check_copy(mending, vfs, replacement);
	if (status != STATUS_OK) {
		atomic_file_abandon(replacement);
		return status;
	}
	status = atomic_file_commit(replacement, &written, &length);
	if (status == STATUS_SYSTEM)
		return STATUS_SYSTEM;
	int cause = errno;
	vfs->close(vfs, *file);
	*file = written;
	mending->length = mending->end = length;
	mending->was_unended = mending->was_unended || mending->is_unended;
	mending->is_unended = false;
	if (status == STATUS_OK)
		return STATUS_OK;
	mending->is_doubtful = true;
	errno = cause;
	return STATUS_SYSTEM;
}

bool mending_is_due(const struct mending *mending)
{
	return mending->is_doubtful || mending->is_unended || mending->end > mending->length;
}

static enum status mend(struct mending *mending, const struct vfs *vfs, const char *path, int *file)
{
	if (mending->end > mending->length) {
		mending->failed_at = "save the torn end of";
		if (save_torn(mending, vfs, path, *file) != STATUS_OK)
			return STATUS_SYSTEM;
	}
	if (mending->is_doubtful || mending->is_unended) {
		mending->failed_at = "write anew";
		return write_anew(mending, vfs, path, file);
	}
	mending->failed_at = "cut the torn end off";
	return mending->end > mending->length ? cut_torn(mending, vfs, *file) : STATUS_OK;
}

enum status mending_run(struct mending *mending, const struct vfs *vfs, const char *path, int *file)
{
	enum status status = mend(mending, vfs, path, file);

	if (status != STATUS_OK)
		return status;
	mending->is_written_anew = mending->is_written_anew || mending->is_doubtful;
	mending->is_doubtful = false;
	mending->end = mending->length;
	return STATUS_OK;
}
