#include "support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/files/vfs.h"
#include "support/unit/flat_file.h"

struct fixture {
	struct flat_file file;
	char other[128]; /* another path in the same directory */
	int opened;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	flat_file_make(&fixture->file);
	snprintf(fixture->other, sizeof(fixture->other), "%s.other", fixture->file.path);
	flat_file_write(fixture->file.path, "x", 1);
	fixture->opened = vfs_posix()->open(vfs_posix(), fixture->file.path, O_RDWR);
	assert_true(fixture->opened >= 0);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	close(fixture->opened);
	flat_file_remove(&fixture->file);
	free(fixture);
	return 0;
}

static int is_named(const struct fixture *fixture, const char *path)
{
	return vfs_posix()->is_named(vfs_posix(), fixture->opened, path);
}

TEST_WITH(set_up, tear_down, one_description_has_the_lock)
{
	const struct fixture *fixture = *state;
	const struct vfs *vfs = vfs_posix();
	int second = vfs->open(vfs, fixture->file.path, O_RDWR);

	assert_int_equal(vfs->lock(vfs, fixture->opened, 0), 0);
	assert_int_equal(vfs->lock(vfs, fixture->opened, 0), 0);
	assert_int_equal(vfs->lock(vfs, second, 0), -1);
	assert_true(errno == EAGAIN || errno == EACCES);
	vfs->close(vfs, second);

	int third = vfs->open(vfs, fixture->file.path, O_RDWR);
	assert_int_equal(vfs->lock(vfs, third, 0), -1);
	vfs->close(vfs, fixture->opened);
	assert_int_equal(vfs->lock(vfs, third, 0), 0);
	((struct fixture *)*state)->opened = third;
}

TEST_WITH(set_up, tear_down, lock_follows_the_file)
{
	const struct fixture *fixture = *state;
	const struct vfs *vfs = vfs_posix();

	assert_int_equal(vfs->lock(vfs, fixture->opened, 0), 0);
	assert_int_equal(vfs->rename(vfs, fixture->file.path, fixture->other), 0);
	int renamed = vfs->open(vfs, fixture->other, O_RDWR);
	assert_int_equal(vfs->lock(vfs, renamed, 0), -1);
	vfs->close(vfs, renamed);
}

FIXTURE_TEST(named)
{
	assert_int_equal(is_named(fixture, fixture->file.path), 1);
	assert_int_equal(link(fixture->file.path, fixture->other), 0);
	assert_int_equal(is_named(fixture, fixture->other), 1);
	assert_int_equal(unlink(fixture->other), 0);
	assert_int_equal(symlink(fixture->file.path, fixture->other), 0);
	assert_int_equal(is_named(fixture, fixture->other), 1);
}

FIXTURE_TEST(another_file)
{
	flat_file_write(fixture->other, "x", 1);
	assert_int_equal(is_named(fixture, fixture->other), 0);
	assert_int_equal(rename(fixture->other, fixture->file.path), 0);
	assert_int_equal(is_named(fixture, fixture->file.path), 0);
}

/* File systems number their files each for itself. */
TEST_WITH(set_up, tear_down, same_number_on_another_file_system)
{
	struct stat processes, kernel;
	int opened = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_int_equal(stat("/proc", &processes), 0);
	assert_int_equal(stat("/sys", &kernel), 0);
	assert_int_equal(processes.st_ino, kernel.st_ino);
	assert_int_equal(vfs_posix()->is_named(vfs_posix(), opened, "/proc"), 1);
	assert_int_equal(vfs_posix()->is_named(vfs_posix(), opened, "/sys"), 0);
	close(opened);
}

FIXTURE_TEST(no_file)
{
	char below[160];

	assert_int_equal(is_named(fixture, fixture->other), 0);
	assert_int_equal(symlink("nothing", fixture->other), 0);
	assert_int_equal(is_named(fixture, fixture->other), 0);
	snprintf(below, sizeof(below), "%s/below", fixture->file.path);
	assert_int_equal(is_named(fixture, below), 0);
	assert_int_equal(unlink(fixture->file.path), 0);
	assert_int_equal(is_named(fixture, fixture->file.path), 0);
}

FIXTURE_TEST(cannot_be_seen)
{
	assert_int_equal(symlink(fixture->other, fixture->other), 0);
	assert_int_equal(is_named(fixture, fixture->other), -1);
	assert_int_equal(errno, ELOOP);
}

static void expect_refused(const struct fixture *fixture, int flags, int cause)
{
	assert_int_equal(vfs_posix()->open(vfs_posix(), fixture->other, flags), -1);
	assert_int_equal(errno, cause);
}

