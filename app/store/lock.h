#ifndef ROLLCALL_LOCK_H
#define ROLLCALL_LOCK_H

#include <stdbool.h>

#include "../status.h"

/* Keeps a second process out. The lock is on a file that is there for nothing else, held through an
 * open file description, and gone when the process is, however it ends. The file names the holder,
 * for whoever comes second. It keeps out nobody once somebody has deleted it: claim.h. */
#define LOCK_HOLDER_SIZE 128

/*
 * Creates the file where it is missing. Waits up to `wait` seconds for another holder to go;
 * STATUS_BUSY if it does not, with who it is in `holder`. STATUS_SYSTEM with errno. After
 * STATUS_OK `holder` is who had it last and did not release it, or empty: the file of a clean end
 * says so, and whatever else it holds, or nothing, or none, counts as an end that was not. The
 * descriptor is the lock, and of the file that has the name now.
 */
enum status lock_acquire(const char *path, unsigned wait, int *descriptor,
	char holder[static LOCK_HOLDER_SIZE]) MUST_CHECK;

/* Whether the name is still that of the locked file: a file that took its place has a lock of its
 * own. */
bool lock_stands(int descriptor, const char *path);

/* Gives it up, and says that the end was a clean one. */
void lock_release(int descriptor);

/* Gives it up, and names nobody. */
void lock_leave(int descriptor);

#endif
