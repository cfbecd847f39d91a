/* Peers that ask and do not read. What is sent ahead here is more than a web server would: it sends
 * one request at a time, but answers larger than the socket's buffer come to the same. */
#include "protocol/protocol.h"

#include <stdio.h>

#define AHEAD 64

/* Of one connection: a read, an answer, and what is around them. It is several times as much where
 * a sanitizer is, and was more than a megabyte when everything that was read was answered. */
#define MOST_MEMORY ((size_t)512 << 10)

static void append_requests(struct buffer *records, const char *path, int count)
{
	for (int i = 0; i < count; i++)
		records_request(records, &(struct web_request){.path = path});
}

/* Sends requests round and round as far as they are taken; `at` is where in them it stopped. */
static size_t send_on(struct fcgi_client *client, const struct buffer *requests, size_t *at)
{
	const struct buffer rest = {
		.bytes = requests->bytes + *at, .length = requests->length - *at};
	size_t sent = client_fill(client, &rest);

	*at = (*at + sent) % requests->length;
	return sent;
}

/* Its connection ends at the deadline, what it has asked for until then stays bounded, and others
 * are served. */
static void expect_to_be_cut_off(struct daemon *daemon, const char *path)
{
	struct fcgi_client *silent = client_open(daemon_address(daemon));
	struct fcgi_client *other = client_open(daemon_address(daemon));
	struct buffer requests = {0};
	int64_t until = patience_begin();
	size_t at = 0, sent = 0;

	append_requests(&requests, path, AHEAD);
	while (!client_is_hung_up(silent)) {
		sent += send_on(silent, &requests, &at);
		assert_int_equal(client_get(other, "/"), 200);
		daemon_keep_up(daemon);
		patience_check(until, "the deadline of a peer that does not read");
	}
	assert_non_null(strstr(daemon_wait_event(daemon, "deadline"), "level=warn"));
	assert_in_range(sent, requests.length, (size_t)4 << 20);
	assert_true(client_drain(silent) > 0);
	buffer_free(&requests);
	client_close(other);
	client_close(silent);
	daemon_finish(daemon);
}

DAEMON_TEST(a_peer_that_never_reads, "--request-timeout", "1000")
{
	expect_to_be_cut_off(daemon, "/");
}

DAEMON_TEST(a_scraper_that_never_reads, "--request-timeout", "1000")
{
	expect_to_be_cut_off(daemon, "/metrics");
}

/* Requests that come in one read are answered only as far as the answers are taken: the rest are
 * not even looked at. All are answered in the end. */
DAEMON_TEST(requests_wait_for_their_turn, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct fcgi_client *other = client_open(daemon_address(daemon));
	struct buffer requests = {0};
	size_t count = 0, answers = 0;

	while (requests.length < (size_t)60000) {
		records_request(&requests, &(struct web_request){.path = "/"});
		count++;
	}
	daemon_freeze(daemon);
	client_send(client, &requests);
	daemon_thaw(daemon);
	assert_int_equal(client_get(other, "/healthz"), 200);
	assert_int_equal(
		client_ask(other, &(struct web_request){.path = "/healthz", .request_id = "mark"})
			->status,
		200);
	while (strstr(daemon_wait_event(daemon, "request"), " id=mark ") == NULL)
		answers++;
	assert_in_range(answers, 2, count / 2);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(client_read_answer(client, 1)->status, 200);
	assert_false(client_is_readable(client));
	buffer_free(&requests);
	client_close(other);
	client_close(client);
	daemon_finish(daemon);
}

/* Bytes of memory that the program has in use. */
static size_t memory_of(const struct daemon *daemon)
{
	char path[64], line[128];
	unsigned long kibibytes = 0;

	snprintf(path, sizeof(path), "/proc/%d/status", daemon_pid(daemon));
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	while (kibibytes == 0 && fgets(line, sizeof(line), file) != NULL)
		sscanf(line, "VmRSS: %lu kB", &kibibytes);
	fclose(file);
	assert_true(kibibytes > 0);
	return kibibytes * 1024;
}

/* Many peers that send these bytes round and round as far as they are taken, and do not read. */
static void expect_to_cost_little(struct daemon *daemon, const struct buffer *bytes)
{
	struct fcgi_client *clients[16];
	const size_t count = sizeof(clients) / sizeof(*clients);
	size_t before = memory_of(daemon);

	for (size_t i = 0; i < count; i++) {
		size_t at = 0;
		clients[i] = client_open(daemon_address(daemon));
		while (send_on(clients[i], bytes, &at) > 0)
			client_expect_served(daemon_address(daemon));
		daemon_keep_up(daemon);
	}
	size_t after = memory_of(daemon);
	assert_in_range(after, 0, before + count * MOST_MEMORY);
	for (size_t i = 0; i < count; i++)
		client_close(clients[i]);
}

TEST(what_peers_cost_that_do_not_read)
{
	/* Where there is a sanitizer: what is free is not to be kept for comparison. */
	assert_int_equal(
		setenv("ASAN_OPTIONS", "quarantine_size_mb=0:thread_local_quarantine_size_kb=0", 1),
		0);
	struct daemon *daemon =
		daemon_start(&(struct daemon_setup){.options = {"--request-timeout", "600000"}});
	struct buffer requests = {0}, management = {0};

	append_requests(&requests, "/", 300);
	for (int i = 0; i < 8000; i++)
		records_append(&management, 77, 0, "", 0, 0);
	expect_to_cost_little(daemon, &management);
	expect_to_cost_little(daemon, &requests);
	buffer_free(&management);
	buffer_free(&requests);
	daemon_finish(daemon);
}

/* Reads only while nothing more can be sent, and gets every answer whole. */
DAEMON_TEST(a_peer_that_reads_late, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer requests = {0};
	const int count = 4000;
	size_t sent = 0;
	int answers = 0;

	append_requests(&requests, "/", count);
	while (answers < count) {
		const struct buffer rest = {
			.bytes = requests.bytes + sent, .length = requests.length - sent};
		size_t more = client_fill(client, &rest);
		sent += more;
		if (more > 0)
			continue;
		assert_int_equal(client_read_answer(client, 1)->status, 200);
		answers++;
	}
	assert_false(client_is_readable(client));
	buffer_free(&requests);
	client_close(client);
	daemon_finish(daemon);
}

/* Many of them at once, each closed by its peer with answers waiting. */
DAEMON_TEST(peers_that_leave_unread, NULL)
{
	struct buffer requests = {0};

	append_requests(&requests, "/", 20 * AHEAD);
	for (int i = 0; i < 20; i++) {
		struct fcgi_client *client = client_open(daemon_address(daemon));
		client_fill(client, &requests);
		client_expect_served(daemon_address(daemon));
		client_fill(client, &requests);
		client_close(client);
	}
	buffer_free(&requests);
	client_expect_served(daemon_address(daemon));
	daemon_finish(daemon);
}
