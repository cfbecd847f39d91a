#include "support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limit.h"
#include "store/flat_file/checksum.h"
#include "store/flat_file/journal_scan.h"
#include "support/disk/fake_disk.h"
#include "support/unit/flat_file.h"

#define CHUNK ((size_t)1 << 20) /* what the scan reads at once */

struct fixture {
	struct flat_file file;
	struct fake_disk *disk;
	struct buffer bytes;
	struct journal_scan scan;
	size_t visits;
	uint64_t numbers; /* sum of those visited */
	uint64_t refused; /* the number that the visitor does not take, or 0 */
	enum result refusal;
	size_t found; /* records at or after the first bad line */
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	flat_file_make(&fixture->file);
	fixture->disk = fake_disk_open(vfs_posix());
	fixture->refusal = RESULT_MALFORMED;
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

static enum result visit(void *argument, const struct record *record)
{
	struct fixture *fixture = argument;

	if (record->number == fixture->refused)
		return fixture->refusal;
	fixture->visits++;
	fixture->numbers += record->number;
	return RESULT_OK;
}

/* journal_found_cb */
static void found(void *argument, const struct record *record)
{
	struct fixture *fixture = argument;

	(void)record;
	fixture->found++;
}

/* Scans what `bytes` holds. */
static enum result scan(struct fixture *fixture)
{
	flat_file_write(fixture->file.path, fixture->bytes.bytes, fixture->bytes.length);
	int file = open(fixture->file.path, O_RDONLY | O_CLOEXEC);

