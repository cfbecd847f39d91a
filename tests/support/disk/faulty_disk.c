/*
 * Preloaded into the real program: makes the calls on users.log fail as files in the directory
 *FAULTY_DISK say. A test makes and removes them while the program runs.
 *
 *	full       writes and allocations fail with ENOSPC
 *	short      of each write half is written, then ENOSPC
 *	unsynced   fdatasync fails with EIO
 *	slow       fdatasync takes as many milliseconds more as this file says
 *	hold       a FIFO: fdatasync waits until a writer has opened it, and closed it again
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static bool is_users_log(int file)
{
	static const char name[] = "/users.log";
	char link[64], path[PATH_MAX];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", file);
	ssize_t length = readlink(link, path, sizeof(path));
	ssize_t end = (ssize_t)sizeof(name) - 1;
	return length >= end && memcmp(path + length - end, name, (size_t)end) == 0;
}

static bool is_asked_for(int file, const char *fault, char path[static PATH_MAX])
{
	const char *directory = getenv("FAULTY_DISK");

	if (directory == NULL || !is_users_log(file))
		return false;
	snprintf(path, PATH_MAX, "%s/%s", directory, fault);
	return access(path, F_OK) == 0;
}

static bool has_fault(int file, const char *fault)
{
	char path[PATH_MAX];

	return is_asked_for(file, fault, path);
}

/* dlsym() gives an object pointer where ISO C wants a function's. */
static void find_next(const char *name, void *function)
{
	void *symbol = dlsym(RTLD_NEXT, name);

	memcpy(function, &symbol, sizeof(symbol));
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset)
{
	static bool is_rest;
	ssize_t (*next)(int, const void *, size_t, off_t);

	find_next("pwrite", &next);
	if (has_fault(file, "full") || (has_fault(file, "short") && is_rest)) {
		is_rest = false;
		errno = ENOSPC;
		return -1;
	}
	is_rest = has_fault(file, "short");
	return next(file, bytes, is_rest ? length / 2 : length, offset);
}

int fallocate(int file, int mode, off_t offset, off_t length)
{
	int (*next)(int, int, off_t, off_t);

	find_next("fallocate", &next);
	if (has_fault(file, "full") || has_fault(file, "short")) {
		errno = ENOSPC;
		return -1;
	}
	return next(file, mode, offset, length);
}

/* Opening a FIFO waits for the other end, so the test knows when it is here, and it until when to
 * wait. */
static void wait_for_writer(const char *fifo)
{
	char byte;
	int held = open(fifo, O_RDONLY | O_CLOEXEC);

	while (held >= 0 && read(held, &byte, 1) > 0)
		;
	if (held >= 0)
		close(held);
}

static void take_time(const char *path)
{
	FILE *file = fopen(path, "re");
	unsigned ms = 0;

	if (file != NULL && fscanf(file, "%u", &ms) == 1)
		usleep(ms * 1000);
	if (file != NULL)
		fclose(file);
}

int fdatasync(int file)
{
	int (*next)(int);
	char path[PATH_MAX];

	find_next("fdatasync", &next);
	if (is_asked_for(file, "hold", path))
		wait_for_writer(path);
	if (is_asked_for(file, "slow", path))
		take_time(path);
	if (has_fault(file, "unsynced")) {
		errno = EIO;
		return -1;
	}
	return next(file);
}
