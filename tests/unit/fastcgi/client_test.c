/* client_fetch() against applications that answer well, badly, or not at all. */
#include "fastcgi/client.h"

#include <errno.h>
#include <fastcgi.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "event_loop/listener.h"
#include "support/patience.h"
#include "support/protocol/records.h"
#include "support/temporary_directory.h"
#include "support/test.h"

/* An application that answers one connection with these bytes. */
struct application {
	struct temporary_directory directory;
	struct endpoint endpoint;
	struct listener listener;
	struct buffer bytes;
	bool holds; /* keeps the connection open until the other side closes it */
	pthread_t thread;
};

static void open_application(struct application *application)
{
	char path[96];
	struct reason reason;

	*application = (struct application){0};
	temporary_directory_make(&application->directory);
	snprintf(path, sizeof(path), "%s/socket", application->directory.path);
	assert_int_equal(listener_create(&application->listener, path, &reason), RESULT_OK);
	assert_int_equal(endpoint_parse(&application->endpoint, path, &reason), RESULT_OK);
}

static void close_application(struct application *application)
{
	buffer_free(&application->bytes);
	close(application->listener.descriptor);
	temporary_directory_remove(&application->directory);
}

/* A thread of its own: no assertions here. */
static void *answer(void *argument)
{
	struct application *application = argument;
	char question[4096];
	int connection = accept(application->listener.descriptor, NULL, NULL);

	if (connection < 0)
		return NULL;
	if (read(connection, question, sizeof(question)) > 0 && application->bytes.length > 0 &&
		send(connection, application->bytes.bytes, application->bytes.length,
			MSG_NOSIGNAL) < 0)
		perror("send");
	while (application->holds && read(connection, question, sizeof(question)) > 0)
		continue;
	close(connection);
	return NULL;
}

static enum result ask(struct application *application, int milliseconds, struct client_answer *got,
	struct reason *reason)
{
	assert_int_equal(pthread_create(&application->thread, NULL, answer, application), 0);
	enum result result =
		client_fetch(&application->endpoint, "/readyz", milliseconds, got, reason);
	pthread_join(application->thread, NULL);
	return result;
}

static void append_answer(struct buffer *out, const char *text, size_t piece)
{
	const unsigned char end[8] = {0, 0, 0, 0, FCGI_REQUEST_COMPLETE};

	records_append(out, FCGI_STDERR, 1, "noise", 5, 3);
	records_stream(out, FCGI_STDOUT, 1, text, strlen(text), piece, 7);
	records_append(out, FCGI_END_REQUEST, 1, end, sizeof(end), 0);
}

static void expect_answer(const char *response, size_t piece, unsigned status, const char *text)
{
	struct application application;
	struct client_answer got;
	struct reason reason;

	open_application(&application);
	append_answer(&application.bytes, response, piece);
	application.holds = true;
	assert_int_equal(ask(&application, PATIENCE_MS, &got, &reason), RESULT_OK);
	assert_int_equal(got.status, status);
	assert_string_equal(got.text, text);
	close_application(&application);
}

TEST(answers)
{
	expect_answer("Status: 200 OK\r\n\r\nready\n", 0, 200, "ready");
	expect_answer("Content-Type: text/plain\r\nStatus: 503 x\r\n\r\nnot ready: disk\nmore", 1,
		503, "not ready: disk");
	expect_answer("Content-Type: text/plain\r\n\r\nStatus: 404", 5, 200, "Status: 404");
	expect_answer("Status: 200 OK\r\n\r\n", 0, 200, "");
	/* Nothing that a terminal would obey. */
	expect_answer("Status: 500 x\r\n\r\nbe\x1b[31mware", 0, 500, "be");
}

TEST(a_status_that_is_none)
{
	struct application application;
	struct client_answer got;
	struct reason reason;
	static const char *const responses[] = {"Status: x\r\n\r\n", "Status: \r\n\r\n",
		"Status: -200\r\n\r\n", "Status: +200\r\n\r\n", "Status: 20\r\n\r\n"};

	for (size_t i = 0; i < sizeof(responses) / sizeof(responses[0]); i++) {
		open_application(&application);
		append_answer(&application.bytes, responses[i], 0);
		assert_int_equal(ask(&application, PATIENCE_MS, &got, &reason), RESULT_MALFORMED);
		assert_string_equal(reason.text, "the answer has no status");
		close_application(&application);
	}
}

TEST(a_long_line_is_cut)
{
	struct application application;
	struct client_answer got;
	char response[1024] = "Status: 200 OK\r\n\r\n";
	struct reason reason;

	memset(response + strlen(response), 'x', 600);
	open_application(&application);
	append_answer(&application.bytes, response, 0);
	assert_int_equal(ask(&application, PATIENCE_MS, &got, &reason), RESULT_OK);
	assert_int_equal(strlen(got.text), sizeof(got.text) - 1);
	close_application(&application);
}