	assert_true(file >= 0);
	fixture->visits = 0;
	fixture->numbers = 0;
	fixture->found = 0;
	const struct journal_visitor visitor = {
		.record = visit, .found = found, .argument = fixture};
	enum result result =
		journal_scan(fake_disk_table(fixture->disk), file, &visitor, &fixture->scan);
	assert_int_equal(close(file), 0);
	return result;
}

/* All of it is good, and every user from 1 to `count` was visited. */
static void expect_all_good(struct fixture *fixture, uint64_t count)
{
	assert_int_equal(scan(fixture), RESULT_OK);
	assert_true(fixture->scan.has_header);
	assert_int_equal(fixture->scan.bad_line, 0);
	assert_false(fixture->scan.has_good_after);
	assert_int_equal(fixture->scan.size, fixture->bytes.length);
	assert_int_equal(fixture->scan.good, fixture->bytes.length);
	assert_int_equal(fixture->visits, count);
	assert_true(fixture->numbers == count * (count + 1) / 2);
}

/* Line `line` is the first bad one, and the good bytes end before it. */
static void expect_bad(struct fixture *fixture, size_t line, bool has_good_after)
{
	assert_int_equal(scan(fixture), RESULT_OK);
	assert_true(fixture->scan.has_header);
	assert_int_equal(fixture->scan.bad_line, line);
	assert_int_equal(fixture->scan.has_good_after, has_good_after);
	assert_int_equal(fixture->scan.size, fixture->bytes.length);
	assert_int_equal(fixture->scan.good, flat_file_line(&fixture->bytes, line));
	assert_int_equal(fixture->visits, line - 2);
}

/* Puts text into line `line` in place of its first bytes. */
static void overwrite(struct fixture *fixture, size_t line, const void *bytes, size_t length)
{
	memcpy(fixture->bytes.bytes + flat_file_line(&fixture->bytes, line), bytes, length);
}

static void append_zeros(struct buffer *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buffer_append(bytes, "", 1);
}

FIXTURE_TEST(good_file)
{
	flat_file_users(&fixture->bytes, 3);
	expect_all_good(fixture, 3);
}

FIXTURE_TEST(header_alone)
{
	flat_file_header(&fixture->bytes);
	expect_all_good(fixture, 0);
}

FIXTURE_TEST(numbers_may_skip_but_not_fall)
{
	flat_file_header(&fixture->bytes);
	flat_file_created(&fixture->bytes, 3, "alice");
	flat_file_created(&fixture->bytes, 1000000, "bob");
	flat_file_created(&fixture->bytes, UINT64_MAX, "carol");
	assert_int_equal(scan(fixture), RESULT_OK);
	assert_int_equal(fixture->visits, 3);
	assert_int_equal(fixture->scan.bad_line, 0);
	flat_file_created(&fixture->bytes, UINT64_MAX, "dave");
	expect_bad(fixture, 5, true);
}

FIXTURE_TEST(removals_have_a_number_of_before)
{
	flat_file_users(&fixture->bytes, 3);
	flat_file_removed(&fixture->bytes, 2, "user2");
	flat_file_created(&fixture->bytes, 4, "dave");
	assert_int_equal(scan(fixture), RESULT_OK);
	assert_int_equal(fixture->visits, 5);
	assert_int_equal(fixture->scan.bad_line, 0);
	/* A removal does not lower the mark. */
	flat_file_removed(&fixture->bytes, 1, "user1");
	flat_file_created(&fixture->bytes, 2, "erin");
	flat_file_created(&fixture->bytes, 5, "frank");
	expect_bad(fixture, 8, true);
}

TEST_WITH(set_up, tear_down, not_a_header)
{
	static const char *const others[] = {"", "\n", "rollcall-users\t3\tunicode 15.0.0\n",
		"rollcall-users\t1", "rollcall-users\t1\n", "rollcall-users 1 unicode\n",
		"Rollcall-users\t1\tunicode\n", "rollcall-users\t11\tunicode\n",
		"\xef\xbb\xbfrollcall-users\t1\tunicode\n", "rollcall-users\t1\tunicode 15.0.0"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		buffer_clear(&fixture->bytes);
		buffer_string(&fixture->bytes, others[i]);
		assert_int_equal(scan(fixture), RESULT_OK);
		assert_false(fixture->scan.has_header);
		assert_int_equal(fixture->visits, 0);
		assert_int_equal(fixture->scan.good, 0);
	}
}

FIXTURE_TEST(nothing_after_a_bad_header_is_visited)
{
	flat_file_created(&fixture->bytes, 1, "alice");
	flat_file_created(&fixture->bytes, 2, "bob");
	assert_int_equal(scan(fixture), RESULT_OK);
	assert_false(fixture->scan.has_header);
	assert_int_equal(fixture->scan.bad_line, 1);
	assert_int_equal(fixture->visits, 0);
}

FIXTURE_TEST(bad_line_between_good_ones)
{
	for (size_t line = 2; line <= 5; line++) {
		buffer_clear(&fixture->bytes);
		flat_file_users(&fixture->bytes, 5);
		overwrite(fixture, line, "XXXX", 4);
		expect_bad(fixture, line, true);
	}
}

FIXTURE_TEST(bad_lines_at_the_end)
{
	flat_file_users(&fixture->bytes, 5);
	overwrite(fixture, 6, "XXXX", 4);
	expect_bad(fixture, 6, false);
	overwrite(fixture, 5, "XXXX", 4);
	expect_bad(fixture, 5, false);
	overwrite(fixture, 4, "\n\n\n\n", 4);
	expect_bad(fixture, 4, false);
	buffer_string(&fixture->bytes, "\n\n");
	expect_bad(fixture, 4, false);
}

FIXTURE_TEST(empty_line)
{
	flat_file_users(&fixture->bytes, 2);
	buffer_string(&fixture->bytes, "\n");
	expect_bad(fixture, 4, false);
	flat_file_created(&fixture->bytes, 3, "carol");
	expect_bad(fixture, 4, true);
}

/* What an editor does to a file is not what a crash does. */
FIXTURE_TEST(windows_line_ends)
{
	flat_file_users(&fixture->bytes, 2);
	fixture->bytes.length--;
	buffer_string(&fixture->bytes, "\r\n");
	expect_bad(fixture, 3, true);
}

/* An editor or a copy takes off a line feed, and no byte else. */
FIXTURE_TEST(last_line_without_its_end)
{
	flat_file_users(&fixture->bytes, 3);
	expect_all_good(fixture, 3);
	assert_false(fixture->scan.is_unended);
	fixture->bytes.length--;
	expect_all_good(fixture, 3);
	assert_true(fixture->scan.is_unended);
	fixture->bytes.length--;
	expect_bad(fixture, 4, false);
	assert_false(fixture->scan.is_unended);
}

/* An acknowledged user's record: a crash may leave zeros there, but no white space. */
TEST_WITH(set_up, tear_down, last_line_with_another_end)
{
	static const char *const ends[] = {"\r", " ", "\t", "\r\r"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		buffer_clear(&fixture->bytes);
		flat_file_users(&fixture->bytes, 3);
		fixture->bytes.length--;
		buffer_append(&fixture->bytes, ends[i], strlen(ends[i]));
		expect_bad(fixture, 4, true);
	}
	buffer_clear(&fixture->bytes);
	flat_file_users(&fixture->bytes, 3);
	fixture->bytes.bytes[fixture->bytes.length - 1] = '\0';
	expect_bad(fixture, 4, false);
}

/* What is whole and does not fit is damage there, too. */
FIXTURE_TEST(last_line_without_its_end_that_does_not_fit)
{
	flat_file_users(&fixture->bytes, 3);
	flat_file_created(&fixture->bytes, 3, "again");
	fixture->bytes.length--;
	expect_bad(fixture, 5, true);
	assert_false(fixture->scan.is_unended);
}

/* After damage it is only looked for. */
FIXTURE_TEST(last_line_without_its_end_after_a_bad_one)
{
	flat_file_users(&fixture->bytes, 3);
	overwrite(fixture, 3, "XXXX", 4);
	fixture->bytes.length--;
	expect_bad(fixture, 3, true);
	assert_false(fixture->scan.is_unended);
}

/* A line with a right checksum before the fields `rest`. */
static void append_sealed(struct buffer *bytes, const char *rest)
{
	char checksum[CHECKSUM_LENGTH];

	checksum_write(rest, strlen(rest), checksum);
	buffer_append(bytes, checksum, sizeof(checksum));
	buffer_string(bytes, "\t");
	buffer_string(bytes, rest);
	buffer_string(bytes, "\n");
}

/* No crash leaves one, so it is not cut off, not even at the end: a program may have told somebody
 * that it is stored. */
TEST_WITH(set_up, tear_down, right_checksum_of_what_cannot_be)
{
	static const char *const rests[] = {"+\t4\t0000-01-01T00:00:00.000Z\tcarol",
		"+\t4\t2026-02-29T00:00:00.000Z\tcarol", "+\t0\t2026-01-01T00:00:00.000Z\tcarol",
		"+\t18446744073709551616\t2026-01-01T00:00:00.000Z\tcarol", "something else"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(rests) / sizeof(*rests); i++) {
		buffer_clear(&fixture->bytes);
		flat_file_users(&fixture->bytes, 3);
		append_sealed(&fixture->bytes, rests[i]);
		expect_bad(fixture, 5, true);
		fixture->bytes.length--;
		expect_bad(fixture, 5, true);
	}
}

static void expect_explained(struct fixture *fixture, const char *words)
{
	struct reason reason;

	assert_int_equal(scan(fixture), RESULT_OK);
	assert_false(journal_scan_is_sound(&fixture->scan));
	assert_true(fixture->scan.bad_line > 0);
	journal_scan_explain(&fixture->scan, "users.log", &reason);
	assert_string_equal(reason.text, words);
}

TEST_WITH(set_up, tear_down, why_it_is_refused)
{
	static const char advice[] = ". Put a backup in its place; or, if there is no list to "
				     "keep, remove it and start with --new";
	static const struct {
		const char *bytes, *words;
	} blanks[] = {{"", "users.log is empty"},
		{"\n \t\r\n", "users.log holds only blanks and zeros"},
		{"rollcall-us", "users.log has only the beginning of a header"},
		{"rollcall-users\t1\tunicode 15.0.0",
			"users.log has only the beginning of a header"}};
	struct fixture *fixture = *state;
	char words[512];

	for (size_t i = 0; i < sizeof(blanks) / sizeof(*blanks); i++) {
		buffer_clear(&fixture->bytes);
		buffer_string(&fixture->bytes, blanks[i].bytes);
		snprintf(words, sizeof(words), "%s%s", blanks[i].words, advice);
		expect_explained(fixture, words);
	}
	buffer_clear(&fixture->bytes);
	append_zeros(&fixture->bytes, 2 * CHUNK);
	snprintf(words, sizeof(words), "%s%s", blanks[1].words, advice);
	expect_explained(fixture, words);
	buffer_clear(&fixture->bytes);
	buffer_string(&fixture->bytes, "something else");
	expect_explained(fixture, "users.log is not a users.log: line 1 is not its header");
	buffer_string(&fixture->bytes, "\n");
	flat_file_created(&fixture->bytes, 1, "alice");
	expect_explained(fixture, "users.log is not a users.log: line 1 is not its header. "
				  "'rollcall repair' keeps what is good");
}

static void expect_damage_explained(struct fixture *fixture, const char *what)
{
	char words[512];

	snprintf(words, sizeof(words),
		"users.log is damaged: line 4 %s; nothing was changed. 'rollcall repair' keeps "
		"what is good",
		what);
	expect_explained(fixture, words);
}

FIXTURE_TEST(what_is_wrong_with_the_line)
{
	flat_file_users(&fixture->bytes, 3);
	overwrite(fixture, 4, "XXXX", 4);
	flat_file_created(&fixture->bytes, 4, "dave");
	expect_damage_explained(fixture, "is bad, and good records follow it");
	buffer_clear(&fixture->bytes);
	flat_file_users(&fixture->bytes, 2);
	flat_file_created(&fixture->bytes, 2, "carol");
	expect_damage_explained(fixture, "is bad: it contradicts those before it");
	buffer_clear(&fixture->bytes);
	flat_file_users(&fixture->bytes, 2);
	append_sealed(&fixture->bytes, "+\t3\t0000-01-01T00:00:00.000Z\tcarol");
	expect_damage_explained(
		fixture, "is bad: its checksum is right, but not its number, time or name");
	buffer_clear(&fixture->bytes);
	flat_file_users(&fixture->bytes, 3);
	fixture->refused = 3;
	fixture->refusal = RESULT_LIMIT;
	expect_damage_explained(fixture, "is bad: it has a number that no user can have");
}

FIXTURE_TEST(given_numbers_that_nobody_can_have)
{
	header_append(&fixture->bytes, (uint64_t)LIMIT_PLACE + 1);
	flat_file_created(&fixture->bytes, 1, "alice");
	expect_explained(fixture, "users.log is not a users.log: line 1 is bad: it has a number "
				  "that no user can have. "
				  "'rollcall repair' keeps what is good");
}

/* As many as fit into a line of nonsense, one after the other, and of a good one none is missed. */
TEST_WITH(set_up, tear_down, records_within_nonsense)
{
	static const char *const nonsense[] = {
		"", "\t+", "0000000\t+\t", "00000000\t+\t1\t2026-01-01T00:00:00.000Z\t"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(nonsense) / sizeof(*nonsense); i++) {
		buffer_clear(&fixture->bytes);
		flat_file_users(&fixture->bytes, 1);
		for (uint64_t number = 2; number <= 5; number++) {
			buffer_string(&fixture->bytes, nonsense[i]);
			flat_file_created(&fixture->bytes, number, "name");
			fixture->bytes.length--; /* its line feed */
		}
		buffer_string(&fixture->bytes, "\n");
		expect_bad(fixture, 3, true);
		assert_int_equal(fixture->found, 4);
	}
}

FIXTURE_TEST(visitor_refuses)
{
	flat_file_users(&fixture->bytes, 5);
	fixture->refused = 3;
	expect_bad(fixture, 4, true);
}

/* A good checksum in a place where the record does not fit is not what a crash leaves behind, not
 * even at the very end. */
FIXTURE_TEST(good_record_that_does_not_fit)
{
	flat_file_users(&fixture->bytes, 3);
	flat_file_created(&fixture->bytes, 3, "again");
	expect_bad(fixture, 5, true);
	buffer_clear(&fixture->bytes);
	flat_file_users(&fixture->bytes, 3);
	fixture->refused = 3;
	expect_bad(fixture, 4, true);
}

/* One line feed is damaged: the two lines that become one both have their records, and the second
 * can be seen in it. */
FIXTURE_TEST(line_feed_damaged)
{
	for (size_t line = 2; line <= 5; line++) {
		buffer_clear(&fixture->bytes);
		flat_file_users(&fixture->bytes, 5);
		fixture->bytes.bytes[flat_file_line(&fixture->bytes, line + 1) - 1] = '\x0b';
		expect_bad(fixture, line, true);
	}
}

/* Blocks of zeros that take the beginning of the file's last records with them. */
TEST_WITH(set_up, tear_down, zeros_before_the_last_record)
{
	static const size_t counts[] = {1, 100, LIMIT_RECORD - 1, LIMIT_RECORD, 4096, CHUNK - 500,
		CHUNK, CHUNK + 100, 3 * CHUNK};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		buffer_clear(&fixture->bytes);
		flat_file_users(&fixture->bytes, 2);
		append_zeros(&fixture->bytes, counts[i]);
		flat_file_created(&fixture->bytes, 3, "carol");
		expect_bad(fixture, 4, true);
	}
}

