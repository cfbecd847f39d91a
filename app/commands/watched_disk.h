#ifndef ROLLCALL_COMMANDS_WATCHED_DISK_H
#define ROLLCALL_COMMANDS_WATCHED_DISK_H

#include <stdint.h>

#include "progress.h"
#include "store/disk.h"

/* The real disk, which says how far it is with reading and writing, to a person or a program. */
struct watched_disk {
	struct disk disk; /* first: what the store is given is also the watched disk */
	struct progress progress;
	uint64_t moved; /* bytes read and written */
};

/* Says nothing yet. Must stay where it is for as long as its table is used. */
void watched_disk_open(struct watched_disk *watched);

/* From now on, up to watched_disk_end(): about `total` bytes are going to be read and written,
 * which is called `what`. */
void watched_disk_begin(struct watched_disk *watched, const char *what, uint64_t total);

/* The same for a program, which is told. */
void watched_disk_begin_telling(struct watched_disk *watched, progress_tell *tell, uint64_t total);

void watched_disk_end(struct watched_disk *watched);

#endif
