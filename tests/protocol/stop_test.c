/* SIGTERM and SIGINT: what is under way is answered, connections end without costing anybody a
 * request, and the program ends because nothing is left to do. Each test also ends with
 * daemon_finish(), which expects exit status 0. */
#include "protocol/protocol.h"

#include <signal.h>
#include <unistd.h>

#define LONG_TIMEOUT "600000"
#define LARGE_PAGE   400
#define PATIENT      "--request-timeout", LONG_TIMEOUT, "--stop-timeout", LONG_TIMEOUT

/* Asks it to stop, and waits until it knows. */
static void begin_stop(struct daemon *daemon, int signal, const char *name)
{
	daemon_signal(daemon, signal);
	const char *line = daemon_wait_event(daemon, "stopping");
	if (strstr(line, name) == NULL)
		fail_msg("the log does not name %s: %s", name, line);
}

/* A connection with the begin of a request that the program has read. */
static struct fcgi_client *open_half(struct daemon *daemon)
{
	struct fcgi_client *half = client_open(daemon_address(daemon));
	struct buffer begin = {0};

	records_begin(&begin, 1, FCGI_RESPONDER, FCGI_KEEP_CONN);
	client_send(half, &begin);
	buffer_free(&begin);
	client_expect_served(daemon_address(daemon));
	return half;
}

/* The record that makes nginx give up a connection: empty, on the error stream of request 1. */
static void expect_farewell(struct fcgi_client *client)
{
	struct record record;

	assert_true(client_read_record(client, &record));
	assert_int_equal(record.type, FCGI_STDERR);
	assert_int_equal(record.id, 1);
	assert_int_equal(record.length, 0);
}

DAEMON_TEST(nothing_under_way, PATIENT)
{
	begin_stop(daemon, SIGTERM, "signal=SIGTERM");
	assert_int_equal(daemon_exit_status(daemon), 0);
	assert_int_not_equal(access(daemon_socket_path(daemon), F_OK), 0);
	daemon_finish(daemon);
}

DAEMON_TEST(interrupted, PATIENT)
{
	begin_stop(daemon, SIGINT, "signal=SIGINT");
	assert_int_equal(daemon_exit_status(daemon), 0);
	daemon_finish(daemon);
}

DAEMON_TEST(nobody_can_connect_any_more, PATIENT)
{
	struct fcgi_client *half = open_half(daemon);

	begin_stop(daemon, SIGTERM, "signal=SIGTERM");
	client_close(half);
	assert_int_equal(daemon_exit_status(daemon), 0);
	assert_false(client_can_connect(daemon_address(daemon)));
	daemon_finish(daemon);
}

/* The same, and waits until connections are being ended: that is a turn or two of the loop later.
 */
static void begin_stop_for_sure(struct daemon *daemon)
{
	struct fcgi_client *idle = client_open(daemon_address(daemon));

	assert_int_equal(client_get(idle, "/"), 200);
	begin_stop(daemon, SIGTERM, "signal=SIGTERM");
	expect_farewell(idle);
	client_close(idle);
}

/* Part of a request, the signal, the rest: it is answered, and the record that ends the connection
 * comes in the same read as END_REQUEST, or the web server would use the connection again first. */
static void finish_while_stopping(
	struct daemon *daemon, const struct web_request *request, unsigned status)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer records = {0};

	records_request(&records, request);
	assert_true(client_try_send(client, records.bytes, 30));
	begin_stop_for_sure(daemon);
	client_send_rest(client, &records, 30);
	assert_int_equal(client_read_answer(client, request->id)->status, status);
	if (!request->closing) {
		assert_true(client_has_record(client));
		expect_farewell(client);
	}
	client_expect_closed(client);
	buffer_free(&records);
	client_close(client);
	assert_int_equal(daemon_exit_status(daemon), 0);
	daemon_finish(daemon);
}

DAEMON_TEST(a_request_under_way, PATIENT)
{
	finish_while_stopping(daemon, &(struct web_request){.id = 1, .path = "/users"}, 200);
}

/* Readiness says that no more requests should come; the program is alive all the same. */
DAEMON_TEST(ready_while_stopping, PATIENT)
{
	finish_while_stopping(daemon, &(struct web_request){.id = 1, .path = "/readyz"}, 503);
}

DAEMON_TEST(alive_while_stopping, PATIENT)
{
	finish_while_stopping(daemon, &(struct web_request){.id = 1, .path = "/healthz"}, 200);
}

