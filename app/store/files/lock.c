/*
 * The lock file. The kernel's lock (F_OFD_SETLK) is what keeps others out; the text in the file
 * names the holder for people, and says whether the last end was clean.
 */
#include "store/files/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/files/vfs.h"

/* What stands in the file after a clean end. */
#define CLEAN "clean"

/* What stands in it before: "process 1 on HOST", and below it "boot ID". */
#define ON_HOST   " on "
#define IN_BOOT   "boot "
#define HOST_SIZE 64

/* The lines of the file: the holder, or CLEAN, and in which run of the kernel. */
struct content {
	char holder[LOCK_HOLDER_SIZE];
	char boot[64];
};

static void next_holder_line(const char **text, char *line, size_t size)
{
	size_t length = strcspn(*text, "\n");

	snprintf(line, size, "%.*s", (int)length, *text);
	*text += length + ((*text)[length] == '\n');
}

static void read_content(int file, struct content *content)
{
	char text[LOCK_HOLDER_SIZE + 64];
	ssize_t length = pread(file, text, sizeof(text) - 1, 0);
	const char *at = text;

	text[length > 0 ? length : 0] = '\0';
	next_holder_line(&at, content->holder, sizeof(content->holder));
	next_holder_line(&at, content->boot, sizeof(content->boot));
}

/* Over what is there, which needs no room on a disk that is full. */
static int write_holder(int file, const char *line)
{
	ssize_t length = (ssize_t)strlen(line);

	return pwrite(file, line, (size_t)length, 0) == length ? ftruncate(file, length) : -1;
}

static void name_host(char host[static HOST_SIZE])
{
	memset(host, 0, HOST_SIZE);
	gethostname(host, HOST_SIZE - 1);
}

/* Only a hint for people. But that a process has the file must be seen even if it cannot be said
 * which. */
int lock_name(int descriptor, const char *boot)
{
	char host[HOST_SIZE];
	char lines[LOCK_HOLDER_SIZE + 64];

	name_host(host);
	snprintf(lines, sizeof(lines), "process %ld" ON_HOST "%s\n%s%s%s", (long)getpid(), host,
		boot != NULL ? IN_BOOT : "", boot != NULL ? boot : "", boot != NULL ? "\n" : "");
	return write_holder(descriptor, lines) == 0 ? 0 : lock_blank(descriptor);
}

int lock_blank(int descriptor)
{
	return ftruncate(descriptor, 0);
}

/* Whether the machine was started anew since. What another one has in its cache is not known; and
 * an id that is not as long as ours was written in part, or by hand, and tells nothing. */
static bool is_of_another_boot(const struct content *content, const char *boot)
{
	char host[HOST_SIZE];
	const char *named = strstr(content->holder, ON_HOST);

	name_host(host);
	return boot != NULL && named != NULL && strcmp(named + strlen(ON_HOST), host) == 0 &&
	       strncmp(content->boot, IN_BOOT, strlen(IN_BOOT)) == 0 &&
	       strlen(content->boot) == strlen(IN_BOOT) + strlen(boot) &&
	       strcmp(content->boot + strlen(IN_BOOT), boot) != 0;
}

/* Other users with write access to the directory must not be able to pass off another file as it.
 */
static int open_lock(const char *path)
{
	const struct vfs *vfs = vfs_posix();
	int file;

	do {
		file = vfs->create(vfs, path, path); /* the directory's */
		if (file >= 0 || errno != EEXIST)
			return file;
		file = vfs->open(vfs, path, O_RDWR | O_NOFOLLOW);
	} while (file < 0 && errno == ENOENT);
	return file;
}

bool lock_stands(int descriptor, const char *path)
{
	return vfs_posix()->is_named(vfs_posix(), descriptor, path) == 1;
}

/* The file may have been deleted before it was locked: then it keeps no process out, and the one
 * that has the name now is tried. */
static int take_lock_file(const char *path, unsigned wait, int *file)
{
	const struct vfs *vfs = vfs_posix();

	for (;;) {
		*file = open_lock(path);
		if (*file < 0 || vfs->lock(vfs, *file, wait) != 0)
			return -1;
		int named = vfs->is_named(vfs, *file, path);
		if (named != 0)
			return named > 0 ? 0 : -1;
		close(*file);
	}
}

/* Its name, if it has one. */
static void name_holder(const struct content *content, char holder[static LOCK_HOLDER_SIZE])
{
	const char *name = *content->holder != '\0' ? content->holder : LOCK_NAMELESS;

	snprintf(holder, LOCK_HOLDER_SIZE, "%s", name);
}

static enum result close_and_fail(int file, enum result result)
{
	int cause = errno;

	if (file >= 0)
		close(file);
	errno = cause;
	return result;
}

enum result lock_acquire(const char *path, unsigned wait, const char *boot, int *descriptor,
	char holder[static LOCK_HOLDER_SIZE])
{
	struct content content;
	int file;

	if (take_lock_file(path, wait, &file) != 0) {
		if (errno != EAGAIN)
			return close_and_fail(file, RESULT_SYSTEM);
		read_content(file, &content);
		name_holder(&content, holder);
		errno = EAGAIN;
		return close_and_fail(file, RESULT_BUSY);
	}
	read_content(file, &content);
	name_holder(&content, holder);
	if (strcmp(holder, CLEAN) == 0 || is_of_another_boot(&content, boot))
		*holder = '\0';
	if (lock_name(file, boot) != 0)
		return close_and_fail(file, RESULT_SYSTEM);
	*descriptor = file;
	return RESULT_OK;
}

void lock_release(int descriptor)
{
	/* If this fails, the next holder only takes more care than it has to. */
	(void)!write_holder(descriptor, CLEAN "\n");
	close(descriptor);
}

void lock_leave(int descriptor, bool is_named, const char *boot)
{
	/* If this fails, it names the last holder. */
	(void)!(is_named ? lock_name(descriptor, boot) : lock_blank(descriptor));
	close(descriptor);
}
