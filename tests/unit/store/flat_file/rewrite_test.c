#include "store/flat_file/rewrite.h"
#include "store/flat_file/setting_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/flat_file/repair.h"
#include "support/disk/fake_disk.h"
#include "support/test.h"
#include "support/unit/flat_file.h"

struct fixture {
	struct flat_file file;
	struct fake_disk *disk;
	struct buffer before;
	struct buffer after;
	struct journal *journal;
	struct replay replay;
};

static char late_list[128], late_path[96];

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	flat_file_make(&fixture->file);
	fixture->disk = fake_disk_open(vfs_posix());
	header_append(&fixture->before, 0);
	flat_file_created(&fixture->before, 1, "alice");
	flat_file_created(&fixture->before, 2, "bob");
	flat_file_created(&fixture->before, 3, "carol");
	flat_file_removed(&fixture->before, 3, "carol");
	flat_file_removed(&fixture->before, 1, "alice");
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	buffer_free(&fixture->before);
	buffer_free(&fixture->after);
	fake_disk_close(fixture->disk);
	flat_file_remove(&fixture->file);
	free(fixture);
	return 0;
}

static void open_journal(struct fixture *fixture)
{
	struct journal_report report;

	replay_open(&fixture->replay, NULL, NULL);
	assert_int_equal(
		journal_open(fake_disk_table(fixture->disk), fixture->file.directory.path, 0, false,
			replay_record, &fixture->replay, &fixture->journal, &report),
		RESULT_OK);
	replay_settle(&fixture->replay, &report.header);
	fake_disk_forget(fixture->disk);
}

static void close_journal(struct fixture *fixture)
{
	journal_close(fixture->journal);
	replay_close(&fixture->replay);
}

static void put_and_open(struct fixture *fixture)
{
	flat_file_write(fixture->file.path, fixture->before.bytes, fixture->before.length);
	open_journal(fixture);
}

static void expect_file(struct fixture *fixture, const struct buffer *wanted)
{
	flat_file_read(fixture->file.path, &fixture->after);
	assert_int_equal(fixture->after.length, wanted->length);
	assert_memory_equal(fixture->after.bytes, wanted->bytes, wanted->length);
	assert_int_equal(flat_file_count(&fixture->file, "users.log", NULL, 0), 1);
}

/* And what is appended later comes after it, with a number that nobody had. */
FIXTURE_TEST(compacted)
{
	struct buffer wanted = {0}, line = {0};
	const char *reason;

	put_and_open(fixture);
	assert_int_equal(rewrite_compact(fixture->journal, &fixture->replay, &reason), RESULT_OK);
	assert_string_equal(fake_disk_calls(fixture->disk),
		"unlink open lock allocate write sync rename sync_directory close");
	header_append(&wanted, 3);
	flat_file_created(&wanted, 2, "bob");
	expect_file(fixture, &wanted);
	flat_file_created(&line, 4, "dave");
	assert_int_equal(
		journal_append(fixture->journal, line.bytes, line.length, &reason), RESULT_OK);
	buffer_append(&wanted, line.bytes, line.length);
	expect_file(fixture, &wanted);
	close_journal(fixture);
	open_journal(fixture);
	assert_int_equal(user_index_count(fixture->replay.users), 2);
	assert_int_equal(fixture->replay.next_number, 5);
	close_journal(fixture);
	buffer_free(&line);
	buffer_free(&wanted);
}

/* Whether there is room is asked first, for all of it. */
FIXTURE_TEST(compact_without_room)
{
	const char *reason;

	put_and_open(fixture);
	fake_disk_fail(fixture->disk, VFS_ALLOCATE, 0, 1, ENOSPC);
	assert_int_equal(rewrite_compact(fixture->journal, &fixture->replay, &reason), RESULT_FULL);
	assert_string_equal(reason, "No space left on device");
	assert_int_equal(fake_disk_count(fixture->disk, VFS_WRITE), 0);
	expect_file(fixture, &fixture->before);
	close_journal(fixture);
}

FIXTURE_TEST(extended)
{
	struct buffer lines = {0};
	const char *reason;

	put_and_open(fixture);
	flat_file_created(&lines, 4, "dave");
	flat_file_created(&lines, 5, "eve");
	assert_int_equal(rewrite_extend(fixture->journal, &lines, &reason), RESULT_OK);
	buffer_append(&fixture->before, lines.bytes, lines.length);
	expect_file(fixture, &fixture->before);
	close_journal(fixture);
	buffer_free(&lines);
}

/* The file is as it was, and goes on to be written, unless nobody knows which one a crash would
 * leave. */
