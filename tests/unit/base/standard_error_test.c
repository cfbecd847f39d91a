/* With a priority before each line, where systemd's journal reads it, and without one elsewhere. */
#include "base/standard_error.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/test.h"

/* What is said on standard error; `is_journal`: which is the journal's, by what systemd says. */
static void expect_said(void (*say)(const char *format, ...), const char *words, bool is_journal,
	const char *expected)
{
	FILE *file = tmpfile();
	char said[256] = "", stream[64];
	struct stat status;
	int kept = dup(STDERR_FILENO);

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &status), 0);
	snprintf(stream, sizeof(stream), "%ju:%ju", (uintmax_t)status.st_dev,
		(uintmax_t)status.st_ino + !is_journal);
	setenv("JOURNAL_STREAM", stream, 1);
	fflush(stderr);
	assert_int_equal(dup2(fileno(file), STDERR_FILENO), STDERR_FILENO);
	say("%s", words);
	fflush(stderr);
	assert_int_equal(dup2(kept, STDERR_FILENO), STDERR_FILENO);
	close(kept);
	unsetenv("JOURNAL_STREAM");
	rewind(file);
	assert_true(fread(said, 1, sizeof(said) - 1, file) < sizeof(said) - 1);
	fclose(file);
	assert_string_equal(said, expected);
}

TEST(lines)
{
	expect_said(standard_error_say, "no disk", true, "<3>no disk\n");
	expect_said(standard_error_say, "one\ntwo", true, "<3>one\n<3>two\n");
	expect_said(standard_error_say, "one\n\ntwo\n", true, "<3>one\n<3>\n<3>two\n");
	expect_said(standard_error_say, "", true, "");
	expect_said(standard_error_warn, "slow disk", true, "<4>slow disk\n");
	expect_said(standard_error_say, "one\ntwo", false, "one\ntwo\n");
}

TEST(priorities)
{
	assert_string_equal(standard_error_priority(LOG_ERROR), "<3>");
	assert_string_equal(standard_error_priority(LOG_WARN), "<4>");
	assert_string_equal(standard_error_priority(LOG_INFO), "<6>");
	assert_string_equal(standard_error_priority(LOG_DEBUG), "<7>");
}

TEST(whose_it_is)
{
	unsetenv("JOURNAL_STREAM");
	assert_false(standard_error_is_journal(STDIN_FILENO));
	setenv("JOURNAL_STREAM", "0:0", 1);
	assert_false(standard_error_is_journal(STDIN_FILENO));
	assert_false(standard_error_is_journal(-1));
	unsetenv("JOURNAL_STREAM");
}
