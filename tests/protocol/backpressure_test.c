/* Peers that ask and do not read. What is sent ahead here is more than a web server would: it sends
 * one request at a time, but answers larger than the socket's buffer come to the same. */
#include "protocol.h"

#define AHEAD 64

static void append_requests(struct buffer *records, int count)
{
	for (int i = 0; i < count; i++)
		records_request(records, &(struct web_request){.path = "/"});
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
static void test_a_peer_that_never_reads(void **state)
{
	struct daemon *daemon = *state;
	struct fcgi_client *silent = client_open(daemon_address(daemon));
	struct fcgi_client *other = client_open(daemon_address(daemon));
	struct buffer requests = {0};
	int64_t until = patience_begin();
	size_t at = 0, sent = 0;

	append_requests(&requests, AHEAD);
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

/* Reads only while nothing more can be sent, and gets every answer whole. */
static void test_a_peer_that_reads_late(void **state)
{
	struct daemon *daemon = *state;
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer requests = {0};
	const int count = 4000;
	size_t sent = 0;
	int answers = 0;

	append_requests(&requests, count);
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
static void test_peers_that_leave_unread(void **state)
{
	struct daemon *daemon = *state;
	struct buffer requests = {0};

	append_requests(&requests, 20 * AHEAD);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		DAEMON_TEST_WITH(test_a_peer_that_never_reads, "--request-timeout", "1000"),
		DAEMON_TEST(test_a_peer_that_reads_late),
		DAEMON_TEST(test_peers_that_leave_unread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
