/*
 * Creates files with the owner, mode and access control list of the file they replace. Commands run
 * as root write the server's files; a list that root suddenly owned would keep the server from
 * starting, and one with a wider mode would show names to others.
 */
#include "store/files/file_owner.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/memory.h"

#define NEW_MODE     0640
#define PRIVATE_MODE 0600 /* until the access rights are known */

/* Of a list in its binary form; the largest that a file system has. */
#define ACL      "system.posix_acl_access"
#define ACL_SIZE 65536

static const uid_t NOBODY = (uid_t)-1; /* leaves the owner as it is; and NO_GROUP the group */
static const gid_t NO_GROUP = (gid_t)-1;

/* In a user namespace, or on a mount that maps ids, there are owners that cannot be named; and some
 * file systems know of none. */
static bool is_not_to_be_given(int error)
{
	return error == EPERM || error == EINVAL || error == EOVERFLOW || error == ENOSYS ||
	       error == EOPNOTSUPP;
}

/* A sandbox may forbid the call itself. */
static bool is_callers(int file, uid_t owner, gid_t group)
{
	struct stat status;

	return fstat(file, &status) == 0 &&
	       (owner == NOBODY || (owner == geteuid() && owner == status.st_uid)) &&
	       (group == NO_GROUP || (group == getegid() && group == status.st_gid));
}

/* 1 if it was given, or is the caller's to whom it was to go; 0 if the caller may not, -1 with
 * errno. */
static int give(int file, uid_t owner, gid_t group)
{
	if (fchown(file, owner, group) == 0)
		return 1;
	if (!is_not_to_be_given(errno))
		return -1;
	/* With another cause an id is one that many have: that of what cannot be named. */
	return errno == EPERM && is_callers(file, owner, group);
}

static bool has_no_acl(int error)
{
	return error == ENODATA || error == EOPNOTSUPP;
}

/* 1 if `like` has a list and the file now has it too, 0 if it has none, -1 with errno. The list
 * holds the mode. */
static int copy_acl(int file, const char *like)
{
	char *acl = memory_resized(NULL, ACL_SIZE, 1);
	ssize_t length = getxattr(like, ACL, acl, ACL_SIZE);
	int result = length > 0 && fsetxattr(file, ACL, acl, (size_t)length, 0) == 0 ? 1 : -1;
	int cause = errno;

	free(acl);
	errno = cause;
	return length == 0 || (length < 0 && has_no_acl(cause)) ? 0 : result;
}

/* Of the directory's default list, which gives new files one. */
static int drop_acl(int file)
{
	return fremovexattr(file, ACL) == 0 || has_no_acl(errno) ? 0 : -1;
}

/* The group bits of a file with a list are its mask, and say nothing of the group. */
static mode_t narrowed(const char *like, mode_t mode)
{
	mode_t group = mode >> 3 & 07, others = mode & 07;
	bool has_acl = getxattr(like, ACL, NULL, 0) > 0;
	mode_t both = has_acl ? 0 : group & others;

	return (mode & 0700) | both << 3 | both;
}

static int copy_access(int file, const char *like, mode_t mode, bool has_group)
{
	int copied = has_group ? copy_acl(file, like) : 0;

	if (copied > 0)
		return 0;
	bool is_kept = has_group && copied == 0;
	if ((copied < 0 && !is_not_to_be_given(errno)) || drop_acl(file) != 0)
		return -1;
	return fchmod(file, is_kept ? mode & 0777 : narrowed(like, mode));
}

/* The owner last: after that, what is the file's may not be the caller's to change. */
static int take_after(int file, const char *like, const struct stat *status)
{
	int has_group = give(file, NOBODY, status->st_gid);

	if (has_group < 0 || copy_access(file, like, status->st_mode, has_group > 0) != 0)
		return -1;
	return give(file, status->st_uid, NO_GROUP) < 0 ? -1 : 0;
}

/* That of the directory that `path` is in, if the caller may. */
static int take_after_directory(int file, const char *path)
{
	char *copy = memory_printf("%s", path);
	struct stat status;
	int result =
		stat(dirname(copy), &status) == 0 ? give(file, status.st_uid, status.st_gid) : -1;

	free(copy);
	return result < 0 ? -1 : 0;
}

/* A file that is not as it should be is not left behind. */
static int made(int file, int result, const char *path)
{
	if (file < 0 || result == 0)
		return file;
	int cause = errno;
	close(file);
	unlink(path);
	errno = cause;
	return -1;
}

int file_owner_create(const char *path, const char *like)
{
	const int flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
	struct stat status;

	if (like == NULL)
		return open(path, flags, NEW_MODE);
	if (stat(like, &status) == 0) {
		int file = open(path, flags, PRIVATE_MODE);
		return made(file, file < 0 ? -1 : take_after(file, like, &status), path);
	}
	if (errno != ENOENT)
		return -1;
	int file = open(path, flags, NEW_MODE);
	return made(file, file < 0 ? -1 : take_after_directory(file, like), path);
}
