/*
 * A file system that counts the bytes it reads and writes and reports progress, wrapped around the
 * real one. The code that reads and writes the flat file does not have to know of it.
 */
#include "store/files/watched_vfs.h"

static ssize_t moved(const struct vfs *vfs, ssize_t length)
{
	struct watched_vfs *watched = (struct watched_vfs *)vfs;

	if (length > 0)
		watched->moved += (uint64_t)length;
	progress_step(&watched->progress, watched->moved);
	return length;
}

static ssize_t read_watched(
	const struct vfs *vfs, int file, void *bytes, size_t length, off_t offset)
{
	return moved(vfs, vfs_posix()->read(vfs, file, bytes, length, offset));
}

static ssize_t write_watched(
	const struct vfs *vfs, int file, const void *bytes, size_t length, off_t offset)
{
	return moved(vfs, vfs_posix()->write(vfs, file, bytes, length, offset));
}

void watched_vfs_open(struct watched_vfs *watched)
{
	*watched = (struct watched_vfs){.vfs = *vfs_posix()};
}

/* Only meanwhile: a store that is open for long has the real disk's own operations. */
static void watch(struct watched_vfs *watched)
{
	watched->moved = 0;
	watched->vfs.read = read_watched;
	watched->vfs.write = write_watched;
}

void watched_vfs_begin(struct watched_vfs *watched, const char *what, uint64_t total)
{
	watch(watched);
	progress_begin(&watched->progress, what, total);
}

void watched_vfs_begin_telling(struct watched_vfs *watched, progress_cb *tell, uint64_t total)
{
	watch(watched);
	progress_begin_telling(&watched->progress, tell, progress_clock, total);
}

void watched_vfs_end(struct watched_vfs *watched)
{
	progress_end(&watched->progress);
	watched->vfs.read = vfs_posix()->read;
	watched->vfs.write = vfs_posix()->write;
}
