#ifndef ROLLCALL_TESTS_SUPPORT_DISK_HELD_DISK_H
#define ROLLCALL_TESTS_SUPPORT_DISK_HELD_DISK_H

#include "support/protocol/daemon.h"
#include "support/temporary_directory.h"

/* The real program over a disk that is as slow as a test wants it (faulty_disk.c). */
struct held_disk {
	struct temporary_directory directory;
	char fifo[128];
	int end; /* open while fdatasync waits */
};

/* Starts the program; the test finishes it. Its library is named by FAULTY_DISK_LIBRARY. */
struct daemon *held_disk_start(struct held_disk *disk, const struct daemon_setup *setup);

/* From now on fdatasync waits. */
void held_disk_begin(struct held_disk *disk);

/* Waits until one does; the ones after it will not. */
void held_disk_wait(struct held_disk *disk);

/* It goes on. */
void held_disk_end(struct held_disk *disk);

void held_disk_remove(struct held_disk *disk);

#endif
