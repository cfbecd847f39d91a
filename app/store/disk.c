#include "store/disk.h"

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
#include "store/owner.h"
#include "store/trace.h"

#define COPY_CHUNK 65536

static int posix_open(const struct disk *disk, const char *path, int flags)
{
	/* To open a FIFO is to wait for its other end. */
	int file = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;

	(void)disk;
	if (file < 0 && errno == ENXIO)
		errno = DISK_NOT_REGULAR;
	if (file < 0 || fstat(file, &status) != 0 || S_ISREG(status.st_mode))
		return file; /* reading will tell what fstat() could not */
	close(file);
	errno = S_ISDIR(status.st_mode) ? EISDIR : DISK_NOT_REGULAR;
	return -1;
}

static int posix_create(const struct disk *disk, const char *path, const char *like)
{
	(void)disk;
	return owner_create(path, like);
}

static ssize_t posix_read(
	const struct disk *disk, int file, void *bytes, size_t length, off_t offset)
{
	(void)disk;
	return pread(file, bytes, length, offset);
}

static ssize_t posix_write(
	const struct disk *disk, int file, const void *bytes, size_t length, off_t offset)
{
	(void)disk;
	return pwrite(file, bytes, length, offset);
}

static int posix_allocate(const struct disk *disk, int file, off_t offset, off_t length)
{
	(void)disk;
	return fallocate(file, FALLOC_FL_KEEP_SIZE, offset, length);
}

static int posix_truncate(const struct disk *disk, int file, off_t length)
{
	(void)disk;
	return ftruncate(file, length);
}

static int posix_sync(const struct disk *disk, int file)
{
	(void)disk;
	return fdatasync(file);
}

static int posix_sync_directory(const struct disk *disk, const char *path)
{
	int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)disk;
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

/* The kernel queues those who wait; an alarm ends the waiting. */
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

static int posix_lock(const struct disk *disk, int file, unsigned wait)
{
	(void)disk;
	if (set_lock(file, F_OFD_SETLK) == 0)
		return 0;
	if (errno == EACCES)
		errno = EAGAIN;
	return wait > 0 && errno == EAGAIN ? wait_for_lock(file, wait) : -1;
}

static int posix_is_named(const struct disk *disk, int file, const char *path)
{
	struct stat opened, named;

	(void)disk;
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
static char *follow(const char *path)
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

static char *posix_resolve(const struct disk *disk, const char *path)
{
	char *target = follow(path);

	(void)disk;
	if (target != NULL && is_mount_point(target)) {
		free(target);
		errno = EBUSY;
		return NULL;
	}
	return target;
}

static bool posix_boot(const struct disk *disk, const char *path, char id[static BOOT_ID_SIZE])
{
	(void)disk;
	return boot_id(path, id);
}

static char *posix_trace(const struct disk *disk, const char *path, off_t bare)
{
	(void)disk;
	return trace_find(path, bare);
}

static int posix_rename(const struct disk *disk, const char *from, const char *to)
{
	(void)disk;
	return rename(from, to);
}

static int posix_unlink(const struct disk *disk, const char *path)
{
	(void)disk;
	return unlink(path);
}

static int posix_close(const struct disk *disk, int file)
{
	(void)disk;
	return close(file);
}

const struct disk *disk_posix(void)
{
	static const struct disk posix = {
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

const char *disk_words(int error)
{
	if (error == DISK_NOT_REGULAR)
		return "Not a regular file";
	if (error == DISK_REPLACED)
		return "Moved or replaced meanwhile";
	const char *words = strerrordesc_np(error);
	return words != NULL ? words : "Unknown error";
}

int disk_sync_parent(const struct disk *disk, const char *path)
{
	char *copy = memory_printf("%s", path);
	int result = disk->sync_directory(disk, dirname(copy));
	int cause = errno;

	free(copy);
	errno = cause;
	return result;
}

ssize_t disk_read(const struct disk *disk, int file, void *bytes, size_t length, off_t offset)
{
	ssize_t got;

	do
		got = disk->read(disk, file, bytes, length, offset);
	while (got < 0 && errno == EINTR);
	return got;
}

int disk_write(const struct disk *disk, int file, const void *bytes, size_t length, off_t offset)
{
	const char *at = bytes;

	while (length > 0) {
		ssize_t written = disk->write(disk, file, at, length, offset);
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

int disk_copy(const struct disk *disk, int from, off_t start, off_t end, int to, off_t at)
{
	char bytes[COPY_CHUNK];

	while (start < end) {
		size_t most = end - start < COPY_CHUNK ? (size_t)(end - start) : COPY_CHUNK;
		ssize_t got = disk_read(disk, from, bytes, most, start);
		if (got == 0)
			errno = EIO;
		if (got <= 0 || disk_write(disk, to, bytes, (size_t)got, at) != 0)
			return -1;
		start += got;
		at += got;
	}
	return 0;
}
