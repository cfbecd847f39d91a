/*
 * Saves bytes that are about to leave the flat file in a file beside it, named after what happened
 * and when. Nothing is dropped before this file is on disk.
 */
#include "store/files/salvage.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/timestamp.h"

#define MOST_TRIES 100

struct salvage {
	const struct vfs *vfs;
	char *path;
	int file;
	off_t length;
	bool is_synced;
};

/* A path that is not taken yet: two can fall within a millisecond, or a clock be set back. */
static int create(struct salvage *salvage, const char *stem, const char *like)
{
	const struct vfs *vfs = salvage->vfs;

	for (int i = 1; i <= MOST_TRIES; i++) {
		char number[16] = "";
		if (i > 1)
			snprintf(number, sizeof(number), "-%d", i);
		free(salvage->path);
		salvage->path = memory_printf("%s%s", stem, number);
		int file = vfs->create(vfs, salvage->path, like);
		if (file >= 0 || errno != EEXIST)
			return file;
	}
	return -1;
}

enum result salvage_open(
	const struct vfs *vfs, const char *path, const char *what, struct salvage **opened)
{
	struct salvage *salvage = memory_zeroed(sizeof(*salvage));
	char now[TIMESTAMP_SIZE];

	timestamp_format(timestamp_now(), now);
	char *stem = memory_printf("%s.%s-%s", path, what, now);
	salvage->vfs = vfs;
	salvage->file = create(salvage, stem, path);
	free(stem);
	if (salvage->file < 0) {
		salvage_close(salvage);
		return RESULT_SYSTEM;
	}
	*opened = salvage;
	return RESULT_OK;
}

enum result salvage_copy(struct salvage *salvage, int from, off_t start, off_t end)
{
	if (vfs_copy(salvage->vfs, from, start, end, salvage->file, salvage->length) != 0)
		return RESULT_SYSTEM;
	salvage->length += end - start;
	return RESULT_OK;
}

const char *salvage_path(const struct salvage *salvage)
{
	return salvage->path;
}

enum result salvage_sync(struct salvage *salvage)
{
	salvage->is_synced = salvage->vfs->sync(salvage->vfs, salvage->file) == 0 &&
			     vfs_sync_parent(salvage->vfs, salvage->path) == 0;
	return salvage->is_synced ? RESULT_OK : RESULT_SYSTEM;
}

void salvage_close(struct salvage *salvage)
{
	if (salvage == NULL)
		return;
	int cause = errno;
	if (salvage->file >= 0)
		salvage->vfs->close(salvage->vfs, salvage->file);
	if (salvage->file >= 0 && !salvage->is_synced)
		(void)salvage->vfs->unlink(salvage->vfs, salvage->path);
	free(salvage->path);
	free(salvage);
	errno = cause;
}
