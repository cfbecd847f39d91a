/* The log where systemd's journal reads it, and events that come without bound. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limit.h"
#include "base/repeats.h"
#include "base/standard_error.h"
#include "support/patience.h"
#include "support/test.h"
#include "support/unit/captured_log.h"

/* Says that this descriptor is the journal's. */
static void be_the_journal(int descriptor)
{
	struct stat status;
	char stream[64];

	assert_int_equal(fstat(descriptor, &status), 0);
	snprintf(stream, sizeof(stream), "%ju:%ju", (uintmax_t)status.st_dev,
		(uintmax_t)status.st_ino);
	assert_int_equal(setenv("JOURNAL_STREAM", stream, 1), 0);
}

/* A log that the journal reads. */
static void open_journal(struct captured_log *captured, enum log_level most)
{
	captured_log_open(captured, most);
	log_close(captured->log);
	be_the_journal(captured->file);
	captured->log = log_open(captured->file, most);
}

static int forget_journal(void **state)
{
	(void)state;
	return unsetenv("JOURNAL_STREAM");
}

TEST_WITH(NULL, forget_journal, each_line_has_its_priority)
{
	static const char *const starts[] = {"<3>time=", "<4>time=", "<6>time=", "<7>time="};
	struct captured_log captured;

	open_journal(&captured, LOG_DEBUG);
	for (unsigned level = LOG_ERROR; level <= LOG_DEBUG; level++)
		log_event(captured.log, (enum log_level)level, "e", LOG_NUMBER("level", level));
	const char *line = captured_log_text(&captured);
	for (unsigned level = LOG_ERROR; level <= LOG_DEBUG; level++) {
		char end[16];
		assert_memory_equal(line, starts[level], strlen(starts[level]));
		snprintf(end, sizeof(end), "level=%u\n", level);
		line = strstr(line, end);
		assert_non_null(line);
		line += strlen(end);
	}
	assert_int_equal(*line, '\0');
	captured_log_close(&captured);
}

/* The journal takes a priority at the beginning of a line, and cuts a line after 48 KiB. */
TEST_WITH(NULL, forget_journal, no_value_is_taken_for_a_priority)
{
	struct captured_log captured;
	char value[LIMIT_LOG_LINE];

	for (size_t i = 0; i + 4 < sizeof(value); i += 4)
		memcpy(value + i, "\n<0>", 4);
	value[sizeof(value) - 1] = '\0';
	open_journal(&captured, LOG_INFO);
	log_event(captured.log, LOG_INFO, "e", LOG_TEXT("k", "<0>"), LOG_TEXT("l", value));
	const char *text = captured_log_text(&captured);
	assert_memory_equal(text, "<6>time=", 8);
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	assert_true(strlen(text) < LIMIT_LOG_LINE);
	captured_log_close(&captured);
}

static void expect_no_priority(struct captured_log *captured)
{
	log_event(captured->log, LOG_ERROR, "e");
	assert_memory_equal(captured_log_text(captured), "time=", 5);
	assert_int_equal(log_level_of_each(captured->log), LOG_INFO);
}

/* The variable is inherited where standard error leads somewhere else. */
TEST_WITH(NULL, forget_journal, other_readers_see_no_priority)
{
	struct captured_log captured, other;

	captured_log_open(&other, LOG_INFO);
	be_the_journal(other.file);
	captured_log_open(&captured, LOG_INFO);
	expect_no_priority(&captured);
	captured_log_close(&captured);
	assert_int_equal(setenv("JOURNAL_STREAM", "", 1), 0);
	captured_log_open(&captured, LOG_INFO);
	expect_no_priority(&captured);
	captured_log_close(&captured);
	captured_log_close(&other);
}

TEST_WITH(NULL, forget_journal, requests_are_for_debugging_in_the_journal)
{
	struct captured_log captured;

	open_journal(&captured, LOG_INFO);
	assert_int_equal(log_level_of_each(captured.log), LOG_DEBUG);
	captured_log_close(&captured);
}

#define CROWD 100000

static void log_a_crowd(struct log *log, const char *event)
{
	for (int i = 0; i < CROWD; i++)
		log_often(log, LOG_WARN, event, LOG_NUMBER("i", i));
}

/* How many of them the line says that are not there. */
static size_t counted(const char *text, const char *event)
{
	char part[64];
	size_t sum = 0;

	snprintf(part, sizeof(part), "level=warn event=repeated of=%s times=", event);
	while ((text = strstr(text, part)) != NULL) {
		text += strlen(part);
		sum += strtoul(text, NULL, 10);
	}
	return sum;
}

/* None is lost, and there are not many lines, however long that takes: ten a second. */
TEST(what_comes_without_bound_is_counted)
{
	struct captured_log captured;

	captured_log_open(&captured, LOG_INFO);
	log_a_crowd(captured.log, "one");
	log_a_crowd(captured.log, "other");
	log_often(captured.log, LOG_DEBUG, "unwanted");
	log_event(captured.log, LOG_ERROR, "e");
	int64_t until = patience_begin();
	/* On a slow machine it is said more than once. */
	while (captured_log_count(&captured, "other") +
			counted(captured_log_text(&captured), "other") <
		CROWD)
		patience_check(until, "the number of those that were not written");
	assert_int_equal(captured_log_count(&captured, "e"), 1);
	assert_int_equal(captured_log_count(&captured, "unwanted"), 0);
	static const char *const events[] = {"one", "other"};
	for (size_t i = 0; i < 2; i++) {
		size_t written = captured_log_count(&captured, events[i]);
		assert_in_range(written, REPEATS_SHOWN, CROWD / 100);
		assert_int_equal(written + counted(captured_log_text(&captured), events[i]), CROWD);
	}
	/* The next is written again. */
	size_t before = captured_log_count(&captured, "one");
	log_often(captured.log, LOG_WARN, "one");
	assert_int_equal(captured_log_count(&captured, "one"), before + 1);
	captured_log_close(&captured);
}

/* The end of the log does not take the number with it. */
TEST(the_number_is_said_at_the_end)
{
	char text[4096] = "";
	int file = memfd_create("log", MFD_CLOEXEC);

	assert_true(file >= 0);
	struct log *log = log_open(file, LOG_INFO);
	for (int i = 0; i < REPEATS_SHOWN + 3; i++)
		log_often(log, LOG_WARN, "e");
	log_close(log);
	assert_true(pread(file, text, sizeof(text) - 1, 0) > 0);
	assert_int_equal(counted(text, "e"), 3);
	close(file);
}

TEST(debugging_shows_them_all)
{
	struct captured_log captured;

	captured_log_open(&captured, LOG_DEBUG);
	for (int i = 0; i < 2 * REPEATS_SHOWN; i++)
		log_often(captured.log, LOG_WARN, "e");
	assert_int_equal(captured_log_count(&captured, "e"), 2 * REPEATS_SHOWN);
	captured_log_close(&captured);
}
