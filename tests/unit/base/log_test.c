#include "base/log.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/limit.h"
#include "base/log_line.h"
#include "base/printable.h"
#include "base/timestamp.h"
#include "support/patience.h"
#include "support/test.h"
#include "support/unit/captured_log.h"

static size_t count_lines(const char *text)
{
	size_t lines = 0;

	for (; (text = strchr(text, '\n')) != NULL; text++)
		lines++;
	return lines;
}

/* The line of one event, without its time, which is checked. */
static const char *line_of(struct captured_log *captured)
{
	const char *text = captured_log_text(captured);
	int64_t milliseconds;

	assert_int_equal(count_lines(text), 1);
	assert_memory_equal(text, "time=", 5);
	assert_int_equal(timestamp_parse(text + 5, &milliseconds), RESULT_OK);
	assert_int_equal(text[5 + TIMESTAMP_LENGTH], ' ');
	return text + 5 + TIMESTAMP_LENGTH + 1;
}

/* A value and how it is written. */
static void expect_written(const char *value, const char *written)
{
	struct captured_log captured;
	char expected[1024];

	captured_log_open(&captured, LOG_INFO);
	log_event(captured.log, LOG_INFO, "e", LOG_TEXT("k", value), LOG_NUMBER("n", 7));
	snprintf(expected, sizeof(expected), "level=info event=e k=%s n=7\n", written);
	assert_string_equal(line_of(&captured), expected);
	captured_log_close(&captured);
}

TEST(values_are_quoted_when_they_must_be)
{
	expect_written("plain", "plain");
	expect_written("/users?before=1", "\"/users?before=1\"");
	expect_written("unix:/run/x.sock", "unix:/run/x.sock");
	expect_written("", "\"\"");
	expect_written(NULL, "\"\"");
	expect_written("two words", "\"two words\"");
	expect_written("say \"no\"", "\"say \\\"no\\\"\"");
	expect_written("back\\slash", "\"back\\\\slash\"");
	expect_written("a=b", "\"a=b\"");
}

#define LONG_VALUE 20

static bool is_line_quoted(const char *value)
{
	const char time[] = "2026-01-02T03:04:05.678Z";
	const struct log_field fields[] = {LOG_TEXT("value", value), {0}};
	struct buffer line = {0};

	log_line_append(&line, time, LOG_INFO, "test", fields);
	buffer_append(&line, "", 1);
	bool is_quoted = strstr(line.bytes, " value=\"") != NULL;
	buffer_free(&line);
	return is_quoted;
}

/* Values are looked at several bytes at a time: every byte counts wherever it stands. */
TEST(every_byte_is_looked_at)
{
	char value[LONG_VALUE + 1];

	for (unsigned byte = 1; byte < 256; byte++) {
		bool is_bare = byte > ' ' && byte <= '~' && strchr("\"=\\", (int)byte) == NULL;
		for (size_t at = 0; at < LONG_VALUE; at++) {
			memset(value, 'a', LONG_VALUE);
			value[LONG_VALUE] = '\0';
			value[at] = (char)byte;
			if (is_line_quoted(value) == is_bare)
				fail_msg("byte %u at %zu", byte, at);
		}
	}
}

TEST(nothing_ends_a_line)
{
	expect_written("a\nlevel=error event=forged", "\"a\\x0alevel=error event=forged\"");
	expect_written("a\r\nb", "\"a\\x0d\\x0ab\"");
	expect_written("\x1b[31mred\x7f\t", "\"\\x1b[31mred\\x7f\\x09\"");
	expect_written("\" event=forged x=\"", "\"\\\" event=forged x=\\\"\"");
	expect_written("trailing\\", "\"trailing\\\\\"");
}

TEST(utf8_stays_readable)
{
	expect_written("Zoë 🎉", "\"Zoë 🎉\"");
	expect_written("مريم", "\"مريم\"");
}

TEST(values_are_printable)
{
	expect_written("/\xff", "\"/\\xff\"");
	expect_written("/\xc2\x85", "\"/\\u{85}\"");
	expect_written("\u202etxt", "\"\\u{202e}txt\"");
}

/* 170 characters of three bytes are 510 of 512 that a value may have. */
TEST(cuts_are_between_characters)
{
	char value[3 * 200 + 1] = "", expected[3 * 171 + 3] = "\"";

	for (int i = 0; i < 200; i++)
		strcat(value, "€");
	for (int i = 0; i < 170; i++)
		strcat(expected, "€");
	strcat(expected, PRINTABLE_CUT "\"");
	expect_written(value, expected);
}

