#ifndef ROLLCALL_STORE_FILES_WATCHED_VFS_H
#define ROLLCALL_STORE_FILES_WATCHED_VFS_H

#include <stdint.h>

#include "base/progress.h"
#include "store/files/vfs.h"

/* The real disk, which says how far it is with reading and writing, to a person or a program. */
struct watched_vfs {
	struct vfs vfs; /* first: what the store is given is also the watched disk */
	struct progress progress;
	uint64_t moved; /* bytes read and written */
};

/* Says nothing yet. Must stay where it is for as long as its table is used. */
void watched_vfs_open(struct watched_vfs *watched);

/* From now on, up to watched_vfs_end(): about `total` bytes are going to be read and written,
 * which is called `what`. */
void watched_vfs_begin(struct watched_vfs *watched, const char *what, uint64_t total);

/* The same for a program, which is told. */
void watched_vfs_begin_telling(struct watched_vfs *watched, progress_cb *tell, uint64_t total);

void watched_vfs_end(struct watched_vfs *watched);

#endif
