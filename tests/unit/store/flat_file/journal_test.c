#include "support/test.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limit.h"
#include "store/flat_file/journal.h"
#include "store/names/username.h"
#include "support/disk/fake_disk.h"
#include "support/unit/flat_file.h"

struct fixture {
	struct flat_file file;
	struct fake_disk *disk;
	struct journal *journal;
	struct journal_report report;
	struct buffer before;  /* what the file held */
	struct buffer after;   /* and holds now */
	struct buffer visited; /* the records, as lines */
	uint64_t refused;      /* the number that the visitor does not take, or 0 */
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

	journal_close(fixture->journal);
	buffer_free(&fixture->before);
	buffer_free(&fixture->after);
	buffer_free(&fixture->visited);
	fake_disk_close(fixture->disk);
	flat_file_remove(&fixture->file);
	free(fixture);
	return 0;
}

static enum result visit(void *argument, const struct record *record)
{
	struct fixture *fixture = argument;

	if (record->number == fixture->refused)
		return RESULT_MALFORMED;
	record_append(&fixture->visited, record);
	return RESULT_OK;
}

/* Whether opening wrote the file anew. */
static bool is_written_anew(const struct fixture *fixture)
{
	return journal_mending(fixture->journal)->is_written_anew;
}

static enum result open_journal(struct fixture *fixture)
{
	buffer_clear(&fixture->visited);
	fake_disk_forget(fixture->disk);
	return journal_open(fake_disk_table(fixture->disk), fixture->file.directory.path, 0, false,
		visit, fixture, &fixture->journal, &fixture->report);
}

static void close_journal(struct fixture *fixture)
{
	journal_close(fixture->journal);
	fixture->journal = NULL;
}

/* Puts what `before` holds in place of the file, as one that was closed. */
static void put_file(struct fixture *fixture)
{
	flat_file_write(fixture->file.path, fixture->before.bytes, fixture->before.length);
	flat_file_lock(&fixture->file, "clean\n");
}

/* A file with that many users. */
static void put_users(struct fixture *fixture, uint64_t count)
{
	buffer_clear(&fixture->before);
	flat_file_users(&fixture->before, count);
	put_file(fixture);
}

/* The file holds the first `length` bytes of `before`, and nothing more. */
static void expect_file(struct fixture *fixture, size_t length)
{
	flat_file_read(fixture->file.path, &fixture->after);
	assert_int_equal(fixture->after.length, length);
	assert_memory_equal(fixture->after.bytes, fixture->before.bytes, length);
}

/* The records visited are the lines from the second up to offset `length`. */
static void expect_visited(const struct fixture *fixture, size_t length)
{
	size_t header = flat_file_line(&fixture->before, 2);

	assert_int_equal(fixture->visited.length, length - header);
	if (length > header)
		assert_memory_equal(fixture->visited.bytes, fixture->before.bytes + header,
			fixture->visited.length);
}

static enum result append_user(struct fixture *fixture, uint64_t number, const char **reason)
{
	struct buffer lines = {0};
	char name[32];

	snprintf(name, sizeof(name), "user%llu", (unsigned long long)number);
	flat_file_created(&lines, number, name);
	enum result result = journal_append(fixture->journal, lines.bytes, lines.length, reason);
	buffer_free(&lines);
	return result;
}

static void expect_appended(struct fixture *fixture, uint64_t number)
{
	const char *reason = "none";

	assert_int_equal(append_user(fixture, number, &reason), RESULT_OK);
	assert_null(reason);
}

static void expect_append_fails(
	struct fixture *fixture, enum result wanted, const char *wanted_reason)
{
	const char *reason = NULL;

	assert_int_equal(append_user(fixture, 1000, &reason), wanted);
	assert_non_null(reason);
	assert_string_equal(reason, wanted_reason);
}

/* Opening takes the file for a good one with `count` users and changes nothing. */
static void expect_users(struct fixture *fixture, uint64_t count)
{
	buffer_clear(&fixture->before);
	flat_file_users(&fixture->before, count);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	assert_int_equal(journal_mending(fixture->journal)->torn_bytes, 0);
	expect_visited(fixture, fixture->before.length);
	expect_file(fixture, fixture->before.length);
	close_journal(fixture);
}

static void remove_torn_copies(struct fixture *fixture)
{
	char path[320];

	while (flat_file_count(&fixture->file, "users.log.torn-", path, sizeof(path)) > 0)
		assert_int_equal(unlink(path), 0);
}

/* What follows the good bytes of `before` was saved, byte for byte, in one file. */
static void expect_torn_copy(struct fixture *fixture, size_t good)
{
	const struct mending *mending = journal_mending(fixture->journal);
	const size_t torn = fixture->before.length - good;
	char path[320];

	assert_int_equal(mending->torn_bytes, torn);
	assert_int_equal(flat_file_count(&fixture->file, "users.log.torn-", path, sizeof(path)), 1);
	assert_string_equal(mending->torn_copy, path);
	flat_file_read(path, &fixture->after);
	assert_int_equal(fixture->after.length, torn);
	assert_memory_equal(fixture->after.bytes, fixture->before.bytes + good, torn);
}

/* Opens a file whose good bytes end at `good`: the rest is cut off and saved, byte for byte, and
 * what is appended follows the good ones. */
static void expect_torn(struct fixture *fixture, size_t good)
{
	put_file(fixture);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	expect_visited(fixture, good);
	expect_file(fixture, good);
	expect_torn_copy(fixture, good);
	expect_appended(fixture, 1000);
	flat_file_read(fixture->file.path, &fixture->after);
	assert_true(fixture->after.length > good);
	assert_memory_equal(fixture->after.bytes, fixture->before.bytes, good);
	close_journal(fixture);
	remove_torn_copies(fixture);
}