DAEMON_TEST(a_request_with_another_id, PATIENT)
{
	finish_while_stopping(daemon, &(struct web_request){.id = 77, .path = "/users"}, 200);
}

DAEMON_TEST(a_request_that_is_stored, PATIENT)
{
	finish_while_stopping(
		daemon, &(struct web_request){RECORDS_CREATE_USER("username=last"), .id = 1}, 303);
}

DAEMON_TEST(a_request_that_is_not_kept, PATIENT)
{
	finish_while_stopping(daemon, &(struct web_request){.id = 1, .closing = true}, 200);
}

DAEMON_TEST(idle_connections, PATIENT)
{
	struct fcgi_client *used = client_open(daemon_address(daemon));
	struct fcgi_client *fresh = client_open(daemon_address(daemon));

	assert_int_equal(client_get(used, "/"), 200);
	client_expect_served(daemon_address(daemon));
	begin_stop(daemon, SIGTERM, "signal=SIGTERM");
	expect_farewell(used);
	expect_farewell(fresh);
	/* Neither is closed by us: the program does not depend on it. */
	client_expect_closed(used);
	client_expect_closed(fresh);
	assert_int_equal(daemon_exit_status(daemon), 0);
	client_close(fresh);
	client_close(used);
	daemon_finish(daemon);
}

/* While the program is suspended, web servers connect and ask, and it is told to stop: it finds all
 * of that at once. What had come before it knew is answered, in whichever order it looks. */
DAEMON_TEST(requests_that_cross_the_signal, PATIENT)
{
	struct fcgi_client *clients[20];
	const size_t count = sizeof(clients) / sizeof(*clients);
	struct buffer records = {0};

	records_request(&records, &(struct web_request){.path = "/users"});
	for (size_t i = 0; i < count / 2; i++) {
		clients[i] = client_open(daemon_address(daemon));
		assert_int_equal(client_get(clients[i], "/"), 200);
	}
	daemon_signal(daemon, SIGSTOP);
	for (size_t i = count / 2; i < count; i++)
		clients[i] = client_open(daemon_address(daemon));
	for (size_t i = 0; i < count; i++)
		client_send(clients[i], &records);
	daemon_signal(daemon, SIGTERM);
	daemon_signal(daemon, SIGCONT);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(client_read_answer(clients[i], 1)->status, 200);
		expect_farewell(clients[i]);
		client_expect_closed(clients[i]);
		client_close(clients[i]);
	}
	buffer_free(&records);
	daemon_finish(daemon);
}

/* More than may be connected at once: the others wait for a place when the signal comes. */
static void stop_while_they_wait(struct daemon *daemon, size_t count)
{
	struct fcgi_client *clients[100];
	struct buffer records = {0};

	assert_in_range(count, 1, sizeof(clients) / sizeof(*clients));

	records_request(&records, &(struct web_request){RECORDS_CREATE_USER("username=one")});
	for (size_t i = 0; i < count; i++)
		clients[i] = client_open(daemon_address(daemon));
	daemon_wait_event(daemon, "accept-paused");
	daemon_signal(daemon, SIGSTOP);
	for (size_t i = 0; i < count; i++)
		client_send(clients[i], &records);
	daemon_signal(daemon, SIGTERM);
	daemon_signal(daemon, SIGCONT);
	for (size_t i = 0; i < count; i++) {
		unsigned status = client_read_answer(clients[i], 1)->status;
		assert_true(status == 303 || status == 409);
		expect_farewell(clients[i]);
		client_expect_closed(clients[i]);
		client_close(clients[i]);
	}
	buffer_free(&records);
	daemon_finish(daemon);
}

DAEMON_TEST(requests_that_wait_at_the_signal, PATIENT, "--max-connections", "4")
{
	stop_while_they_wait(daemon, 20);
}

/* There are descriptors for all of them, though not when it starts. */
DAEMON_TEST_BARE(more_wait_than_there_were_descriptors)
{
	stop_while_they_wait(
		daemon_start(&(struct daemon_setup){.options = {PATIENT, "--max-connections", "4"},
			.descriptors = 4096,
			.soft_descriptors = 40}),
		100);
}

