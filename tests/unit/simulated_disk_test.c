#include "support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "support/disk/simulated_crash.h"
#include "support/disk/simulated_disk.h"

#define NAME "file"

static int set_up(void **state)
{
	*state = simulated_disk_open(1);
	return 0;
}

static int tear_down(void **state)
{
	simulated_disk_close(*state);
	return 0;
}

static int make(struct simulated_disk *disk, const char *path)
{
	const struct vfs *table = simulated_disk_table(disk);
	int file = table->open(table, path, O_RDWR);

	if (file < 0)
		file = table->create(table, path, NULL);
	assert_true(file >= 0);
	return file;
}

static void append(struct simulated_disk *disk, int file, const char *text, off_t offset)
{
	const struct vfs *table = simulated_disk_table(disk);

	assert_int_equal(table->write(table, file, text, strlen(text), offset), strlen(text));
}

static void sync_file(struct simulated_disk *disk, int file)
{
	const struct vfs *table = simulated_disk_table(disk);

	assert_int_equal(table->sync(table, file), 0);
}

static void sync_names(struct simulated_disk *disk)
{
	const struct vfs *table = simulated_disk_table(disk);

	assert_int_equal(table->sync_directory(table, "/data"), 0);
}

static void expect_visible(const struct simulated_disk *disk, const char *name, const char *wanted)
{
	const struct buffer *bytes = simulated_disk_visible(disk, name);

	if (wanted == NULL) {
		assert_null(bytes);
		return;
	}
	assert_non_null(bytes);
	assert_int_equal(bytes->length, strlen(wanted));
	if (bytes->length > 0)
		assert_memory_equal(bytes->bytes, wanted, bytes->length);
}

/* What each crash leaves under a name, in order: "-" for no such name, zeros as "0", many letters
 * as one. */
static void expect_crashes(const struct simulated_disk *disk, const char *name, const char *wanted)
{
	struct simulated_crash crash = SIMULATED_CRASH_FIRST;
	struct buffer text = {0};

	do {
		struct simulated_disk *left = simulated_crash_disk(disk, NAME, &crash, 0);
		const struct buffer *bytes = simulated_disk_visible(left, name);
		if (text.length > 0)
			buffer_string(&text, " ");
		buffer_string(&text, bytes == NULL ? "-" : "'");
		for (size_t i = 0; bytes != NULL && i < bytes->length; i++)
			if (i == 0 || bytes->bytes[i] != bytes->bytes[i - 1])
				buffer_append(
					&text, bytes->bytes[i] == '\0' ? "0" : bytes->bytes + i, 1);
		simulated_disk_close(left);
	} while (simulated_crash_next(disk, NAME, &crash));
	buffer_append(&text, "", 1);
	assert_string_equal(text.bytes, wanted);
	buffer_free(&text);
}

TEST_WITH(set_up, tear_down, names_need_a_sync)
{
	struct simulated_disk *disk = *state;
	const struct vfs *table = simulated_disk_table(disk);
	int file = make(disk, "/data/" NAME ".new");

	append(disk, file, "a", 0);
	sync_file(disk, file);
	assert_int_equal(table->rename(table, "/data/" NAME ".new", "/data/" NAME), 0);
	expect_visible(disk, NAME, "a");
	assert_false(simulated_disk_is_settled(disk, NAME));
	expect_crashes(disk, NAME, "- - 'a");
	expect_crashes(disk, NAME ".new", "- 'a -");
	sync_names(disk);
	assert_true(simulated_disk_is_settled(disk, NAME));
	expect_crashes(disk, NAME, "'a");
	assert_int_equal(table->unlink(table, "/data/" NAME), 0);
	expect_visible(disk, NAME, NULL);
	expect_crashes(disk, NAME, "'a -");
}

TEST_WITH(set_up, tear_down, contents_need_a_sync)
{
	struct simulated_disk *disk = *state;
	const struct vfs *table = simulated_disk_table(disk);
	int file = make(disk, NAME);

	sync_names(disk);
	append(disk, file, "ab", 0);
	append(disk, file, "c", 2);
	assert_int_equal(table->truncate(table, file, 1), 0);
	expect_visible(disk, NAME, "a");
	assert_false(simulated_disk_is_settled(disk, NAME));
	expect_crashes(disk, NAME, "' '0 'ab 'ab0 'abc 'a");
	sync_file(disk, file);
	expect_crashes(disk, NAME, "'a");
}

