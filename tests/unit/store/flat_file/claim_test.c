#include "support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/flat_file/claim.h"
#include "support/unit/flat_file.h"
#include "support/unit/lock_waiter.h"

/* The real disk, on which something happens to the file just before it is locked. */
struct moving_disk {
	struct vfs vfs; /* first */
	void (*move)(const struct flat_file *file);
	const struct flat_file *file;
	size_t locks;
};

struct fixture {
	struct flat_file file;
	struct flat_file other; /* another data directory */
	struct claim claim;
	int opened; /* by the claim */
	struct reason reason;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	flat_file_make(&fixture->file);
	flat_file_make(&fixture->other);
	fixture->claim.lock = -1;
	fixture->opened = -1;
	*state = fixture;
	return 0;
}

static void give_up(struct fixture *fixture, bool is_clean)
{
	if (fixture->opened >= 0)
		close(fixture->opened);
	fixture->opened = -1;
	claim_give_up(&fixture->claim, is_clean);
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	give_up(fixture, true);
	flat_file_remove(&fixture->file);
	flat_file_remove(&fixture->other);
	free(fixture);
	return 0;
}

static enum result take_on(struct fixture *fixture, const struct vfs *vfs, unsigned wait)
{
	return claim_take(&fixture->claim, vfs, fixture->file.directory.path, wait,
		&fixture->opened, &fixture->reason);
}

static void take(struct fixture *fixture)
{
	assert_int_equal(take_on(fixture, vfs_posix(), 0), RESULT_OK);
}

static void expect_fails(struct fixture *fixture, enum result wanted, const char *reason)
{
	assert_int_equal(take_on(fixture, vfs_posix(), 0), wanted);
	assert_int_equal(fixture->opened, -1);
	assert_int_equal(fixture->claim.lock, -1);
	assert_non_null(strstr(fixture->reason.text, reason));
	assert_non_null(strstr(fixture->reason.text, fixture->file.directory.path));
}

/* Another one tries, while this one has it. */
static void expect_busy(const struct flat_file *file, const char *reason)
{
	struct fixture second = {.file = *file};

	expect_fails(&second, RESULT_BUSY, reason);
}

static void put_file(const struct fixture *fixture)
{
	flat_file_write(fixture->file.path, "a list", 6);
	flat_file_lock(&fixture->file, "clean\n");
}

/* The path of users.lock, or of what else is in the data directory. */
static const char *beside(const struct flat_file *file, const char *name)
{
	static char paths[2][128];
	static size_t which;

	which = 1 - which;
	snprintf(paths[which], sizeof(paths[which]), "%s/%s", file->directory.path, name);
	return paths[which];
}

static void expect_lock(const struct flat_file *file, const char *wanted)
{
	struct buffer line = {0};

	flat_file_read(beside(file, "users.lock"), &line);
	assert_int_equal(line.length, strlen(wanted));
	if (line.length > 0)
		assert_memory_equal(line.bytes, wanted, line.length);
	buffer_free(&line);
}

static void expect_lock_names_us(const struct flat_file *file)
{
	struct buffer line = {0};
	char wanted[32];

	snprintf(wanted, sizeof(wanted), "process %ld on ", (long)getpid());
	flat_file_read(beside(file, "users.lock"), &line);
	assert_true(line.length > strlen(wanted));
	assert_memory_equal(line.bytes, wanted, strlen(wanted));
	buffer_free(&line);
}

/* No clean end, no boot to compare with, and a sign of a list all the same. */
static void expect_lock_says_in_use(const struct flat_file *file)
{
	struct buffer line = {0};

	expect_lock_names_us(file);
	flat_file_read(beside(file, "users.lock"), &line);
	assert_ptr_equal(memchr(line.bytes, '\n', line.length), line.bytes + line.length - 1);
	buffer_free(&line);
}

/* While there is no list nothing says that there is one: however that ends, the next may make it.
 */
FIXTURE_TEST(lock_is_blank_until_there_is_a_list)
{
	take(fixture);
	expect_lock(&fixture->file, "");
	assert_false(fixture->claim.has_list);
	give_up(fixture, false);
	expect_lock(&fixture->file, "");
	take(fixture);
	assert_false(fixture->claim.has_list);
	assert_int_equal(claim_confirm(&fixture->claim, &fixture->reason), RESULT_OK);
	expect_lock_names_us(&fixture->file);
	give_up(fixture, false);
	/* Now there was one. */
	take(fixture);
	assert_int_equal(fixture->opened, -1);
	assert_true(fixture->claim.has_list);
	expect_lock_names_us(&fixture->file);
}

/* What is open is the file of that path, with the lock on it. */
static void expect_opened(const struct fixture *fixture, const char *path)
{
	const struct vfs *vfs = vfs_posix();
	int second = vfs->open(vfs, path, O_RDWR);

	assert_int_equal(vfs->is_named(vfs, fixture->opened, path), 1);
	assert_int_equal(vfs->lock(vfs, second, 0), -1);
	assert_int_equal(errno, EAGAIN);
	close(second);
}