TEST(numbers)
{
	struct captured_log captured;

	captured_log_open(&captured, LOG_INFO);
	log_event(captured.log, LOG_INFO, "e", LOG_NUMBER("a", -5), LOG_NUMBER("b", INT64_MAX),
		LOG_NUMBER("c", 0));
	assert_string_equal(
		line_of(&captured), "level=info event=e a=-5 b=9223372036854775807 c=0\n");
	captured_log_close(&captured);
}

TEST(an_event_without_fields)
{
	struct captured_log captured;

	captured_log_open(&captured, LOG_INFO);
	log_event(captured.log, LOG_INFO, "stopped");
	assert_string_equal(line_of(&captured), "level=info event=stopped\n");
	captured_log_close(&captured);
}

TEST(levels)
{
	static const char *const names[] = {"error", "warn", "info", "debug"};

	for (int most = LOG_ERROR; most <= (int)LOG_DEBUG; most++) {
		struct captured_log captured;
		captured_log_open(&captured, (enum log_level)most);
		for (int level = LOG_ERROR; level <= (int)LOG_DEBUG; level++)
			log_event(captured.log, (enum log_level)level, names[level]);
		for (int level = LOG_ERROR; level <= (int)LOG_DEBUG; level++) {
			char part[64];
			snprintf(part, sizeof(part), "level=%s event=%s\n", names[level],
				names[level]);
			assert_int_equal(
				strstr(captured_log_text(&captured), part) != NULL, level <= most);
		}
		captured_log_close(&captured);
	}
}

/* Of a long value the beginning is there, and the line goes on after it as it should. */
TEST(long_values_are_cut)
{
	static const char fillers[] = {'a', ' ', '\n', '"', '\xc3'};

	for (size_t i = 0; i < sizeof(fillers); i++) {
		struct captured_log captured;
		char value[4 * LIMIT_LOG_LINE + 1];
		memset(value, fillers[i], sizeof(value) - 1);
		value[sizeof(value) - 1] = '\0';
		captured_log_open(&captured, LOG_INFO);
		log_event(captured.log, LOG_INFO, "e", LOG_TEXT("k", value), LOG_TEXT("l", value),
			LOG_NUMBER("n", 7));
		const char *line = line_of(&captured);
		assert_true(strlen(line) >= 2 * LIMIT_LOG_VALUE);
		assert_true(strlen(line) < LIMIT_LOG_LINE);
		assert_string_equal(line + strlen(line) - strlen("\" n=7\n"), "\" n=7\n");
		captured_log_close(&captured);
	}
}

/* Neither cut nor quoted before it must be. */
TEST(values_as_long_as_they_may_be)
{
	struct captured_log captured;
	char value[LIMIT_LOG_VALUE], expected[LIMIT_LOG_VALUE + 64];

	memset(value, 'a', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	captured_log_open(&captured, LOG_INFO);
	log_event(captured.log, LOG_INFO, "e", LOG_TEXT("k", value));
	snprintf(expected, sizeof(expected), "level=info event=e k=%s\n", value);
	assert_string_equal(line_of(&captured), expected);
	captured_log_close(&captured);
}

static void expect_every_value(const char *text, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char part[64];
		snprintf(part, sizeof(part), " k=\"value %zu\" p=/path%zu\n", i, i);
		if (strstr(text, part) == NULL)
			fail_msg("not in the log:%s", part);
	}
	assert_int_equal(count_lines(text), count);
}

/* Lines that wait for the end of a turn do not count against each other. */
TEST(many_lines_at_once)
{
	struct captured_log captured;
	const size_t count = 5000;

	captured_log_open(&captured, LOG_INFO);
	for (size_t i = 0; i < count; i++) {
		char value[32], path[32];
		snprintf(value, sizeof(value), "value %zu", i);
		snprintf(path, sizeof(path), "/path%zu", i);
		log_event(captured.log, LOG_INFO, "e", LOG_TEXT("k", value), LOG_TEXT("p", path));
	}
	expect_every_value(captured_log_text(&captured), count);
	captured_log_close(&captured);
}

/* The time at which the line that begins here was written. */
static int64_t time_of(const char *line)
{
	int64_t milliseconds;

	assert_memory_equal(line, "time=", 5);
	assert_int_equal(timestamp_parse(line + 5, &milliseconds), RESULT_OK);
	return milliseconds;
}

