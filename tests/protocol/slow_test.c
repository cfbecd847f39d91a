/* A request that takes long is logged with what it waited for. What is compared are least times: a
 * busy machine only adds to them. */
#include "protocol/protocol.h"

#include <stdlib.h>
#include <string.h>

#include "support/disk/held_disk.h"

#define AT_ONCE "--slow-request", "1"
#define WAIT_MS 20

/* More than nothing: when the program noticed what the test did is its own affair. */
#define SOME 0.000001

/* Waits for the line of a slow request that has waited so long there. On a busy machine others may
 * be slow before it. */
static void expect_slow(struct daemon *daemon, const char *field, double least)
{
	const char *line, *found;

	do {
		line = daemon_wait_event(daemon, "slow-request");
		assert_non_null(strstr(line, " level=warn "));
		found = strstr(line, field);
		assert_non_null(found);
	} while (strtod(found + strlen(field), NULL) < least);
}

DAEMON_TEST_BARE(a_slow_disk)
{
	struct held_disk disk;
	struct daemon *daemon =
		held_disk_start(&disk, &(struct daemon_setup){.options = {AT_ONCE}});
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer records = {0};

	*state = daemon;
	records_request(&records, &(struct web_request){RECORDS_CREATE_USER("username=slow")});
	held_disk_begin(&disk);
	client_send(client, &records);
	held_disk_wait(&disk);
	patience_let_pass(WAIT_MS);
	held_disk_end(&disk);
	assert_int_equal(client_read_answer(client, 1)->status, 303);
	expect_slow(daemon, " disk=", WAIT_MS / 1000.0);
	client_close(client);
	buffer_free(&records);
	daemon_finish(daemon);
	held_disk_remove(&disk);
}

static void ask_in_pieces(const struct daemon *daemon)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer records = {0};

	records_request(&records, &(struct web_request){.path = "/"});
	assert_true(client_try_send(client, records.bytes, 20));
	client_expect_served(daemon_address(daemon));
	patience_let_pass(WAIT_MS);
	client_send_rest(client, &records, 20);
	assert_int_equal(client_read_answer(client, 1)->status, 200);
	buffer_free(&records);
	client_close(client);
}

DAEMON_TEST(a_request_that_comes_in_pieces, AT_ONCE)
{
	ask_in_pieces(daemon);
	expect_slow(daemon, " arriving=", SOME);
	daemon_finish(daemon);
}

/* More than the buffer of the socket takes. */
#define PAGES 4

static void append_pages(struct buffer *records)
{
	for (int i = 0; i < PAGES; i++)
		records_request(records, &(struct web_request){.path = "/users"});
}

/* The request is over when the rest of its page has left, and not before. */
DAEMON_TEST_BARE(a_peer_that_reads_late)
{
	struct daemon *daemon = daemon_start(
		&(struct daemon_setup){.users = 500, .options = {AT_ONCE, "--page-size", "500"}});
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer records = {0};

	*state = daemon;
	append_pages(&records);
	client_send(client, &records);
	client_expect_served(daemon_address(daemon));
	patience_let_pass(WAIT_MS);
	for (int i = 0; i < PAGES; i++)
		assert_int_equal(client_read_answer(client, 1)->status, 200);
	expect_slow(daemon, " peer=", SOME);
	buffer_free(&records);
	client_close(client);
	daemon_finish(daemon);
}

/* One that never does: its connection ends, and that is the end of the request. */
DAEMON_TEST_BARE(a_peer_that_never_reads)
{
	struct daemon *daemon = daemon_start(&(struct daemon_setup){.users = 500,
		.options = {AT_ONCE, "--page-size", "500", "--request-timeout", "100"}});
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer records = {0};

	*state = daemon;
	append_pages(&records);
	client_send(client, &records);
	expect_slow(daemon, " peer=", SOME);
	buffer_free(&records);
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST(none_is_too_slow, "--slow-request", "0")
{
	ask_in_pieces(daemon);
	assert_int_equal(daemon_stop(daemon), 0);
	assert_null(strstr(daemon_log(daemon), "slow-request"));
	daemon_discard(daemon);
}

DAEMON_TEST(server_timing, "--server-timing", "on")
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer records = {0};

	assert_int_equal(client_get(client, "/"), 200);
	records_request(&records, &(struct web_request){RECORDS_CREATE_USER("username=timed")});
	client_send(client, &records);
	const struct answer *answer = client_read_answer(client, 1);
	assert_int_equal(answer->status, 303);
	assert_non_null(strstr(answer->text, "Server-Timing: queue;dur="));
	assert_non_null(strstr(answer->text, ", disk;dur="));
	buffer_free(&records);
	client_close(client);
	daemon_finish(daemon);
}