/* A request that the web server sent before it had seen that its idle connection is given up. */
DAEMON_TEST(a_request_that_crosses_the_farewell, PATIENT)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));

	assert_int_equal(client_get(client, "/"), 200);
	begin_stop(daemon, SIGTERM, "signal=SIGTERM");
	client_wait_readable(client);
	struct buffer records = {0};
	records_request(&records, &(struct web_request){.path = "/users"});
	client_send(client, &records);
	expect_farewell(client);
	assert_int_equal(client_read_answer(client, 1)->status, 200);
	expect_farewell(client);
	client_expect_closed(client);
	buffer_free(&records);
	client_close(client);
	daemon_finish(daemon);
}

/* What is not answered ends its connection as well. */
DAEMON_TEST(an_abort_while_stopping, PATIENT)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer begin = {0}, abort = {0};

	records_begin(&begin, 1, FCGI_RESPONDER, FCGI_KEEP_CONN);
	records_append(&abort, FCGI_ABORT_REQUEST, 1, "", 0, 0);
	client_send(client, &begin);
	begin_stop_for_sure(daemon);
	client_send(client, &abort);
	assert_int_equal(client_read_answer(client, 1)->protocol_status, FCGI_REQUEST_COMPLETE);
	expect_farewell(client);
	client_expect_closed(client);
	buffer_free(&abort);
	buffer_free(&begin);
	client_close(client);
	daemon_finish(daemon);
}

static void expect_answers(struct fcgi_client *client, size_t count, size_t length)
{
	for (size_t i = 0; i < count; i++)
		assert_int_equal(client_read_answer(client, 1)->length, length);
	expect_farewell(client);
	client_expect_closed(client);
	client_close(client);
}

/* Answers that fill the socket, unread, up to more than it takes; then the begin of one more
 * request, the signal, and the rest of it. Each connection has another amount of answers on its way
 * when the last one joins them. */
DAEMON_TEST(answers_on_their_way, PATIENT, "--page-size", "500")
{
	struct fcgi_client *clients[8];
	const size_t count = sizeof(clients) / sizeof(*clients);
	struct fcgi_client *other = client_open(daemon_address(daemon));
	struct buffer records = {0};
	size_t length = client_fill_page(other, LARGE_PAGE);

	records_request(&records, &(struct web_request){.path = "/users"});
	for (size_t i = 0; i < count; i++) {
		clients[i] = client_open(daemon_address(daemon));
		for (size_t j = 0; j < i; j++)
			client_send(clients[i], &records);
		assert_true(client_try_send(clients[i], records.bytes, 30));
	}
	client_close(other);
	begin_stop_for_sure(daemon);
	for (size_t i = 0; i < count; i++)
		client_send_rest(clients[i], &records, 30);
	for (size_t i = 0; i < count; i++)
		expect_answers(clients[i], i + 1, length);
	buffer_free(&records);
	daemon_finish(daemon);
}

/* The same without one more request: the connection is idle when its last answer is taken, and ends
 * then. */
DAEMON_TEST(answers_that_are_taken_late, PATIENT, "--page-size", "500")
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer records = {0};
	size_t length = client_fill_page(client, LARGE_PAGE);

	/* In one piece, so that all have been read when the signal comes. */
	for (size_t i = 0; i < 8; i++)
		records_request(&records, &(struct web_request){.path = "/users"});
	client_send(client, &records);
	begin_stop_for_sure(daemon);
	expect_answers(client, 8, length);
	buffer_free(&records);
	daemon_finish(daemon);
}

DAEMON_TEST(stop_timeout, "--request-timeout", LONG_TIMEOUT, "--stop-timeout", "100")
{
	struct fcgi_client *half = open_half(daemon);

	begin_stop(daemon, SIGTERM, "signal=SIGTERM");
	client_expect_closed(half);
	assert_int_equal(daemon_exit_status(daemon), 0);
	client_close(half);
	daemon_finish(daemon);
}

static void end_by_second_signal(struct daemon *daemon, int signal)
{
	struct fcgi_client *half = open_half(daemon);

	begin_stop(daemon, SIGTERM, "signal=SIGTERM");
	daemon_signal(daemon, signal);
	client_expect_closed(half);
	/* Shells and service managers show both as the same. */
	int status = daemon_exit_status(daemon);
	assert_true(status == 128 + signal || status == -signal);
	client_close(half);
	daemon_discard(daemon);
}

DAEMON_TEST(second_sigterm, PATIENT)
{
	end_by_second_signal(daemon, SIGTERM);
}

DAEMON_TEST(second_signal_is_sigint, PATIENT)
{
	end_by_second_signal(daemon, SIGINT);
}
