#include "http/cgi.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "http/meta_variable.h"
#include "support/test.h"

#define MAX_BODY 1000

/* No test finds variables that another one, or the environment, has set. */
static int set_up(void **state)
{
	(void)state;
	static const char *const variables[] = {"GATEWAY_INTERFACE", "CONTENT_LENGTH",
		"DOCUMENT_URI", "PATH_INFO", "SCRIPT_NAME", "REQUEST_METHOD",
		"HTTP_TRANSFER_ENCODING"};

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		unsetenv(variables[i]);
	return 0;
}

/* A variable that is NULL is not there. */
static void set(const char *name, const char *value)
{
	if (value != NULL)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

TEST_WITH(set_up, NULL, wanted)
{
	assert_false(cgi_is_wanted());
	set("GATEWAY_INTERFACE", "CGI/1.1");
	assert_true(cgi_is_wanted());
	set("GATEWAY_INTERFACE", "CGI/1.2");
	assert_true(cgi_is_wanted());
	set("GATEWAY_INTERFACE", "cgi/1.1");
	assert_true(cgi_is_wanted());
	set("GATEWAY_INTERFACE", "FastCGI/1.0");
	assert_false(cgi_is_wanted());
	set("GATEWAY_INTERFACE", "");
	assert_false(cgi_is_wanted());
}

static const char *param(struct gateway *gateway, const char *name)
{
	return meta_variable(gateway->params, name, &gateway->arena);
}

static void expect_path(const char *document_uri, const char *path_info, const char *wanted)
{
	struct cgi_outcome outcome = {0};

	set("DOCUMENT_URI", document_uri);
	set("PATH_INFO", path_info);
	set("SCRIPT_NAME", "/cgi-bin/rollcall");
	struct gateway *gateway = cgi_open(MAX_BODY, &outcome);
	assert_string_equal(param(gateway, "DOCUMENT_URI"), wanted);
	assert_false(outcome.is_over);
	gateway->operations->release(gateway);
	assert_true(outcome.is_over);
	assert_false(outcome.has_failed);
}

TEST_WITH(set_up, NULL, path)
{
	expect_path(NULL, "/users", "/users");
	expect_path(NULL, "/users/", "/users/");
	expect_path(NULL, "/", "/");
	expect_path(NULL, "", "/");
	expect_path(NULL, NULL, "/");
	expect_path("/healthz", "/users", "/healthz");
	expect_path("/healthz", NULL, "/healthz");
}

TEST_WITH(set_up, NULL, params)
{
	struct cgi_outcome outcome = {0};

	set("REQUEST_METHOD", "HEAD");
	set("CONTENT_LENGTH", "7x");
	struct gateway *gateway = cgi_open(MAX_BODY, &outcome);
	assert_string_equal(param(gateway, "REQUEST_METHOD"), "HEAD");
	assert_string_equal(param(gateway, "CONTENT_LENGTH"), "7x");
	assert_null(param(gateway, "SCRIPT_NAME"));
	gateway->operations->release(gateway);
}

/* As fcgiwrap makes an environment of parameters that nginx has sent twice. */
TEST_WITH(set_up, NULL, lines_of_one_header_field)
{
	static char *twice[] = {"HTTP_ACCEPT=text/plain", "HTTP_ACCEPT=application/json", NULL};
	struct cgi_outcome outcome = {0};
	char **before = environ;

	environ = twice;
	struct gateway *gateway = cgi_open(MAX_BODY, &outcome);
	environ = before;
	assert_string_equal(param(gateway, "HTTP_ACCEPT"), "text/plain, application/json");
	gateway->operations->release(gateway);
}

static unsigned refused(const char *content_length, size_t max_body)
{
	struct cgi_outcome outcome = {0};

	set("CONTENT_LENGTH", content_length);
	struct gateway *gateway = cgi_open(max_body, &outcome);
	unsigned status = gateway->refused;
	gateway->operations->release(gateway);
	return status;
}

TEST_WITH(set_up, NULL, refused_from_the_start)
{
	struct cgi_outcome outcome = {0};

	set("CONTENT_LENGTH", "5000");
	struct gateway *gateway = cgi_open_refused(503, &outcome);
	assert_int_equal(gateway->refused, 503);
	assert_string_equal(param(gateway, "DOCUMENT_URI"), "/");
	gateway->operations->release(gateway);
}

TEST_WITH(set_up, NULL, body_limit)
{
	assert_int_equal(refused(NULL, 0), 0);
	assert_int_equal(refused("", 0), 0);
	assert_int_equal(refused("0", 0), 0);
	assert_int_equal(refused("1", 0), 413);
	assert_int_equal(refused("1000", MAX_BODY), 0);
	assert_int_equal(refused("1001", MAX_BODY), 413);
	assert_int_equal(refused("18446744073709551615", MAX_BODY), 413);
	assert_int_equal(refused("99999999999999999999999", MAX_BODY), 413);
}

TEST_WITH(set_up, NULL, lengths_that_are_none)
{
	static const char *const lengths[] = {"-1", "-0", "+5", " 5", "5 ", "5x", "0x10", "1e3",
		"5,5", "x", "-18446744073709551615"};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		assert_int_equal(refused(lengths[i], MAX_BODY), 400);
		assert_int_equal(refused(lengths[i], 0), 400);
	}
	assert_int_equal(refused("0010", 10), 0);
}

