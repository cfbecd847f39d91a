/*
 * The real file system behind the table of vfs.h: thin wrappers of POSIX calls, and the few
 * combinations of them that several callers need. Tests put a disk of their own in its place, which
 * fails or loses what was not synced.
 */
#include "store/files/vfs.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "store/files/file_owner.h"
#include "store/files/traces.h"

#define COPY_CHUNK 65536

static int posix_open(const struct vfs *vfs, const char *path, int flags)
{
	/* To open a FIFO is to wait for its other end. */
	int file = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;

	(void)vfs;
	if (file < 0 && errno == ENXIO)
		errno = VFS_NOT_REGULAR;
	if (file < 0 || fstat(file, &status) != 0 || S_ISREG(status.st_mode))
		return file; /* reading will tell what fstat() could not */
	close(file);
	errno = S_ISDIR(status.st_mode) ? EISDIR : VFS_NOT_REGULAR;
	return -1;
}

static int posix_create(const struct vfs *vfs, const char *path, const char *like)
{
	(void)vfs;
	return file_owner_create(path, like);
}

static ssize_t posix_read(const struct vfs *vfs, int file, void *bytes, size_t length, off_t offset)
{
	(void)vfs;
	return pread(file, bytes, length, offset);
}

static ssize_t posix_write(
	const struct vfs *vfs, int file, const void *bytes, size_t length, off_t offset)
{
	(void)vfs;
	return pwrite(file, bytes, length, offset);
}

static int posix_allocate(const struct vfs *vfs, int file, off_t offset, off_t length)
{
	(void)vfs;
	return fallocate(file, FALLOC_FL_KEEP_SIZE, offset, length);
}

static int posix_truncate(const struct vfs *vfs, int file, off_t length)
{
	(void)vfs;
	return ftruncate(file, length);
}

static int posix_sync(const struct vfs *vfs, int file)
{
	(void)vfs;
	return fdatasync(file);
}

static int posix_sync_directory(const struct vfs *vfs, const char *path)
{
	int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)vfs;
	if (directory < 0)
		return -1;
	int result = fsync(directory);
	int cause = errno;
	close(directory);
	errno = cause;
	return result;
}

static void on_alarm(int number)
{
	(void)number; /* only to interrupt fcntl() */
}

static int set_lock(int file, int command)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return fcntl(file, command, &whole);
}

/* The kernel queues the processes that wait; an alarm ends the waiting. */
static int wait_for_lock(int file, unsigned wait)
{
	struct sigaction action = {.sa_handler = on_alarm};
	struct sigaction before;

	sigaction(SIGALRM, &action, &before);
	alarm(wait);
	int result = set_lock(file, F_OFD_SETLKW);
	int cause = errno;
	alarm(0);
	sigaction(SIGALRM, &before, NULL);
	errno = cause == EINTR ? EAGAIN : cause;
	return result;
}

static int posix_lock(const struct vfs *vfs, int file, unsigned wait)
{
	(void)vfs;
	if (set_lock(file, F_OFD_SETLK) == 0)
		return 0;
	if (errno == EACCES)
		errno = EAGAIN;
	return wait > 0 && errno == EAGAIN ? wait_for_lock(file, wait) : -1;
}

