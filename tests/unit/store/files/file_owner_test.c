#include "support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "store/files/file_owner.h"
#include "support/temporary_directory.h"

#define ACCESS   "system.posix_acl_access"
#define STANDARD "system.posix_acl_default"

#define STRANGER 12345 /* a user and a group */

#define CANNOT_ENTER 77 /* exit status */

/* acl(5) as the kernel has it: user rw, user 12345 r, group none, mask r, others none. In mode bits
 * that is 0640. */
static const unsigned char acl[] = {2, 0, 0, 0, /**/
	0x01, 0, 6, 0, 0xff, 0xff, 0xff, 0xff,  /**/
	0x02, 0, 4, 0, 0x39, 0x30, 0, 0,        /**/
	0x04, 0, 0, 0, 0xff, 0xff, 0xff, 0xff,  /**/
	0x10, 0, 4, 0, 0xff, 0xff, 0xff, 0xff,  /**/
	0x20, 0, 0, 0, 0xff, 0xff, 0xff, 0xff};

struct fixture {
	struct temporary_directory directory;
	char like[96];
	char path[96];
	struct stat status; /* of the file that was made */
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	temporary_directory_make(&fixture->directory);
	snprintf(fixture->like, sizeof(fixture->like), "%s/like", fixture->directory.path);
	snprintf(fixture->path, sizeof(fixture->path), "%s/made", fixture->directory.path);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	temporary_directory_remove(&fixture->directory);
	free(fixture);
	return 0;
}

static void put_like(const struct fixture *fixture, mode_t mode)
{
	int file = open(fixture->like, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(file >= 0);
	assert_int_equal(fchmod(file, mode), 0);
	assert_int_equal(close(file), 0);
}

/* With an umask that matters, and as another user if there is one. */
static void make(struct fixture *fixture, const char *like, uid_t user)
{
	int result;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		umask(077);
		if (user != 0 && (setgid(user) != 0 || setuid(user) != 0))
			test_leave(EXIT_FAILURE);
		test_leave(
			file_owner_create(fixture->path, like) >= 0 ? EXIT_SUCCESS : EXIT_FAILURE);
	}
	assert_int_equal(waitpid(child, &result, 0), child);
	assert_int_equal(result, 0);
	assert_int_equal(stat(fixture->path, &fixture->status), 0);
}

/* To be root of a user namespace in which nobody else has a name, as systemd's PrivateUsers= has
 * it, and rootless containers. */
static int enter_namespace(void)
{
	int map =
		unshare(CLONE_NEWUSER) == 0 ? open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC) : -1;

	return map >= 0 && write(map, "0 0 1", 5) == 5 ? 0 : -1;
}

/* From now on every such call fails. */
static int forbid(unsigned call, unsigned error)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = sizeof(filter) / sizeof(filter[0]), .filter = filter};

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
		       ? prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)
		       : -1;
}

/* Every change of a file's owner fails with EPERM, as the unit's SystemCallFilter= has it. */
static int forbid_giving(void)
{
	return forbid(SYS_fchown, EPERM);
}

/* A user namespace is for a process with one thread. */
#ifdef __SANITIZE_THREAD__
#define CANNOT_ENTER_BECAUSE "the thread sanitizer has a thread of its own"
#else
#define CANNOT_ENTER_BECAUSE "the system lets nobody do that"
#endif

static void make_in(struct fixture *fixture, int (*enter)(void))
{
	int result;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		if (enter() != 0)
			test_leave(CANNOT_ENTER);
		test_leave(file_owner_create(fixture->path, fixture->like) >= 0 ? EXIT_SUCCESS
										: EXIT_FAILURE);
	}
	assert_int_equal(waitpid(child, &result, 0), child);
	if (WIFEXITED(result) && WEXITSTATUS(result) == CANNOT_ENTER)
		skip_because(CANNOT_ENTER_BECAUSE);
	assert_int_equal(result, 0);
	assert_int_equal(stat(fixture->path, &fixture->status), 0);
}

static void expect_mode(const struct fixture *fixture, mode_t mode)
{
	assert_int_equal(fixture->status.st_mode, S_IFREG | mode);
}

static void expect_acl(const struct fixture *fixture, bool has_one)
{
	unsigned char got[sizeof(acl) + 1];
	ssize_t length = getxattr(fixture->path, ACCESS, got, sizeof(got));

	assert_int_equal(length, has_one ? (ssize_t)sizeof(acl) : -1);
	if (has_one)
		assert_memory_equal(got, acl, sizeof(acl));
}

