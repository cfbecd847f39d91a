/* Connections without a request: they have a deadline of their own, which nothing but a request
 * puts off, and make room first when it is crowded. */
#include "protocol/protocol.h"

#include <dirent.h>
#include <stdio.h>

#define MAX_CONNECTIONS 4
#define LONG_TIME       "600000"
#define SHORT_TIME      "300"
#define BEGIN_LENGTH    (FCGI_HEADER_LEN + sizeof(FCGI_BeginRequestBody))
#define CROWDED                                                                                    \
	"--max-connections", "4", "--idle-timeout", LONG_TIME, "--first-request-timeout",          \
		LONG_TIME, "--request-timeout", LONG_TIME

static void open_all(struct daemon *daemon, struct fcgi_client *clients[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		clients[i] = client_open(daemon_address(daemon));
}

static void close_all(struct fcgi_client *clients[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		client_close(clients[i]);
}

static void expect_farewell(struct fcgi_client *client)
{
	struct record record;

	assert_true(client_read_record(client, &record));
	assert_int_equal(record.type, FCGI_STDERR);
	assert_int_equal(record.length, 0);
}

DAEMON_TEST(silence_has_an_end, "--first-request-timeout", SHORT_TIME, "--idle-timeout", LONG_TIME)
{
	struct fcgi_client *silent = client_open(daemon_address(daemon));
	struct fcgi_client *used = client_open(daemon_address(daemon));

	assert_int_equal(client_get(used, "/"), 200);
	client_expect_closed(silent);
	assert_int_equal(client_get(used, "/"), 200);
	client_close(used);
	client_close(silent);
	daemon_finish(daemon);
}

static void append_management(struct buffer *out)
{
	records_append(out, FCGI_GET_VALUES, 0, "", 0, 0);
}

/* A record of request 9, which has not begun. */
static void append_stray(struct buffer *out)
{
	records_append(out, FCGI_STDIN, 9, "to nobody", 9, 0);
}

/* Sends a part of a record, and sees what comes of it. False when the peer has closed. */
static bool send_part(struct daemon *daemon, struct fcgi_client *client, struct fcgi_client *other,
	const char *bytes, size_t length)
{
	struct record reply;

	if (!client_try_send(client, bytes, length))
		return false;
	assert_int_equal(client_get(other, "/healthz"), 200);
	daemon_keep_up(daemon);
	return !client_is_readable(client) || client_read_record(client, &reply);
}

/* The record in two halves, again and again, until the peer closes. */
static void send_on(struct daemon *daemon, struct fcgi_client *client, const struct buffer *record)
{
	struct fcgi_client *other = client_open(daemon_address(daemon));
	int64_t until = patience_begin();
	const size_t half = 4;

	while (send_part(daemon, client, other, record->bytes, half) &&
		send_part(daemon, client, other, record->bytes + half, record->length - half))
		patience_check(until, "the end of a connection without requests");
	client_close(other);
}

static void expect_no_respite(
	struct daemon *daemon, void (*append)(struct buffer *out), bool is_used)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer record = {0};

	append(&record);
	if (is_used)
		assert_int_equal(client_get(client, "/"), 200);
	send_on(daemon, client, &record);
	daemon_wait_event(daemon, "deadline");
	buffer_free(&record);
	client_close(client);
}

/* None of these is a request, neither before the first nor after it. */
DAEMON_TEST(other_records_are_no_respite, "--first-request-timeout", SHORT_TIME, "--idle-timeout",
	SHORT_TIME, "--log-level", "debug")
{
	for (int is_used = 0; is_used < 2; is_used++) {
		expect_no_respite(daemon, append_management, is_used);
		expect_no_respite(daemon, append_stray, is_used);
	}
	daemon_finish(daemon);
}

/* Each of those that wait is served, though nobody closes a connection or lets one go. */
DAEMON_TEST(silent_connections_make_room, CROWDED)
{
	struct fcgi_client *silent[MAX_CONNECTIONS], *others[MAX_CONNECTIONS];
	open_all(daemon, silent, MAX_CONNECTIONS);
	open_all(daemon, others, MAX_CONNECTIONS);
	for (size_t i = 0; i < MAX_CONNECTIONS; i++)
		assert_int_equal(client_get(others[i], "/"), 200);
	for (size_t i = 0; i < MAX_CONNECTIONS; i++)
		client_expect_closed(silent[i]);
	for (size_t i = 0; i < MAX_CONNECTIONS; i++)
		assert_int_equal(client_get(others[i], "/"), 200);
	close_all(silent, MAX_CONNECTIONS);
	close_all(others, MAX_CONNECTIONS);
	daemon_finish(daemon);
}

/* The oldest of them, not one that is used; and only as many as are needed. */
DAEMON_TEST(the_oldest_goes_first, CROWDED)
{
	struct fcgi_client *used = client_open(daemon_address(daemon));
	struct fcgi_client *silent[3];

	assert_int_equal(client_get(used, "/"), 200);
	for (size_t i = 0; i < 3; i++) {
		open_all(daemon, &silent[i], 1);
		/* Accepted, and a moment passes by the program's clock, too. */
		assert_int_equal(client_get(used, "/"), 200);
		patience_let_pass(2);
		assert_int_equal(client_get(used, "/"), 200);
	}
	/* Until their first request cannot be on its way any more. */
	patience_let_pass(150);
	struct fcgi_client *other = client_open(daemon_address(daemon));
	assert_int_equal(client_get(other, "/"), 200);
	client_expect_closed(silent[0]);
	assert_int_equal(client_get(silent[1], "/"), 200);
	assert_int_equal(client_get(silent[2], "/"), 200);
	assert_int_equal(client_get(used, "/"), 200);
	client_close(other);
	client_close(used);
	close_all(silent, 3);
	daemon_finish(daemon);
}

/* No request is lost that one of those sent before the program had looked. */
DAEMON_TEST(a_request_of_one_that_is_to_go, CROWDED)
{
	struct fcgi_client *silent[MAX_CONNECTIONS];
	struct buffer records = {0};
	bool is_gone[MAX_CONNECTIONS];

	records_request(&records, &(struct web_request){.path = "/users"});
	open_all(daemon, silent, MAX_CONNECTIONS);
	struct fcgi_client *other = client_open(daemon_address(daemon));
	/* By now one of them is to go. */
	daemon_wait_event(daemon, "accept-paused");
	daemon_freeze(daemon);
	for (size_t i = 0; i < MAX_CONNECTIONS; i++) {
		is_gone[i] = client_is_hung_up(silent[i]);
		client_try_send(silent[i], records.bytes, records.length);
	}
	patience_let_pass(150); /* now it is old enough to go */
	daemon_thaw(daemon);
	for (size_t i = 0; i < MAX_CONNECTIONS; i++) {
		struct record record;
		assert_int_equal(client_read_record(silent[i], &record), !is_gone[i]);
	}
	close_all(silent, MAX_CONNECTIONS);
	assert_int_equal(client_get(other, "/"), 200);
	buffer_free(&records);
	client_close(other);
	daemon_finish(daemon);
}

/* Twice as many as there is room for, until all have been served or closed. */
static void crowd(struct daemon *daemon)
{
	struct fcgi_client *silent[MAX_CONNECTIONS], *others[MAX_CONNECTIONS];
	char waited[24];

	open_all(daemon, silent, MAX_CONNECTIONS);
	open_all(daemon, others, MAX_CONNECTIONS);
	const char *line = daemon_wait_event(daemon, "accept-paused");
	assert_non_null(strstr(line, "level=warn"));
	assert_non_null(strstr(line, "reason=\"connection limit\" connections=4"));
	line = daemon_wait_event(daemon, "accept-resumed");
	snprintf(waited, sizeof(waited), " waited=%d", MAX_CONNECTIONS);
	if (strstr(line, waited) == NULL)
		fail_msg("no '%s' in: %s", waited, line);
	close_all(silent, MAX_CONNECTIONS);
	close_all(others, MAX_CONNECTIONS);
}

static unsigned count_paused(struct daemon *daemon)
{
	unsigned count = 0;

	for (const char *at = daemon_log(daemon); (at = strstr(at, "accept-paused")) != NULL; at++)
		count++;
	return count;
}

static unsigned count_descriptors(const struct daemon *daemon)
{
	char path[64];
	unsigned count = 0;

	snprintf(path, sizeof(path), "/proc/%d/fd", daemon_pid(daemon));
	DIR *descriptors = opendir(path);
	assert_non_null(descriptors);
	while (readdir(descriptors) != NULL)
		count++;
	closedir(descriptors);
	return count;
}

/* Two lines, however many have to wait in between; and the next time it begins anew. */
DAEMON_TEST(what_the_log_says, CROWDED)
{
	unsigned before = count_descriptors(daemon);

	for (int i = 0; i < 2; i++) {
		crowd(daemon);
		int64_t until = patience_begin();
		while (count_descriptors(daemon) > before)
			patience_check(until, "the end of connections that were closed");
	}
	daemon_stop(daemon);
	assert_int_equal(count_paused(daemon), 2);
	daemon_finish(daemon);
}

/* Used connections, each with the begin of one more request that the program sees before anything
 * that comes later. */
static void open_halves(struct daemon *daemon, struct fcgi_client *halves[])
{
	struct buffer begin = {0};

	records_begin(&begin, 1, FCGI_RESPONDER, FCGI_KEEP_CONN);
	open_all(daemon, halves, MAX_CONNECTIONS);
	for (size_t i = 0; i < MAX_CONNECTIONS; i++)
		assert_int_equal(client_get(halves[i], "/"), 200);
	for (size_t i = 0; i < MAX_CONNECTIONS; i++)
		client_send(halves[i], &begin);
	buffer_free(&begin);
}

static void expect_kept(struct fcgi_client *client)
{
	for (int i = 0; i < 3; i++)
		assert_int_equal(client_get(client, "/"), 200);
	assert_false(client_is_readable(client));
}

static void finish_half(struct fcgi_client *half)
{
	struct buffer records = {0};

	records_request(&records, &(struct web_request){.path = "/"});
	client_send_rest(half, &records, BEGIN_LENGTH);
	buffer_free(&records);
}

/* One that was to go begins a request, and keeps its place: it has to be another one. All of it
 * comes at once, in whichever order the program looks. */
DAEMON_TEST(when_one_has_something_to_say_another_goes, CROWDED)
{
	struct fcgi_client *used[MAX_CONNECTIONS - 1];
	struct buffer begin = {0};

	records_begin(&begin, 1, FCGI_RESPONDER, FCGI_KEEP_CONN);
	struct fcgi_client *silent = client_open(daemon_address(daemon));
	open_all(daemon, used, MAX_CONNECTIONS - 1);
	for (size_t i = 0; i < MAX_CONNECTIONS - 1; i++)
		assert_int_equal(client_get(used[i], "/"), 200);
	for (size_t i = 0; i < MAX_CONNECTIONS - 1; i++)
		client_send(used[i], &begin);
	daemon_freeze(daemon);
	struct fcgi_client *other = client_open(daemon_address(daemon));
	finish_half(used[0]);
	client_send(silent, &begin);
	patience_let_pass(150); /* now it is old enough to go */
	daemon_thaw(daemon);
	assert_int_equal(client_read_answer(used[0], 1)->status, 200);
	expect_farewell(used[0]);
	/* One is enough: it stays one like any other. */
	finish_half(silent);
	assert_int_equal(client_read_answer(silent, 1)->status, 200);
	expect_kept(silent);
	client_close(used[0]);
	assert_int_equal(client_get(other, "/"), 200);
	buffer_free(&begin);
	client_close(other);
	client_close(silent);
	close_all(&used[1], MAX_CONNECTIONS - 2);
	daemon_finish(daemon);
}

/* The first request of a new connection may be on its way: a used one goes before it. */
DAEMON_TEST(a_used_one_goes_before_a_new_one, CROWDED)
{
	struct fcgi_client *used[MAX_CONNECTIONS - 1];
	struct buffer begin = {0};

	records_begin(&begin, 1, FCGI_RESPONDER, FCGI_KEEP_CONN);
	open_all(daemon, used, MAX_CONNECTIONS - 1);
	for (size_t i = 0; i < MAX_CONNECTIONS - 1; i++)
		assert_int_equal(client_get(used[i], "/"), 200);
	for (size_t i = 1; i < MAX_CONNECTIONS - 1; i++)
		client_send(used[i], &begin);
	/* By now the program has seen that the others are not idle. */
	assert_int_equal(client_get(used[0], "/"), 200);
	daemon_freeze(daemon);
	struct fcgi_client *fresh = client_open(daemon_address(daemon));
	struct fcgi_client *other = client_open(daemon_address(daemon));
	daemon_thaw(daemon);
	expect_farewell(used[0]);
	client_close(used[0]);
	assert_int_equal(client_get(other, "/"), 200);
	assert_int_equal(client_get(fresh, "/"), 200);
	buffer_free(&begin);
	client_close(other);
	client_close(fresh);
	close_all(&used[1], MAX_CONNECTIONS - 2);
	daemon_finish(daemon);
}

/* One is asked to go, and that is enough: the next one is kept, while the first has not gone yet
 * and after that. */
DAEMON_TEST(connections_are_kept_again, CROWDED)
{
	struct fcgi_client *halves[MAX_CONNECTIONS];
	open_halves(daemon, halves);
	struct fcgi_client *other = client_open(daemon_address(daemon));
	daemon_wait_event(daemon, "accept-paused");
	for (size_t i = 0; i < MAX_CONNECTIONS; i++)
		finish_half(halves[i]);
	for (size_t i = 0; i < MAX_CONNECTIONS; i++)
		assert_int_equal(client_read_answer(halves[i], 1)->status, 200);
	expect_farewell(halves[0]);
	for (size_t i = 1; i < MAX_CONNECTIONS; i++)
		expect_kept(halves[i]);
	client_close(halves[0]);
	assert_int_equal(client_get(other, "/"), 200);
	for (size_t i = 1; i < MAX_CONNECTIONS; i++)
		expect_kept(halves[i]);
	client_close(other);
	close_all(&halves[1], MAX_CONNECTIONS - 1);
	daemon_finish(daemon);
}

/* The same where the one that waits gets a place that became free. */
DAEMON_TEST(a_place_becomes_free, CROWDED)
{
	struct fcgi_client *halves[MAX_CONNECTIONS];
	open_halves(daemon, halves);
	struct fcgi_client *other = client_open(daemon_address(daemon));
	daemon_wait_event(daemon, "accept-paused");
	client_close(halves[0]);
	assert_int_equal(client_get(other, "/"), 200);
	for (size_t i = 1; i < MAX_CONNECTIONS; i++) {
		finish_half(halves[i]);
		assert_int_equal(client_read_answer(halves[i], 1)->status, 200);
		expect_kept(halves[i]);
	}
	expect_kept(other);
	client_close(other);
	close_all(&halves[1], MAX_CONNECTIONS - 1);
	daemon_finish(daemon);
}
