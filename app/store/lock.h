#ifndef ROLLCALL_LOCK_H
#define ROLLCALL_LOCK_H

#include "../status.h"

/* Keeps a second process from writing the same file. The lock is on a file of its own, held through
 * an open file description, and gone when the process is, however it ends. The file names the
 * holder, for whoever comes second. */
#define LOCK_HOLDER_SIZE 128

/*
 * Creates the file where it is missing. Waits up to `wait` seconds for another holder to go;
 * STATUS_BUSY if it does not, with who it is in `holder`. STATUS_SYSTEM with errno. After
 * STATUS_OK `holder` is who had it last and did not release it, or empty: the file of a clean end
 * says so, and whatever else it holds, or nothing, counts as an end that was not. The descriptor is
 * the lock.
 */
enum status lock_acquire(const char *path, unsigned wait, int *descriptor,
	char holder[static LOCK_HOLDER_SIZE]) MUST_CHECK;

/* Gives it up, and says that the end was a clean one. */
void lock_release(int descriptor);

#endif
