#include "support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/files/atomic_file.h"
#include "support/disk/fake_disk.h"
#include "support/unit/flat_file.h"

#define LARGE 200000

struct fixture {
	struct flat_file file;
	struct fake_disk *disk;
	struct buffer bytes;
	struct atomic_file *replacement;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	flat_file_make(&fixture->file);
	fixture->disk = fake_disk_open(vfs_posix());
	flat_file_write(fixture->file.path, "old", 3);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	buffer_free(&fixture->bytes);
	fake_disk_close(fixture->disk);
	flat_file_remove(&fixture->file);
	free(fixture);
	return 0;
}

static enum result begin(struct fixture *fixture)
{
	return atomic_file_open(
		fake_disk_table(fixture->disk), fixture->file.path, &fixture->replacement);
}

static void write_text(struct fixture *fixture, const char *text)
{
	struct buffer bytes = {0};

	buffer_string(&bytes, text);
	atomic_file_write(fixture->replacement, &bytes);
	buffer_free(&bytes);
}

static enum result commit(struct fixture *fixture, off_t *length)
{
	int file = -1;
	enum result result = atomic_file_commit(fixture->replacement, &file, length);
	int cause = errno;

	assert_int_equal(file >= 0, result != RESULT_SYSTEM);
	if (file >= 0)
		assert_int_equal(close(file), 0);
	errno = cause;
	return result;
}

/* It is all that there is. */
static void expect_file(struct fixture *fixture, const char *text, size_t length)
{
	flat_file_read(fixture->file.path, &fixture->bytes);
	assert_int_equal(fixture->bytes.length, length);
	assert_memory_equal(fixture->bytes.bytes, text, length);
	assert_int_equal(flat_file_count(&fixture->file, "users.log", NULL, 0), 1);
}

FIXTURE_TEST(takes_the_place_in_this_order)
{
	off_t length;

	assert_int_equal(begin(fixture), RESULT_OK);
	write_text(fixture, "new ");
	write_text(fixture, "one");
	flat_file_read(fixture->file.path, &fixture->bytes);
	assert_memory_equal(fixture->bytes.bytes, "old", 3);
	assert_int_equal(commit(fixture, &length), RESULT_OK);
	assert_int_equal(length, 7);
	assert_string_equal(
		fake_disk_calls(fixture->disk), "unlink open write sync rename sync_directory");
	expect_file(fixture, "new one", 7);
}

FIXTURE_TEST(abandoned)
{
	assert_int_equal(begin(fixture), RESULT_OK);
	write_text(fixture, "new");
	atomic_file_abandon(fixture->replacement);
	atomic_file_abandon(NULL);
	expect_file(fixture, "old", 3);
}

/* Bytes of another file between bytes of its own, in pieces as the system takes them. */
FIXTURE_TEST(copied)
{
	char *large = malloc(LARGE);
	off_t length;

	assert_non_null(large);
	for (size_t i = 0; i < LARGE; i++)
		large[i] = (char)('a' + i % 23);
	flat_file_write(fixture->file.path, large, LARGE);
	int source = open(fixture->file.path, O_RDONLY | O_CLOEXEC);
	assert_true(source >= 0);
	fake_disk_shorten(fixture->disk, VFS_WRITE, 0, ALWAYS, 7001);
	assert_int_equal(begin(fixture), RESULT_OK);
	write_text(fixture, "<");
	atomic_file_copy(fixture->replacement, source, 10, LARGE - 10);
	write_text(fixture, ">");
	assert_int_equal(commit(fixture, &length), RESULT_OK);
	assert_int_equal(length, LARGE - 18);
	large[9] = '<';
	large[LARGE - 10] = '>';
	expect_file(fixture, large + 9, LARGE - 18);
	assert_int_equal(close(source), 0);
	free(large);
}

FIXTURE_TEST(copy_of_more_than_there_is)
{
	off_t length;
	int source = open(fixture->file.path, O_RDONLY | O_CLOEXEC);

	assert_true(source >= 0);
	assert_int_equal(begin(fixture), RESULT_OK);
	atomic_file_copy(fixture->replacement, source, 0, 4);
	assert_int_equal(commit(fixture, &length), RESULT_SYSTEM);
	assert_int_equal(errno, EIO);
	expect_file(fixture, "old", 3);
	assert_int_equal(close(source), 0);
}

