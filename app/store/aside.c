#include "store/aside.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/timestamp.h"

#define MOST_TRIES 100

struct aside {
	const struct disk *disk;
	char *path;
	int file;
	off_t length;
	bool is_synced;
};

/* A path that is not taken yet: two can fall within a millisecond, or a clock be set back. */
static int create(struct aside *aside, const char *stem, const char *like)
{
	const struct disk *disk = aside->disk;

	for (int i = 1; i <= MOST_TRIES; i++) {
		char number[16] = "";
		if (i > 1)
			snprintf(number, sizeof(number), "-%d", i);
		free(aside->path);
		aside->path = memory_printf("%s%s", stem, number);
		int file = disk->create(disk, aside->path, like);
		if (file >= 0 || errno != EEXIST)
			return file;
	}
	return -1;
}

enum status aside_open(
	const struct disk *disk, const char *path, const char *what, struct aside **opened)
{
	struct aside *aside = memory_zeroed(sizeof(*aside));
	char now[TIMESTAMP_SIZE];

	timestamp_format(timestamp_now(), now);
	char *stem = memory_printf("%s.%s-%s", path, what, now);
	aside->disk = disk;
	aside->file = create(aside, stem, path);
	free(stem);
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
	aside->is_synced = aside->disk->sync(aside->disk, aside->file) == 0 &&
			   disk_sync_parent(aside->disk, aside->path) == 0;
	return aside->is_synced ? STATUS_OK : STATUS_SYSTEM;
}

void aside_close(struct aside *aside)
{
	if (aside == NULL)
		return;
	int cause = errno;
	if (aside->file >= 0)
		aside->disk->close(aside->disk, aside->file);
	if (aside->file >= 0 && !aside->is_synced)
		(void)aside->disk->unlink(aside->disk, aside->path);
	free(aside->path);
	free(aside);
	errno = cause;
}
