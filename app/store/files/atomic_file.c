/*
 * Replaces a file in one step: write PATH.new, sync it, rename it over PATH, sync the directory.
 * The first failure sticks, so a writer checks once, at the commit.
 */
#include "store/files/atomic_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define GATHERED 65536

struct atomic_file {
	const struct vfs *vfs;
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
static void latch(struct atomic_file *replacement, int result)
{
	if (result != 0 && replacement->cause == 0)
		replacement->cause = errno;
}

static enum result open_new(
	const struct vfs *vfs, const char *path, bool is_own, struct atomic_file **opened)
{
	struct atomic_file *replacement = memory_zeroed(sizeof(*replacement));

	replacement->vfs = vfs;
	replacement->file = replacement->old = -1;
	replacement->path = memory_printf("%s", path);
	replacement->temporary = memory_printf("%s.new", path);
	/* Created, not opened, so that nothing is written through a link that stands there. */
	if (vfs->unlink(vfs, replacement->temporary) == 0 || errno == ENOENT)
		replacement->file =
			vfs->create(vfs, replacement->temporary, is_own ? NULL : replacement->path);
	if (replacement->file < 0) {
		atomic_file_abandon(replacement);
		return RESULT_SYSTEM;
	}
	*opened = replacement;
	return RESULT_OK;
}

enum result atomic_file_open(const struct vfs *vfs, const char *path, struct atomic_file **opened)
{
	return open_new(vfs, path, false, opened);
}

enum result atomic_file_open_own(
	const struct vfs *vfs, const char *path, struct atomic_file **opened)
{
	return open_new(vfs, path, true, opened);
}

void atomic_file_lock(struct atomic_file *replacement)
{
	const struct vfs *vfs = replacement->vfs;

	if (replacement->cause == 0)
		latch(replacement, vfs->lock(vfs, replacement->file, 0));
}

void atomic_file_expect(struct atomic_file *replacement, int old)
{
	replacement->old = old;
}

void atomic_file_reserve(struct atomic_file *replacement, off_t length)
{
	const struct vfs *vfs = replacement->vfs;

	if (replacement->cause != 0 || length == 0)
		return;
	int result = vfs->allocate(vfs, replacement->file, 0, length);
	/* Where it cannot be asked for, writing will tell. */
	if (result != 0 && errno != EOPNOTSUPP)
		latch(replacement, result);
}

static void flush_replacement(struct atomic_file *replacement)
{
	if (replacement->cause == 0)
		latch(replacement,
			vfs_write(replacement->vfs, replacement->file, replacement->bytes,
				replacement->gathered, replacement->length));
	replacement->length += (off_t)replacement->gathered;
	replacement->gathered = 0;
}

void atomic_file_write(struct atomic_file *replacement, const struct buffer *bytes)
{
	const char *at = bytes->bytes;
	size_t length = bytes->length;

	if (bytes->failed) {
		errno = ENOMEM;
		latch(replacement, -1);
	}
	while (length > 0) {
		size_t room = GATHERED - replacement->gathered;
		size_t step = length < room ? length : room;
		memcpy(replacement->bytes + replacement->gathered, at, step);
		replacement->gathered += step;
		at += step;
		length -= step;
		if (replacement->gathered == GATHERED)
			flush_replacement(replacement);
	}
}

void atomic_file_copy(struct atomic_file *replacement, int from, off_t start, off_t end)
{
	flush_replacement(replacement);
	if (replacement->cause == 0)
		latch(replacement, vfs_copy(replacement->vfs, from, start, end, replacement->file,
					   replacement->length));
	replacement->length += end - start;
}

int atomic_file_file(struct atomic_file *replacement)
{
	flush_replacement(replacement);
	errno = replacement->cause;
	return replacement->cause == 0 ? replacement->file : -1;
}

static void release_replacement(struct atomic_file *replacement)
{
	free(replacement->path);
	free(replacement->temporary);
	free(replacement);
}

/* As late as can be: writing may have taken long. */
static int check_old(const struct atomic_file *replacement)
{
	const struct vfs *vfs = replacement->vfs;
	int named =
		replacement->old < 0 ? 1 : vfs->is_named(vfs, replacement->old, replacement->path);

	if (named == 0)
		errno = VFS_REPLACED;
	return named > 0 ? 0 : -1;
}

/* Written, synced, and under its new name. */
static bool is_in_place(struct atomic_file *replacement)
{
	const struct vfs *vfs = replacement->vfs;

	flush_replacement(replacement);
	if (replacement->cause == 0)
		latch(replacement, vfs->sync(vfs, replacement->file));
	if (replacement->cause == 0)
		latch(replacement, check_old(replacement));
	if (replacement->cause == 0)
		latch(replacement, vfs->rename(vfs, replacement->temporary, replacement->path));
	return replacement->cause == 0;
}

enum result atomic_file_commit(struct atomic_file *replacement, int *file, off_t *length)
{
	if (!is_in_place(replacement)) {
		int cause = replacement->cause;
		atomic_file_abandon(replacement);
		errno = cause;
		return RESULT_SYSTEM;
	}
	latch(replacement, vfs_sync_parent(replacement->vfs, replacement->path));
	int cause = replacement->cause;
	*file = replacement->file;
	*length = replacement->length;
	release_replacement(replacement);
	errno = cause;
	return cause == 0 ? RESULT_OK : RESULT_UNAVAILABLE;
}

void atomic_file_abandon(struct atomic_file *replacement)
{
	if (replacement == NULL)
		return;
	const struct vfs *vfs = replacement->vfs;
	int cause = errno;
	if (replacement->file >= 0) {
		vfs->close(vfs, replacement->file);
		/* What cannot be removed is overwritten by the next. */
		(void)vfs->unlink(vfs, replacement->temporary);
	}
	release_replacement(replacement);
	errno = cause;
}
