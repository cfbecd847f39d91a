#include "log.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "captured_log.h"
#include "cmocka_all.h"
#include "limit.h"
#include "timestamp.h"

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
	assert_int_equal(timestamp_parse(text + 5, &milliseconds), STATUS_OK);
	assert_int_equal(text[5 + TIMESTAMP_LENGTH], ' ');
	return text + 5 + TIMESTAMP_LENGTH + 1;
}

/* A value and how it is written. */
static void expect_written(const char *value, const char *written)
{
	struct captured_log captured;
	char expected[256];

	captured_log_open(&captured, LOG_INFO);
	log_event(captured.log, LOG_INFO, "e", LOG_TEXT("k", value), LOG_NUMBER("n", 7));
	snprintf(expected, sizeof(expected), "level=info event=e k=%s n=7\n", written);
	assert_string_equal(line_of(&captured), expected);
	captured_log_close(&captured);
}

static void test_values_are_quoted_when_they_must_be(void **state)
{
	(void)state;
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

static void test_nothing_ends_a_line(void **state)
{
	(void)state;
	expect_written("a\nlevel=error event=forged", "\"a\\x0alevel=error event=forged\"");
	expect_written("a\r\nb", "\"a\\x0d\\x0ab\"");
	expect_written("\x1b[31mred\x7f\t", "\"\\x1b[31mred\\x7f\\x09\"");
	expect_written("\" event=forged x=\"", "\"\\\" event=forged x=\\\"\"");
	expect_written("trailing\\", "\"trailing\\\\\"");
}

static void test_utf8_stays_readable(void **state)
{
	(void)state;
	expect_written("Zoë 🎉", "\"Zoë 🎉\"");
	expect_written("مريم", "\"مريم\"");
}

static void test_numbers(void **state)
{
	struct captured_log captured;

	(void)state;
	captured_log_open(&captured, LOG_INFO);
	log_event(captured.log, LOG_INFO, "e", LOG_NUMBER("a", -5), LOG_NUMBER("b", INT64_MAX),
		LOG_NUMBER("c", 0));
	assert_string_equal(
		line_of(&captured), "level=info event=e a=-5 b=9223372036854775807 c=0\n");
	captured_log_close(&captured);
}

static void test_an_event_without_fields(void **state)
{
	struct captured_log captured;

	(void)state;
	captured_log_open(&captured, LOG_INFO);
	log_event(captured.log, LOG_INFO, "stopped");
	assert_string_equal(line_of(&captured), "level=info event=stopped\n");
	captured_log_close(&captured);
}

static void test_levels(void **state)
{
	static const char *const names[] = {"error", "warn", "info", "debug"};

	(void)state;
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
static void test_long_values_are_cut(void **state)
{
	static const char fillers[] = {'a', ' ', '\n', '"', '\xc3'};

	(void)state;
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
static void test_values_as_long_as_they_may_be(void **state)
{
	struct captured_log captured;
	char value[LIMIT_LOG_VALUE], expected[LIMIT_LOG_VALUE + 64];

	(void)state;
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
static void test_many_lines_at_once(void **state)
{
	struct captured_log captured;
	const size_t count = 5000;

	(void)state;
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
	assert_int_equal(timestamp_parse(line + 5, &milliseconds), STATUS_OK);
	return milliseconds;
}

static void test_every_line_has_its_time(void **state)
{
	struct captured_log captured;

	(void)state;
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

static void test_warnings_do_not_wait(void **state)
{
	char bytes[256];
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	struct log *log = log_open(ends[1], LOG_INFO);
	log_event(log, LOG_INFO, "first");
	assert_true(read(ends[0], bytes, sizeof(bytes)) < 0);
	log_event(log, LOG_WARN, "second");
	ssize_t length = read(ends[0], bytes, sizeof(bytes) - 1);
	assert_true(length > 0);
	bytes[length] = '\0';
	assert_non_null(strstr(bytes, "event=first\n"));
	assert_non_null(strstr(bytes, "event=second\n"));
	log_close(log);
	close(ends[0]);
	close(ends[1]);
}

/* A pipe that is full, but for less than a line; its writing end waits when it must. */
static void make_full_pipe(int ends[2])
{
	char bytes[4096] = {0};

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
	while (write(ends[1], bytes, sizeof(bytes)) > 0)
		;
	assert_int_equal(fcntl(ends[1], F_SETFL, 0), 0);
}

/* Reads what is there. */
static void read_all(int descriptor, struct buffer *out)
{
	char bytes[65536];
	ssize_t length;

	assert_int_equal(fcntl(descriptor, F_SETFL, O_NONBLOCK), 0);
	while ((length = read(descriptor, bytes, sizeof(bytes))) > 0)
		buffer_append(out, bytes, (size_t)length);
}

/* What the reader of a pipe that was full gets from log_close(). */
static void read_log(int ends[2], struct log *log, struct buffer *out)
{
	struct buffer filling = {0};

	read_all(ends[0], &filling);
	buffer_free(&filling);
	log_flush(log);
	read_all(ends[0], out);
	log_close(log);
	read_all(ends[0], out);
	buffer_append(out, "", 1);
}

/* That this returns at all is the test: a write that waited would never end. */
static void test_a_full_pipe_holds_nobody_up(void **state)
{
	struct buffer read = {0};
	int ends[2];

	(void)state;
	make_full_pipe(ends);
	struct log *log = log_open(ends[1], LOG_INFO);
	for (int i = 0; i < 100; i++)
		log_event(log, LOG_ERROR, "e", LOG_NUMBER("i", i));
	log_flush(log);
	read_log(ends, log, &read);
	assert_int_equal(count_lines(read.bytes), 100);
	assert_null(strstr(read.bytes, "log-dropped"));
	assert_non_null(strstr(read.bytes, "event=e i=0\n"));
	assert_non_null(strstr(read.bytes, "event=e i=99\n"));
	buffer_free(&read);
	close(ends[0]);
	close(ends[1]);
}

static size_t dropped_lines(const char *text)
{
	const char *found = strstr(text, "level=warn event=log-dropped lines=");

	assert_non_null(found);
	return strtoul(strstr(found, "lines=") + strlen("lines="), NULL, 10);
}

static void test_what_does_not_fit_is_dropped_and_counted(void **state)
{
	const size_t count = 20000;
	struct buffer read = {0};
	int ends[2];

	(void)state;
	make_full_pipe(ends);
	struct log *log = log_open(ends[1], LOG_INFO);
	for (size_t i = 0; i < count; i++)
		log_event(log, LOG_INFO, "e", LOG_NUMBER("i", i));
	read_log(ends, log, &read);
	size_t lines = count_lines(read.bytes);
	assert_true(read.length <= LIMIT_LOG_PENDING + 128);
	assert_true(lines > 500);
	assert_int_equal(lines - 1 + dropped_lines(read.bytes), count);
	assert_non_null(strstr(read.bytes, "event=e i=0\n"));
	buffer_free(&read);
	close(ends[0]);
	close(ends[1]);
}

/* What was dropped is said as soon as there is room again, and only once. */
static void test_dropping_ends(void **state)
{
	struct buffer read = {0};
	int ends[2];

	(void)state;
	make_full_pipe(ends);
	struct log *log = log_open(ends[1], LOG_INFO);
	for (int i = 0; i < 5000; i++)
		log_event(log, LOG_INFO, "e", LOG_NUMBER("i", i));
	read_all(ends[0], &read);
	log_event(log, LOG_INFO, "again");
	log_event(log, LOG_INFO, "again");
	buffer_clear(&read);
	read_log(ends, log, &read);
	const char *again = strstr(read.bytes, "event=again\n");
	const char *dropped = strstr(read.bytes, "event=log-dropped");
	assert_true(again != NULL && dropped != NULL && dropped < again);
	assert_null(strstr(dropped + 1, "event=log-dropped"));
	buffer_free(&read);
	close(ends[0]);
	close(ends[1]);
}

/* A reader that has gone is no reason to wait, or to end. */
static void test_nobody_reads(void **state)
{
	int ends[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	struct log *log = log_open(ends[1], LOG_INFO);
	close(ends[0]);
	for (int i = 0; i < 5000; i++)
		log_event(log, LOG_ERROR, "e", LOG_NUMBER("i", i));
	log_close(log);
	close(ends[1]);
	log = log_open(ends[1], LOG_INFO);
	log_event(log, LOG_ERROR, "e");
	log_close(log);
	log_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_are_quoted_when_they_must_be),
		cmocka_unit_test(test_nothing_ends_a_line),
		cmocka_unit_test(test_utf8_stays_readable),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_an_event_without_fields),
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_long_values_are_cut),
		cmocka_unit_test(test_values_as_long_as_they_may_be),
		cmocka_unit_test(test_many_lines_at_once),
		cmocka_unit_test(test_every_line_has_its_time),
		cmocka_unit_test(test_warnings_do_not_wait),
		cmocka_unit_test(test_a_full_pipe_holds_nobody_up),
		cmocka_unit_test(test_what_does_not_fit_is_dropped_and_counted),
		cmocka_unit_test(test_dropping_ends),
		cmocka_unit_test(test_nobody_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