/* Opening is refused, the reason has `words`, and every byte is as it was. */
static void expect_refused(struct fixture *fixture, const char *words)
{
	put_file(fixture);
	assert_int_equal(open_journal(fixture), RESULT_MALFORMED);
	if (strstr(fixture->report.reason.text, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", fixture->report.reason.text, words);
	assert_non_null(strstr(fixture->report.reason.text, fixture->file.path));
	expect_file(fixture, fixture->before.length);
	assert_int_equal(fake_disk_count(fixture->disk, VFS_WRITE), 0);
	assert_int_equal(fake_disk_count(fixture->disk, VFS_TRUNCATE), 0);
	assert_int_equal(flat_file_count(&fixture->file, "users.log", NULL, 0), 1);
}

static void expect_damaged(struct fixture *fixture, size_t line)
{
	char words[64];

	snprintf(words, sizeof(words), " line %zu is bad", line);
	expect_refused(fixture, words);
}

/* The offset of a line of `before`. */
static size_t line_at(const struct fixture *fixture, size_t line)
{
	return flat_file_line(&fixture->before, line);
}

FIXTURE_TEST(new_file)
{
	char header[128];
	struct stat status;

	assert_int_equal(open_journal(fixture), RESULT_OK);
	assert_int_equal(fixture->visited.length, 0);
	assert_int_equal(journal_mending(fixture->journal)->torn_bytes, 0);
	snprintf(header, sizeof(header), "rollcall-users\t1\tunicode %s\n",
		username_unicode_version());
	flat_file_read(fixture->file.path, &fixture->after);
	assert_int_equal(fixture->after.length, strlen(header));
	assert_memory_equal(fixture->after.bytes, header, strlen(header));
	assert_int_equal(stat(fixture->file.path, &status), 0);
	assert_int_equal(status.st_mode & 0137, 0);
	assert_int_equal(flat_file_count(&fixture->file, "users.log", NULL, 0), 1);
}

/* A header that is on disk before the name is, and a name that is before anything else. */
FIXTURE_TEST(new_file_in_this_order)
{
	assert_int_equal(open_journal(fixture), RESULT_OK);
	assert_string_equal(fake_disk_calls(fixture->disk),
		"open unlink open lock write sync rename sync_directory");
}

/* The process that made the file may have died before its name was on disk. */
FIXTURE_TEST(directory_is_synced_on_every_opening)
{
	put_users(fixture, 2);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	assert_string_equal(fake_disk_calls(fixture->disk), "open lock sync_directory");
}

/* Puts the file into a directory of its own, and a link to it in its place. */
static void put_behind_link(struct fixture *fixture, uint64_t count)
{
	char target[128];

	put_users(fixture, count);
	snprintf(target, sizeof(target), "%s/elsewhere", fixture->file.directory.path);
	assert_int_equal(mkdir(target, 0700), 0);
	snprintf(target, sizeof(target), "%s/elsewhere/list", fixture->file.directory.path);
	assert_int_equal(rename(fixture->file.path, target), 0);
	assert_int_equal(symlink("elsewhere/list", fixture->file.path), 0);
}

/* The link may not be on disk yet, either. */
FIXTURE_TEST(both_directories_of_a_link_are_synced)
{
	put_behind_link(fixture, 2);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	assert_string_equal(
		fake_disk_calls(fixture->disk), "open lock sync_directory sync_directory");
	expect_appended(fixture, 3);
	close_journal(fixture);
	expect_users(fixture, 3);
}

/* Nothing says any more that there was one. */
static void forget_list(struct fixture *fixture)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/users.lock", fixture->file.directory.path);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(unlink(fixture->file.path), 0);
}

/* Whichever call fails, the next start makes the file. */
TEST_WITH(set_up, tear_down, new_file_that_fails)
{
	static const struct {
		enum vfs_call call;
		size_t after;
	} failures[] = {{VFS_OPEN, 1}, {VFS_WRITE, 0}, {VFS_SYNC, 0}, {VFS_RENAME, 0},
		{VFS_SYNC_DIRECTORY, 0}};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++) {
		fake_disk_fail(fixture->disk, failures[i].call, failures[i].after, 1, EIO);
		assert_int_equal(open_journal(fixture), RESULT_SYSTEM);
		assert_non_null(strstr(fixture->report.reason.text, "Input/output error"));
		assert_non_null(strstr(fixture->report.reason.text, fixture->file.directory.path));
		assert_int_equal(open_journal(fixture), RESULT_OK);
		close_journal(fixture);
		forget_list(fixture);
	}
}

FIXTURE_TEST(header_written_in_pieces)
{
	fake_disk_shorten(fixture->disk, VFS_WRITE, 0, ALWAYS, 5);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	assert_true(fake_disk_count(fixture->disk, VFS_WRITE) > 4);
	close_journal(fixture);
	assert_int_equal(open_journal(fixture), RESULT_OK);
}

FIXTURE_TEST(half_a_new_file_is_replaced)
{
	char path[128];

	snprintf(path, sizeof(path), "%s.new", fixture->file.path);
	flat_file_write(path, "rollcall-users\t1\tuni", 20);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	flat_file_read(fixture->file.path, &fixture->after);
	assert_int_equal(flat_file_line(&fixture->after, 2), fixture->after.length);
	assert_int_equal(flat_file_count(&fixture->file, "users.log", NULL, 0), 1);
}

/* And just before its end. */
FIXTURE_TEST(first_start_that_left_a_whole_header)
{
	char path[128];

	flat_file_header(&fixture->before);
	snprintf(path, sizeof(path), "%s.new", fixture->file.path);
	flat_file_write(path, fixture->before.bytes, fixture->before.length);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	expect_file(fixture, fixture->before.length);
	assert_int_equal(flat_file_count(&fixture->file, "users.log", NULL, 0), 1);
}

