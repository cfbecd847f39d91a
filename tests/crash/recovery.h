#ifndef ROLLCALL_TESTS_CRASH_RECOVERY_H
#define ROLLCALL_TESTS_CRASH_RECOVERY_H

#include <stdbool.h>

#include "crash/roster.h"
#include "support/disk/simulated_disk.h"

/* What stands in the lock file, which is a real one: the process before is still named in it, and
 * the run of the machine that it was in, or said that its end was clean, or what it wrote did not
 * reach the disk. */
enum recovery_lock {
	RECOVERY_LOCK_HELD,
	RECOVERY_LOCK_CLEAN,
	RECOVERY_LOCK_EMPTY,
	RECOVERY_LOCK_MISSING,
	RECOVERY_LOCKS, /* how many there are */
};

void recovery_set_lock(const char *directory, enum recovery_lock lock, unsigned boot);

/*
 * Opens what is on the disk as the program does when it starts, in a directory for the lock, and
 * holds it against what was promised: the users, and that it is on the disk what is shown of them,
 * in a file without a bad line. If not, why. `is_damaged`: not by a crash, so that it may have to
 * be repaired first.
 */
bool recovery_check(struct simulated_disk *disk, const char *directory, const struct roster *roster,
	bool is_damaged, char why[static ROSTER_WHY_SIZE]);

/* The same on a disk without room, and once there is room again. Until what opening has to put
 * right is done, what is read is shown, and nothing is written. */
bool recovery_check_without_room(struct simulated_disk *disk, const char *directory,
	const struct roster *roster, char why[static ROSTER_WHY_SIZE]);

/* Whether a second process is kept out by what the first has locked on that disk, though the lock
 * file knows nothing of it: somebody has put one there that says "clean". If not, why. */
bool recovery_is_refused(
	struct simulated_disk *disk, const char *directory, char why[static ROSTER_WHY_SIZE]);

#endif
