#ifndef ROLLCALL_TESTS_SUPPORT_DISK_SIMULATED_CRASH_H
#define ROLLCALL_TESTS_SUPPORT_DISK_SIMULATED_CRASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "support/disk/simulated_disk.h"

/*
 * What the power can leave of a simulated disk when it goes out: the first so many changes of
 * the directory, and with them any of the cuts of the file that has the name of interest then. Of
 * what other files were to get, the disk has nothing or, if `has_others`, all.
 */
struct simulated_crash {
	size_t names;
	struct simulated_cut cut;
	bool has_others;
};

#define SIMULATED_CRASH_FIRST ((struct simulated_crash){.cut = SIMULATED_CUT_FIRST})

/* All there are, beginning with SIMULATED_CRASH_FIRST; false after the last, which is what programs
 * saw but for what failed syncs lost. */
bool simulated_crash_next(
	const struct simulated_disk *disk, const char *name, struct simulated_crash *crash);

/* The disk after it. */
struct simulated_disk *simulated_crash_disk(const struct simulated_disk *disk, const char *name,
	const struct simulated_crash *crash, uint64_t seed);

/* Tells disks apart: the same for those that hold the same. */
uint64_t simulated_crash_digest(const struct simulated_disk *disk);

#endif
