#include "watched_disk.h"

static ssize_t write_watched(
	const struct disk *disk, int file, const void *bytes, size_t length, off_t offset)
{
	struct watched_disk *watched = (struct watched_disk *)disk;
	ssize_t written = disk_posix()->write(disk, file, bytes, length, offset);

	if (written > 0)
		watched->written += (uint64_t)written;
	progress_step(&watched->progress, watched->written);
	return written;
}

void watched_disk_open(struct watched_disk *watched)
{
	*watched = (struct watched_disk){.disk = *disk_posix()};
	watched->disk.write = write_watched;
}

void watched_disk_begin(struct watched_disk *watched, uint64_t total)
{
	watched->written = 0;
	progress_begin(&watched->progress, "writing", total);
}

void watched_disk_end(struct watched_disk *watched)
{
	progress_end(&watched->progress);
	watched->progress = (struct progress){0};
}
