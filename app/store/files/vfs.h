#ifndef ROLLCALL_STORE_FILES_VFS_H
#define ROLLCALL_STORE_FILES_VFS_H

#include <errno.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/reason.h"
#include "base/result.h"
#include "store/files/boot_id.h"

/*
 * What the journal asks of a file system: the POSIX calls it uses, with their arguments, results
 * and errno. A test puts its own table in place of the real one, embedding the struct where it
 * needs more.
 */
struct vfs {
	/* Of a file that is there. What is no regular file is VFS_NOT_REGULAR, and never waited
	 * for. */
	int (*open)(const struct vfs *vfs, const char *path, int flags);
	int (*create)(const struct vfs *vfs, const char *path, const char *like); /* file_owner.h */
	ssize_t (*read)(const struct vfs *vfs, int file, void *bytes, size_t length,
		off_t offset); /* pread */
	ssize_t (*write)(const struct vfs *vfs, int file, const void *bytes, size_t length,
		off_t offset); /* pwrite */
	int (*allocate)(const struct vfs *vfs, int file, off_t offset,
		off_t length);                                          /* fallocate, size kept */
	int (*truncate)(const struct vfs *vfs, int file, off_t length); /* ftruncate */
	int (*sync)(const struct vfs *vfs, int file);                   /* fdatasync */
	int (*sync_directory)(const struct vfs *vfs, const char *path); /* fsync */
	/* All of it, to write, F_OFD_SETLK: -1 with EAGAIN if another process still has it locked
	 * after `wait` seconds. */
	int (*lock)(const struct vfs *vfs, int file, unsigned wait);
	/* Whether `path` still names the open file, not another or none: 1, 0, or -1 with errno. */
	int (*is_named)(const struct vfs *vfs, int file, const char *path);
	/* The path, for free(), at which a new file takes the place of that one: where its symbolic
	 * link leads, if it is one. NULL with errno: ENOLINK if that is nowhere, EBUSY if it is a
	 * mount point, whose place nothing can take. */
	char *(*resolve)(const struct vfs *vfs, const char *path);
	/* The id of this run of the kernel (boot_id.h), as far as it counts for `path`. */
	bool (*boot)(const struct vfs *vfs, const char *path, char id[static BOOT_ID_SIZE]);
	/* traces_find() */
	char *(*trace)(const struct vfs *vfs, const char *path, off_t bare);
	int (*rename)(const struct vfs *vfs, const char *from, const char *to);
	int (*unlink)(const struct vfs *vfs, const char *path);
	int (*close)(const struct vfs *vfs, int file);
};

/* An errno: it is a FIFO, a socket or a device. */
#define VFS_NOT_REGULAR EMEDIUMTYPE

/* An errno: its name leads to another file, or to none. */
#define VFS_REPLACED EREMCHG

const struct vfs *vfs_posix(void);

/* The words for the errno of any of these. Unlike strerror() for any thread; never NULL. */
const char *vfs_words(int error);

/* "cannot WHAT PATH: " and the words for errno, which stays. Returns RESULT_SYSTEM. */
enum result vfs_fail(struct reason *reason, const char *what, const char *path);

/* Syncs the directory that `path` is in. 0, or -1 with errno. */
int vfs_sync_parent(const struct vfs *vfs, const char *path);

/* Of the file from `offset` on: like read, but not to be interrupted. */
ssize_t vfs_read(const struct vfs *vfs, int file, void *bytes, size_t length, off_t offset);

/* Writes all of it, however the system takes it apart. 0, or -1 with errno. */
int vfs_write(const struct vfs *vfs, int file, const void *bytes, size_t length, off_t offset);

/* Copies the bytes of `from` between two offsets to offset `at` of `to`. 0, or -1 with errno: EIO
 * if there are not as many. */
int vfs_copy(const struct vfs *vfs, int from, off_t start, off_t end, int to, off_t at);

#endif