TEST(every_line_has_its_time)
{
	struct captured_log captured;

	captured_log_open(&captured, LOG_INFO);
	int64_t begun = timestamp_now();
	log_event(captured.log, LOG_INFO, "first");
	int64_t between = timestamp_now();
	while (timestamp_now() == between)
		;
	log_event(captured.log, LOG_INFO, "second");
	log_event(captured.log, LOG_INFO, "third");
	const char *text = captured_log_text(&captured);
	const char *second = strchr(text, '\n') + 1;
	assert_in_range(time_of(text), begun, between);
	assert_in_range(time_of(second), between + 1, timestamp_now());
	assert_in_range(time_of(strchr(second, '\n') + 1), time_of(second), timestamp_now());
	captured_log_close(&captured);
}

/* Nobody has to ask for it. */
TEST(lines_are_written_by_themselves)
{
	struct buffer read_so_far = {0};
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	struct log *log = log_open(ends[1], LOG_INFO);
	log_event(log, LOG_INFO, "first");
	do {
		char bytes[256];
		patience_poll(ends[0], POLLIN, patience_begin(), "a line");
		ssize_t length = read(ends[0], bytes, sizeof(bytes));
		assert_true(length > 0);
		buffer_append(&read_so_far, bytes, (size_t)length);
	} while (read_so_far.bytes[read_so_far.length - 1] != '\n');
	assert_non_null(memmem(read_so_far.bytes, read_so_far.length, "event=first\n", 12));
	buffer_free(&read_so_far);
	log_close(log);
	close(ends[0]);
	close(ends[1]);
}

TEST(the_level_can_change)
{
	struct captured_log captured;

	captured_log_open(&captured, LOG_WARN);
	log_event(captured.log, LOG_INFO, "before");
	log_set_level(captured.log, LOG_INFO);
	log_event(captured.log, LOG_INFO, "between");
	log_set_level(captured.log, LOG_ERROR);
	log_event(captured.log, LOG_WARN, "after");
	assert_string_equal(line_of(&captured), "level=info event=between\n");
	captured_log_close(&captured);
}

/* A pipe to log to, and its reader, which reads nothing yet. */
struct end {
	int reading; /* -1: there is no reader */
	int writing;
	struct buffer read;
};

static void open_pipe(struct end *end)
{
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	end->reading = ends[0];
	end->writing = ends[1];
}

/* Another process that shares its description has set this. */
static void open_pipe_that_does_not_wait(struct end *end)
{
	open_pipe(end);
	assert_int_equal(fcntl(end->writing, F_SETFL, O_NONBLOCK), 0);
}

static void open_terminal(struct end *end)
{
	struct termios raw;

	end->reading = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(end->reading >= 0);
	assert_int_equal(grantpt(end->reading), 0);
	assert_int_equal(unlockpt(end->reading), 0);
	end->writing = open(ptsname(end->reading), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(end->writing >= 0);
	assert_int_equal(tcgetattr(end->writing, &raw), 0);
	cfmakeraw(&raw);
	assert_int_equal(tcsetattr(end->writing, TCSANOW, &raw), 0);
}

static void open_socket(struct end *end)
{
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	end->reading = ends[0];
	end->writing = ends[1];
}

static void open_small_socket(struct end *end)
{
	const int size = 1;

	open_socket(end);
	assert_int_equal(setsockopt(end->writing, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)), 0);
}

static void open_full_disk(struct end *end)
{
	end->reading = -1;
	end->writing = open("/dev/full", O_WRONLY | O_CLOEXEC);
	assert_true(end->writing >= 0);
}

static void open_pipe_without_reader(struct end *end)
{
	open_pipe(end);
	close(end->reading);
	end->reading = -1;
}

static void open_nothing(struct end *end)
{
	end->reading = -1;
	end->writing = -1;
}

static void close_end(struct end *end)
{
	if (end->reading >= 0)
		close(end->reading);
	if (end->writing >= 0)
		close(end->writing);
	buffer_free(&end->read);
}

/* Reads to the end: a terminal has none, but an error in its place. */
static void *read_to_end(void *argument)
{
	struct end *end = argument;
	char bytes[65536];
	ssize_t length;

	while ((length = read(end->reading, bytes, sizeof(bytes))) > 0)
		buffer_append(&end->read, bytes, (size_t)length);
	return NULL;
}

/* Closes the log while its reader takes all there is, as text. */
static const char *close_and_read(struct log *log, struct end *end)
{
	pthread_t reader;

	assert_int_equal(pthread_create(&reader, NULL, read_to_end, end), 0);
	log_close(log);
	close(end->writing);
	end->writing = -1;
	assert_int_equal(pthread_join(reader, NULL), 0);
	buffer_append(&end->read, "", 1);
	return end->read.bytes;
}

/* More than the log holds on to and any of them takes. */
#define FLOOD 40000

