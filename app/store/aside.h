#ifndef ROLLCALL_STORE_ASIDE_H
#define ROLLCALL_STORE_ASIDE_H

#include <stddef.h>
#include <sys/types.h>

#include "base/result.h"
#include "store/disk.h"

/*
 * What is taken out of the flat file is kept beside it, in a file of its own that is named after
 * what happened and when: nothing is ever lost without somebody being able to look at it.
 */
struct aside;

/* Makes PATH.WHAT-TIME, or with a number behind it if there is one already, with the owner and the
 * access rights of PATH (owner.h). STATUS_SYSTEM with errno. */
enum status aside_open(const struct disk *disk, const char *path, const char *what,
	struct aside **opened) MUST_CHECK;

/* Adds what another file has between two offsets. */
enum status aside_copy(struct aside *aside, int from, off_t start, off_t end) MUST_CHECK;

/* Its path, for as long as it is open. */
const char *aside_path(const struct aside *aside);

/* Waits until it is on disk, under its name. */
enum status aside_sync(struct aside *aside) MUST_CHECK;

/* Removes what was not synced: what it should have kept is still where it was. NULL is fine; errno
 * stays as it is. */
void aside_close(struct aside *aside);

#endif
