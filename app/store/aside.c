#include "aside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "../heap.h"
#include "../timestamp.h"
#include "path.h"

#define FILE_MODE  0640
#define NAME_SIZE  96
#define MOST_TRIES 100

struct aside {
	const struct disk *disk;
	const char *directory;
	char *path;
	int file;
	off_t length;
};

static int create(const struct disk *disk, const char *path)
{
	return disk->open(disk, path, O_WRONLY | O_CREAT | O_EXCL, FILE_MODE);
}

enum status aside_open(
	const struct disk *disk, const char *directory, const char *prefix, struct aside **opened)
{
	struct aside *aside = heap_zeroed(sizeof(*aside));
	char now[TIMESTAMP_SIZE], name[NAME_SIZE];

	aside->disk = disk;
	aside->directory = directory;
	timestamp_format(timestamp_now(), now);
	snprintf(name, sizeof(name), "%s-%s", prefix, now);
	aside->path = path_join(directory, name);
	aside->file = create(disk, aside->path);
	/* Two within a millisecond, or a clock that was set back. */
	for (int i = 2; aside->file < 0 && errno == EEXIST && i < MOST_TRIES; i++) {
		free(aside->path);
		snprintf(name, sizeof(name), "%s-%s-%d", prefix, now, i);
		aside->path = path_join(directory, name);
		aside->file = create(disk, aside->path);
	}
	if (aside->file < 0) {
		aside_close(aside);
		return STATUS_SYSTEM;
	}
	*opened = aside;
	return STATUS_OK;
}

enum status aside_copy(struct aside *aside, int from, off_t start, off_t end)
{
	if (disk_copy(aside->disk, from, start, end, aside->file, aside->length) != 0)
		return STATUS_SYSTEM;
	aside->length += end - start;
	return STATUS_OK;
}

const char *aside_path(const struct aside *aside)
{
	return aside->path;
}

enum status aside_sync(struct aside *aside)
{
	bool is_synced = aside->disk->sync(aside->disk, aside->file) == 0 &&
			 aside->disk->sync_directory(aside->disk, aside->directory) == 0;

	return is_synced ? STATUS_OK : STATUS_SYSTEM;
}

void aside_close(struct aside *aside)
{
	if (aside == NULL)
		return;
	int cause = errno;
	if (aside->file >= 0)
		aside->disk->close(aside->disk, aside->file);
	free(aside->path);
	free(aside);
	errno = cause;
}
