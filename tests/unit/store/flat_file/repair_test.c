#include "support/test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limit.h"
#include "store/files/lock.h"
#include "store/flat_file/header.h"
#include "store/flat_file/journal.h"
#include "store/flat_file/repair.h"
#include "store/flat_file/replay.h"
#include "store/flat_file/setting_text.h"
#include "support/disk/fake_disk.h"
#include "support/unit/flat_file.h"

#define USERS 30

struct fixture {
	struct flat_file file;
	struct fake_disk *disk;
	struct buffer before;
	struct buffer after;
	struct buffer saved;
	struct repair_report report;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	flat_file_make(&fixture->file);
	fixture->disk = fake_disk_open(vfs_posix());
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	buffer_free(&fixture->before);
	buffer_free(&fixture->after);
	buffer_free(&fixture->saved);
	fake_disk_close(fixture->disk);
	flat_file_remove(&fixture->file);
	free(fixture);
	return 0;
}

static enum result repair_file(struct fixture *fixture)
{
	return repair(
		fake_disk_table(fixture->disk), fixture->file.directory.path, &fixture->report);
}

static void put(struct fixture *fixture)
{
	flat_file_write(fixture->file.path, fixture->before.bytes, fixture->before.length);
	flat_file_lock(&fixture->file, "clean\n");
}

/* What was taken out, of the one repair there was. */
static void read_saved(struct fixture *fixture)
{
	char path[256];

	assert_int_equal(
		flat_file_count(&fixture->file, "users.log.dropped", path, sizeof(path)), 1);
	assert_string_equal(path, fixture->report.saved_copy);
	flat_file_read(path, &fixture->saved);
	assert_int_equal(unlink(path), 0);
}

static void expect_bytes(const struct buffer *bytes, const char *text, size_t length)
{
	assert_int_equal(bytes->length, length);
	if (length > 0)
		assert_memory_equal(bytes->bytes, text, length);
}

/* The repaired file opens, and has the users given. */
static void expect_users(struct fixture *fixture, size_t count)
{
	struct replay replay;
	struct journal *journal;
	struct journal_report report;

	replay_open(&replay, NULL, NULL);
	assert_int_equal(journal_open(vfs_posix(), fixture->file.directory.path, 0, false,
				 replay_record, &replay, &journal, &report),
		RESULT_OK);
	assert_int_equal(journal_mending(journal)->torn_bytes, 0);
	assert_false(journal_mending(journal)->is_written_anew);
	assert_int_equal(user_index_count(replay.users), count);
	assert_int_equal(fixture->report.users, count);
	journal_close(journal);
	replay_close(&replay);
}

static size_t line_at(const struct fixture *fixture, size_t line)
{
	return flat_file_line(&fixture->before, line);
}

FIXTURE_TEST(good_file_is_left_alone)
{
	flat_file_users(&fixture->before, 3);
	flat_file_removed(&fixture->before, 2, "user2");
	put(fixture);
	assert_int_equal(repair_file(fixture), RESULT_OK);
	assert_true(fixture->report.is_sound);
	assert_int_equal(fixture->report.users, 2);
	assert_int_equal(fixture->report.kept, 4);
	assert_string_equal(fake_disk_calls(fixture->disk), "open lock close");
	flat_file_read(fixture->file.path, &fixture->after);
	expect_bytes(&fixture->after, fixture->before.bytes, fixture->before.length);
}

/* What was taken out is on disk before anything is replaced, and what replaces it is locked before
 * it has the name. */
FIXTURE_TEST(in_this_order)
{
	flat_file_users(&fixture->before, 3);
	fixture->before.bytes[line_at(fixture, 3)] = '?';
	put(fixture);
	fake_disk_forget(fixture->disk);
	assert_int_equal(repair_file(fixture), RESULT_OK);
	assert_string_equal(fake_disk_calls(fixture->disk),
		"open lock unlink open lock open write sync sync_directory close write sync "
		"rename sync_directory close close");
	read_saved(fixture);
}

