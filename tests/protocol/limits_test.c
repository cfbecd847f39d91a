/* Requests over their limits are read to their end and answered; what is too large even for that is
 * cut off. Connections over theirs wait. */
#include "protocol/protocol.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define MAX_PARAMS      2000
#define MAX_BODY        500
#define MAX_CONNECTIONS 4
#define CLIENTS         12
#define HALF            20 /* bytes of a request: its first record, and a little more */
#define FEW_CONNECTIONS "--max-connections", "4", "--request-timeout", "600000"
#define MEBIBYTE        ((size_t)1 << 20)

#define SMALL_LIMITS "--max-params", "2000", "--max-body", "500"

/* The status of a GET whose parameters have that many bytes in all. */
static unsigned status_of_params(struct fcgi_client *client, size_t length, size_t piece)
{
	struct buffer before = {0}, params = {0};
	struct web_request request = {.before = &before, .piece = piece};

	records_pairs(&params, &request);
	char *value = records_filler(length - params.length - 6);
	records_pair(&before, "X", value); /* 1 and 4 bytes of lengths, and 1 of name */
	assert_int_equal(params.length + before.length, length);
	unsigned status = client_ask(client, &request)->status;
	free(value);
	buffer_free(&params);
	buffer_free(&before);
	return status;
}

static unsigned status_of_body(struct fcgi_client *client, size_t length, size_t piece)
{
	char *body = records_filler(length);
	const struct web_request request = {.body = body, .piece = piece};
	unsigned status = client_ask(client, &request)->status;

	free(body);
	return status;
}

/* The limit itself is allowed, in records of any size; what passes it is read to its end, and the
 * next request is served. */
static void expect_limit(struct daemon *daemon, size_t limit, unsigned refusal,
	unsigned status_of(struct fcgi_client *client, size_t length, size_t piece))
{
	static const size_t pieces[] = {0, 1, 99};
	struct fcgi_client *client = client_open(daemon_address(daemon));

	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		assert_int_equal(status_of(client, limit, pieces[i]), 200);
		assert_int_equal(status_of(client, limit + 1, pieces[i]), refusal);
		assert_int_equal(status_of(client, 3 * limit, pieces[i]), refusal);
	}
	/* In all more than is drained of one request. */
	for (int i = 0; i < 10; i++)
		assert_int_equal(status_of(client, MEBIBYTE, 0), refusal);
	assert_int_equal(client_get(client, "/"), 200);
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST(params, SMALL_LIMITS)
{
	expect_limit(daemon, MAX_PARAMS, 431, status_of_params);
}

DAEMON_TEST(body, SMALL_LIMITS)
{
	expect_limit(daemon, MAX_BODY, 413, status_of_body);
}

DAEMON_TEST(defaults, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));

	assert_int_equal(status_of_params(client, 65536, 0), 200);
	assert_int_equal(status_of_params(client, 65537, 0), 431);
	assert_int_equal(status_of_body(client, 49152, 0), 200);
	assert_int_equal(status_of_body(client, 49153, 0), 413);
	client_close(client);
	daemon_finish(daemon);
}

/* Also the form is not read further than the limit. */
DAEMON_TEST(too_large_a_form_creates_nobody, SMALL_LIMITS)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer form = {0};

	buffer_string(&form, "username=large&x=");
	for (size_t i = 0; i < MAX_BODY; i++)
		buffer_string(&form, "y");
	buffer_append(&form, "", 1);
	const struct web_request request = {RECORDS_CREATE_USER(form.bytes), .closing = true};
	assert_int_equal(client_ask(client, &request)->status, 413);
	client_expect_closed(client);
	client_close(client);
	client = client_open(daemon_address(daemon));
	assert_false(client_finds(client, "/users", "large"));
	buffer_free(&form);
	client_close(client);
	daemon_finish(daemon);
}

/* Sends a stream that does not end until the peer closes; how much of it went. */
static size_t send_without_end(struct fcgi_client *client, unsigned type)
{
	struct buffer record = {0};
	char *content = records_filler(FCGI_MAX_LENGTH);
	size_t sent = 0;

	records_append(&record, type, 1, content, FCGI_MAX_LENGTH, 0);
	while (sent < 64 * MEBIBYTE && client_try_send(client, record.bytes, record.length))
		sent += record.length;
	free(content);
	buffer_free(&record);
	return sent;
}

static void expect_cut_off(struct daemon *daemon, unsigned type)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer records = {0};

	records_begin(&records, 1, FCGI_RESPONDER, FCGI_KEEP_CONN);
	if (type == FCGI_STDIN)
		records_append(&records, FCGI_PARAMS, 1, "", 0, 0);
	client_send(client, &records);
	size_t sent = send_without_end(client, type);
	assert_in_range(sent, 7 * MEBIBYTE, 16 * MEBIBYTE);
	client_expect_closed(client);
	daemon_wait_event(daemon, "protocol-error");
	buffer_free(&records);
	client_close(client);
}

