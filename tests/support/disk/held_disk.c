#include "support/disk/held_disk.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/test.h"

struct daemon *held_disk_start(struct held_disk *disk, const struct daemon_setup *setup)
{
	const char *library = getenv("FAULTY_DISK_LIBRARY");

	assert_non_null(library);
	*disk = (struct held_disk){.end = -1};
	temporary_directory_make(&disk->directory);
	snprintf(disk->fifo, sizeof(disk->fifo), "%s/hold", disk->directory.path);
	assert_int_equal(setenv("FAULTY_DISK", disk->directory.path, 1), 0);
	assert_int_equal(setenv("LD_PRELOAD", library, 1), 0);
	/* The sanitizers' runtime likes to be the first library; this one may come before it. */
	assert_int_equal(setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1), 0);
	struct daemon *daemon = daemon_start(setup);
	assert_int_equal(unsetenv("LD_PRELOAD"), 0);
	return daemon;
}

void held_disk_begin(struct held_disk *disk)
{
	assert_int_equal(mkfifo(disk->fifo, 0600), 0);
}

/* Opens when the other end has come to wait. */
void held_disk_wait(struct held_disk *disk)
{
	disk->end = open(disk->fifo, O_WRONLY | O_CLOEXEC);
	assert_true(disk->end >= 0);
	assert_int_equal(unlink(disk->fifo), 0);
}

void held_disk_end(struct held_disk *disk)
{
	assert_int_equal(close(disk->end), 0);
	disk->end = -1;
}

void held_disk_remove(struct held_disk *disk)
{
	temporary_directory_remove(&disk->directory);
}