TEST_WITH(set_up, tear_down, zeros_at_the_end)
{
	static const size_t counts[] = {1, 100, LIMIT_RECORD - 1, LIMIT_RECORD, 4096, CHUNK - 500,
		CHUNK, CHUNK + 100, 3 * CHUNK};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		buffer_clear(&fixture->bytes);
		flat_file_users(&fixture->bytes, 2);
		append_zeros(&fixture->bytes, counts[i]);
		expect_bad(fixture, 4, false);
	}
}

/* A line of many megabytes counts as one. */
FIXTURE_TEST(line_numbers_after_a_long_line)
{
	fixture->refused = 4;
	flat_file_users(&fixture->bytes, 2);
	append_zeros(&fixture->bytes, 3 * CHUNK + 17);
	buffer_string(&fixture->bytes, "\n");
	expect_bad(fixture, 4, false);
	flat_file_created(&fixture->bytes, 3, "carol");
	expect_bad(fixture, 4, true);
}

FIXTURE_TEST(lines_across_the_chunks)
{
	const uint64_t count = 3 * CHUNK / 45; /* bytes of a line, or a little more */

	flat_file_users(&fixture->bytes, count);
	assert_true(fixture->bytes.length > 2 * CHUNK);
	expect_all_good(fixture, count);
}

