#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "disk.h"

/* What stands in the file after a clean end. */
#define CLEAN "clean"

static void read_holder(int file, char holder[static LOCK_HOLDER_SIZE])
{
	ssize_t length = pread(file, holder, LOCK_HOLDER_SIZE - 1, 0);

	holder[length > 0 ? length : 0] = '\0';
	holder[strcspn(holder, "\n")] = '\0';
}

/* Over what is there, which needs no room on a disk that is full. */
static int write_line(int file, const char *line)
{
	ssize_t length = (ssize_t)strlen(line);

	return pwrite(file, line, (size_t)length, 0) == length ? ftruncate(file, length) : -1;
}

/* Only a hint for people. But that a process has the file must be seen even if it cannot be said
 * which. */
static int write_holder(int file)
{
	char host[64] = "";
	char line[LOCK_HOLDER_SIZE];

	gethostname(host, sizeof(host) - 1);
	snprintf(line, sizeof(line), "process %ld on %s\n", (long)getpid(), host);
	return write_line(file, line) == 0 ? 0 : ftruncate(file, 0);
}

/* Whoever else may write to the directory must not be able to have another file taken for it. */
static int open_lock(const char *path)
{
	const struct disk *disk = disk_posix();
	int file;

	do {
		file = disk->create(disk, path, path); /* the directory's */
		if (file >= 0 || errno != EEXIST)
			return file;
		file = disk->open(disk, path, O_RDWR | O_NOFOLLOW);
	} while (file < 0 && errno == ENOENT);
	return file;
}

bool lock_stands(int descriptor, const char *path)
{
	return disk_posix()->is_named(disk_posix(), descriptor, path) == 1;
}

/* Before it was locked the file may have been deleted: then it keeps out nobody, and the one that
 * has the name now is tried. */
static int take(const char *path, unsigned wait, int *file)
{
	const struct disk *disk = disk_posix();

	for (;;) {
		*file = open_lock(path);
		if (*file < 0 || disk->lock(disk, *file, wait) != 0)
			return -1;
		int named = disk->is_named(disk, *file, path);
		if (named != 0)
			return named > 0 ? 0 : -1;
		close(*file);
	}
}

/* Its name, if it has one. */
static void name_holder(int file, char holder[static LOCK_HOLDER_SIZE])
{
	read_holder(file, holder);
	if (*holder == '\0')
		snprintf(holder, LOCK_HOLDER_SIZE, "another process");
}

static enum status fail(int file, enum status status)
{
	int cause = errno;

	if (file >= 0)
		close(file);
	errno = cause;
	return status;
}

enum status lock_acquire(
	const char *path, unsigned wait, int *descriptor, char holder[static LOCK_HOLDER_SIZE])
{
	int file;

	if (take(path, wait, &file) != 0) {
		if (errno != EAGAIN)
			return fail(file, STATUS_SYSTEM);
		name_holder(file, holder);
		return fail(file, STATUS_BUSY);
	}
	name_holder(file, holder);
	if (strcmp(holder, CLEAN) == 0)
		*holder = '\0';
	if (write_holder(file) != 0)
		return fail(file, STATUS_SYSTEM);
	*descriptor = file;
	return STATUS_OK;
}

void lock_release(int descriptor)
{
	/* If this fails, the next holder only takes more care than it has to. */
	(void)!write_line(descriptor, CLEAN "\n");
	close(descriptor);
}

void lock_leave(int descriptor)
{
	/* If this fails, it says who had it. */
	(void)!ftruncate(descriptor, 0);
	close(descriptor);
}
