/* Bytes that are read and written count, and are told of, between begin and end. */
#include "store/files/watched_vfs.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/test.h"

static uint64_t told, told_total;
static unsigned tellings;

static void tell(uint64_t done, uint64_t total)
{
	told = done;
	told_total = total;
	tellings++;
}

static int64_t stand_still(void)
{
	return INT64_MAX / 2;
}

TEST(what_is_moved)
{
	struct watched_vfs watched;
	const struct vfs *vfs = &watched.vfs;
	char bytes[8] = "";
	FILE *temporary = tmpfile();

	assert_non_null(temporary);
	int file = fileno(temporary);
	watched_vfs_open(&watched);
	assert_ptr_equal(vfs->read, vfs_posix()->read);
	assert_ptr_equal(vfs->write, vfs_posix()->write);
	watched_vfs_begin_telling(&watched, tell, 99);
	watched.progress.clock = stand_still;
	assert_int_equal(vfs->write(vfs, file, "abcdef", 6, 0), 6);
	assert_int_equal(tellings, 1); /* the next one is a second later */
	assert_int_equal(told, 6);
	assert_int_equal(told_total, 99);
	assert_int_equal(vfs->read(vfs, file, bytes, 4, 1), 4);
	assert_string_equal(bytes, "bcde");
	assert_int_equal(watched.moved, 10);
	assert_int_equal(vfs->read(vfs, file, bytes, 4, 6), 0);
	assert_int_equal(vfs->read(vfs, -1, bytes, 4, 0), -1);
	assert_int_equal(watched.moved, 10);
	assert_int_equal(tellings, 1);
	watched_vfs_end(&watched);
	assert_ptr_equal(vfs->read, vfs_posix()->read);
	assert_ptr_equal(vfs->write, vfs_posix()->write);
	watched_vfs_begin(&watched, "reading", 5);
	assert_string_equal(watched.progress.what, "reading");
	assert_int_equal(watched.progress.total, 5);
	assert_int_equal(watched.moved, 0);
	assert_int_equal(vfs->read(vfs, file, bytes, 1, 0), 1);
	assert_int_equal(watched.moved, 1);
	assert_int_equal(tellings, 1);
	watched_vfs_end(&watched);
	fclose(temporary);
}