DAEMON_TEST(too_large_to_drain, NULL)
{
	expect_cut_off(daemon, FCGI_STDIN);
	expect_cut_off(daemon, FCGI_PARAMS);
	client_expect_served(daemon_address(daemon));
	daemon_finish(daemon);
}

/* Lengths that add up past what fits into 32 bits, and past what comes. Whether that is too large
 * or malformed is the program's to say. */
DAEMON_TEST(lengths_that_lie, SMALL_LIMITS)
{
	static const size_t lengths[][2] = {{0x7fffffff, 0x7fffffff}, {0x7fffffff, 1},
		{1, 0x7fffffff}, {0x7ffffffe, 2}, {0x10000, 0}, {0, 0x10000}, {2001, 0}};
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		struct fcgi_client *client = client_open(daemon_address(daemon));
		struct buffer params = {0}, records = {0};
		records_long_length(&params, lengths[i][0]);
		records_long_length(&params, lengths[i][1]);
		buffer_string(&params, "abcdefgh");
		records_begin(&records, 1, FCGI_RESPONDER, 0);
		records_stream(&records, FCGI_PARAMS, 1, params.bytes, params.length, 0, 0);
		records_append(&records, FCGI_STDIN, 1, "", 0, 0);
		client_send(client, &records);
		struct record record;
		if (client_read_record(client, &record))
			assert_memory_equal(record.content, "Status: 431", 11);
		client_drain(client);
		buffer_free(&records);
		buffer_free(&params);
		client_close(client);
	}
	client_expect_served(daemon_address(daemon));
	daemon_finish(daemon);
}

static void answer_in_turn(struct fcgi_client **clients, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(client_read_answer(clients[i], 1)->status, 200);
		client_close(clients[i]);
	}
}

static void ask_all_at_once(struct daemon *daemon, struct fcgi_client **clients, size_t count)
{
	struct buffer records = {0};

	records_request(&records, &(struct web_request){.path = "/"});
	for (size_t i = 0; i < count; i++) {
		clients[i] = client_open(daemon_address(daemon));
		client_send(clients[i], &records);
	}
	buffer_free(&records);
}

/* Connections with the begin of a request: they are not idle. */
static void open_halves(struct daemon *daemon, struct fcgi_client **clients, size_t count)
{
	struct buffer records = {0};

	records_request(&records, &(struct web_request){.path = "/"});
	for (size_t i = 0; i < count; i++) {
		clients[i] = client_open(daemon_address(daemon));
		assert_true(client_try_send(clients[i], records.bytes, HALF));
	}
	buffer_free(&records);
}

/* Only connections that close make room for others: those that wait are served in turn, and none is
 * turned away. */
DAEMON_TEST(connections, FEW_CONNECTIONS)
{
	struct fcgi_client *halves[MAX_CONNECTIONS], *clients[CLIENTS];
	open_halves(daemon, halves, MAX_CONNECTIONS);
	ask_all_at_once(daemon, clients, CLIENTS);
	const char *line = daemon_wait_event(daemon, "accept-paused");
	assert_non_null(strstr(line, "level=warn"));
	for (size_t i = 0; i < CLIENTS; i++)
		assert_false(client_is_readable(clients[i]));
	for (size_t i = 0; i < MAX_CONNECTIONS; i++)
		client_close(halves[i]);
	answer_in_turn(clients, CLIENTS);
	client_expect_served(daemon_address(daemon));
	daemon_finish(daemon);
}

static void expect_farewell(struct fcgi_client *client)
{
	struct record record;

	assert_true(client_read_record(client, &record));
	assert_int_equal(record.type, FCGI_STDERR);
	assert_int_equal(record.length, 0);
}

/* The web server is asked to give up the one that has been idle for longest, and only that. */
DAEMON_TEST(an_idle_connection_makes_room, FEW_CONNECTIONS)
{
	struct fcgi_client *clients[MAX_CONNECTIONS];
	for (size_t i = 0; i < MAX_CONNECTIONS; i++)
		clients[i] = client_open(daemon_address(daemon));
	assert_int_equal(client_get(clients[MAX_CONNECTIONS - 1], "/"), 200);
	/* Until the others are idle for less long by the program's clock, too, of milliseconds. */
	int64_t begun = patience_begin();
	do {
		for (size_t i = 0; i < MAX_CONNECTIONS - 1; i++)
			assert_int_equal(client_get(clients[i], "/"), 200);
	} while (patience_begin() < begun + 2);
	struct fcgi_client *other = client_open(daemon_address(daemon));
	expect_farewell(clients[MAX_CONNECTIONS - 1]);
	client_close(clients[MAX_CONNECTIONS - 1]);
	assert_int_equal(client_get(other, "/"), 200);
	for (size_t i = 0; i < MAX_CONNECTIONS - 1; i++) {
		assert_int_equal(client_get(clients[i], "/"), 200);
		client_close(clients[i]);
	}
	client_close(other);
	daemon_finish(daemon);
}