/* Before anything is written. */
FIXTURE_TEST(no_room)
{
	off_t length;

	fake_disk_fail(fixture->disk, VFS_ALLOCATE, 0, 1, ENOSPC);
	assert_int_equal(begin(fixture), RESULT_OK);
	atomic_file_reserve(fixture->replacement, 100);
	write_text(fixture, "new");
	assert_int_equal(commit(fixture, &length), RESULT_SYSTEM);
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(fake_disk_count(fixture->disk, VFS_WRITE), 0);
	expect_file(fixture, "old", 3);
}

FIXTURE_TEST(room_that_cannot_be_asked_for)
{
	off_t length;

	fake_disk_fail(fixture->disk, VFS_ALLOCATE, 0, 1, EOPNOTSUPP);
	assert_int_equal(begin(fixture), RESULT_OK);
	atomic_file_reserve(fixture->replacement, 100);
	write_text(fixture, "new");
	assert_int_equal(commit(fixture, &length), RESULT_OK);
	expect_file(fixture, "new", 3);
}

/* Up to the rename the old file stands; after it only a crash could bring it back. */
TEST_WITH(set_up, tear_down, calls_that_fail)
{
	static const enum vfs_call calls[] = {VFS_WRITE, VFS_SYNC, VFS_RENAME};
	struct fixture *fixture = *state;
	off_t length;

	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		fake_disk_fail(fixture->disk, calls[i], 0, 1, EIO);
		assert_int_equal(begin(fixture), RESULT_OK);
		write_text(fixture, "new");
		assert_int_equal(commit(fixture, &length), RESULT_SYSTEM);
		assert_int_equal(errno, EIO);
		expect_file(fixture, "old", 3);
	}
	fake_disk_fail(fixture->disk, VFS_OPEN, 0, 1, EACCES);
	assert_int_equal(begin(fixture), RESULT_SYSTEM);
	assert_int_equal(errno, EACCES);
	fake_disk_fail(fixture->disk, VFS_SYNC_DIRECTORY, 0, 1, EIO);
	assert_int_equal(begin(fixture), RESULT_OK);
	write_text(fixture, "new");
	assert_int_equal(commit(fixture, &length), RESULT_UNAVAILABLE);
	assert_int_equal(errno, EIO);
	expect_file(fixture, "new", 3);
}

FIXTURE_TEST(memory_was_short)
{
	const struct buffer failed = {.failed = true};
	off_t length;

	assert_int_equal(begin(fixture), RESULT_OK);
	write_text(fixture, "new");
	atomic_file_write(fixture->replacement, &failed);
	assert_int_equal(commit(fixture, &length), RESULT_SYSTEM);
	assert_int_equal(errno, ENOMEM);
	expect_file(fixture, "old", 3);
}

FIXTURE_TEST(mode_and_owner_stay)
{
	struct stat before, after;
	off_t length;

	assert_int_equal(chmod(fixture->file.path, 0604), 0);
	if (geteuid() == 0)
		assert_int_equal(chown(fixture->file.path, 12345, 12346), 0);
	assert_int_equal(stat(fixture->file.path, &before), 0);
	assert_int_equal(begin(fixture), RESULT_OK);
	assert_int_equal(commit(fixture, &length), RESULT_OK);
	assert_int_equal(stat(fixture->file.path, &after), 0);
	assert_int_equal(after.st_mode, before.st_mode);
	assert_int_equal(after.st_uid, before.st_uid);
	assert_int_equal(after.st_gid, before.st_gid);
	assert_int_not_equal(after.st_ino, before.st_ino);
}

/* A user with write access to the directory cannot redirect the write by a link. */
FIXTURE_TEST(a_link_in_its_place)
{
	char link[128];
	off_t length;

	snprintf(link, sizeof(link), "%s.new", fixture->file.path);
	assert_int_equal(symlink(fixture->file.path, link), 0);
	assert_int_equal(begin(fixture), RESULT_OK);
	write_text(fixture, "new");
	flat_file_read(fixture->file.path, &fixture->bytes);
	assert_memory_equal(fixture->bytes.bytes, "old", 3);
	assert_int_equal(commit(fixture, &length), RESULT_OK);
	expect_file(fixture, "new", 3);
}