/* Every bit, whatever the umask. */
FIXTURE_TEST(mode_is_kept)
{
	for (mode_t mode = 0; mode <= 0777; mode++) {
		put_like(fixture, mode);
		make(fixture, fixture->like, 0);
		expect_mode(fixture, mode);
		assert_int_equal(unlink(fixture->path), 0);
		assert_int_equal(unlink(fixture->like), 0);
	}
}

FIXTURE_TEST(access_list_is_kept)
{
	put_like(fixture, 0600);
	assert_int_equal(setxattr(fixture->like, ACCESS, acl, sizeof(acl), 0), 0);
	make(fixture, fixture->like, 0);
	expect_acl(fixture, true);
	expect_mode(fixture, 0640);
}

/* The directory has an access list for new files. This file stands in place of an old one. */
FIXTURE_TEST(no_access_list_comes_from_the_directory)
{
	put_like(fixture, 0644);
	assert_int_equal(setxattr(fixture->directory.path, STANDARD, acl, sizeof(acl), 0), 0);
	make(fixture, fixture->like, 0);
	expect_acl(fixture, false);
	expect_mode(fixture, 0644);
}

FIXTURE_TEST(owner_and_group_are_kept)
{
	if (geteuid() != 0)
		skip_because("only root has files to give away");
	put_like(fixture, 0640);
	assert_int_equal(chown(fixture->like, STRANGER, STRANGER + 1), 0);
	make(fixture, fixture->like, 0);
	assert_int_equal(fixture->status.st_uid, STRANGER);
	assert_int_equal(fixture->status.st_gid, STRANGER + 1);
	expect_mode(fixture, 0640);
}

/* No user can open it who could not open the other. */
TEST_WITH(set_up, tear_down, what_cannot_be_kept_is_narrowed)
{
	static const struct {
		mode_t before, after;
	} modes[] = {{0640, 0600}, {0644, 0644}, {0604, 0600}, {0664, 0644}, {0600, 0600},
		{0666, 0666}, {0660, 0600}};
	struct fixture *fixture = *state;

	if (geteuid() != 0)
		skip_because("only root can make the file of somebody else");
	assert_int_equal(chmod(fixture->directory.path, 0777), 0);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		put_like(fixture, modes[i].before);
		make(fixture, fixture->like, STRANGER);
		assert_int_equal(fixture->status.st_uid, STRANGER);
		expect_mode(fixture, modes[i].after);
		assert_int_equal(unlink(fixture->path), 0);
	}
	unsigned char for_others[sizeof(acl)];
	memcpy(for_others, acl, sizeof(acl));
	for_others[sizeof(acl) - 6] = 4; /* others may read, but for the group */
	assert_int_equal(setxattr(fixture->like, ACCESS, for_others, sizeof(acl), 0), 0);
	make(fixture, fixture->like, STRANGER);
	expect_acl(fixture, false);
	expect_mode(fixture, 0600);
}

/* The owner cannot be kept, but the group is the caller's too. */
FIXTURE_TEST(group_is_kept_without_the_owner)
{
	if (geteuid() != 0)
		skip_because("only root can make the file of somebody else");
	assert_int_equal(chmod(fixture->directory.path, 0777), 0);
	put_like(fixture, 0640);
	assert_int_equal(chown(fixture->like, 0, STRANGER), 0);
	assert_int_equal(setxattr(fixture->like, ACCESS, acl, sizeof(acl), 0), 0);
	make(fixture, fixture->like, STRANGER);
	assert_int_equal(fixture->status.st_gid, STRANGER);
	expect_acl(fixture, true);
}

/* What cannot be named cannot be kept, and stops nothing. */
FIXTURE_TEST(owners_without_a_name)
{
	if (geteuid() != 0)
		skip_because("only root can make the file of somebody else");
	put_like(fixture, 0640);
	assert_int_equal(chown(fixture->like, 0, STRANGER), 0);
	make_in(fixture, enter_namespace);
	expect_mode(fixture, 0600);
	assert_int_equal(unlink(fixture->path), 0);

	assert_int_equal(chown(fixture->like, STRANGER, 0), 0);
	assert_int_equal(setxattr(fixture->like, ACCESS, acl, sizeof(acl), 0), 0);
	make_in(fixture, enter_namespace);
	expect_acl(fixture, false);
	expect_mode(fixture, 0600);
	assert_int_equal(unlink(fixture->path), 0);

	assert_int_equal(unlink(fixture->like), 0);
	assert_int_equal(chown(fixture->directory.path, 0, STRANGER), 0);
	make_in(fixture, enter_namespace);
	assert_int_equal(fixture->status.st_gid, 0);
}

