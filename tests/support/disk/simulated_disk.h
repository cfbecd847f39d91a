#ifndef ROLLCALL_TESTS_SUPPORT_DISK_SIMULATED_DISK_H
#define ROLLCALL_TESTS_SUPPORT_DISK_SIMULATED_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/files/vfs.h"
#include "support/disk/simulated_file.h"
#include "support/disk/simulated_names.h"

/*
 * A disk in memory that keeps apart what programs see and what would be there after the power went
 * out: contents of files that were not synced, and names in a directory that was not. It has the
 * two directories of simulated_names.h: of a path only the last part counts, and whether it is
 * elsewhere. No kinder than the system: nothing becomes durable by itself, and after a sync that
 * failed no later one makes up for it. For one thread at a time.
 */
struct simulated_disk;

/* `seed`: for what a failed sync leaves to chance. */
struct simulated_disk *simulated_disk_open(uint64_t seed);

/* What is left when the process is killed: everything, but open descriptors. */
struct simulated_disk *simulated_disk_copy(const struct simulated_disk *disk);

/* What a second process sees while the first goes on: its locks, too. */
struct simulated_disk *simulated_disk_beside(const struct simulated_disk *disk);
void simulated_disk_close(struct simulated_disk *disk);

/* What the journal is given. Valid until simulated_disk_close(). */
const struct vfs *simulated_disk_table(struct simulated_disk *disk);

/* Puts a file there, or where the link of that name leads, that the disk has; its name only if the
 * next to sync the directory says so, or at once if `is_named`. */
void simulated_disk_put(
	struct simulated_disk *disk, const char *name, const struct buffer *bytes, bool is_named);

/* Makes the name a link; that the disk has only if the next to sync its directory says so. */
void simulated_disk_link(struct simulated_disk *disk, const char *name);
bool simulated_disk_is_link(const struct simulated_disk *disk, const char *name);

/* Which run of the machine this is: killed processes do not change it, a power cut does. */
unsigned simulated_disk_boot(const struct simulated_disk *disk);
void simulated_disk_restart(struct simulated_disk *disk, unsigned boot);

/* Whether there is no room for anything more (ENOSPC): the next from now on, until it is taken
 * back. */
void simulated_disk_fill(struct simulated_disk *disk, bool is_full);

/* `watch` is called before every call that could change anything, failing ones among them. */
typedef void simulated_watch(void *argument, const struct simulated_disk *disk);
void simulated_disk_watch(struct simulated_disk *disk, simulated_watch *watch, void *argument);

/* What goes wrong, once, after so many calls of any kind went well. A call that fails changes
 * nothing, but for a sync: that loses what it should have written. A short one takes half of the
 * bytes, if it reads or writes, and the next call fails, if there is a cause. */
struct simulated_fault {
	size_t after;
	int cause; /* errno */
	bool is_short;
};

void simulated_disk_fail(struct simulated_disk *disk, const struct simulated_fault *fault);

/* How many calls were made, and whether the fault has come, and is over. */
size_t simulated_disk_calls(const struct simulated_disk *disk);
bool simulated_disk_has_failed(const struct simulated_disk *disk);

/* After so many calls the process is dead: what it still does has no effect, and fails. */
void simulated_disk_kill(struct simulated_disk *disk, size_t after);
bool simulated_disk_is_dead(const struct simulated_disk *disk);

/* What programs see under that name, NULL if nothing. */
const struct buffer *simulated_disk_visible(const struct simulated_disk *disk, const char *name);

/* Whether that is on the disk, whole and under that name. */
bool simulated_disk_is_settled(const struct simulated_disk *disk, const char *name);

/* For simulated_crash.c. The names and files become those of a new disk, and are gone from
 * where they were given. */
struct simulated_disk *simulated_disk_of(
	struct simulated_names *names, struct simulated_file **files, size_t count, uint64_t seed);
const struct simulated_names *simulated_disk_names(const struct simulated_disk *disk);
const struct simulated_file *simulated_disk_file(const struct simulated_disk *disk, size_t file);

#endif