static void expect_malformed(const void *bytes, size_t length, const char *expected)
{
	struct application application;
	struct client_answer got;
	struct reason reason;

	open_application(&application);
	buffer_append(&application.bytes, bytes, length);
	assert_int_equal(ask(&application, PATIENCE_MS, &got, &reason), RESULT_MALFORMED);
	assert_string_equal(reason.text, expected);
	close_application(&application);
}

TEST(what_is_no_answer)
{
	const unsigned char refused[16] = {
		1, FCGI_END_REQUEST, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0, FCGI_OVERLOADED};
	struct buffer bytes = {0};

	expect_malformed("", 0, "the connection was closed before the answer");
	expect_malformed("HTTP/1.1 400 Bad Request\r\n", 26, "what answers does not speak FastCGI");
	expect_malformed(refused, sizeof(refused), "the request was refused");
	append_answer(&bytes, "ready", 0);
	expect_malformed(bytes.bytes, bytes.length, "the answer is no response of CGI");
	for (size_t cut = 1; cut < bytes.length; cut += 7)
		expect_malformed(bytes.bytes, cut, "the connection was closed before the answer");
	buffer_free(&bytes);
}

TEST(an_answer_without_end)
{
	struct application application;
	struct client_answer got;
	struct reason reason;
	char *filler = records_filler(65000);

	open_application(&application);
	records_append(&application.bytes, FCGI_STDOUT, 1, filler, 65000, 0);
	records_append(&application.bytes, FCGI_STDOUT, 1, filler, 65000, 0);
	assert_int_equal(ask(&application, PATIENCE_MS, &got, &reason), RESULT_MALFORMED);
	assert_string_equal(reason.text, "the answer is too long");
	free(filler);
	close_application(&application);
}

/* Records that are no part of an answer, as fast as they can be read. */
TEST(an_answer_that_never_begins)
{
	struct application application;
	struct client_answer got;
	struct reason reason;
	char *filler = records_filler(65000);

	open_application(&application);
	for (int i = 0; i < 17; i++)
		records_append(&application.bytes, FCGI_STDERR, 1, filler, 65000, 0);
	append_answer(&application.bytes, "Status: 200 OK\r\n\r\nready\n", 0);
	assert_int_equal(ask(&application, PATIENCE_MS, &got, &reason), RESULT_MALFORMED);
	assert_string_equal(reason.text, "the answer is too long");
	free(filler);
	close_application(&application);
}

TEST(silence_has_an_end)
{
	struct application application;
	struct client_answer got;
	struct reason reason;

	open_application(&application);
	application.holds = true;
	assert_int_equal(ask(&application, 50, &got, &reason), RESULT_SYSTEM);
	assert_string_equal(reason.text, "no answer within 50 ms");
	close_application(&application);
}

/* The socket takes a part of the request, and then no more. */
TEST(a_request_that_is_not_read)
{
	struct application application;
	struct client_answer got;
	struct reason reason;
	char *path = records_filler(8 << 20);

	open_application(&application); /* which nobody accepts */
	errno = ENOENT;
	assert_int_equal(
		client_fetch(&application.endpoint, path, 50, &got, &reason), RESULT_SYSTEM);
	assert_string_equal(reason.text, "no answer within 50 ms");
	free(path);
	close_application(&application);
}

/* A process that asks, for so long. It ends with 0 if there was an answer. */
static pid_t fork_probe(const struct application *application, int milliseconds)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct client_answer got;
		struct reason reason;
		test_leave(client_fetch(&application->endpoint, "/readyz", milliseconds, &got,
				   &reason) == RESULT_OK
				   ? 0
				   : 1);
	}
	return child;
}

static void wait_until(struct timespec time)
{
	assert_int_equal(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL), 0);
}

/* It is stopped past the end of its patience, and the answer has come meanwhile. */
TEST(an_answer_that_is_there_already)
{
	struct application application;
	struct timespec over;
	char question[4096];
	int status;

	open_application(&application);
	append_answer(&application.bytes, "Status: 200 OK\r\n\r\nready\n", 0);
	pid_t child = fork_probe(&application, 1000);
	int connection = accept(application.listener.descriptor, NULL, NULL);
	assert_true(connection >= 0);
	assert_true(read(connection, question, sizeof(question)) > 0);
	assert_int_equal(kill(child, SIGSTOP), 0);
	assert_int_equal(waitpid(child, &status, WUNTRACED), child);
	assert_true(WIFSTOPPED(status));
	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &over), 0);
	over.tv_sec += 1;
	assert_int_equal(write(connection, application.bytes.bytes, application.bytes.length),
		application.bytes.length);
	wait_until(over);
	assert_int_equal(kill(child, SIGCONT), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	close(connection);
	close_application(&application);
}

TEST(nobody_there)
{
	struct application application;
	struct client_answer got;
	struct reason reason;

	open_application(&application);
	close_application(&application);
	assert_int_equal(client_fetch(&application.endpoint, "/readyz", PATIENCE_MS, &got, &reason),
		RESULT_SYSTEM);
	assert_string_equal(reason.text, "cannot connect: No such file or directory");
}