static void expect_no_list_made(struct fixture *fixture, const char *words)
{
	char path[128];

	assert_int_equal(open_journal(fixture), RESULT_MISSING);
	if (strstr(fixture->report.reason.text, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", fixture->report.reason.text, words);
	assert_non_null(strstr(fixture->report.reason.text, "--new"));
	assert_int_equal(access(fixture->file.path, F_OK), -1);
	snprintf(path, sizeof(path), "%s/users.lock", fixture->file.directory.path);
	if (strstr(words, "users.lock") == NULL)
		assert_int_equal(unlink(path), 0);
}

/* A list that is not where it was is not to be taken for one that never was. */
TEST_WITH(set_up, tear_down, signs_of_a_list)
{
	static const char *const beside[] = {
		".torn-2026-01-02T03:04:05.678Z", ".1", ".1.gz", ".new"};
	static const char text[] = "longer than the header of a list without users";
	struct fixture *fixture = *state;
	char path[128];

	flat_file_lock(&fixture->file, "clean\n");
	for (int i = 0; i < 2; i++)
		expect_no_list_made(fixture, "users.lock beside it");
	flat_file_lock(&fixture->file, "process 1 on elsewhere\n");
	for (int i = 0; i < 2; i++)
		expect_no_list_made(fixture, "users.lock beside it");
	flat_file_lock(&fixture->file, ""); /* the first start was cut short */
	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", fixture->file.path, beside[i]);
		flat_file_write(path, text, sizeof(text) - 1);
		expect_no_list_made(fixture, beside[i]);
		assert_int_equal(unlink(path), 0);
	}
	snprintf(path, sizeof(path), "%s/users.logger", fixture->file.directory.path);
	flat_file_write(path, text, sizeof(text) - 1);
	assert_int_equal(open_journal(fixture), RESULT_OK);
}

/* The end that was clean stays one: what is put back is opened as it is. */
FIXTURE_TEST(put_back)
{
	char path[128];

	put_users(fixture, 2);
	snprintf(path, sizeof(path), "%s.away", fixture->file.path);
	assert_int_equal(rename(fixture->file.path, path), 0);
	expect_no_list_made(fixture, "users.lock beside it");
	assert_int_equal(rename(path, fixture->file.path), 0);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	assert_false(is_written_anew(fixture));
}

FIXTURE_TEST(made_anew_on_request)
{
	flat_file_lock(&fixture->file, "clean\n");
	assert_int_equal(journal_open(vfs_posix(), fixture->file.directory.path, 0, true, visit,
				 fixture, &fixture->journal, &fixture->report),
		RESULT_OK);
	expect_appended(fixture, 1);
	close_journal(fixture);
	/* Not where there is one: in a unit or a script it would be in force for ever. */
	assert_int_equal(journal_open(vfs_posix(), fixture->file.directory.path, 0, true, visit,
				 fixture, &fixture->journal, &fixture->report),
		RESULT_SYSTEM);
	assert_non_null(strstr(fixture->report.reason.text, "without --new"));
	expect_users(fixture, 1);
}

FIXTURE_TEST(append_and_open_again)
{
	put_users(fixture, 2);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	for (uint64_t number = 3; number <= 5; number++) {
		fake_disk_forget(fixture->disk);
		expect_appended(fixture, number);
		assert_string_equal(fake_disk_calls(fixture->disk), "write sync");
	}
	close_journal(fixture);
	expect_users(fixture, 5);
}

FIXTURE_TEST(opening_changes_nothing)
{
	put_users(fixture, 30);
	for (int i = 0; i < 3; i++)
		expect_users(fixture, 30);
	assert_int_equal(fake_disk_count(fixture->disk, VFS_WRITE), 0);
	assert_int_equal(fake_disk_count(fixture->disk, VFS_TRUNCATE), 0);
}

FIXTURE_TEST(no_directory)
{
	char path[5000];

	snprintf(path, sizeof(path), "%s/missing", fixture->file.directory.path);
	assert_int_equal(journal_open(vfs_posix(), path, 0, false, visit, fixture,
				 &fixture->journal, &fixture->report),
		RESULT_SYSTEM);
	assert_non_null(strstr(fixture->report.reason.text, path));
	assert_non_null(strstr(fixture->report.reason.text, "No such file or directory"));
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(journal_open(vfs_posix(), path, 0, false, visit, fixture,
				 &fixture->journal, &fixture->report),
		RESULT_SYSTEM);
	assert_true(fixture->report.reason.text[0] != '\0');
}

/* Cut off at every byte of the last record: the last of one, and of several. */
FIXTURE_TEST(torn_at_every_byte)
{
	for (uint64_t count = 1; count <= 4; count += 3) {
		put_users(fixture, count);
		const size_t whole = fixture->before.length;
		const size_t good = line_at(fixture, count + 1);
		/* Without its line feed alone it is not torn. */
		for (size_t length = good + 1; length < whole - 1; length++) {
			fixture->before.length = length;
			expect_torn(fixture, good);
		}
	}
}

FIXTURE_TEST(cut_between_two_records)
{
	put_users(fixture, 4);
	for (uint64_t count = 4; count > 0; count--) {
		fixture->before.length = line_at(fixture, count + 2);
		put_file(fixture);
		expect_users(fixture, count);
		put_users(fixture, 4);
	}
}

/* Every byte of the last record wrong in turn. */
FIXTURE_TEST(last_record_is_damaged)
{
	put_users(fixture, 3);
	const size_t good = line_at(fixture, 4);
	for (size_t i = good; i < fixture->before.length; i++) {
		char byte = fixture->before.bytes[i];
		fixture->before.bytes[i] = (char)(byte ^ 0x10);
		expect_torn(fixture, good);
		fixture->before.bytes[i] = byte;
	}
}

static void append_times(struct buffer *bytes, char byte, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buffer_append(bytes, &byte, 1);
}

TEST_WITH(set_up, tear_down, torn_in_many_ways)
{
	static const struct {
		char byte;
		size_t count;
	} tails[] = {{'\0', 1}, {'\0', 100}, {'\0', 512}, {'\0', 4096}, {'\0', 70000}, {'\n', 1},
		{'\n', 1000}, {'\0', (2 << 20) + 4097}, {'x', (2 << 20) + 511},
		{'\n', (2 << 20) + 1}, {'\t', 100}, {'\xff', 100}, {' ', 600}};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(tails) / sizeof(*tails); i++) {
		buffer_clear(&fixture->before);
		flat_file_users(&fixture->before, 3);
		const size_t good = fixture->before.length;
		append_times(&fixture->before, tails[i].byte, tails[i].count);
		expect_torn(fixture, good);
		/* And with some of a record before it. */
		fixture->before.length = good;
		flat_file_created(&fixture->before, 4, "dave");
		fixture->before.length -= 20;
		append_times(&fixture->before, tails[i].byte, tails[i].count);
		expect_torn(fixture, good);
	}
}

/* A batch of which a part reached the disk: the whole records of it stay. */
FIXTURE_TEST(torn_batch)
{
	put_users(fixture, 6);
	fixture->before.length = line_at(fixture, 6) + 10;
	append_times(&fixture->before, '\0', 4096);
	expect_torn(fixture, line_at(fixture, 6));
}

FIXTURE_TEST(torn_after_the_header)
{
	flat_file_header(&fixture->before);
	const size_t good = fixture->before.length;
	buffer_string(&fixture->before, "12345678\t+\t1");
	expect_torn(fixture, good);
}

/* Saved and on disk before it is cut off; cut off and on disk before anything is written. */
FIXTURE_TEST(torn_end_is_saved_first)
{
	flat_file_users(&fixture->before, 3);
	fixture->before.length -= 3;
	put_file(fixture);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	assert_string_equal(fake_disk_calls(fixture->disk),
		"open lock sync_directory open write sync sync_directory close truncate sync");
}