FIXTURE_TEST(no_file_yet)
{
	take(fixture);
	assert_int_equal(fixture->opened, -1);
	assert_string_equal(fixture->claim.path, fixture->file.path);
	assert_int_equal(claim_confirm(&fixture->claim, &fixture->reason), RESULT_OK);
	expect_busy(&fixture->file, "is in use by process ");
}

FIXTURE_TEST(file_is_locked)
{
	put_file(fixture);
	take(fixture);
	assert_true(fixture->claim.was_clean);
	assert_string_equal(fixture->claim.path, fixture->file.path);
	expect_opened(fixture, fixture->file.path);
	expect_busy(&fixture->file, "is in use by process ");
}

FIXTURE_TEST(ends)
{
	put_file(fixture);
	for (int i = 0; i < 4; i++) {
		take(fixture);
		assert_int_equal(fixture->claim.was_clean, i % 2 == 0);
		give_up(fixture, i % 2 != 0);
		if (i % 2 != 0)
			expect_lock(&fixture->file, "clean\n");
		else
			expect_lock_names_us(&fixture->file);
	}
	assert_int_equal(unlink(beside(&fixture->file, "users.lock")), 0);
	take(fixture);
	assert_false(fixture->claim.was_clean);
}

/* People delete it on reading that the list is in use. */
FIXTURE_TEST(lock_is_deleted)
{
	put_file(fixture);
	take(fixture);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(unlink(beside(&fixture->file, "users.lock")), 0);
		expect_busy(&fixture->file, "users.lock does not name");
		expect_lock_says_in_use(&fixture->file);
	}
	expect_busy(&fixture->file, "users.lock does not name");
	give_up(fixture, true);
	take(fixture);
	assert_false(fixture->claim.was_clean);
}

/* And move the list away next, while its process runs: no other list is made in its place. */
FIXTURE_TEST(lock_is_deleted_and_the_list_moved)
{
	struct fixture later = {.file = fixture->file};

	put_file(fixture);
	take(fixture);
	assert_int_equal(unlink(beside(&fixture->file, "users.lock")), 0);
	expect_busy(&fixture->file, "users.lock does not name");
	assert_int_equal(rename(fixture->file.path, beside(&fixture->file, "away")), 0);
	take(&later);
	assert_int_equal(later.opened, -1);
	assert_true(later.claim.has_list);
	give_up(&later, false);
}

/* Or put another one there, which says what it likes. */
FIXTURE_TEST(lock_is_replaced)
{
	put_file(fixture);
	take(fixture);
	flat_file_write(beside(&fixture->file, "copy"), "clean\n", 6);
	assert_int_equal(
		rename(beside(&fixture->file, "copy"), beside(&fixture->file, "users.lock")), 0);
	expect_busy(&fixture->file, "users.lock does not name");
	expect_lock_says_in_use(&fixture->file);
}

FIXTURE_TEST(two_directories_with_one_file)
{
	put_file(fixture);
	assert_int_equal(symlink(fixture->file.path, fixture->other.path), 0);
	flat_file_lock(&fixture->other, "clean\n");
	take(fixture);
	expect_busy(&fixture->other, "users.lock does not name");
	expect_lock_says_in_use(&fixture->other);
}

/* A process that has the file and deletes users.lock, says so, and ends when somebody waits for it.
 */
static pid_t start_holder(struct fixture *fixture, int *said)
{
	int says[2];
	char byte = 'x';

	assert_int_equal(pipe2(says, O_CLOEXEC), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		bool ended = take_on(fixture, vfs_posix(), 0) == RESULT_OK &&
			     unlink(beside(&fixture->file, "users.lock")) == 0 &&
			     write(says[1], &byte, 1) == 1 &&
			     lock_waiter_is_there(fixture->file.path);
		test_leave(ended ? 0 : 1);
	}
	close(says[1]);
	*said = says[0];
	return child;
}

FIXTURE_TEST(waits_for_the_file_too)
{
	int said, status;
	char byte;

	put_file(fixture);
	pid_t child = start_holder(fixture, &said);
	assert_int_equal(read(said, &byte, 1), 1);
	expect_busy(&fixture->file, "users.lock does not name");
	assert_int_equal(take_on(fixture, vfs_posix(), 60), RESULT_OK);
	assert_int_equal(alarm(0), 0); /* none is left, which would end the process */
	expect_opened(fixture, fixture->file.path);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(said);
}

static int moving_lock(const struct vfs *vfs, int file, unsigned wait)
{
	struct moving_disk *moving = (struct moving_disk *)vfs;

	if (moving->locks++ == 0)
		moving->move(moving->file);
	return vfs_posix()->lock(vfs_posix(), file, wait);
}

static void take_while_it_moves(
	struct fixture *fixture, void (*move)(const struct flat_file *file), size_t locks)
{
	struct moving_disk moving = {.vfs = *vfs_posix(), .move = move, .file = &fixture->file};

	moving.vfs.lock = moving_lock;
	assert_int_equal(take_on(fixture, &moving.vfs, 0), RESULT_OK);
	assert_int_equal(moving.locks, locks);
}