/* The border lies at every byte of a line once. */
FIXTURE_TEST(every_place_of_the_chunk_border)
{
	char name[LIMIT_NAME + 1] = "";

	for (size_t i = 1; i < 60; i++) {
		buffer_clear(&fixture->bytes);
		flat_file_header(&fixture->bytes);
		memset(name, 'a', i);
		flat_file_created(&fixture->bytes, 1, name);
		uint64_t count = 1;
		while (fixture->bytes.length < CHUNK + 200)
			flat_file_created(&fixture->bytes, ++count, "b");
		expect_all_good(fixture, count);
	}
}

/* A file that ends just where a chunk does. */
FIXTURE_TEST(file_of_one_chunk)
{
	char name[LIMIT_NAME + 1];
	uint64_t count = 0;

	flat_file_header(&fixture->bytes);
	while (CHUNK - fixture->bytes.length >= 400)
		flat_file_created(&fixture->bytes, ++count, "somebody");
	for (size_t left = CHUNK - fixture->bytes.length; left > 0;
		left = CHUNK - fixture->bytes.length) {
		size_t before = fixture->bytes.length;
		/* Two lines: the first so long that the second fills the rest. */
		flat_file_created(&fixture->bytes, ++count, "a");
		size_t least = fixture->bytes.length - before;
		fixture->bytes.length = before;
		size_t length = left >= 2 * least + 10 ? left / 2 - least : left - least + 1;
		memset(name, 'a', length);
		name[length] = '\0';
		flat_file_created(&fixture->bytes, count, name);
	}
	assert_int_equal(fixture->bytes.length, CHUNK);
	expect_all_good(fixture, count);
}