/* Each byte of one line in turn, its line feed too: the others are kept, byte for byte. */
FIXTURE_TEST(one_bad_line)
{
	const size_t bad = 10;

	flat_file_users(&fixture->before, USERS);
	size_t start = line_at(fixture, bad), end = line_at(fixture, bad + 1);
	for (size_t i = start; i < end - 1; i++) {
		char byte = fixture->before.bytes[i];
		fixture->before.bytes[i] = byte == 'x' ? 'y' : 'x';
		put(fixture);
		assert_int_equal(repair_file(fixture), RESULT_OK);
		assert_false(fixture->report.is_sound);
		assert_int_equal(fixture->report.bad_line, bad);
		assert_int_equal(fixture->report.kept, USERS - 1);
		assert_int_equal(fixture->report.dropped, 0);
		assert_int_equal(fixture->report.saved_bytes, end - start);
		read_saved(fixture);
		expect_bytes(&fixture->saved, fixture->before.bytes + start, end - start);
		flat_file_read(fixture->file.path, &fixture->after);
		assert_int_equal(fixture->after.length, fixture->before.length - (end - start));
		assert_memory_equal(fixture->after.bytes, fixture->before.bytes, start);
		assert_memory_equal(fixture->after.bytes + start, fixture->before.bytes + end,
			fixture->before.length - end);
		fixture->before.bytes[i] = byte;
	}
	expect_users(fixture, USERS - 1);
}

/* Then two records stand in one line, and neither is lost. */
FIXTURE_TEST(bad_line_feed)
{
	flat_file_users(&fixture->before, USERS);
	put(fixture);
	flat_file_read(fixture->file.path, &fixture->after);
	fixture->before.bytes[line_at(fixture, 10) - 1] = '?';
	put(fixture);
	assert_int_equal(repair_file(fixture), RESULT_OK);
	assert_int_equal(fixture->report.kept, USERS);
	read_saved(fixture);
	expect_bytes(&fixture->saved, "?", 1);
	expect_users(fixture, USERS);
}

static void move_block(struct buffer *bytes, size_t start, size_t middle, size_t end)
{
	struct buffer moved = {0};

	buffer_append(&moved, bytes->bytes, start);
	buffer_append(&moved, bytes->bytes + middle, end - middle);
	buffer_append(&moved, bytes->bytes + start, middle - start);
	buffer_append(&moved, bytes->bytes + end, bytes->length - end);
	assert_false(moved.failed);
	assert_int_equal(moved.length, bytes->length);
	memcpy(bytes->bytes, moved.bytes, moved.length);
	buffer_free(&moved);
}

/* Every record is good, but not where it stands. A removal moves with its block. */
FIXTURE_TEST(swapped_blocks)
{
	struct buffer wanted = {0};

	flat_file_users(&fixture->before, 10);
	flat_file_removed(&fixture->before, 4, "user4");
	flat_file_created(&fixture->before, 11, "USER4");
	flat_file_created(&fixture->before, 12, "user12");
	buffer_append(&wanted, fixture->before.bytes, fixture->before.length);
	move_block(
		&fixture->before, line_at(fixture, 5), line_at(fixture, 11), line_at(fixture, 14));
	put(fixture);
	assert_int_equal(repair_file(fixture), RESULT_OK);
	assert_int_equal(fixture->report.kept, 13);
	assert_int_equal(fixture->report.saved_bytes, 0);
	assert_string_equal(fixture->report.saved_copy, "");
	flat_file_read(fixture->file.path, &fixture->after);
	/* The header may be of other tables. */
	expect_bytes(&fixture->after, wanted.bytes, wanted.length);
	expect_users(fixture, 11);
	buffer_free(&wanted);
}

/* The second of two is what contradicts. */
FIXTURE_TEST(doubled_block)
{
	struct buffer doubled = {0};

	flat_file_users(&fixture->before, USERS);
	size_t start = line_at(fixture, 5), end = line_at(fixture, 9);
	buffer_append(&doubled, fixture->before.bytes, end);
	buffer_append(&doubled, fixture->before.bytes + start, fixture->before.length - start);
	flat_file_write(fixture->file.path, doubled.bytes, doubled.length);
	assert_int_equal(repair_file(fixture), RESULT_OK);
	assert_int_equal(fixture->report.kept, USERS);
	assert_int_equal(fixture->report.dropped, 4);
	read_saved(fixture);
	expect_bytes(&fixture->saved, fixture->before.bytes + start, end - start);
	flat_file_read(fixture->file.path, &fixture->after);
	expect_bytes(&fixture->after, fixture->before.bytes, fixture->before.length);
	buffer_free(&doubled);
}

FIXTURE_TEST(zeroed_block)
{
	flat_file_users(&fixture->before, USERS);
	size_t start = line_at(fixture, 5), end = line_at(fixture, 9);
	memset(fixture->before.bytes + start, 0, end - start);
	put(fixture);
	assert_int_equal(repair_file(fixture), RESULT_OK);
	assert_int_equal(fixture->report.kept, USERS - 4);
	read_saved(fixture);
	expect_bytes(&fixture->saved, fixture->before.bytes + start, end - start);
	expect_users(fixture, USERS - 4);
}