TEST_WITH(set_up, tear_down, sectors)
{
	struct simulated_disk *disk = *state;
	int file = make(disk, NAME);
	char text[1100];

	sync_names(disk);
	memset(text, 'a', 100);
	memset(text + 100, 'b', 412);
	memset(text + 512, 'c', 512);
	memset(text + 1024, 'd', 75);
	text[1099] = '\0';
	append(disk, file, "aaaa", 0);
	sync_file(disk, file);
	append(disk, file, text + 4, 4);
	expect_crashes(disk, NAME, "'a 'a0 'ab 'ab0 'abc 'abc0 'abcd");
}

/* The disk has some of it, programs see it all, and no sync makes up for it. */
TEST_WITH(set_up, tear_down, failed_sync)
{
	bool was_lost = false;

	for (uint64_t seed = 0; seed < 20; seed++) {
		struct simulated_disk *other = simulated_disk_open(seed);
		const struct vfs *others = simulated_disk_table(other);
		int file = make(other, NAME);
		sync_names(other);
		append(other, file, "ab", 0);
		simulated_disk_fail(other, &(struct simulated_fault){.cause = EIO});
		assert_int_equal(others->sync(others, file), -1);
		assert_int_equal(errno, EIO);
		assert_true(simulated_disk_has_failed(other));
		sync_file(other, file);
		expect_visible(other, NAME, "ab");
		was_lost = was_lost || !simulated_disk_is_settled(other, NAME);
		simulated_disk_close(other);
	}
	assert_true(was_lost);
}

TEST_WITH(set_up, tear_down, killed)
{
	struct simulated_disk *disk = *state;
	const struct vfs *table = simulated_disk_table(disk);
	int file = make(disk, NAME);

	append(disk, file, "a", 0);
	simulated_disk_kill(disk, 1);
	append(disk, file, "b", 1);
	assert_false(simulated_disk_is_dead(disk));
	assert_int_equal(table->write(table, file, "c", 1, 2), -1);
	assert_true(simulated_disk_is_dead(disk));
	assert_int_equal(table->sync(table, file), -1);
	struct simulated_disk *left = simulated_disk_copy(disk);
	expect_visible(left, NAME, "ab");
	expect_crashes(left, NAME, "- ' '0 'a 'a0 'ab");
	assert_int_equal(simulated_crash_digest(left), simulated_crash_digest(disk));
	simulated_disk_close(left);
}

TEST_WITH(set_up, tear_down, short_then_no_room)
{
	struct simulated_disk *disk = *state;
	const struct vfs *table = simulated_disk_table(disk);
	int file = make(disk, NAME);

	simulated_disk_fail(
		disk, &(struct simulated_fault){.after = 1, .cause = ENOSPC, .is_short = true});
	append(disk, file, "ab", 0);
	assert_int_equal(table->write(table, file, "cdef", 4, 2), 2);
	assert_false(simulated_disk_has_failed(disk));
	assert_int_equal(table->write(table, file, "ef", 2, 4), -1);
	assert_int_equal(errno, ENOSPC);
	assert_true(simulated_disk_has_failed(disk));
	append(disk, file, "ef", 4);
	expect_visible(disk, NAME, "abcdef");
}

TEST_WITH(set_up, tear_down, locked)
{
	struct simulated_disk *disk = *state;
	const struct vfs *table = simulated_disk_table(disk);
	int file = make(disk, NAME);
	int same = make(disk, NAME);
	int other = make(disk, "other");

	assert_int_equal(table->lock(table, file, 0), 0);
	assert_int_equal(table->lock(table, file, 0), 0);
	assert_int_equal(table->lock(table, other, 0), 0);
	assert_int_equal(table->lock(table, same, 0), -1);
	assert_int_equal(errno, EAGAIN);
	table->close(table, file);
	assert_int_equal(table->lock(table, same, 0), 0);
}

TEST_WITH(set_up, tear_down, named)
{
	struct simulated_disk *disk = *state;
	const struct vfs *table = simulated_disk_table(disk);
	int file = make(disk, NAME);

	assert_int_equal(table->is_named(table, file, "/data/" NAME), 1);
	assert_int_equal(table->is_named(table, file, "/data/other"), 0);
	assert_int_equal(table->rename(table, "/data/" NAME, "/data/other"), 0);
	assert_int_equal(table->is_named(table, file, "/data/" NAME), 0);
	assert_int_equal(table->is_named(table, file, "/data/other"), 1);
	make(disk, NAME);
	assert_int_equal(table->is_named(table, file, "/data/" NAME), 0);
}
