#include "options/settings_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temporary_directory.h"
#include "support/test.h"

/* setting_cb: writes down what it is shown; the name BAD is refused. */
static enum result note(void *argument, const char *name, const char *value, struct reason *reason)
{
	struct buffer *seen = argument;

	if (strcmp(name, "BAD") == 0)
		return reason_fail(reason, RESULT_LIMIT, "it is bad");
	buffer_printf(seen, "%s=[%s]", name, value);
	return RESULT_OK;
}

static enum result read_text(
	const char *text, size_t length, struct buffer *seen, struct reason *reason)
{
	struct buffer file = {0};

	buffer_append(&file, text, length);
	enum result result = settings_file_read("-/etc/x", &file, note, seen, reason);
	buffer_append(seen, "", 1);
	buffer_free(&file);
	return result;
}

static void expect_settings(const char *text, const char *expected)
{
	struct reason reason;
	struct buffer seen = {0};

	assert_int_equal(read_text(text, strlen(text), &seen, &reason), RESULT_OK);
	assert_string_equal(seen.bytes, expected);
	buffer_free(&seen);
}

static void expect_wrong(const char *text, size_t length, enum result result, const char *expected)
{
	struct reason reason;
	struct buffer seen = {0};

	assert_int_equal(read_text(text, length, &seen, &reason), result);
	assert_string_equal(reason.text, expected);
	buffer_free(&seen);
}

#define EXPECT_WRONG(text, status, expected)                                                       \
	expect_wrong((text), sizeof(text) - 1, (status), (expected))

TEST(settings)
{
	expect_settings("", "");
	expect_settings("A=1", "A=[1]");
	expect_settings("A=1\nB_2=two words\n", "A=[1]B_2=[two words]");
	expect_settings(" A = 1 \r\n\tB=\n", "A=[1]B=[]");
	expect_settings("# A=1\n;B=2\n\n  # C=3\nD=4 # no comment", "D=[4 # no comment]");
	expect_settings("A=\" 1 \"\nB=' \"2\" '\nC=\"\"", "A=[ 1 ]B=[ \"2\" ]C=[]");
	expect_settings("A=x\"y\nB=a=b\nC=a\\b", "A=[x\"y]B=[a=b]C=[a\\b]");
	expect_settings("A=1\nA=2", "A=[1]A=[2]");
}

TEST(what_is_wrong_is_named_with_its_line)
{
	EXPECT_WRONG("A=1\n\nnonsense\n", RESULT_MALFORMED, "/etc/x:3: expected NAME=value");
	EXPECT_WRONG("export A=1", RESULT_MALFORMED, "/etc/x:1: expected NAME=value");
	EXPECT_WRONG("=1", RESULT_MALFORMED, "/etc/x:1: expected NAME=value");
	EXPECT_WRONG("1A=1", RESULT_MALFORMED, "/etc/x:1: expected NAME=value");
	EXPECT_WRONG("\xef\xbb\xbf"
		     "A=1",
		RESULT_MALFORMED,
		"/etc/x:1: a byte order mark: save the file in UTF-8, without one");
	EXPECT_WRONG("\xff\xfe"
		     "A\0=\0001\0",
		RESULT_MALFORMED,
		"/etc/x:1: a byte order mark: save the file in UTF-8, without one");
	EXPECT_WRONG("\xfe\xff"
		     "\0A\0=\0001",
		RESULT_MALFORMED,
		"/etc/x:1: a byte order mark: save the file in UTF-8, without one");
	EXPECT_WRONG("A=\"1", RESULT_MALFORMED, "/etc/x:1: the quotes do not match");
	EXPECT_WRONG("A='", RESULT_MALFORMED, "/etc/x:1: the quotes do not match");
	EXPECT_WRONG("A=\"1\" 2\"", RESULT_MALFORMED, "/etc/x:1: the quotes do not match");
	EXPECT_WRONG("A=1\nB=\0002\nC=3", RESULT_MALFORMED, "/etc/x:2: a NUL byte");
	EXPECT_WRONG("A=1\nBAD=1\nnonsense", RESULT_LIMIT, "/etc/x:2: it is bad");
}

/* Loads a path in a directory, with a '-' before it or not. */
static enum result load(const struct temporary_directory *directory, const char *mark,
	const char *name, struct buffer *text, struct reason *reason)
{
	char path[256];

	snprintf(path, sizeof(path), "%s%s/%s", mark, directory->path, name);
	buffer_clear(text);
	return settings_file_load(path, text, reason);
}

static void write_file(const struct temporary_directory *directory, const char *name, size_t length)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", directory->path, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	while (length-- > 0)
		assert_int_equal(fputc('#', file), '#');
	assert_int_equal(fclose(file), 0);
}

static void make_fifo(const struct temporary_directory *directory, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", directory->path, name);
	assert_int_equal(mkfifo(path, 0600), 0);
}

TEST(loading)
{
	struct temporary_directory directory;
	struct reason reason;
	struct buffer text = {0};

	temporary_directory_make(&directory);
	write_file(&directory, "most", SETTINGS_FILE_MOST);
	write_file(&directory, "more", SETTINGS_FILE_MOST + 1);
	make_fifo(&directory, "fifo");
	assert_int_equal(load(&directory, "", "most", &text, &reason), RESULT_OK);
	assert_int_equal(text.length, SETTINGS_FILE_MOST);
	assert_int_equal(load(&directory, "-", "most", &text, &reason), RESULT_OK);
	assert_int_equal(text.length, SETTINGS_FILE_MOST);
	assert_int_equal(load(&directory, "-", "missing", &text, &reason), RESULT_OK);
	assert_int_equal(text.length, 0);
	assert_int_equal(load(&directory, "", "missing", &text, &reason), RESULT_SYSTEM);
	assert_non_null(strstr(reason.text, "cannot read settings from /"));
	assert_non_null(strstr(reason.text, "/missing: No such file or directory"));
	assert_int_equal(load(&directory, "-", "more", &text, &reason), RESULT_SYSTEM);
	assert_non_null(strstr(reason.text, "/more: too long for a file of settings"));
	assert_int_equal(load(&directory, "-", "fifo", &text, &reason), RESULT_SYSTEM);
	assert_non_null(strstr(reason.text, "/fifo: not a regular file"));
	buffer_free(&text);
	temporary_directory_remove(&directory);
}
