#ifndef ROLLCALL_STORE_FILES_LOCK_H
#define ROLLCALL_STORE_FILES_LOCK_H

#include <stdbool.h>

#include "base/result.h"

/* Keeps a second process out. The lock is on a file that is there for nothing else, held through an
 * open file description, and gone when the process is, however it ends. The file names the holder,
 * for the second process. A lock file that was deleted keeps no process out: see claim.h. */
#define LOCK_HOLDER_SIZE 128

/* The last holder, where the file does not say. */
#define LOCK_NAMELESS "another process"

/*
 * Creates the file where it is missing. Waits up to `wait` seconds for another holder to go;
 * RESULT_BUSY if it does not, with its name in `holder`. RESULT_SYSTEM with errno. The descriptor
 * is the lock, and of the file that has the name now.
 *
 * After RESULT_OK `holder` is the last one, which may have left more in the page cache than on the
 * disk. It is empty if the disk has everything. The file of a clean end says so; whatever else it
 * holds, or nothing, or none, counts as an end that was not. But of one on this machine the page
 * cache is gone if it was in another run of the kernel: `boot` is the id of this one, NULL if it is
 * not known (boot_id.h).
 */
enum result lock_acquire(const char *path, unsigned wait, const char *boot, int *descriptor,
	char holder[static LOCK_HOLDER_SIZE]) MUST_CHECK;

/* Writes the name of the holder once more, or none, while the lock is held. -1 with errno. */
int lock_name(int descriptor, const char *boot);
int lock_blank(int descriptor);

/* Whether the name is still that of the locked file: a file that took its place has a lock of its
 * own. */
bool lock_stands(int descriptor, const char *path);

/* Gives it up; the file says that the end was clean. */
void lock_release(int descriptor);

/* Gives it up without saying that the end was clean, as if the process was killed. The file names
 * the holder if `is_named`, else none. */
void lock_leave(int descriptor, bool is_named, const char *boot);

#endif
