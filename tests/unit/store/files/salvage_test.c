#include "support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/files/salvage.h"
#include "support/disk/fake_disk.h"
#include "support/unit/flat_file.h"

struct fixture {
	struct flat_file file;
	struct fake_disk *disk;
	struct buffer saved;
	int source;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	flat_file_make(&fixture->file);
	fixture->disk = fake_disk_open(vfs_posix());
	flat_file_write(fixture->file.path, "0123456789", 10);
	fixture->source = open(fixture->file.path, O_RDONLY | O_CLOEXEC);
	assert_true(fixture->source >= 0);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	close(fixture->source);
	buffer_free(&fixture->saved);
	fake_disk_close(fixture->disk);
	flat_file_remove(&fixture->file);
	free(fixture);
	return 0;
}

static enum result open_aside(struct fixture *fixture, struct salvage **salvage)
{
	return salvage_open(fake_disk_table(fixture->disk), fixture->file.path, "torn", salvage);
}

FIXTURE_TEST(saved_in_this_order)
{
	struct salvage *salvage;

	assert_int_equal(open_aside(fixture, &salvage), RESULT_OK);
	assert_int_equal(salvage_copy(salvage, fixture->source, 2, 5), RESULT_OK);
	assert_int_equal(salvage_copy(salvage, fixture->source, 8, 10), RESULT_OK);
	assert_int_equal(salvage_sync(salvage), RESULT_OK);
	assert_string_equal(fake_disk_calls(fixture->disk), "open write write sync sync_directory");
	flat_file_read(salvage_path(salvage), &fixture->saved);
	assert_int_equal(fixture->saved.length, 5);
	assert_memory_equal(fixture->saved.bytes, "23489", 5);
	salvage_close(salvage);
}

/* However many there are within one millisecond. */
FIXTURE_TEST(none_takes_the_place_of_another)
{
	for (size_t i = 1; i <= 50; i++) {
		struct salvage *salvage;
		assert_int_equal(open_aside(fixture, &salvage), RESULT_OK);
		assert_int_equal(salvage_sync(salvage), RESULT_OK);
		salvage_close(salvage);
		assert_int_equal(flat_file_count(&fixture->file, "users.log.torn-", NULL, 0), i);
	}
}

FIXTURE_TEST(calls_that_fail)
{
	struct salvage *salvage;

	fake_disk_fail(fixture->disk, VFS_OPEN, 0, 1, EACCES);
	assert_int_equal(open_aside(fixture, &salvage), RESULT_SYSTEM);
	assert_int_equal(errno, EACCES);
	assert_int_equal(open_aside(fixture, &salvage), RESULT_OK);
	fake_disk_fail(fixture->disk, VFS_WRITE, 0, 1, ENOSPC);
	assert_int_equal(salvage_copy(salvage, fixture->source, 0, 10), RESULT_SYSTEM);
	assert_int_equal(salvage_copy(salvage, fixture->source, 0, 11), RESULT_SYSTEM);
	fake_disk_fail(fixture->disk, VFS_SYNC, 0, 1, EIO);
	assert_int_equal(salvage_sync(salvage), RESULT_SYSTEM);
	fake_disk_fail(fixture->disk, VFS_SYNC_DIRECTORY, 0, 1, EIO);
	assert_int_equal(salvage_sync(salvage), RESULT_SYSTEM);
	errno = ENOSPC;
	salvage_close(salvage);
	salvage_close(NULL);
	assert_int_equal(errno, ENOSPC);
	/* What it has a part of is whole elsewhere. */
	assert_int_equal(flat_file_count(&fixture->file, "users.log.torn-", NULL, 0), 0);
}