/* Opening left something to be done: it can be read, but nothing is appended, and why is said. */
static void expect_not_mended(struct fixture *fixture, size_t good, const char *words)
{
	assert_int_equal(open_journal(fixture), RESULT_OK);
	expect_visited(fixture, good);
	assert_true(mending_is_due(journal_mending(fixture->journal)));
	assert_non_null(strstr(fixture->report.reason.text, words));
	assert_non_null(strstr(fixture->report.reason.text, fixture->file.path));
	const struct reason reason = fixture->report.reason;
	fake_disk_forget(fixture->disk);
	expect_append_fails(fixture, RESULT_UNAVAILABLE, reason.text);
	assert_string_equal(fake_disk_calls(fixture->disk), "");
}

static void expect_mended(struct fixture *fixture, size_t good)
{
	const char *reason = "none";

	assert_int_equal(journal_probe(fixture->journal, &reason), RESULT_OK);
	assert_null(reason);
	assert_false(mending_is_due(journal_mending(fixture->journal)));
	expect_file(fixture, good);
	expect_appended(fixture, 4);
}

/* Until the copy is safe nothing is cut, and until it is cut nothing is appended. */
TEST_WITH(set_up, tear_down, torn_end_cannot_be_saved)
{
	static const struct {
		enum vfs_call call;
		size_t after;
		bool is_cut;
	} failures[] = {{VFS_OPEN, 1, false}, {VFS_WRITE, 0, false}, {VFS_SYNC, 0, false},
		{VFS_SYNC_DIRECTORY, 1, false}, {VFS_TRUNCATE, 0, false}, {VFS_READ, 2, false},
		{VFS_SYNC, 1, true}};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++) {
		put_users(fixture, 3);
		fixture->before.length -= 3;
		put_file(fixture);
		fake_disk_fail(fixture->disk, failures[i].call, failures[i].after, 1, EIO);
		size_t good = line_at(fixture, 4);
		expect_not_mended(fixture, good, "Input/output error");
		expect_file(fixture, failures[i].is_cut ? good : fixture->before.length);
		expect_mended(fixture, good);
		/* A file whose sync failed once is not synced again, but written anew. */
		assert_int_equal(
			fake_disk_count(fixture->disk, VFS_RENAME), failures[i].is_cut ? 1 : 0);
		/* One copy, whole, however often it was tried. */
		expect_torn_copy(fixture, good);
		close_journal(fixture);
		remove_torn_copies(fixture);
	}
}

FIXTURE_TEST(long_torn_end_in_small_pieces)
{
	flat_file_users(&fixture->before, 2);
	const size_t good = fixture->before.length;
	append_times(&fixture->before, 'x', 70000);
	fake_disk_shorten(fixture->disk, VFS_WRITE, 0, ALWAYS, 1000);
	fake_disk_fail(fixture->disk, VFS_READ, 5, 1, EINTR);
	expect_torn(fixture, good);
}

FIXTURE_TEST(damaged_in_the_middle)
{
	put_users(fixture, 30);
	const size_t last = line_at(fixture, 31);
	for (size_t line = 2; line <= 30; line++) {
		size_t start = line_at(fixture, line);
		for (size_t i = start; i < line_at(fixture, line + 1) && i < last - 1; i += 11) {
			char byte = fixture->before.bytes[i];
			fixture->before.bytes[i] = (char)(byte ^ 1);
			expect_damaged(fixture, line);
			fixture->before.bytes[i] = byte;
		}
	}
	put_file(fixture);
	expect_users(fixture, 30);
}

/* The line feed between two records. */
FIXTURE_TEST(damaged_line_feed)
{
	put_users(fixture, 5);
	for (size_t line = 2; line <= 5; line++) {
		size_t i = line_at(fixture, line + 1) - 1;
		fixture->before.bytes[i] = '\x0b';
		expect_damaged(fixture, line);
		fixture->before.bytes[i] = '\n';
	}
}

/* `before` becomes the header and those of six users' lines, by their numbers. */
static void put_lines(struct fixture *fixture, const char *numbers)
{
	struct buffer users = {0};

	flat_file_users(&users, 6);
	buffer_clear(&fixture->before);
	flat_file_header(&fixture->before);
	for (; *numbers != '\0'; numbers++) {
		size_t line = (size_t)(*numbers - '0') + 1;
		size_t start = flat_file_line(&users, line);
		buffer_append(&fixture->before, users.bytes + start,
			flat_file_line(&users, line + 1) - start);
	}
	buffer_free(&users);
}

/* Swapped lines, doubled lines, doubled blocks of them: in the middle and at the end. Each record
 * is good in itself. */
TEST_WITH(set_up, tear_down, lines_in_the_wrong_place)
{
	static const struct {
		const char *numbers;
		size_t bad_line;
	} files[] = {{"213456", 3}, {"132456", 4}, {"123465", 7}, {"123546", 6}, {"1123456", 3},
		{"1233456", 5}, {"1234566", 8}, {"123123456", 5}, {"1234343456", 6},
		{"12345656", 8}, {"123456123456", 8}, {"612345", 3}, {"123654", 6}};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		put_lines(fixture, files[i].numbers);
		expect_damaged(fixture, files[i].bad_line);
	}
}

/* A block of zeros over any two lines but the last, wherever it begins. */
FIXTURE_TEST(zeroed_block)
{
	put_users(fixture, 8);
	const size_t end = line_at(fixture, 9); /* where the last record begins */
	for (size_t start = line_at(fixture, 2); start + 100 <= end; start += 3) {
		put_users(fixture, 8);
		size_t line = 2;
		while (line_at(fixture, line + 1) <= start)
			line++;
		memset(fixture->before.bytes + start, 0, 100);
		expect_damaged(fixture, line);
	}
}

/* Up to the byte before the last record: that one is still good. */
FIXTURE_TEST(zeroed_up_to_the_last_record)
{
	for (size_t line = 2; line <= 8; line++) {
		put_users(fixture, 8);
		size_t start = line_at(fixture, line);
		memset(fixture->before.bytes + start, 0, line_at(fixture, 9) - start);
		expect_damaged(fixture, line);
	}
}

FIXTURE_TEST(damage_far_from_the_end)
{
	put_users(fixture, 60000); /* more than two megabytes */
	assert_true(fixture->before.length > 2 << 20);
	const size_t start = line_at(fixture, 1001);
	memset(fixture->before.bytes + start, 0, (2 << 20) + 100);
	expect_damaged(fixture, 1001);
}

FIXTURE_TEST(wrong_header)
{
	put_users(fixture, 3);
	for (size_t i = 0; i < strlen("rollcall-users\t1\t"); i++) {
		fixture->before.bytes[i] ^= 1;
		expect_refused(fixture, "line 1 is not its header");
		fixture->before.bytes[i] ^= 1;
	}
}

