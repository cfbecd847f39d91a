#ifndef ROLLCALL_TESTS_SUPPORT_DISK_FAKE_DISK_H
#define ROLLCALL_TESTS_SUPPORT_DISK_FAKE_DISK_H

#include <stdbool.h>
#include <stddef.h>

#include "store/files/vfs.h"

/*
 * A disk over another one that writes down every call, in order, and lets chosen ones fail, fall
 * short or wait. It knows nothing of the disk under it but struct vfs: the real one and a
 * simulated one can both lie there. For any thread.
 */
struct fake_disk;

enum vfs_call {
	VFS_OPEN, /* create, too */
	VFS_READ,
	VFS_WRITE,
	VFS_ALLOCATE,
	VFS_TRUNCATE,
	VFS_SYNC,
	VFS_SYNC_DIRECTORY,
	VFS_LOCK,
	VFS_IS_NAMED,
	VFS_RESOLVE,
	VFS_RENAME,
	VFS_UNLINK,
	VFS_CLOSE,
	VFS_CALLS, /* how many kinds there are */
};

struct fake_disk *fake_disk_open(const struct vfs *under);
void fake_disk_close(struct fake_disk *fake);

/* What the journal is given. Valid until fake_disk_close(). */
const struct vfs *fake_disk_table(struct fake_disk *fake);

#define ALWAYS ((size_t)-1)

/* Lets calls of that kind pass `after` times from now on, then fail `times` times with that errno,
 * without reaching the disk under it. One plan a kind: a new one replaces the old. */
void fake_disk_fail(
	struct fake_disk *fake, enum vfs_call call, size_t after, size_t times, int cause);

/* The same for reads and writes that take at most `most` bytes; such a call does not count for a
 * plan to fail. */
void fake_disk_shorten(
	struct fake_disk *fake, enum vfs_call call, size_t after, size_t times, size_t most);

/* Forgets every plan. */
void fake_disk_repair(struct fake_disk *fake);

/* The next fdatasync waits until it is let go. */
void fake_disk_hold(struct fake_disk *fake);
void fake_disk_let_go(struct fake_disk *fake);

/* Waits until an fdatasync has begun and is held. */
void fake_disk_wait_held(struct fake_disk *fake);

/* Calls made since the last fake_disk_forget(), failed ones among them. */
size_t fake_disk_count(struct fake_disk *fake, enum vfs_call call);

/* All of them but those that only look (read, is_named, resolve), in order: "write sync truncate".
 * Valid until the next call here. */
const char *fake_disk_calls(struct fake_disk *fake);

void fake_disk_forget(struct fake_disk *fake);

#endif