/* None is waited for: a FIFO would be, until somebody opens its other end. */
FIXTURE_TEST(what_is_no_file_is_not_opened)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	assert_int_equal(mkfifo(fixture->other, 0600), 0);
	expect_refused(fixture, O_RDONLY, VFS_NOT_REGULAR);
	expect_refused(fixture, O_RDWR, VFS_NOT_REGULAR);
	assert_int_equal(unlink(fixture->other), 0);
	assert_int_equal(symlink("/dev/zero", fixture->other), 0);
	expect_refused(fixture, O_RDONLY, VFS_NOT_REGULAR);
	expect_refused(fixture, O_RDWR, VFS_NOT_REGULAR);
	assert_int_equal(unlink(fixture->other), 0);
	assert_int_equal(mkdir(fixture->other, 0700), 0);
	expect_refused(fixture, O_RDONLY, EISDIR);
	expect_refused(fixture, O_RDWR, EISDIR);
	assert_int_equal(rmdir(fixture->other), 0);
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%.107s", fixture->other);
	assert_int_equal(bind(listener, (const struct sockaddr *)&address, sizeof(address)), 0);
	expect_refused(fixture, O_RDONLY, VFS_NOT_REGULAR);
	expect_refused(fixture, O_RDWR, VFS_NOT_REGULAR);
	assert_int_equal(close(listener), 0);
}

TEST_WITH(set_up, tear_down, words)
{
	assert_string_equal(vfs_words(ENOSPC), "No space left on device");
	assert_string_equal(vfs_words(VFS_NOT_REGULAR), "Not a regular file");
	assert_string_equal(vfs_words(VFS_REPLACED), "Moved or replaced meanwhile");
	assert_non_null(vfs_words(-1));
}

static void expect_resolved(const char *path, const char *wanted)
{
	char *resolved = vfs_posix()->resolve(vfs_posix(), path);

	assert_non_null(resolved);
	assert_string_equal(resolved, wanted);
	free(resolved);
}

/* As it was given, whatever the directories on its way are. */
FIXTURE_TEST(what_is_no_link_is_its_own_place)
{
	char path[160];

	expect_resolved(fixture->file.path, fixture->file.path);
	expect_resolved(fixture->other, fixture->other);
	snprintf(path, sizeof(path), "%s/", fixture->file.directory.path);
	assert_int_equal(symlink(path, fixture->other), 0);
	snprintf(path, sizeof(path), "%s/./users.log", fixture->other);
	expect_resolved(path, path);
}

FIXTURE_TEST(links_are_followed_to_the_end)
{
	char path[160];

	snprintf(path, sizeof(path), "%s.link", fixture->other);
	assert_int_equal(symlink("users.log", fixture->other), 0);
	assert_int_equal(symlink(fixture->other, path), 0);
	expect_resolved(fixture->other, fixture->file.path);
	expect_resolved(path, fixture->file.path);
}

TEST_WITH(set_up, tear_down, links_that_lead_to_no_file)
{
	static const struct {
		const char *target;
		int cause;
	} links[] = {{"no", ENOLINK}, {"no/users.log", ENOLINK}, {"/no/users.log", ENOLINK},
		{"users.log.other", ELOOP}, {"users.log/no", ENOTDIR}};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		assert_int_equal(symlink(links[i].target, fixture->other), 0);
		assert_null(vfs_posix()->resolve(vfs_posix(), fixture->other));
		assert_int_equal(errno, links[i].cause);
		assert_int_equal(unlink(fixture->other), 0);
	}
}

/* Runs in a process of its own, which alone sees the mount. An ordinary user may mount where it has
 * a namespace of users to itself. */
static int mount_and_resolve(const struct fixture *fixture)
{
	if (unshare(geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) != 0 ||
		mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount(fixture->file.path, fixture->other, "none", MS_BIND, NULL) != 0)
		return 2;
	bool is_refused =
		vfs_posix()->resolve(vfs_posix(), fixture->other) == NULL && errno == EBUSY;
	char *path = vfs_posix()->resolve(vfs_posix(), fixture->file.path);
	bool is_only_that = path != NULL;
	free(path);
	return is_refused && is_only_that ? 0 : 1;
}

/* Also from the same file system. */
TEST_WITH(set_up, tear_down, mount_points_cannot_be_replaced)
{
	const struct fixture *fixture = *state;
	int status;

	flat_file_write(fixture->other, "", 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		test_leave(mount_and_resolve(fixture));
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WEXITSTATUS(status) == 2)
		skip_because("no file can be mounted here");
	assert_int_equal(status, 0);
}