FIXTURE_TEST(torn_end)
{
	flat_file_users(&fixture->before, USERS);
	size_t good = line_at(fixture, USERS + 1);
	fixture->before.length -= 3;
	put(fixture);
	assert_int_equal(repair_file(fixture), RESULT_OK);
	assert_int_equal(fixture->report.kept, USERS - 1);
	read_saved(fixture);
	expect_bytes(&fixture->saved, fixture->before.bytes + good, fixture->before.length - good);
	expect_users(fixture, USERS - 1);
}

/* Nothing but a header, and what is not a record. */
FIXTURE_TEST(no_record)
{
	flat_file_users(&fixture->before, 0);
	size_t good = fixture->before.length;
	buffer_string(&fixture->before, "nonsense\n");
	put(fixture);
	assert_int_equal(repair_file(fixture), RESULT_OK);
	assert_int_equal(fixture->report.bad_line, 2);
	assert_int_equal(fixture->report.kept, 0);
	read_saved(fixture);
	expect_bytes(&fixture->saved, fixture->before.bytes + good, fixture->before.length - good);
	expect_users(fixture, 0);
}

FIXTURE_TEST(bad_header)
{
	flat_file_users(&fixture->before, USERS);
	fixture->before.bytes[3] = '?';
	put(fixture);
	assert_int_equal(repair_file(fixture), RESULT_OK);
	assert_int_equal(fixture->report.bad_line, 1);
	assert_int_equal(fixture->report.kept, USERS);
	read_saved(fixture);
	expect_bytes(&fixture->saved, fixture->before.bytes, line_at(fixture, 2));
	expect_users(fixture, USERS);
}

/* The numbers that were given stay given. */
FIXTURE_TEST(numbers_are_remembered)
{
	struct header header;

	header_append(&fixture->before, 900);
	flat_file_created(&fixture->before, 3, "user3");
	buffer_string(&fixture->before, "bad\n");
	flat_file_created(&fixture->before, 5, "user5");
	put(fixture);
	assert_int_equal(repair_file(fixture), RESULT_OK);
	assert_int_equal(fixture->report.kept, 2);
	flat_file_read(fixture->file.path, &fixture->after);
	size_t length = flat_file_line(&fixture->after, 2) - 1;
	assert_int_equal(header_parse(fixture->after.bytes, length, &header), RESULT_OK);
	assert_int_equal(header.numbered, 900);
}

/* The header that says so may be what is bad, or the creation of a user who was removed. */
FIXTURE_TEST(numbers_are_found_elsewhere)
{
	struct header header;

	for (int i = 0; i < 2; i++) {
		fixture->before.length = 0;
		header_append(&fixture->before, i == 0 ? 900 : 0);
		flat_file_created(&fixture->before, 3, "user3");
		flat_file_created(&fixture->before, 900, "user900");
		flat_file_removed(&fixture->before, 900, "user900");
		fixture->before.bytes[i == 0 ? 3 : line_at(fixture, 3)] = '?';
		if (i == 0)
			fixture->before.length = line_at(fixture, 3);
		put(fixture);
		assert_int_equal(repair_file(fixture), RESULT_OK);
		flat_file_read(fixture->file.path, &fixture->after);
		size_t length = flat_file_line(&fixture->after, 2) - 1;
		assert_int_equal(header_parse(fixture->after.bytes, length, &header), RESULT_OK);
		assert_int_equal(header.numbered, 900);
		read_saved(fixture);
	}
}

/* Bytes that belong to no record take only those records with them that they stand in. */
FIXTURE_TEST(records_between_bad_bytes)
{
	flat_file_users(&fixture->before, USERS);
	/* Two line feeds in a row, a line feed and the beginning of what follows, the last one. */
	fixture->before.bytes[line_at(fixture, 10) - 1] = '?';
	memset(fixture->before.bytes + line_at(fixture, 20) - 1, 0, 20);
	fixture->before.length--;
	put(fixture);
	fixture->before.bytes[fixture->before.length++] = '\n';
	assert_int_equal(repair_file(fixture), RESULT_OK);
	assert_int_equal(fixture->report.kept, USERS - 1);
	assert_int_equal(fixture->report.dropped, 0);
	read_saved(fixture);
	expect_users(fixture, USERS - 1);
}