static int posix_is_named(const struct vfs *vfs, int file, const char *path)
{
	struct stat opened, named;

	(void)vfs;
	if (fstat(file, &opened) != 0)
		return -1;
	if (stat(path, &named) != 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	return opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

/* A bind mount of a file shows in nothing else: its device is that of the directory if both are on
 * one file system. */
static bool is_mount_point(const char *path)
{
	struct statx file;

	return statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_TYPE, &file) == 0 &&
	       (file.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

/* Anything but a link stays as it is, so that messages name what they were told. */
static char *follow_links(const char *path)
{
	struct stat file;
	bool is_there = lstat(path, &file) == 0;

	if (!is_there && errno != ENOENT)
		return NULL;
	if (!is_there || !S_ISLNK(file.st_mode))
		return strdup(path);
	char *target = realpath(path, NULL);
	if (target == NULL && errno == ENOENT)
		errno = ENOLINK;
	return target;
}

static char *posix_resolve(const struct vfs *vfs, const char *path)
{
	char *target = follow_links(path);

	(void)vfs;
	if (target != NULL && is_mount_point(target)) {
		free(target);
		errno = EBUSY;
		return NULL;
	}
	return target;
}

static bool posix_boot(const struct vfs *vfs, const char *path, char id[static BOOT_ID_SIZE])
{
	(void)vfs;
	return boot_id(path, id);
}

static char *posix_trace(const struct vfs *vfs, const char *path, off_t bare)
{
	(void)vfs;
	return traces_find(path, bare);
}

static int posix_rename(const struct vfs *vfs, const char *from, const char *to)
{
	(void)vfs;
	return rename(from, to);
}

static int posix_unlink(const struct vfs *vfs, const char *path)
{
	(void)vfs;
	return unlink(path);
}

static int posix_close(const struct vfs *vfs, int file)
{
	(void)vfs;
	return close(file);
}

const struct vfs *vfs_posix(void)
{
	static const struct vfs posix = {
		.open = posix_open,
		.create = posix_create,
		.read = posix_read,
		.write = posix_write,
		.allocate = posix_allocate,
		.truncate = posix_truncate,
		.sync = posix_sync,
		.sync_directory = posix_sync_directory,
		.lock = posix_lock,
		.is_named = posix_is_named,
		.resolve = posix_resolve,
		.boot = posix_boot,
		.trace = posix_trace,
		.rename = posix_rename,
		.unlink = posix_unlink,
		.close = posix_close,
	};

	return &posix;
}

const char *vfs_words(int error)
{
	if (error == VFS_NOT_REGULAR)
		return "Not a regular file";
	if (error == VFS_REPLACED)
		return "Moved or replaced meanwhile";
	const char *words = strerrordesc_np(error);
	return words != NULL ? words : "Unknown error";
}

enum result vfs_fail(struct reason *reason, const char *what, const char *path)
{
	return reason_fail(reason, RESULT_SYSTEM, "cannot %s %s: %s", what, path, vfs_words(errno));
}

int vfs_sync_parent(const struct vfs *vfs, const char *path)
{
	char *copy = memory_printf("%s", path);
	int result = vfs->sync_directory(vfs, dirname(copy));
	int cause = errno;

	free(copy);
	errno = cause;
	return result;
}

ssize_t vfs_read(const struct vfs *vfs, int file, void *bytes, size_t length, off_t offset)
{
	ssize_t got;

	do
		got = vfs->read(vfs, file, bytes, length, offset);
	while (got < 0 && errno == EINTR);
	return got;
}

int vfs_write(const struct vfs *vfs, int file, const void *bytes, size_t length, off_t offset)
{
	const char *at = bytes;

	while (length > 0) {
		ssize_t written = vfs->write(vfs, file, at, length, offset);
		if (written < 0 && errno == EINTR)
			continue;
		if (written == 0)
			errno = ENOSPC;
		if (written <= 0)
			return -1;
		at += written;
		length -= (size_t)written;
		offset += written;
	}
	return 0;
}

int vfs_copy(const struct vfs *vfs, int from, off_t start, off_t end, int to, off_t at)
{
	char bytes[COPY_CHUNK];

	while (start < end) {
		size_t most = end - start < COPY_CHUNK ? (size_t)(end - start) : COPY_CHUNK;
		ssize_t got = vfs_read(vfs, from, bytes, most, start);
		if (got == 0)
			errno = EIO;
		if (got <= 0 || vfs_write(vfs, to, bytes, (size_t)got, at) != 0)
			return -1;
		start += got;
		at += got;
	}
	return 0;
}