TEST_WITH(set_up, tear_down, calls_that_fail)
{
	static const enum vfs_call calls[] = {
		VFS_OPEN, VFS_ALLOCATE, VFS_READ, VFS_WRITE, VFS_SYNC, VFS_RENAME};
	struct fixture *fixture = *state;
	struct buffer line = {0};
	const char *reason;

	flat_file_created(&line, 4, "dave");
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		put_and_open(fixture);
		fake_disk_fail(fixture->disk, calls[i], 0, 1, EIO);
		assert_int_equal(rewrite_extend(fixture->journal, &line, &reason), RESULT_FULL);
		assert_string_equal(reason, "Input/output error");
		expect_file(fixture, &fixture->before);
		assert_int_equal(journal_append(fixture->journal, line.bytes, line.length, &reason),
			RESULT_OK);
		close_journal(fixture);
	}
	put_and_open(fixture);
	fake_disk_fail(fixture->disk, VFS_SYNC_DIRECTORY, 0, 1, EIO);
	assert_int_equal(rewrite_extend(fixture->journal, &line, &reason), RESULT_UNAVAILABLE);
	assert_int_equal(journal_append(fixture->journal, line.bytes, line.length, &reason),
		RESULT_UNAVAILABLE);
	assert_string_equal(reason, "Input/output error" JOURNAL_UNTIL_OPENED);
	assert_int_equal(
		rewrite_compact(fixture->journal, &fixture->replay, &reason), RESULT_UNAVAILABLE);
	close_journal(fixture);
	buffer_free(&line);
}

/* Neither is written over: a list that stands in the place of this one, nor what another program
 * did to it. */
FIXTURE_TEST(another_list_in_its_place)
{
	struct buffer line = {0}, other = {0};
	const char *reason;

	flat_file_created(&line, 4, "dave");
	put_and_open(fixture);
	assert_int_equal(unlink(fixture->file.path), 0);
	header_append(&other, 0);
	flat_file_created(&other, 1, "zoe");
	flat_file_write(fixture->file.path, other.bytes, other.length);
	assert_int_equal(rewrite_extend(fixture->journal, &line, &reason), RESULT_FULL);
	assert_non_null(strstr(reason, "was moved or removed while in use"));
	expect_file(fixture, &other);
	close_journal(fixture);

	put_and_open(fixture);
	buffer_string(&fixture->before, "\n");
	flat_file_write(fixture->file.path, fixture->before.bytes, fixture->before.length);
	assert_int_equal(rewrite_compact(fixture->journal, &fixture->replay, &reason), RESULT_FULL);
	assert_non_null(strstr(reason, "another program changed"));
	expect_file(fixture, &fixture->before);
	close_journal(fixture);
	buffer_free(&line);
	buffer_free(&other);
}

/* While the new file was written, another list was put in the place of the old one. */
static int sync_late(const struct vfs *vfs, int file)
{
	(void)vfs;
	if (rename(late_list, late_path) != 0)
		assert_int_equal(errno, ENOENT); /* it was the first time */
	return fdatasync(file);
}

static void put_late(struct fixture *fixture, const struct buffer *list)
{
	snprintf(late_path, sizeof(late_path), "%s", fixture->file.path);
	snprintf(late_list, sizeof(late_list), "%s/late", fixture->file.directory.path);
	flat_file_write(late_list, list->bytes, list->length);
}

FIXTURE_TEST(replaced_late)
{
	struct vfs vfs = *vfs_posix();
	struct buffer other = {0}, damaged = {0};
	struct repair_report repaired;
	struct journal_report report;
	const char *reason;

	vfs.sync = sync_late;
	header_append(&other, 0);
	flat_file_created(&other, 1, "zoe");

	put_and_open(fixture);
	close_journal(fixture);
	replay_open(&fixture->replay, NULL, NULL);
	assert_int_equal(journal_open(&vfs, fixture->file.directory.path, 0, false, replay_record,
				 &fixture->replay, &fixture->journal, &report),
		RESULT_OK);
	put_late(fixture, &other);
	assert_int_equal(rewrite_compact(fixture->journal, &fixture->replay, &reason), RESULT_FULL);
	assert_string_equal(reason, "Moved or replaced meanwhile");
	expect_file(fixture, &other);
	close_journal(fixture);

	flat_file_lock(&fixture->file, "process 1 on elsewhere\n");
	flat_file_write(fixture->file.path, fixture->before.bytes, fixture->before.length);
	put_late(fixture, &other);
	replay_open(&fixture->replay, NULL, NULL);
	assert_int_equal(journal_open(&vfs, fixture->file.directory.path, 0, false, replay_record,
				 &fixture->replay, &fixture->journal, &report),
		RESULT_OK);
	assert_non_null(strstr(report.reason.text, "Moved or replaced meanwhile"));
	expect_file(fixture, &other);
	close_journal(fixture);

	flat_file_header(&damaged);
	buffer_string(&damaged, "damaged\n");
	flat_file_created(&damaged, 1, "alice");
	flat_file_write(fixture->file.path, damaged.bytes, damaged.length);
	put_late(fixture, &other);
	assert_int_equal(repair(&vfs, fixture->file.directory.path, &repaired), RESULT_SYSTEM);
	assert_non_null(strstr(repaired.reason.text, "Moved or replaced meanwhile"));
	buffer_free(&other);
	buffer_free(&damaged);
}