TEST_WITH(set_up, tear_down, not_our_file)
{
	static const struct {
		const char *bytes, *words;
	} others[] = {{"", "is empty"}, {"\n", "holds only blanks"},
		{"rollcall-users", "the beginning of a header"},
		{"hello\n", "line 1 is not its header"},
		{"rollcall-users\t3\tunicode 16.0.0\n", "line 1 is not its header"}};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		buffer_clear(&fixture->before);
		buffer_append(&fixture->before, "", 0);
		buffer_string(&fixture->before, others[i].bytes);
		expect_refused(fixture, others[i].words);
	}
	append_times(&fixture->before, '\0', 3 << 20);
	expect_refused(fixture, "line 1 is not its header");
	buffer_clear(&fixture->before);
	append_times(&fixture->before, '\0', 3 << 20);
	expect_refused(fixture, "Put a backup in its place");
}

FIXTURE_TEST(visitor_refuses)
{
	put_users(fixture, 3);
	for (uint64_t number = 1; number <= 3; number++) {
		fixture->refused = number;
		expect_damaged(fixture, (size_t)number + 1);
	}
}

FIXTURE_TEST(removals_are_visited)
{
	flat_file_users(&fixture->before, 3);
	flat_file_removed(&fixture->before, 2, "user2");
	flat_file_created(&fixture->before, 4, "user2");
	put_file(fixture);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	expect_visited(fixture, fixture->before.length);
}

FIXTURE_TEST(file_that_cannot_be_read)
{
	put_users(fixture, 3);
	fake_disk_fail(fixture->disk, VFS_READ, 0, 1, EIO);
	assert_int_equal(open_journal(fixture), RESULT_SYSTEM);
	assert_non_null(strstr(fixture->report.reason.text, "Input/output error"));
	fake_disk_fail(fixture->disk, VFS_OPEN, 0, 1, EACCES);
	assert_int_equal(open_journal(fixture), RESULT_SYSTEM);
	assert_non_null(strstr(fixture->report.reason.text, "Permission denied"));
	expect_users(fixture, 3);
}

FIXTURE_TEST(second_opening_is_refused)
{
	struct journal_report report;
	struct journal *second = NULL;
	char holder[64];

	put_users(fixture, 3);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	assert_int_equal(journal_open(vfs_posix(), fixture->file.directory.path, 0, false, visit,
				 fixture, &second, &report),
		RESULT_BUSY);
	assert_null(second);
	snprintf(holder, sizeof(holder), "in use by process %ld on ", (long)getpid());
	assert_non_null(strstr(report.reason.text, holder));
	assert_non_null(strstr(report.reason.text, fixture->file.directory.path));
	expect_appended(fixture, 4);
	close_journal(fixture);
	expect_users(fixture, 4);
}

/* A failed opening gives up the lock, and the file. */
FIXTURE_TEST(free_after_a_failure)
{
	buffer_string(&fixture->before, "something else\n");
	expect_refused(fixture, "header");
	assert_int_equal(fake_disk_count(fixture->disk, VFS_OPEN), 1);
	assert_int_equal(fake_disk_count(fixture->disk, VFS_CLOSE), 1);
	put_users(fixture, 3);
	expect_users(fixture, 3);
}

FIXTURE_TEST(short_writes)
{
	put_users(fixture, 2);
	for (size_t most = 1; most < 50; most += 6) {
		put_users(fixture, 2);
		assert_int_equal(open_journal(fixture), RESULT_OK);
		fake_disk_shorten(fixture->disk, VFS_WRITE, 0, ALWAYS, most);
		fake_disk_forget(fixture->disk);
		expect_appended(fixture, 3);
		assert_true(fake_disk_count(fixture->disk, VFS_WRITE) >= 40 / most);
		assert_int_equal(fake_disk_count(fixture->disk, VFS_SYNC), 1);
		fake_disk_repair(fixture->disk);
		close_journal(fixture);
		expect_users(fixture, 3);
	}
}

FIXTURE_TEST(interrupted_write)
{
	put_users(fixture, 2);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	fake_disk_shorten(fixture->disk, VFS_WRITE, 0, 2, 7);
	fake_disk_fail(fixture->disk, VFS_WRITE, 0, 3, EINTR);
	expect_appended(fixture, 3);
	close_journal(fixture);
	expect_users(fixture, 3);
}

/* After some of the bytes or none, for whichever reason: what was written is gone again, for good,
 * and a later try works. */
TEST_WITH(set_up, tear_down, failed_write_is_cut_back)
{
	static const int causes[] = {ENOSPC, EFBIG, EIO, EDQUOT};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < 8; i++) {
		put_users(fixture, 2);
		assert_int_equal(open_journal(fixture), RESULT_OK);
		fake_disk_forget(fixture->disk);
		fake_disk_shorten(fixture->disk, VFS_WRITE, 0, i % 2, 11);
		fake_disk_fail(fixture->disk, VFS_WRITE, 0, 1, causes[i / 2]);
		expect_append_fails(fixture, RESULT_FULL, strerrordesc_np(causes[i / 2]));
		assert_string_equal(fake_disk_calls(fixture->disk),
			i % 2 == 0 ? "write truncate sync" : "write write truncate sync");
		expect_file(fixture, fixture->before.length);
		expect_appended(fixture, 3);
		close_journal(fixture);
		expect_users(fixture, 3);
	}
}

/* A write of nothing must not be tried for ever. */
FIXTURE_TEST(write_of_nothing)
{
	put_users(fixture, 2);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	fake_disk_shorten(fixture->disk, VFS_WRITE, 1, 1, 0);
	expect_appended(fixture, 3);
	expect_append_fails(fixture, RESULT_FULL, "No space left on device");
	close_journal(fixture);
	expect_users(fixture, 3);
}