/* What a server has not gathered has no length, and is no empty body either. */
TEST_WITH(set_up, NULL, a_body_of_unknown_length)
{
	set("HTTP_TRANSFER_ENCODING", "chunked");
	assert_int_equal(refused(NULL, MAX_BODY), 400);
	assert_int_equal(refused("", MAX_BODY), 400);
	assert_int_equal(refused("5", MAX_BODY), 0);
	set("HTTP_TRANSFER_ENCODING", "");
	assert_int_equal(refused("", MAX_BODY), 0);
}

/* What a child finds on its standard input, or puts on its standard output. */
typedef int (*child_task)(void);

/* Runs the task as a CGI program: its exit status. */
static int run_child(child_task task, int input, int output)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		if (dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0)
			test_leave(99);
		test_leave(task());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Copies the body in pieces of at most five bytes. Status 1: more came after the end. */
static int copy_body(void)
{
	struct cgi_outcome outcome = {0};
	char chunk[5];
	size_t length;
	struct gateway *gateway = cgi_open(MAX_BODY, &outcome);

	while ((length = gateway->operations->read(gateway, chunk, sizeof(chunk))) > 0) {
		if (length > sizeof(chunk) || write(STDOUT_FILENO, chunk, length) < 0)
			return 2;
	}
	length = gateway->operations->read(gateway, chunk, sizeof(chunk));
	gateway->operations->release(gateway);
	return length == 0 && !outcome.has_failed ? 0 : 1;
}

/* `sent` is on standard input; it comes to its end unless `is_open`. */
static void expect_body(
	const char *content_length, const char *sent, bool is_open, const char *wanted)
{
	int input[2], output[2];
	char body[64] = "";

	set("CONTENT_LENGTH", content_length);
	assert_int_equal(pipe2(input, O_CLOEXEC), 0);
	assert_int_equal(pipe2(output, O_CLOEXEC), 0);
	assert_int_equal(write(input[1], sent, strlen(sent)), strlen(sent));
	if (!is_open) {
		close(input[1]);
		input[1] = -1;
	}
	assert_int_equal(run_child(copy_body, input[0], output[1]), 0);
	close(output[1]);
	ssize_t length = read(output[0], body, sizeof(body) - 1);
	assert_int_equal(length, strlen(wanted));
	assert_string_equal(body, wanted);
	close(output[0]);
	close(input[0]);
	if (is_open)
		close(input[1]);
}

TEST_WITH(set_up, NULL, body)
{
	expect_body("14", "username=alice", false, "username=alice");
	expect_body("5", "alice", false, "alice");
	expect_body("0", "alice", false, "");
	expect_body(NULL, "alice", false, "");
	expect_body("", "alice", false, "");
	expect_body("-1", "alice", false, "");
	expect_body("5x", "alice", false, "");
	expect_body("14", "username=al", false, "username=al"); /* cut off */
}

/* The end of standard input is not waited for. */
TEST_WITH(set_up, NULL, body_on_an_open_input)
{
	expect_body("14", "username=aliceXXXX", true, "username=alice");
	expect_body("0", "", true, "");
}

static const char head[] = "Status: 200 OK\r\n\r\n";

/* More than a pipe holds, and with a NUL in it. */
#define LONG_BODY 300000

static char *long_body(void)
{
	char *body = malloc(LONG_BODY);

	if (body == NULL)
		abort();
	for (size_t i = 0; i < LONG_BODY; i++)
		body[i] = (char)(i % 251);
	return body;
}

static int respond(const char *body, size_t length)
{
	struct cgi_outcome outcome = {0};
	struct gateway *gateway = cgi_open(MAX_BODY, &outcome);

	gateway->operations->respond(gateway, head, strlen(head), body, length);
	gateway->operations->release(gateway);
	return outcome.has_failed ? 1 : 0;
}

static int respond_nothing(void)
{
	return respond(NULL, 0);
}

