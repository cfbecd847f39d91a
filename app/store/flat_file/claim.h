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
 * Two locks stand for it. That of users.lock comes first: it names the holder, and says whether the
 * last end was a clean one. But people delete it, or put an old one back, and two data directories
 * can have links to one file. So the file itself is locked too, and so must be every file that is
 * to take its place, before it does. A lock is on what is open and not on a name: when it is had,
 * the name must still lead there, else both begin anew.
 */
struct claim {
	const struct vfs *vfs;
	char *name;      /* of the file in the data directory, which may be a symbolic link */
	char *path;      /* where that leads, and where a new file is to go */
	char *lock_path; /* of users.lock */
	int lock;        /* its descriptor */
	char boot[BOOT_ID_SIZE]; /* empty if it is not known */
	bool was_clean; /* the last holder left nothing in the page cache that the disk lacks */
	bool has_list;  /* there is one, or users.lock says that there was */
};

/* What is said of the file then, behind its name. */
#define CLAIM_LINK_TO_NOWHERE "is a symbolic link to a file that is not there; is its disk mounted?"

/*
 * Waits up to `wait` seconds for another process. `file` gets the file, open for reading and
 * writing and locked, or -1 if there is none yet: it is the caller's. After a failure nothing is
 * held, and `claim` is empty.
 *
 * RESULT_BUSY: another process has it, and still has; RESULT_SYSTEM: it cannot be opened, a link
 * leads nowhere, or the file is a mount point, whose place no new one could take: errno, and
 * `reason` says more.
 */
enum result claim_take(struct claim *claim, const struct vfs *vfs, const char *directory,
	unsigned wait, int *file, struct reason *reason) MUST_CHECK;

/* For a caller that has just made the file, since there was none to lock: makes sure that no other
 * process can have made one meanwhile. RESULT_BUSY if one can. */
enum result claim_confirm(struct claim *claim, struct reason *reason) MUST_CHECK;

/* `is_clean`: the disk has all that was written. Does nothing to one that is empty. */
void claim_give_up(struct claim *claim, bool is_clean);

#endif