/* The real thing: the file may not grow any more. */
FIXTURE_TEST(real_limit_on_the_size)
{
	struct rlimit before, low;

	put_users(fixture, 2);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	low = (struct rlimit){.rlim_cur = fixture->before.length + 20, .rlim_max = before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
	const char *reason = NULL;
	enum result result = append_user(fixture, 3, &reason);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_int_equal(result, RESULT_FULL);
	assert_string_equal(reason, "File too large");
	expect_file(fixture, fixture->before.length);
	expect_appended(fixture, 3);
	close_journal(fixture);
	expect_users(fixture, 3);
}

/* Nothing is written, cut, or synced any more, whatever is asked. */
static void expect_final(struct fixture *fixture, const char *reason)
{
	const char *probed = NULL;

	fake_disk_repair(fixture->disk);
	fake_disk_forget(fixture->disk);
	expect_append_fails(fixture, RESULT_UNAVAILABLE, reason);
	expect_append_fails(fixture, RESULT_UNAVAILABLE, reason);
	assert_int_equal(journal_probe(fixture->journal, &probed), RESULT_UNAVAILABLE);
	assert_string_equal(probed, reason);
	assert_string_equal(fake_disk_calls(fixture->disk), "");
}

FIXTURE_TEST(failed_sync_is_final)
{
	put_users(fixture, 2);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	fake_disk_forget(fixture->disk);
	fake_disk_fail(fixture->disk, VFS_SYNC, 0, 1, EIO);
	expect_append_fails(fixture, RESULT_UNAVAILABLE, "Input/output error" JOURNAL_UNTIL_OPENED);
	assert_string_equal(fake_disk_calls(fixture->disk), "write sync");
	expect_final(fixture, "Input/output error" JOURNAL_UNTIL_OPENED);
}

/* Also for an error without a name: file systems let such out. */
FIXTURE_TEST(nameless_error_is_final)
{
	put_users(fixture, 2);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	fake_disk_fail(fixture->disk, VFS_SYNC, 0, 1, 524);
	const char *reason = NULL;
	assert_int_equal(append_user(fixture, 3, &reason), RESULT_UNAVAILABLE);
	assert_non_null(reason);
	expect_final(fixture, reason);
}

/* ENOSPC from fdatasync is as final as EIO: file systems that allocate late report it there. */
FIXTURE_TEST(full_disk_found_by_sync)
{
	put_users(fixture, 2);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	fake_disk_fail(fixture->disk, VFS_SYNC, 0, 1, ENOSPC);
	expect_append_fails(
		fixture, RESULT_UNAVAILABLE, "No space left on device" JOURNAL_UNTIL_OPENED);
	expect_final(fixture, "No space left on device" JOURNAL_UNTIL_OPENED);
}

FIXTURE_TEST(failed_cut_is_final)
{
	for (int i = 0; i < 2; i++) {
		put_users(fixture, 2);
		assert_int_equal(open_journal(fixture), RESULT_OK);
		fake_disk_shorten(fixture->disk, VFS_WRITE, 0, 1, 11);
		fake_disk_fail(fixture->disk, VFS_WRITE, 0, 1, ENOSPC);
		fake_disk_fail(fixture->disk, i == 0 ? VFS_TRUNCATE : VFS_SYNC, 0, 1, EIO);
		expect_append_fails(
			fixture, RESULT_UNAVAILABLE, "Input/output error" JOURNAL_UNTIL_OPENED);
		expect_final(fixture, "Input/output error" JOURNAL_UNTIL_OPENED);
		close_journal(fixture);
		/* Whatever half of the record is there, the next start copes with it. */
		assert_int_equal(open_journal(fixture), RESULT_OK);
		expect_visited(fixture, fixture->before.length);
		expect_file(fixture, fixture->before.length);
		close_journal(fixture);
		remove_torn_copies(fixture);
	}
}

/* Appends a user on a disk that fails to write it for this reason. */
static void fail_write(struct fixture *fixture, int cause)
{
	const char *reason;

	fake_disk_fail(fixture->disk, VFS_WRITE, 0, 1, cause);
	assert_int_equal(append_user(fixture, 3, &reason), RESULT_FULL);
	fake_disk_forget(fixture->disk);
}

TEST_WITH(set_up, tear_down, probe)
{
	static const int causes[] = {ENOSPC, EDQUOT};
	struct fixture *fixture = *state;
	const char *reason = "none";

	put_users(fixture, 2);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	assert_int_equal(journal_probe(fixture->journal, &reason), RESULT_OK);
	assert_null(reason);
	for (size_t i = 0; i < sizeof(causes) / sizeof(*causes); i++) {
		fail_write(fixture, causes[i]);
		fake_disk_fail(fixture->disk, VFS_ALLOCATE, 0, 1, causes[i]);
		assert_int_equal(journal_probe(fixture->journal, &reason), RESULT_FULL);
		assert_string_equal(reason, vfs_words(causes[i]));
		fake_disk_fail(fixture->disk, VFS_ALLOCATE, 0, 1, EOPNOTSUPP);
		assert_int_equal(journal_probe(fixture->journal, &reason), RESULT_OK);
		assert_int_equal(fake_disk_count(fixture->disk, VFS_WRITE), 0);
		expect_file(fixture, fixture->before.length); /* not a byte longer */
	}
	expect_appended(fixture, 3);
	close_journal(fixture);
	expect_users(fixture, 3);
}

/* What is not about room shows only in a write, which leaves nothing behind. */
FIXTURE_TEST(probe_after_another_failure)
{
	const char *reason = "none";

	put_users(fixture, 2);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	fail_write(fixture, EFBIG);
	fake_disk_fail(fixture->disk, VFS_WRITE, 0, 1, EFBIG);
	assert_int_equal(journal_probe(fixture->journal, &reason), RESULT_FULL);
	assert_string_equal(reason, "File too large");
	assert_int_equal(journal_probe(fixture->journal, &reason), RESULT_OK);
	expect_file(fixture, fixture->before.length);
	expect_appended(fixture, 3);
	assert_int_equal(journal_probe(fixture->journal, &reason), RESULT_OK);
}

/* If it cannot be taken back, nobody knows what follows the end. */
FIXTURE_TEST(probe_that_cannot_be_undone)
{
	const char *reason = "none";

	put_users(fixture, 2);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	fail_write(fixture, EFBIG);
	fake_disk_fail(fixture->disk, VFS_TRUNCATE, 0, 1, EIO);
	assert_int_equal(journal_probe(fixture->journal, &reason), RESULT_UNAVAILABLE);
	assert_string_equal(reason, "Input/output error" JOURNAL_UNTIL_OPENED);
	assert_int_equal(journal_probe(fixture->journal, &reason), RESULT_UNAVAILABLE);
}

/* Leaves the lock as a process does that was killed. */
static void leave_unclean(struct fixture *fixture)
{
	flat_file_lock(&fixture->file, "process 1 on elsewhere\n");
}

static ino_t file_identity(const struct fixture *fixture)
{
	struct stat file;

	assert_int_equal(stat(fixture->file.path, &file), 0);
	return file.st_ino;
}

FIXTURE_TEST(unclean_end)
{
	put_users(fixture, 3);
	leave_unclean(fixture);
	ino_t old = file_identity(fixture);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	assert_true(is_written_anew(fixture));
	assert_int_not_equal(file_identity(fixture), old);
	expect_visited(fixture, fixture->before.length);
	expect_file(fixture, fixture->before.length);
	/* On disk before it takes the place of the old one, and that before anything else. */
	assert_non_null(strstr(fake_disk_calls(fixture->disk),
		"open lock allocate write sync rename sync_directory close"));
	expect_appended(fixture, 4);
	close_journal(fixture);
	expect_users(fixture, 4);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	assert_false(is_written_anew(fixture));
}

/* What a link leads to is written anew, and the link stays. */
FIXTURE_TEST(unclean_end_behind_a_link)
{
	struct stat link;

	put_behind_link(fixture, 3);
	leave_unclean(fixture);
	ino_t old = file_identity(fixture);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	assert_true(is_written_anew(fixture));
	assert_int_not_equal(file_identity(fixture), old);
	assert_int_equal(lstat(fixture->file.path, &link), 0);
	assert_true(S_ISLNK(link.st_mode));
	expect_appended(fixture, 4);
	close_journal(fixture);
	expect_users(fixture, 4);
}

/* Nobody has said that the end was clean. */
FIXTURE_TEST(no_lock_beside_a_file)
{
	char path[128];

	put_users(fixture, 3);
	snprintf(path, sizeof(path), "%s/users.lock", fixture->file.directory.path);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	assert_true(is_written_anew(fixture));
	close_journal(fixture);
	expect_users(fixture, 3);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	assert_false(is_written_anew(fixture));
}

/* As long as the new file is not safe, the old one stays, and is shown; then it is tried again. */
TEST_WITH(set_up, tear_down, unclean_end_that_cannot_be_mended)
{
	static const struct {
		enum vfs_call call;
		size_t after;
		int cause;
	} failures[] = {{VFS_ALLOCATE, 0, ENOSPC}, {VFS_WRITE, 0, EFBIG}, {VFS_WRITE, 0, EDQUOT},
		{VFS_OPEN, 1, EACCES}, {VFS_SYNC, 0, EIO}, {VFS_RENAME, 0, EROFS},
		{VFS_READ, 4, EIO}};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		put_users(fixture, 3);
		leave_unclean(fixture);
		fake_disk_fail(
			fixture->disk, failures[i].call, failures[i].after, 1, failures[i].cause);
		expect_not_mended(
			fixture, fixture->before.length, strerrordesc_np(failures[i].cause));
		expect_file(fixture, fixture->before.length);
		assert_int_equal(flat_file_count(&fixture->file, "users.log.", NULL, 0), 0);
		expect_mended(fixture, fixture->before.length);
		assert_true(is_written_anew(fixture));
		close_journal(fixture);
		expect_users(fixture, 4);
	}
}