/* The shortest there is. */
static int respond_letter(void)
{
	return respond("x", 1);
}

static int respond_long(void)
{
	char *body = long_body();
	int status = respond(body, LONG_BODY);

	free(body);
	return status;
}

/* To a reader that has gone. */
static int respond_unheard(void)
{
	signal(SIGPIPE, SIG_IGN);
	return respond("body", 4);
}

/* What the task wrote to a file, read back. */
static void expect_written(child_task task, const char *body, size_t length)
{
	int file = memfd_create("output", MFD_CLOEXEC);
	char *written = malloc(strlen(head) + length + 1);

	assert_true(file >= 0);
	assert_non_null(written);
	assert_int_equal(run_child(task, STDIN_FILENO, file), 0);
	ssize_t size = pread(file, written, strlen(head) + length + 1, 0);
	assert_int_equal(size, strlen(head) + length);
	assert_memory_equal(written, head, strlen(head));
	if (length > 0)
		assert_memory_equal(written + strlen(head), body, length);
	free(written);
	close(file);
}

TEST_WITH(set_up, NULL, response)
{
	char *body = long_body();

	expect_written(respond_nothing, NULL, 0);
	expect_written(respond_letter, "x", 1);
	expect_written(respond_long, body, LONG_BODY);
	free(body);
}

/* Reads to the end what comes through a pipe, slower than it is written. */
static int copy_pipe(int from, struct buffer *bytes)
{
	char chunk[1000];
	ssize_t length;

	while ((length = read(from, chunk, sizeof(chunk))) > 0)
		buffer_append(bytes, chunk, (size_t)length);
	return length == 0 && !bytes->failed ? 0 : -1;
}

/* The response is longer than the pipe: writes fall short or wait. */
TEST_WITH(set_up, NULL, response_through_a_pipe)
{
	int output[2], status;
	struct buffer bytes = {0};
	char *body = long_body();

	assert_int_equal(pipe2(output, O_CLOEXEC), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(output[0]);
		test_leave(dup2(output[1], STDOUT_FILENO) < 0 ? 99 : respond_long());
	}
	close(output[1]);
	assert_int_equal(copy_pipe(output[0], &bytes), 0);
	close(output[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(bytes.length, strlen(head) + LONG_BODY);
	assert_memory_equal(bytes.bytes, head, strlen(head));
	assert_memory_equal(bytes.bytes + strlen(head), body, LONG_BODY);
	buffer_free(&bytes);
	free(body);
}

static int caught; /* a byte for each signal */

static void on_alarm(int signal)
{
	(void)signal;
	if (write(caught, "", 1) < 0)
		test_leave(98);
}

static int respond_interrupted(int output, int signals)
{
	struct sigaction action = {.sa_handler = on_alarm};
	const struct itimerval every = {.it_interval.tv_usec = 1000, .it_value.tv_usec = 1000};

	caught = signals;
	if (dup2(output, STDOUT_FILENO) < 0 || sigaction(SIGALRM, &action, NULL) != 0 ||
		setitimer(ITIMER_REAL, &every, NULL) != 0)
		return 99;
	return respond_long();
}

/* Some of them while the child waits for the pipe, which is full and not read yet. */
static void wait_for_signals(int signals, int output)
{
	struct pollfd head_is_there = {.fd = output, .events = POLLIN};
	char byte;

	assert_int_equal(poll(&head_is_there, 1, -1), 1);
	for (int i = 0; i < 20; i++)
		assert_int_equal(read(signals, &byte, 1), 1);
}

TEST_WITH(set_up, NULL, a_response_that_signals_interrupt)
{
	int output[2], signals[2], status;
	struct buffer bytes = {0};

	assert_int_equal(pipe2(output, O_CLOEXEC), 0);
	assert_int_equal(pipe2(signals, O_CLOEXEC), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(output[0]);
		test_leave(respond_interrupted(output[1], signals[1]));
	}
	close(output[1]);
	close(signals[1]);
	wait_for_signals(signals[0], output[0]);
	assert_int_equal(copy_pipe(output[0], &bytes), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(bytes.length, strlen(head) + LONG_BODY);
	buffer_free(&bytes);
	close(output[0]);
	close(signals[0]);
}

TEST_WITH(set_up, NULL, response_that_cannot_be_written)
{
	int output[2], full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	assert_true(full >= 0);
	assert_int_equal(run_child(respond_long, STDIN_FILENO, full), 1);
	close(full);
	assert_int_equal(pipe2(output, O_CLOEXEC), 0);
	close(output[0]);
	assert_int_equal(run_child(respond_unheard, STDIN_FILENO, output[1]), 1);
	close(output[1]);
}
