#ifndef ROLLCALL_STORE_FLAT_FILE_CLAIM_H
#define ROLLCALL_STORE_FLAT_FILE_CLAIM_H

#include <stdbool.h>

#include "base/reason.h"
#include "base/result.h"
#include "store/files/vfs.h"

#define JOURNAL_NAME "users.log"
#define JOURNAL_LOCK "users.lock"

/*
 * The right to write to the flat file of a data directory: one process has it at a time.
 *
 * It consists of two locks. The lock on users.lock comes first: that file names the holder, and
 * says whether the last end was clean. But people delete it, or restore an old one, and two data
 * directories can have links to one list. So the list itself is locked, too, and so must be every
 * file that is to replace it, before it does. A lock is on an open file, not on a name: after
 * locking, the name must still lead to that file, else both locks are taken anew.
 */
struct claim {
	const struct vfs *vfs;
	char *name;      /* of the list in the data directory, which may be a symbolic link */
	char *path;      /* its target, or the same; a new file replaces it */
	char *lock_path; /* of users.lock */
	int lock;        /* its descriptor */
	char boot[BOOT_ID_SIZE]; /* the kernel's boot id; empty if unknown */
	bool was_clean; /* the page cache has nothing of the last holder that the disk lacks */
	bool has_list;  /* there is a list, or users.lock shows that there was one */
};

/* The reason for a link to no file, after the file's name. */
#define CLAIM_LINK_TO_NOWHERE "is a symbolic link to a file that is not there; is its disk mounted?"

/*
 * Waits up to `wait` seconds for another process. Sets `file` to a descriptor of the list, open for
 * reading and writing and locked, or to -1 if there is no list yet; the caller closes it. After a
 * failure no lock is held, and `claim` is empty.
 *
 * RESULT_BUSY: another process still has the list. RESULT_SYSTEM, with errno: the list cannot be
 * opened, a link leads to no file, or the list is a mount point, which no new file could replace.
 * `reason` has the details.
 */
enum result claim_take(struct claim *claim, const struct vfs *vfs, const char *directory,
	unsigned wait, int *file, struct reason *reason) MUST_CHECK;

/* For a caller that has just made the list, because there was none: makes sure that no other
 * process can have made one meanwhile. RESULT_BUSY if one can. */
enum result claim_confirm(struct claim *claim, struct reason *reason) MUST_CHECK;

/* Releases users.lock. `is_clean`: the disk has everything that was written; users.lock says so.
 * Does nothing to an empty claim. */
void claim_give_up(struct claim *claim, bool is_clean);

#endif
