/* Requests whose connection ends before they are whole, and peers that do not wait for their
 * answer. */
#include "protocol/protocol.h"

static void expect_nobody(const char *address, const char *name)
{
	struct fcgi_client *client = client_open(address);

	assert_false(client_finds(client, "/users", name));
	client_close(client);
}

/* In small records, so that the cuts fall into every header, content and padding. */
static void build_request(struct buffer *records)
{
	records_request(records, &(struct web_request){RECORDS_CREATE_USER("username=half"),
					 .piece = 40, .padding = 2});
}

/* Sends as much of a request and ends the connection; with `wait` only after the program has closed
 * its side. */
static void send_part(struct daemon *daemon, const struct buffer *records, size_t length, bool wait)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));

	assert_true(client_try_send(client, records->bytes, length));
	if (wait) {
		client_finish(client);
		client_expect_closed(client);
	}
	client_close(client);
}

static void expect_nothing_of_parts(struct daemon *daemon, bool wait)
{
	struct buffer records = {0};

	build_request(&records);
	/* The padding of the last record is not content: without it the request is whole for all
	 * that counts. */
	for (size_t length = 0; length < records.length - 2; length++)
		send_part(daemon, &records, length, wait);
	buffer_free(&records);
	expect_nobody(daemon_address(daemon), "half");
	daemon_finish(daemon);
}

DAEMON_TEST(at_every_byte, NULL)
{
	expect_nothing_of_parts(daemon, true);
}

DAEMON_TEST(closed_at_every_byte, NULL)
{
	expect_nothing_of_parts(daemon, false);
}

/* Answers nobody reads: the program writes to a closed connection. */
DAEMON_TEST(closed_before_the_answer, NULL)
{
	for (unsigned i = 0; i < 200; i++) {
		struct fcgi_client *client = client_open(daemon_address(daemon));
		struct buffer records = {0};
		if (i % 2 == 0)
			records_sign_up(&records, "gone", i);
		else
			records_request(&records, &(struct web_request){.path = "/"});
		client_send(client, &records);
		client_close(client);
		buffer_free(&records);
	}
	client_expect_served(daemon_address(daemon));
	daemon_finish(daemon);
}

/* Unread bytes make the close a reset on both kinds of socket. */
DAEMON_TEST_BARE(reset)
{
	struct daemon *daemon = daemon_start(&(struct daemon_setup){.listen = "tcp:127.0.0.1:0"});
	struct buffer records = {0};

	records_request(&records, &(struct web_request){.path = "/"});
	for (int i = 0; i < 100; i++) {
		struct fcgi_client *client = client_open(daemon_address(daemon));
		client_send(client, &records);
		assert_int_equal(client_read_answer(client, 1)->status, 200);
		client_send(client, &records);
		client_wait_readable(client);
		client_try_send(client, records.bytes, 20);
		client_close(client);
	}
	buffer_free(&records);
	client_expect_served(daemon_address(daemon));
	daemon_finish(daemon);
}