static void flood(struct log *log)
{
	for (int i = 0; i < FLOOD; i++)
		log_event(log, LOG_ERROR, "e", LOG_NUMBER("i", i));
}

static size_t dropped_lines(const char *text)
{
	size_t lines = 0;

	while ((text = strstr(text, "level=warn event=log-dropped lines=")) != NULL) {
		text = strstr(text, "lines=") + strlen("lines=");
		lines += strtoul(text, NULL, 10);
	}
	return lines;
}

static size_t count_of(const char *text, const char *part)
{
	size_t count = 0;

	for (; (text = strstr(text, part)) != NULL; text++)
		count++;
	return count;
}

static void (*const readers[])(struct end *) = {
	open_pipe, open_pipe_that_does_not_wait, open_terminal, open_socket, open_small_socket};
static void (*const no_readers[])(struct end *) = {
	open_full_disk, open_pipe_without_reader, open_nothing};

#define READERS    (sizeof(readers) / sizeof(readers[0]))
#define NO_READERS (sizeof(no_readers) / sizeof(no_readers[0]))

/* That the flood returns at all is a test: a write that waited would never end. What the reader
 * gets when it reads at last is whole lines, and says how many are missing. */
TEST(a_reader_that_is_behind_holds_nobody_up)
{
	for (size_t i = 0; i < READERS; i++) {
		struct end end = {0};
		readers[i](&end);
		int flags = fcntl(end.writing, F_GETFL);
		struct log *log = log_open(end.writing, LOG_INFO);
		flood(log);
		assert_int_equal(fcntl(end.writing, F_GETFL), flags);
		const char *text = close_and_read(log, &end);
		assert_non_null(strstr(text, "event=e i=0\n"));
		assert_true(dropped_lines(text) > 0);
		assert_int_equal(count_of(text, " event=e i=") + dropped_lines(text), FLOOD);
		assert_int_equal(count_of(text, "time="), count_lines(text));
		close_end(&end);
	}
}

/* The end of the program does not wait for it either. The writer that is left behind keeps the
 * other end, which is not closed. */
TEST(a_reader_that_never_reads)
{
	for (size_t i = 0; i < READERS; i++) {
		struct end end = {0};
		readers[i](&end);
		struct log *log = log_open(end.writing, LOG_INFO);
		flood(log);
		log_close(log);
		close(end.reading);
	}
}

static unsigned count_threads(void)
{
	DIR *threads = opendir("/proc/self/task");
	unsigned count = 0;

	assert_non_null(threads);
	while (readdir(threads) != NULL)
		count++;
	closedir(threads);
	return count;
}

/* The writer is not left behind: what cannot be written is given up with the log. */
TEST(nobody_reads)
{
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < NO_READERS; i++) {
		struct end end = {0};
		no_readers[i](&end);
		unsigned before = count_threads();
		struct log *log = log_open(end.writing, LOG_INFO);
		flood(log);
		log_close(log);
		int64_t until = patience_begin();
		while (count_threads() > before)
			patience_check(until, "the end of the writer");
		close_end(&end);
	}
	log_close(NULL);
}

/* What was dropped is said as soon as there is room again, and only once. */
TEST(dropping_ends)
{
	struct end end = {0};
	pthread_t reader;

	open_pipe(&end);
	struct log *log = log_open(end.writing, LOG_INFO);
	flood(log);
	assert_int_equal(pthread_create(&reader, NULL, read_to_end, &end), 0);
	log_flush(log);
	log_event(log, LOG_INFO, "again");
	log_event(log, LOG_INFO, "again");
	log_close(log);
	close(end.writing);
	end.writing = -1;
	assert_int_equal(pthread_join(reader, NULL), 0);
	buffer_append(&end.read, "", 1);
	const char *again = strstr(end.read.bytes, "event=again\n");
	const char *dropped = strstr(end.read.bytes, "event=log-dropped");
	assert_true(again != NULL && dropped != NULL && dropped < again);
	assert_null(strstr(again, "event=log-dropped"));
	close_end(&end);
}

/* Only of events that were left out is there a number. */
TEST(what_was_not_repeated_too_often_is_not_counted)
{
	struct captured_log captured;

	captured_log_open(&captured, LOG_INFO);
	log_often(captured.log, LOG_WARN, "seldom", LOG_NUMBER("n", 1));
	for (int i = 0; i < 20; i++)
		log_often(captured.log, LOG_WARN, "often", LOG_NUMBER("n", i));
	log_end_repeats(captured.log);
	assert_int_equal(captured_log_count(&captured, "repeated"), 1);
	captured_log_expect(&captured, "event=repeated of=often times=10");
	captured_log_close(&captured);
}