/* It stays due: closing before it is done leaves it to the next opening. */
FIXTURE_TEST(closed_before_it_was_mended)
{
	put_users(fixture, 3);
	leave_unclean(fixture);
	fake_disk_fail(fixture->disk, VFS_ALLOCATE, 0, 1, ENOSPC);
	expect_not_mended(fixture, fixture->before.length, "No space left on device");
	close_journal(fixture);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	assert_true(is_written_anew(fixture));
}

/* A new file whose name may not be on disk is written once more: nothing is appended before. */
FIXTURE_TEST(unclean_end_and_a_directory_that_cannot_be_synced)
{
	put_users(fixture, 3);
	leave_unclean(fixture);
	fake_disk_fail(fixture->disk, VFS_SYNC_DIRECTORY, 1, 1, EIO);
	expect_not_mended(fixture, fixture->before.length, "Input/output error");
	expect_mended(fixture, fixture->before.length);
	assert_int_equal(fake_disk_count(fixture->disk, VFS_RENAME), 1);
	close_journal(fixture);
	expect_users(fixture, 4);
}

/* What only the page cache showed can be gone by the time that there is room. */
FIXTURE_TEST(gone_before_it_was_mended)
{
	const char *reason = "none";

	put_users(fixture, 3);
	leave_unclean(fixture);
	fake_disk_fail(fixture->disk, VFS_ALLOCATE, 0, 1, ENOSPC);
	expect_not_mended(fixture, fixture->before.length, "No space left on device");
	memset(fixture->before.bytes + line_at(fixture, 3), '\0', 10);
	put_file(fixture);
	assert_int_equal(journal_probe(fixture->journal, &reason), RESULT_UNAVAILABLE);
	assert_non_null(strstr(reason, "has to be read again"));
	expect_file(fixture, fixture->before.length);
	assert_int_equal(journal_probe(fixture->journal, &reason), RESULT_UNAVAILABLE);
	assert_int_equal(flat_file_count(&fixture->file, "users.log.", NULL, 0), 0);
}

/* A path beside the file. */
static const char *beside(const struct fixture *fixture, const char *ending)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s%s", fixture->file.path, ending);
	return path;
}

static void expect_file_at(struct fixture *fixture, const char *path)
{
	flat_file_read(path, &fixture->after);
	assert_int_equal(fixture->after.length, fixture->before.length);
	assert_memory_equal(fixture->after.bytes, fixture->before.bytes, fixture->before.length);
}

static void expect_refused_until_back(struct fixture *fixture)
{
	const char *reason = NULL;

	for (int i = 0; i < 2; i++) {
		assert_int_equal(append_user(fixture, 3, &reason), RESULT_UNAVAILABLE);
		assert_non_null(strstr(reason, "users.log was moved or removed while in use"));
		assert_int_equal(journal_probe(fixture->journal, &reason), RESULT_UNAVAILABLE);
		assert_non_null(strstr(reason, "users.log was moved or removed while in use"));
	}
	assert_int_equal(journal_check(fixture->journal, &reason), RESULT_UNAVAILABLE);
}

static void open_two_users(struct fixture *fixture)
{
	put_users(fixture, 2);
	assert_int_equal(open_journal(fixture), RESULT_OK);
}

/* Found out without an append, and over when it is back. */
FIXTURE_TEST(moved_and_moved_back)
{
	const char *reason = "none";

	open_two_users(fixture);
	assert_int_equal(journal_check(fixture->journal, &reason), RESULT_OK);
	assert_null(reason);
	assert_int_equal(rename(fixture->file.path, beside(fixture, ".1")), 0);
	assert_int_equal(journal_probe(fixture->journal, &reason), RESULT_UNAVAILABLE);
	expect_refused_until_back(fixture);
	assert_int_equal(rename(beside(fixture, ".1"), fixture->file.path), 0);
	assert_int_equal(journal_probe(fixture->journal, &reason), RESULT_OK);
	expect_appended(fixture, 3);
	close_journal(fixture);
	expect_users(fixture, 3);
}

/* Whatever the end before was: the line feed that an editor took off is put back, in a new file, so
 * that no crash can make another byte of it. */