/* None is idle at first: the next one to be is given up, with its answer. */
DAEMON_TEST(the_next_idle_connection_makes_room, FEW_CONNECTIONS)
{
	struct fcgi_client *halves[MAX_CONNECTIONS];
	struct buffer records = {0};

	open_halves(daemon, halves, MAX_CONNECTIONS);
	struct fcgi_client *other = client_open(daemon_address(daemon));
	daemon_wait_event(daemon, "accept-paused");
	records_request(&records, &(struct web_request){.path = "/"});
	client_send_rest(halves[0], &records, HALF);
	assert_int_equal(client_read_answer(halves[0], 1)->status, 200);
	expect_farewell(halves[0]);
	/* It is not closed by us: the program does not depend on it. */
	client_expect_closed(halves[0]);
	assert_int_equal(client_get(other, "/"), 200);
	buffer_free(&records);
	client_close(other);
	for (size_t i = 0; i < MAX_CONNECTIONS; i++)
		client_close(halves[i]);
	daemon_finish(daemon);
}

/* Half a request each at first: no connection is idle, which would make room for another. */
static void expect_all_served(struct daemon *daemon, size_t count)
{
	struct fcgi_client *clients[100];
	struct buffer records = {0};

	assert_in_range(count, 1, sizeof(clients) / sizeof(*clients));
	open_halves(daemon, clients, count);
	daemon_wait_event(daemon, "accept-paused");
	records_request(&records, &(struct web_request){.path = "/"});
	for (size_t i = 0; i < count; i++)
		client_send_rest(clients[i], &records, HALF);
	buffer_free(&records);
	answer_in_turn(clients, count);
	client_expect_served(daemon_address(daemon));
	daemon_finish(daemon);
}

/* Fewer descriptors than connections are allowed. */
DAEMON_TEST_BARE(descriptors)
{
	expect_all_served(daemon_start(&(struct daemon_setup){.descriptors = 48}), 100);
}

/* Some of them are taken by what the program was started with. */
DAEMON_TEST_BARE(descriptors_that_were_inherited)
{
	expect_all_served(
		daemon_start(&(struct daemon_setup){.descriptors = 48, .leaked = 10}), 100);
}

/* It says how many it needs, and leaves no socket behind. Returns that number. */
static rlim_t expect_too_few(rlim_t descriptors)
{
	static const char reason[] = "rollcall: too few file descriptors: the limit ";
	struct daemon *daemon = daemon_launch(&(struct daemon_setup){.descriptors = descriptors});
	uintmax_t limit, needed;

	assert_int_equal(daemon_exit_status(daemon), EX_OSERR);
	const char *said = strstr(daemon_log(daemon), reason);
	assert_non_null(said);
	assert_int_equal(sscanf(said + strlen(reason), "(RLIMIT_NOFILE) is %ju, and %ju are needed",
				 &limit, &needed),
		2);
	assert_int_equal(limit, descriptors);
	assert_int_equal(access(daemon_socket_path(daemon), F_OK), -1);
	daemon_discard(daemon);
	return needed;
}

/* With fewer than five it cannot count them. */
DAEMON_TEST_BARE(descriptors_to_start_with)
{
	/* A sanitizer that looks for leaks needs descriptors, too. */
	assert_int_equal(setenv("ASAN_OPTIONS", "detect_leaks=0", 0), 0);
	rlim_t needed = expect_too_few(5);
	assert_int_equal(expect_too_few(13), needed);
	assert_int_equal(expect_too_few(needed - 1), needed);
	struct daemon *daemon = daemon_start(&(struct daemon_setup){.descriptors = needed});
	client_expect_served(daemon_address(daemon));
	daemon_finish(daemon);
}

static rlim_t first_free_descriptor(pid_t pid)
{
	char path[64];
	unsigned descriptor = 0;

	do {
		snprintf(path, sizeof(path), "/proc/%d/fd/%u", pid, descriptor++);
	} while (access(path, F_OK) == 0);
	return descriptor - 1;
}

/* Descriptors run out unexpectedly: connections that wait are not turned away. */
DAEMON_TEST(descriptors_that_run_out, NULL)
{
	rlim_t limit = first_free_descriptor(daemon_pid(daemon)) + 3;
	const struct rlimit lowered = {.rlim_cur = limit, .rlim_max = limit};

	assert_int_equal(prlimit(daemon_pid(daemon), RLIMIT_NOFILE, &lowered, NULL), 0);
	expect_all_served(daemon, 20);
}