/* Nothing was stored, and nobody is to be told otherwise. */
FIXTURE_TEST(still_to_be_mended)
{
	struct buffer line = {0};
	const char *reason;

	flat_file_created(&line, 4, "dave");
	flat_file_lock(&fixture->file, "process 1 on elsewhere\n");
	fake_disk_fail(fixture->disk, VFS_ALLOCATE, 0, 1, ENOSPC);
	put_and_open(fixture);
	assert_int_equal(rewrite_extend(fixture->journal, &line, &reason), RESULT_FULL);
	assert_non_null(strstr(reason, "cannot write anew"));
	expect_file(fixture, &fixture->before);
	close_journal(fixture);
	buffer_free(&line);
}

static void expect_begins(struct fixture *fixture, const char *beginning)
{
	struct buffer bytes = {0};

	flat_file_read(fixture->file.path, &bytes);
	assert_memory_equal(bytes.bytes, beginning, strlen(beginning));
	buffer_free(&bytes);
}

/* A file of version 1 becomes one of version 2, with all that it had, and is one of version 1 again
 * once nothing needs the other. */
FIXTURE_TEST(raised)
{
	struct header header = header_of_program(1, 0);
	struct buffer line = {0}, wanted = {0};
	const char *reason;

	put_and_open(fixture);
	flat_file_renamed(&line, 2, "Robert");
	assert_int_equal(rewrite_append(fixture->journal, &header, &line, 2, &reason), RESULT_OK);
	assert_string_equal(fake_disk_calls(fixture->disk),
		"unlink open lock allocate write write write sync rename sync_directory close");
	assert_int_equal(header.version, 2);
	header_write(&wanted, &header);
	size_t start = flat_file_line(&fixture->before, 2);
	buffer_append(&wanted, fixture->before.bytes + start, fixture->before.length - start);
	buffer_append(&wanted, line.bytes, line.length);
	expect_file(fixture, &wanted);
	fake_disk_forget(fixture->disk);
	buffer_clear(&line);
	flat_file_renamed(&line, 2, "Rob");
	assert_int_equal(rewrite_append(fixture->journal, &header, &line, 2, &reason), RESULT_OK);
	assert_string_equal(fake_disk_calls(fixture->disk), "write sync");
	close_journal(fixture);
	open_journal(fixture);
	assert_int_equal(user_index_count(fixture->replay.users), 1);
	assert_int_equal(rewrite_compact(fixture->journal, &fixture->replay, &reason), RESULT_OK);
	expect_begins(fixture, "rollcall-users\t1\t");
	close_journal(fixture);
	open_journal(fixture);
	struct user user;
	assert_true(user_index_user(fixture->replay.users, 2, &user));
	assert_int_equal(user.name_length, 3);
	assert_memory_equal(user.name, "Rob", 3);
	close_journal(fixture);
	buffer_free(&line);
	buffer_free(&wanted);
}

static void expect_title(struct fixture *fixture, const char *title)
{
	assert_int_equal(fixture->replay.sheet->settings.set,
		sheet_setting_bit(SHEET_SETTING_TITLE) | sheet_setting_bit(SHEET_SETTING_INTRO));
	assert_string_equal(fixture->replay.sheet->settings.title, title);
}

/* The last of each setting stays, in a file of version 2. */
FIXTURE_TEST(settings_are_compacted)
{
	static char intro[4 * LIMIT_INTRO + 1];
	struct sheet_settings settings = {.set = sheet_setting_bit(SHEET_SETTING_TITLE) |
						 sheet_setting_bit(SHEET_SETTING_INTRO),
		.title = "First",
		.intro = intro};
	struct header header = header_of_program(1, 0);
	struct buffer lines = {0};
	const char *reason;

	memset(intro, '\n', LIMIT_INTRO);
	put_and_open(fixture);
	setting_text_append(&lines, &settings, 0);
	settings.set = sheet_setting_bit(SHEET_SETTING_TITLE);
	settings.title = "Second";
	setting_text_append(&lines, &settings, 0);
	assert_int_equal(rewrite_append(fixture->journal, &header, &lines, 2, &reason), RESULT_OK);
	close_journal(fixture);
	open_journal(fixture);
	expect_title(fixture, "Second");
	assert_int_equal(fixture->replay.set, 3);
	assert_int_equal(rewrite_compact(fixture->journal, &fixture->replay, &reason), RESULT_OK);
	close_journal(fixture);
	expect_begins(fixture, "rollcall-users\t2\t");
	open_journal(fixture);
	expect_title(fixture, "Second");
	assert_string_equal(fixture->replay.sheet->settings.intro, intro);
	assert_int_equal(fixture->replay.set, 2);
	assert_int_equal(user_index_count(fixture->replay.users), 1);
	close_journal(fixture);
	buffer_free(&lines);
}
