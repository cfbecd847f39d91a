#include "commands/watched_disk.h"

static ssize_t moved(const struct disk *disk, ssize_t length)
{
	struct watched_disk *watched = (struct watched_disk *)disk;

	if (length > 0)
		watched->moved += (uint64_t)length;
	progress_step(&watched->progress, watched->moved);
	return length;
}

static ssize_t read_watched(
	const struct disk *disk, int file, void *bytes, size_t length, off_t offset)
{
	return moved(disk, disk_posix()->read(disk, file, bytes, length, offset));
}

static ssize_t write_watched(
	const struct disk *disk, int file, const void *bytes, size_t length, off_t offset)
{
	return moved(disk, disk_posix()->write(disk, file, bytes, length, offset));
}

void watched_disk_open(struct watched_disk *watched)
{
	*watched = (struct watched_disk){.disk = *disk_posix()};
}

/* Only meanwhile: a store that is open for long has the real disk's own operations. */
static void watch(struct watched_disk *watched)
{
	watched->moved = 0;
	watched->disk.read = read_watched;
	watched->disk.write = write_watched;
}

void watched_disk_begin(struct watched_disk *watched, const char *what, uint64_t total)
{
	watch(watched);
	progress_begin(&watched->progress, what, total);
}

void watched_disk_begin_telling(struct watched_disk *watched, progress_tell *tell, uint64_t total)
{
	watch(watched);
	progress_begin_telling(&watched->progress, tell, progress_clock, total);
}

void watched_disk_end(struct watched_disk *watched)
{
	progress_end(&watched->progress);
	watched->progress = (struct progress){0};
	watched->disk.read = disk_posix()->read;
	watched->disk.write = disk_posix()->write;
}