/* However little the system gives at once. */
FIXTURE_TEST(short_reads)
{
	flat_file_users(&fixture->bytes, 30);
	for (size_t most = 1; most <= fixture->bytes.length + 1; most += most < 600 ? 1 : 97) {
		fake_disk_shorten(fixture->disk, VFS_READ, 0, ALWAYS, most);
		expect_all_good(fixture, 30);
	}
	overwrite(fixture, 20, "X", 1);
	for (size_t most = 1; most < 600; most++) {
		fake_disk_shorten(fixture->disk, VFS_READ, 0, ALWAYS, most);
		expect_bad(fixture, 20, true);
	}
}

/* A long bad line that arrives in pieces is still one line, and what hides at its end is seen. */
FIXTURE_TEST(short_reads_of_a_long_line)
{
	flat_file_users(&fixture->bytes, 2);
	append_zeros(&fixture->bytes, 2000);
	flat_file_created(&fixture->bytes, 3, "carol");
	for (size_t most = 1; most < 1500; most += 7) {
		fake_disk_shorten(fixture->disk, VFS_READ, 0, ALWAYS, most);
		expect_bad(fixture, 4, true);
	}
}

/* One that is longer than any record is a bad one however it arrives, whatever its checksum: a scan
 * that sees it in parts cannot look at that. */
FIXTURE_TEST(short_reads_of_a_long_line_with_a_right_checksum)
{
	static char rest[LIMIT_RECORD + 1];

	memset(rest, 'x', LIMIT_RECORD);
	flat_file_users(&fixture->bytes, 2);
	append_sealed(&fixture->bytes, rest);
	expect_bad(fixture, 4, false);
	fake_disk_shorten(fixture->disk, VFS_READ, 0, ALWAYS, 1000);
	expect_bad(fixture, 4, false);
}

FIXTURE_TEST(interrupted_read)
{
	flat_file_users(&fixture->bytes, 30);
	fake_disk_shorten(fixture->disk, VFS_READ, 0, 5, 100);
	fake_disk_fail(fixture->disk, VFS_READ, 0, 3, EINTR);
	expect_all_good(fixture, 30);
}

FIXTURE_TEST(failed_read)
{
	flat_file_users(&fixture->bytes, 30);
	for (size_t after = 0; after < 3; after++) {
		fake_disk_shorten(fixture->disk, VFS_READ, 0, after, 100);
		fake_disk_fail(fixture->disk, VFS_READ, 0, 1, EIO);
		assert_int_equal(scan(fixture), RESULT_SYSTEM);
		assert_int_equal(errno, EIO);
	}
}