FIXTURE_TEST(last_line_feed_is_missing)
{
	for (int is_unclean = 0; is_unclean <= 1; is_unclean++) {
		put_users(fixture, 3);
		fixture->before.length--;
		put_file(fixture);
		if (is_unclean)
			leave_unclean(fixture);
		assert_int_equal(open_journal(fixture), RESULT_OK);
		const struct mending *mending = journal_mending(fixture->journal);
		assert_true(mending->was_unended);
		assert_int_equal(mending->is_written_anew, is_unclean);
		assert_int_equal(mending->torn_bytes, 0);
		assert_non_null(
			strstr(fake_disk_calls(fixture->disk), "write sync rename sync_directory"));
		assert_int_equal(fake_disk_count(fixture->disk, VFS_TRUNCATE), 0);
		fixture->before.length++;
		expect_file(fixture, fixture->before.length);
		expect_appended(fixture, 4);
		close_journal(fixture);
		expect_users(fixture, 4);
		assert_int_equal(open_journal(fixture), RESULT_OK);
		assert_false(journal_mending(fixture->journal)->was_unended);
		close_journal(fixture);
	}
}

/* The same without room for the new file, at first. */
FIXTURE_TEST(last_line_feed_is_missing_without_room)
{
	put_users(fixture, 3);
	fixture->before.length--;
	put_file(fixture);
	fake_disk_fail(fixture->disk, VFS_ALLOCATE, 0, 1, ENOSPC);
	fixture->before.length++;
	expect_not_mended(fixture, fixture->before.length, "No space left on device");
	expect_mended(fixture, fixture->before.length);
	close_journal(fixture);
	expect_users(fixture, 4);
}

/* The name of the new file may not be on disk: it is written once more, though the end was clean.
 */
FIXTURE_TEST(last_line_feed_and_a_directory_that_cannot_be_synced)
{
	put_users(fixture, 3);
	fixture->before.length--;
	put_file(fixture);
	fake_disk_fail(fixture->disk, VFS_SYNC_DIRECTORY, 1, 1, EIO);
	fixture->before.length++;
	expect_not_mended(fixture, fixture->before.length, "Input/output error");
	expect_mended(fixture, fixture->before.length);
	assert_int_equal(fake_disk_count(fixture->disk, VFS_RENAME), 1);
}

/* What was written already is taken back: it was not acknowledged, and never comes up. */
FIXTURE_TEST(moved_before_the_answer)
{
	const char *reason = "none";

	open_two_users(fixture);
	assert_int_equal(rename(fixture->file.path, beside(fixture, ".1")), 0);
	fake_disk_forget(fixture->disk);
	assert_int_equal(append_user(fixture, 3, &reason), RESULT_UNAVAILABLE);
	assert_string_equal(fake_disk_calls(fixture->disk), "write sync truncate sync");
	expect_refused_until_back(fixture);
	expect_file_at(fixture, beside(fixture, ".1"));
	assert_int_equal(rename(beside(fixture, ".1"), fixture->file.path), 0);
	assert_int_equal(journal_probe(fixture->journal, &reason), RESULT_OK);
	expect_appended(fixture, 3);
}

FIXTURE_TEST(moved_and_not_to_be_cut_back)
{
	const char *reason = "none";

	open_two_users(fixture);
	assert_int_equal(rename(fixture->file.path, beside(fixture, ".1")), 0);
	fake_disk_fail(fixture->disk, VFS_TRUNCATE, 0, 1, EIO);
	assert_int_equal(append_user(fixture, 3, &reason), RESULT_UNAVAILABLE);
	assert_int_equal(rename(beside(fixture, ".1"), fixture->file.path), 0);
	expect_final(fixture, "Input/output error" JOURNAL_UNTIL_OPENED);
}

/* The same bytes in another file are not what is open. */
FIXTURE_TEST(replaced)
{
	open_two_users(fixture);
	assert_int_equal(rename(fixture->file.path, beside(fixture, ".1")), 0);
	put_file(fixture);
	expect_refused_until_back(fixture);
	expect_file(fixture, fixture->before.length);
	expect_file_at(fixture, beside(fixture, ".1"));
	close_journal(fixture);
	/* Nobody has said that this is the list, and that its end was clean. */
	assert_int_equal(open_journal(fixture), RESULT_OK);
	assert_true(is_written_anew(fixture));
}

FIXTURE_TEST(name_that_cannot_be_looked_for)
{
	const char *reason = "none";

	open_two_users(fixture);
	fake_disk_fail(fixture->disk, VFS_IS_NAMED, 0, 1, EACCES);
	assert_int_equal(append_user(fixture, 3, &reason), RESULT_UNAVAILABLE);
	assert_non_null(strstr(reason, "Permission denied"));
	expect_file(fixture, fixture->before.length);
	assert_int_equal(journal_probe(fixture->journal, &reason), RESULT_OK);
	expect_appended(fixture, 3);
}

static void expect_changed(struct fixture *fixture)
{
	const char *reason = "none";

	assert_int_equal(append_user(fixture, 3, &reason), RESULT_UNAVAILABLE);
	assert_non_null(strstr(reason, "another program changed"));
	assert_int_equal(journal_probe(fixture->journal, &reason), RESULT_UNAVAILABLE);
	assert_int_equal(journal_check(fixture->journal, &reason), RESULT_UNAVAILABLE);
	assert_non_null(strstr(reason, "another program changed"));
}

/* Without a hole: what would be written after the end that was had nothing before it. */
FIXTURE_TEST(cut_by_another_program)
{
	open_two_users(fixture);
	assert_int_equal(truncate(fixture->file.path, 0), 0);
	expect_changed(fixture);
	expect_file(fixture, 0);
}

FIXTURE_TEST(extended_by_another_program)
{
	const char *reason = "none";

	open_two_users(fixture);
	flat_file_created(&fixture->before, 3, "somebody");
	put_file(fixture);
	assert_int_equal(journal_probe(fixture->journal, &reason), RESULT_UNAVAILABLE);
	expect_changed(fixture);
	expect_file(fixture, fixture->before.length);
}

/* A batch larger than what reading takes at once. */
FIXTURE_TEST(large_batch)
{
	const char *reason;

	put_users(fixture, 1);
	assert_int_equal(open_journal(fixture), RESULT_OK);
	struct buffer all = {0};
	flat_file_users(&all, 50000);
	assert_int_equal(journal_append(fixture->journal, all.bytes + fixture->before.length,
				 all.length - fixture->before.length, &reason),
		RESULT_OK);
	buffer_free(&all);
	close_journal(fixture);
	expect_users(fixture, 50000);
}
