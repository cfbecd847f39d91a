#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "owner.h"

/* What stands in the file after a clean end. */
#define CLEAN "clean"

static void on_alarm(int number)
{
	(void)number; /* only to interrupt fcntl() */
}

static int set_lock(int file, int command)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return fcntl(file, command, &whole);
}

/* The kernel queues those who wait; an alarm ends the waiting. */
static int wait_for_lock(int file, unsigned wait)
{
	struct sigaction action = {.sa_handler = on_alarm};
	struct sigaction before;

	sigaction(SIGALRM, &action, &before);
	alarm(wait);
	int result = set_lock(file, F_OFD_SETLKW);
	int cause = errno;
	alarm(0);
	sigaction(SIGALRM, &before, NULL);
	errno = cause;
	return result;
}

static int acquire(int file, unsigned wait)
{
	if (set_lock(file, F_OFD_SETLK) == 0)
		return 0;
	if (wait == 0 || (errno != EAGAIN && errno != EACCES))
		return -1;
	return wait_for_lock(file, wait);
}

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

/* `is_new`: nobody can have had it. Whoever else may write to the directory must not be able to
 * have another file taken for it. */
static int open_lock(const char *path, bool *is_new)
{
	int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);

	*is_new = file >= 0;
	if (file < 0 && errno == EEXIST)
		return open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (file >= 0 && owner_of_directory(file, path) != 0) {
		int cause = errno;
		close(file);
		errno = cause;
		return -1;
	}
	return file;
}

static enum status busy(int file, int cause, char holder[static LOCK_HOLDER_SIZE])
{
	read_holder(file, holder);
	if (*holder == '\0')
		snprintf(holder, LOCK_HOLDER_SIZE, "another process");
	close(file);
	errno = cause;
	return cause == EAGAIN || cause == EACCES || cause == EINTR ? STATUS_BUSY : STATUS_SYSTEM;
}

enum status lock_acquire(
	const char *path, unsigned wait, int *descriptor, char holder[static LOCK_HOLDER_SIZE])
{
	bool is_new;
	int file = open_lock(path, &is_new);

	if (file < 0)
		return STATUS_SYSTEM;
	if (acquire(file, wait) != 0)
		return busy(file, errno, holder);
	read_holder(file, holder);
	if (is_new || strcmp(holder, CLEAN) == 0)
		*holder = '\0';
	else if (*holder == '\0')
		snprintf(holder, LOCK_HOLDER_SIZE, "another process");
	if (write_holder(file) != 0) {
		int cause = errno;
		close(file);
		errno = cause;
		return STATUS_SYSTEM;
	}
	*descriptor = file;
	return STATUS_OK;
}

void lock_release(int descriptor)
{
	/* If this fails, the next holder only takes more care than it has to. */
	(void)!write_line(descriptor, CLEAN "\n");
	close(descriptor);
}
