#include "store/replacement.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define GATHERED 65536

struct replacement {
	const struct disk *disk;
	char *path;      /* of the file to be replaced */
	char *temporary; /* until then */
	int file;
	int old;         /* the file to be replaced, or -1 if it may be any */
	int cause;       /* errno of the first failure, or 0 */
	off_t length;    /* written */
	size_t gathered; /* bytes that are yet to be written */
	char bytes[GATHERED];
};

/* Remembers the first failure. */
static void note(struct replacement *replacement, int result)
{
	if (result != 0 && replacement->cause == 0)
		replacement->cause = errno;
}

static enum status open_new(
	const struct disk *disk, const char *path, bool is_own, struct replacement **opened)
{
	struct replacement *replacement = memory_zeroed(sizeof(*replacement));

	replacement->disk = disk;
	replacement->file = replacement->old = -1;
	replacement->path = memory_printf("%s", path);
	replacement->temporary = memory_printf("%s.new", path);
	/* Made anew, so that what it is written to is no file that somebody has linked there. */
	if (disk->unlink(disk, replacement->temporary) == 0 || errno == ENOENT)
		replacement->file = disk->create(
			disk, replacement->temporary, is_own ? NULL : replacement->path);
	if (replacement->file < 0) {
		replacement_abandon(replacement);
		return STATUS_SYSTEM;
	}
	*opened = replacement;
	return STATUS_OK;
}

enum status replacement_open(const struct disk *disk, const char *path, struct replacement **opened)
{
	return open_new(disk, path, false, opened);
}

enum status replacement_open_own(
	const struct disk *disk, const char *path, struct replacement **opened)
{
	return open_new(disk, path, true, opened);
}

void replacement_lock(struct replacement *replacement)
{
	const struct disk *disk = replacement->disk;

	if (replacement->cause == 0)
		note(replacement, disk->lock(disk, replacement->file, 0));
}

void replacement_expect(struct replacement *replacement, int old)
{
	replacement->old = old;
}

void replacement_reserve(struct replacement *replacement, off_t length)
{
	const struct disk *disk = replacement->disk;

	if (replacement->cause != 0 || length == 0)
		return;
	int result = disk->allocate(disk, replacement->file, 0, length);
	/* Where it cannot be asked for, writing will tell. */
	if (result != 0 && errno != EOPNOTSUPP)
		note(replacement, result);
}

static void flush(struct replacement *replacement)
{
	if (replacement->cause == 0)
		note(replacement,
			disk_write(replacement->disk, replacement->file, replacement->bytes,
				replacement->gathered, replacement->length));
	replacement->length += (off_t)replacement->gathered;
	replacement->gathered = 0;
}

void replacement_write(struct replacement *replacement, const struct buffer *bytes)
{
	const char *at = bytes->bytes;
	size_t length = bytes->length;

	if (bytes->failed) {
		errno = ENOMEM;
		note(replacement, -1);
	}
	while (length > 0) {
		size_t room = GATHERED - replacement->gathered;
		size_t step = length < room ? length : room;
		memcpy(replacement->bytes + replacement->gathered, at, step);
		replacement->gathered += step;
		at += step;
		length -= step;
		if (replacement->gathered == GATHERED)
			flush(replacement);
	}
}

void replacement_copy(struct replacement *replacement, int from, off_t start, off_t end)
{
	flush(replacement);
	if (replacement->cause == 0)
		note(replacement, disk_copy(replacement->disk, from, start, end, replacement->file,
					  replacement->length));
	replacement->length += end - start;
}

int replacement_file(struct replacement *replacement)
{
	flush(replacement);
	errno = replacement->cause;
	return replacement->cause == 0 ? replacement->file : -1;
}

static void release(struct replacement *replacement)
{
	free(replacement->path);
	free(replacement->temporary);
	free(replacement);
}

/* As late as can be: writing may have taken long. */
static int check_old(const struct replacement *replacement)
{
	const struct disk *disk = replacement->disk;
	int named = replacement->old < 0
			    ? 1
			    : disk->is_named(disk, replacement->old, replacement->path);

	if (named == 0)
		errno = DISK_REPLACED;
	return named > 0 ? 0 : -1;
}

/* Written, synced, and under its new name. */
static bool is_in_place(struct replacement *replacement)
{
	const struct disk *disk = replacement->disk;

	flush(replacement);
	if (replacement->cause == 0)
		note(replacement, disk->sync(disk, replacement->file));
	if (replacement->cause == 0)
		note(replacement, check_old(replacement));
	if (replacement->cause == 0)
		note(replacement, disk->rename(disk, replacement->temporary, replacement->path));
	return replacement->cause == 0;
}

enum status replacement_commit(struct replacement *replacement, int *file, off_t *length)
{
	if (!is_in_place(replacement)) {
		int cause = replacement->cause;
		replacement_abandon(replacement);
		errno = cause;
		return STATUS_SYSTEM;
	}
	note(replacement, disk_sync_parent(replacement->disk, replacement->path));
	int cause = replacement->cause;
	*file = replacement->file;
	*length = replacement->length;
	release(replacement);
	errno = cause;
	return cause == 0 ? STATUS_OK : STATUS_UNAVAILABLE;
}

void replacement_abandon(struct replacement *replacement)
{
	if (replacement == NULL)
		return;
	const struct disk *disk = replacement->disk;
	int cause = errno;
	if (replacement->file >= 0) {
		disk->close(disk, replacement->file);
		/* What cannot be removed is overwritten by the next. */
		(void)disk->unlink(disk, replacement->temporary);
	}
	release(replacement);
	errno = cause;
}
