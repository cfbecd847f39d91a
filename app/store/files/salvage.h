#ifndef ROLLCALL_STORE_FILES_SALVAGE_H
#define ROLLCALL_STORE_FILES_SALVAGE_H

#include <stddef.h>
#include <sys/types.h>

#include "base/result.h"
#include "store/files/vfs.h"

/*
 * What is taken out of the flat file is kept beside it, in a file of its own that is named after
 * what happened and when: the operator can look at everything that was taken out.
 */
struct salvage;

/* Makes PATH.WHAT-TIME, or with a number behind it if there is one already, with the owner and the
 * access rights of PATH (file_owner.h). RESULT_SYSTEM with errno. */
enum result salvage_open(const struct vfs *vfs, const char *path, const char *what,
	struct salvage **opened) MUST_CHECK;

/* Adds what another file has between two offsets. */
enum result salvage_copy(struct salvage *salvage, int from, off_t start, off_t end) MUST_CHECK;

/* Its path, for as long as it is open. */
const char *salvage_path(const struct salvage *salvage);

/* Waits until it is on disk, under its name. */
enum result salvage_sync(struct salvage *salvage) MUST_CHECK;

/* Removes what was not synced: what it should have kept is still where it was. NULL is fine; errno
 * stays as it is. */
void salvage_close(struct salvage *salvage);

#endif