/* They are saved, and neither they nor those after them keep others from being created. */
FIXTURE_TEST(numbers_that_nobody_can_have)
{
	struct buffer expected = {0};

	flat_file_created(&expected, UINT64_MAX - 3, "last");
	flat_file_created(&expected, (uint64_t)LIMIT_PLACE + 1, "next");
	flat_file_removed(&expected, UINT64_MAX - 3, "last");
	flat_file_removed(&expected, UINT64_MAX - 2, "nobody");
	flat_file_users(&fixture->before, 3);
	buffer_append(&fixture->before, expected.bytes, expected.length);
	flat_file_created(&fixture->before, 4, "user4");
	put(fixture);
	assert_int_equal(repair_file(fixture), RESULT_OK);
	assert_int_equal(fixture->report.bad_line, 5);
	assert_int_equal(fixture->report.kept, 4);
	read_saved(fixture);
	expect_bytes(&fixture->saved, expected.bytes, expected.length);
	flat_file_read(fixture->file.path, &fixture->after);
	assert_null(memmem(fixture->after.bytes, fixture->after.length, "numbered", 8));
	expect_users(fixture, 4);
	buffer_free(&expected);
}

/* A header that says so is taken at its word, as far as numbers go. */
FIXTURE_TEST(header_with_a_number_that_nobody_can_have)
{
	struct buffer expected = {0};

	header_append(&fixture->before, (uint64_t)LIMIT_PLACE + 1);
	flat_file_created(&fixture->before, 1, "alice");
	put(fixture);
	assert_int_equal(repair_file(fixture), RESULT_OK);
	header_append(&expected, LIMIT_PLACE);
	flat_file_created(&expected, 1, "alice");
	flat_file_read(fixture->file.path, &fixture->after);
	expect_bytes(&fixture->after, expected.bytes, expected.length);
	expect_users(fixture, 1);
	buffer_free(&expected);
}

FIXTURE_TEST(last_line_feed_is_missing)
{
	flat_file_users(&fixture->before, 3);
	fixture->before.length--;
	put(fixture);
	assert_int_equal(repair_file(fixture), RESULT_OK);
	assert_true(fixture->report.is_sound);
	assert_int_equal(fixture->report.users, 3);
	flat_file_read(fixture->file.path, &fixture->after);
	expect_bytes(&fixture->after, fixture->before.bytes, fixture->before.length);
}

FIXTURE_TEST(empty_file)
{
	put(fixture);
	assert_int_equal(repair_file(fixture), RESULT_MALFORMED);
	assert_false(fixture->report.is_sound);
}

FIXTURE_TEST(something_else)
{
	buffer_string(&fixture->before, "a letter\nto somebody\n");
	put(fixture);
	assert_int_equal(repair_file(fixture), RESULT_MALFORMED);
	assert_non_null(strstr(fixture->report.reason.text, fixture->file.path));
	flat_file_read(fixture->file.path, &fixture->after);
	expect_bytes(&fixture->after, fixture->before.bytes, fixture->before.length);
	assert_int_equal(flat_file_count(&fixture->file, "users.log", NULL, 0), 1);
}

static int take_lock(const struct fixture *fixture)
{
	char path[128], holder[LOCK_HOLDER_SIZE];
	int lock;

	snprintf(path, sizeof(path), "%s/users.lock", fixture->file.directory.path);
	assert_int_equal(lock_acquire(path, 0, NULL, &lock, holder), RESULT_OK);
	return lock;
}

FIXTURE_TEST(somebody_has_it)
{
	flat_file_users(&fixture->before, 3);
	fixture->before.bytes[line_at(fixture, 3)] = '?';
	put(fixture);
	int lock = take_lock(fixture);
	assert_int_equal(repair_file(fixture), RESULT_BUSY);
	assert_non_null(strstr(fixture->report.reason.text, "is in use by process"));
	flat_file_read(fixture->file.path, &fixture->after);
	expect_bytes(&fixture->after, fixture->before.bytes, fixture->before.length);
	lock_release(lock);
}

/* The next process that opens it has to do it. */
static void expect_to_be_written_anew(const struct fixture *fixture)
{
	struct replay replay;
	struct journal *journal;
	struct journal_report report;

	replay_open(&replay, NULL, NULL);
	assert_int_equal(journal_open(vfs_posix(), fixture->file.directory.path, 0, false,
				 replay_record, &replay, &journal, &report),
		RESULT_OK);
	assert_true(journal_mending(journal)->is_written_anew);
	journal_close(journal);
	replay_close(&replay);
}