static void put_another(const struct flat_file *file)
{
	flat_file_write(beside(file, "copy"), "a copy", 6);
	assert_int_equal(rename(beside(file, "copy"), file->path), 0);
}

static void take_away(const struct flat_file *file)
{
	assert_int_equal(rename(file->path, beside(file, "moved")), 0);
}

/* What was opened may not be the file any more when the lock on it is had. */
FIXTURE_TEST(moves_before_it_is_locked)
{
	put_file(fixture);
	take_while_it_moves(fixture, put_another, 2);
	expect_opened(fixture, fixture->file.path);
	give_up(fixture, true);
	take_while_it_moves(fixture, take_away, 1);
	assert_int_equal(fixture->opened, -1);

	/* That one is not held any more. */
	int moved = vfs_posix()->open(vfs_posix(), beside(&fixture->file, "moved"), O_RDWR);
	assert_int_equal(vfs_posix()->lock(vfs_posix(), moved, 0), 0);
	close(moved);
}

FIXTURE_TEST(links)
{
	flat_file_write(beside(&fixture->other, "list"), "a list", 6);
	assert_int_equal(symlink("list", beside(&fixture->other, "link")), 0);
	assert_int_equal(symlink(beside(&fixture->other, "link"), fixture->file.path), 0);
	take(fixture);
	assert_string_equal(fixture->claim.name, fixture->file.path);
	assert_string_equal(fixture->claim.path, beside(&fixture->other, "list"));
	expect_opened(fixture, fixture->claim.path);
}

FIXTURE_TEST(link_to_nowhere)
{
	struct stat link;

	flat_file_lock(&fixture->file, "clean\n");
	assert_int_equal(symlink(beside(&fixture->other, "list"), fixture->file.path), 0);
	expect_fails(fixture, RESULT_SYSTEM, "is a symbolic link to a file that is not there");
	assert_int_equal(lstat(fixture->file.path, &link), 0);
	assert_true(S_ISLNK(link.st_mode));
	assert_int_equal(access(beside(&fixture->other, "list"), F_OK), -1);
	expect_lock(&fixture->file, "clean\n");
}

FIXTURE_TEST(link_to_something_else)
{
	assert_int_equal(symlink(fixture->other.directory.path, fixture->file.path), 0);
	expect_fails(fixture, RESULT_SYSTEM, "Is a directory");
	assert_int_equal(unlink(fixture->file.path), 0);
	assert_int_equal(symlink("users.log", fixture->file.path), 0);
	expect_fails(fixture, RESULT_SYSTEM, "Too many levels of symbolic links");
	assert_int_equal(unlink(fixture->file.path), 0);
	assert_int_equal(symlink("/dev/null", fixture->file.path), 0);
	expect_fails(fixture, RESULT_SYSTEM, "Not a regular file");
}

/* Nothing was touched, so the end before is as clean as it was, and no cleaner. */
FIXTURE_TEST(failure_keeps_the_end_before)
{
	assert_int_equal(mkdir(fixture->file.path, 0700), 0);
	flat_file_lock(&fixture->file, "clean\n");
	expect_fails(fixture, RESULT_SYSTEM, "Is a directory");
	expect_lock(&fixture->file, "clean\n");
	flat_file_lock(&fixture->file, "process 1 on elsewhere\n");
	expect_fails(fixture, RESULT_SYSTEM, "Is a directory");
	expect_lock_names_us(&fixture->file);
	/* Nor does it become the trace of a list. */
	flat_file_lock(&fixture->file, "");
	expect_fails(fixture, RESULT_SYSTEM, "Is a directory");
	expect_lock(&fixture->file, "");
}

FIXTURE_TEST(lock_that_is_no_file)
{
	const char *path = beside(&fixture->file, "users.lock");

	assert_int_equal(symlink("users.log", path), 0);
	expect_fails(fixture, RESULT_SYSTEM, "users.lock: it is a symbolic link");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	expect_fails(fixture, RESULT_SYSTEM, "users.lock: Is a directory");
	assert_int_equal(access(fixture->file.path, F_OK), -1);
}

FIXTURE_TEST(no_directory)
{
	strcat(fixture->file.directory.path, "/no");
	expect_fails(fixture, RESULT_SYSTEM, "there is no data directory");
	fixture->file.directory.path[strlen(fixture->file.directory.path) - 3] = '\0';
}

/* Two processes that found no file may both have made one, each with a users.lock of its own. */
FIXTURE_TEST(lock_is_deleted_while_the_file_is_made)
{
	take(fixture);
	assert_int_equal(unlink(beside(&fixture->file, "users.lock")), 0);
	assert_int_equal(claim_confirm(&fixture->claim, &fixture->reason), RESULT_BUSY);
	assert_non_null(strstr(fixture->reason.text, "was removed or replaced"));
	flat_file_lock(&fixture->file, "process 1 on elsewhere\n");
	assert_int_equal(claim_confirm(&fixture->claim, &fixture->reason), RESULT_BUSY);
}