/* What is the caller's anyway is kept where nothing can be given away. */
FIXTURE_TEST(access_is_kept_in_a_sandbox)
{
	put_like(fixture, 0640);
	make_in(fixture, forbid_giving);
	expect_mode(fixture, 0640);
	assert_int_equal(unlink(fixture->path), 0);
	assert_int_equal(setxattr(fixture->like, ACCESS, acl, sizeof(acl), 0), 0);
	make_in(fixture, forbid_giving);
	expect_acl(fixture, true);
}

/* Returns the errno of file_owner_create() where that call fails so; 0 if it does without. */
static int make_without(const struct fixture *fixture, unsigned call, int error)
{
	int result;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		if (forbid(call, (unsigned)error) != 0)
			test_leave(CANNOT_ENTER);
		test_leave(file_owner_create(fixture->path, fixture->like) >= 0 ? 0 : errno);
	}
	assert_int_equal(waitpid(child, &result, 0), child);
	assert_true(WIFEXITED(result));
	return WEXITSTATUS(result);
}

/* File systems without owners or lists: the access is narrowed, as where others are the owners. */
FIXTURE_TEST(what_a_file_system_does_not_have_is_narrowed)
{
	static const struct {
		unsigned call;
		int error;
		mode_t mode;
	} rows[] = {{SYS_fchown, EINVAL, 0600}, {SYS_fchown, EOVERFLOW, 0600},
		{SYS_fchown, ENOSYS, 0600}, {SYS_fchown, EOPNOTSUPP, 0600},
		{SYS_fsetxattr, EPERM, 0600}, {SYS_fsetxattr, EOPNOTSUPP, 0600},
		{SYS_getxattr, ENODATA, 0640}, {SYS_getxattr, EOPNOTSUPP, 0640}};

	put_like(fixture, 0640);
	assert_int_equal(setxattr(fixture->like, ACCESS, acl, sizeof(acl), 0), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(make_without(fixture, rows[i].call, rows[i].error), 0);
		assert_int_equal(stat(fixture->path, &fixture->status), 0);
		expect_acl(fixture, false);
		expect_mode(fixture, rows[i].mode);
		assert_int_equal(unlink(fixture->path), 0);
	}
}

/* Nothing is left of a file whose access could not be set. */
FIXTURE_TEST(failures)
{
	static const struct {
		unsigned call;
		int error;
		bool has_like;
		bool has_acl;
	} rows[] = {{SYS_fchown, EIO, true, true}, {SYS_fchown, EIO, false, false},
		{SYS_fsetxattr, ENOSPC, true, true}, {SYS_getxattr, EIO, true, true},
		{SYS_fremovexattr, EIO, true, false}, {SYS_fchmod, EIO, true, false}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].has_like)
			put_like(fixture, 0640);
		if (rows[i].has_acl)
			assert_int_equal(setxattr(fixture->like, ACCESS, acl, sizeof(acl), 0), 0);
		assert_int_equal(make_without(fixture, rows[i].call, rows[i].error), rows[i].error);
		assert_int_equal(access(fixture->path, F_OK), -1);
		unlink(fixture->like);
	}
}

FIXTURE_TEST(new_file_is_the_directorys)
{
	uid_t owner = geteuid() == 0 ? STRANGER : geteuid();
	gid_t group = geteuid() == 0 ? STRANGER : getegid();

	assert_int_equal(chown(fixture->directory.path, owner, group), 0);
	make(fixture, fixture->like, 0);
	assert_int_equal(fixture->status.st_uid, owner);
	assert_int_equal(fixture->status.st_gid, group);
	expect_mode(fixture, 0600);
}

FIXTURE_TEST(own_file_is_the_callers)
{
	if (geteuid() == 0)
		assert_int_equal(chown(fixture->directory.path, STRANGER, STRANGER), 0);
	make(fixture, NULL, 0);
	assert_int_equal(fixture->status.st_uid, geteuid());
	assert_int_equal(fixture->status.st_gid, getegid());
	expect_mode(fixture, 0600);
}

/* A name that is taken, also by a link that leads nowhere. */
FIXTURE_TEST(takes_no_place)
{
	put_like(fixture, 0600);
	assert_int_equal(file_owner_create(fixture->like, NULL), -1);
	assert_int_equal(errno, EEXIST);
	assert_int_equal(symlink("nothing", fixture->path), 0);
	assert_int_equal(file_owner_create(fixture->path, fixture->like), -1);
	assert_int_equal(errno, EEXIST);
}