/* A file that needs no repair was not written. */
FIXTURE_TEST(unclean_end_is_not_forgotten)
{
	flat_file_users(&fixture->before, 3);
	put(fixture);
	close(take_lock(fixture));
	assert_int_equal(repair_file(fixture), RESULT_OK);
	assert_true(fixture->report.is_sound);
	expect_to_be_written_anew(fixture);
}

/* The repaired file is in place, but its name may not be on disk. */
FIXTURE_TEST(directory_cannot_be_synced)
{
	flat_file_users(&fixture->before, 3);
	fixture->before.bytes[line_at(fixture, 3)] = '?';
	put(fixture);
	fake_disk_fail(fixture->disk, VFS_SYNC_DIRECTORY, 1, 1, EIO);
	assert_int_equal(repair_file(fixture), RESULT_SYSTEM);
	assert_non_null(strstr(fixture->report.reason.text, "cannot sync the directory of"));
	expect_to_be_written_anew(fixture);
}

/* Whichever call fails, the damaged file stands, or the repaired one does; and the next try ends
 * it. */
TEST_WITH(set_up, tear_down, calls_that_fail)
{
	static const enum vfs_call kinds[] = {
		VFS_OPEN, VFS_READ, VFS_WRITE, VFS_SYNC, VFS_SYNC_DIRECTORY, VFS_RENAME};
	struct fixture *fixture = *state;

	flat_file_users(&fixture->before, USERS);
	fixture->before.bytes[line_at(fixture, 10)] = '?';
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		enum result result = RESULT_SYSTEM;
		for (size_t after = 0; result != RESULT_OK; after++) {
			put(fixture);
			fake_disk_fail(fixture->disk, kinds[i], after, 1, ENOSPC);
			result = repair_file(fixture);
			fake_disk_repair(fixture->disk);
			assert_true(result == RESULT_OK || result == RESULT_SYSTEM);
			if (result == RESULT_SYSTEM)
				assert_non_null(strstr(
					fixture->report.reason.text, "No space left on device"));
			assert_int_equal(repair_file(fixture), RESULT_OK);
			assert_int_equal(fixture->report.users, USERS - 1);
		}
	}
	assert_int_equal(flat_file_count(&fixture->file, "users.log.new", NULL, 0), 0);
}

/* In the order of the file, whatever is lost; and the new header is of the version that has them.
 */
FIXTURE_TEST(renamings_are_kept)
{
	flat_file_users(&fixture->before, 3);
	flat_file_renamed(&fixture->before, 1, "robert");
	flat_file_created(&fixture->before, 4, "user4");
	flat_file_renamed(&fixture->before, 1, "rob");
	flat_file_removed(&fixture->before, 1, "rob");
	flat_file_renamed(&fixture->before, 2, "bob");
	fixture->before.bytes[line_at(fixture, 4)] = '?'; /* user3 */
	put(fixture);
	assert_int_equal(repair_file(fixture), RESULT_OK);
	assert_int_equal(fixture->report.kept, 7);
	assert_int_equal(fixture->report.dropped, 0);
	flat_file_read(fixture->file.path, &fixture->after);
	assert_memory_equal(fixture->after.bytes, "rollcall-users\t2\t", 17);
	expect_users(fixture, 2);
	read_saved(fixture);
}

/* The longest, in the middle of damage, and in their order. */
FIXTURE_TEST(settings_are_kept)
{
	static char intro[LIMIT_INTRO + 1];
	struct sheet_settings settings = {
		.set = sheet_setting_bit(SHEET_SETTING_INTRO), .intro = intro};

	flat_file_users(&fixture->before, 2);
	for (size_t i = 0; i < 3; i++) {
		memset(intro, 'a' + (int)i, LIMIT_INTRO);
		setting_text_append(&fixture->before, &settings, 0);
		buffer_append(&fixture->before, "damage", i < 2 ? 6 : 0);
	}
	put(fixture);
	assert_int_equal(repair_file(fixture), RESULT_OK);
	assert_int_equal(fixture->report.kept, 5);
	flat_file_read(fixture->file.path, &fixture->after);
	assert_memory_equal(fixture->after.bytes, "rollcall-users\t2\t", 17);
	expect_users(fixture, 2);
	assert_non_null(memmem(fixture->after.bytes, fixture->after.length, "intro=ccc", 9));
	read_saved(fixture);
	expect_bytes(&fixture->saved, "damagedamage", 12);
}
