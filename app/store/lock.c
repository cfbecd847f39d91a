#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

static int write_holder(int file)
{
	char host[64] = "";
	char line[LOCK_HOLDER_SIZE];

	gethostname(host, sizeof(host) - 1);
	int length = snprintf(line, sizeof(line), "process %ld on %s\n", (long)getpid(), host);
	/* Only a hint for people: a full disk must not keep the lock from being taken. */
	if (ftruncate(file, 0) != 0 || pwrite(file, line, (size_t)length, 0) != length)
		return -1;
	return 0;
}

enum status lock_acquire(
	const char *path, unsigned wait, int *descriptor, char holder[static LOCK_HOLDER_SIZE])
{
	int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);

	if (file < 0)
		return STATUS_SYSTEM;
	if (acquire(file, wait) != 0) {
		int cause = errno;
		read_holder(file, holder);
		if (*holder == '\0')
			snprintf(holder, LOCK_HOLDER_SIZE, "another process");
		close(file);
		errno = cause;
		return cause == EAGAIN || cause == EACCES || cause == EINTR ? STATUS_BUSY
									    : STATUS_SYSTEM;
	}
	read_holder(file, holder);
	(void)write_holder(file);
	*descriptor = file;
	return STATUS_OK;
}

void lock_release(int descriptor)
{
	/* If this fails, the next holder only takes more care than it has to. */
	(void)!ftruncate(descriptor, 0);
	close(descriptor);
}
