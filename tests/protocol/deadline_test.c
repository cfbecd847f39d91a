/* Requests that do not become whole lose their connection at the deadline, and until then cost
 * nobody else anything. */
#include "protocol/protocol.h"

#include "support/disk/held_disk.h"

/* Short: a test here waits until it is over, and for nothing shorter. */
#define SHORT_TIMEOUT "200"
/* Time enough for the second piece of a request to come, on a busy machine, too. */
#define PIECES_TIMEOUT "2000"
#define IDLE_TIMEOUT   "2500"
#define LONG_TIMEOUT   "600000"

/* Answers other connections until this one is closed. */
static void serve_until_closed(
	struct daemon *daemon, struct fcgi_client *client, struct fcgi_client *other)
{
	int64_t until = patience_begin();

	while (!client_is_hung_up(client)) {
		assert_int_equal(client_get(other, "/"), 200);
		daemon_keep_up(daemon);
		patience_check(until, "the deadline of a request");
	}
}

DAEMON_TEST(half_a_request, "--request-timeout", SHORT_TIMEOUT)
{
	struct fcgi_client *other = client_open(daemon_address(daemon));
	struct buffer records = {0};

	records_request(&records, &(struct web_request){RECORDS_CREATE_USER("username=half")});
	const size_t lengths[] = {1, 8, 12, 16, 20, 100, records.length - 20, records.length - 1};
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		struct fcgi_client *client = client_open(daemon_address(daemon));
		assert_true(client_try_send(client, records.bytes, lengths[i]));
		serve_until_closed(daemon, client, other);
		client_expect_closed(client);
		client_close(client);
		assert_non_null(strstr(daemon_wait_event(daemon, "deadline"), "level=warn"));
	}
	buffer_free(&records);
	client_close(other);
	daemon_finish(daemon);
}

/* Half a request, and many whole ones of others, all answered before the half one goes on: that it
 * does shows that no deadline has passed meanwhile. */
DAEMON_TEST(nobody_waits_for_half_a_request, "--request-timeout", LONG_TIMEOUT)
{
	struct fcgi_client *half = client_open(daemon_address(daemon));
	struct fcgi_client *other = client_open(daemon_address(daemon));
	struct buffer records = {0};

	records_request(&records, &(struct web_request){.path = "/users", .body = "a=b"});
	assert_true(client_try_send(half, records.bytes, records.length - 12));
	for (int i = 0; i < 300; i++) {
		assert_int_equal(client_get(other, "/"), 200);
		client_expect_served(daemon_address(daemon));
	}
	client_send_rest(half, &records, records.length - 12);
	assert_int_equal(client_read_answer(half, 1)->status, 200);
	buffer_free(&records);
	client_close(other);
	client_close(half);
	daemon_finish(daemon);
}

/* A byte now and then does not put the deadline off. */
DAEMON_TEST(a_trickle, "--request-timeout", SHORT_TIMEOUT)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct fcgi_client *other = client_open(daemon_address(daemon));
	struct buffer records = {0};
	int64_t until = patience_begin();

	records_begin(&records, 1, FCGI_RESPONDER, FCGI_KEEP_CONN);
	records_header(&records, FCGI_VERSION_1, FCGI_PARAMS, 1, FCGI_MAX_LENGTH, 0);
	client_send(client, &records);
	while (client_try_send(client, "", 1)) {
		assert_int_equal(client_get(other, "/"), 200);
		daemon_keep_up(daemon);
		patience_check(until, "the deadline of a trickling request");
	}
	daemon_wait_event(daemon, "deadline");
	buffer_free(&records);
	client_close(other);
	client_close(client);
	daemon_finish(daemon);
}

/* The deadline of a request is not one for the time between requests, though it had begun to run
 * for the one that came before. */
DAEMON_TEST(idle_connections_stay, "--request-timeout", PIECES_TIMEOUT, "--idle-timeout",
	LONG_TIMEOUT, "--first-request-timeout", LONG_TIMEOUT)
{
	struct buffer records = {0};
	struct fcgi_client *idle = client_open(daemon_address(daemon));
	struct fcgi_client *fresh = client_open(daemon_address(daemon));
	struct fcgi_client *half = client_open(daemon_address(daemon));

	records_request(&records, &(struct web_request){.path = "/"});
	assert_true(client_try_send(idle, records.bytes, 20));
	client_expect_served(daemon_address(daemon));
	client_send_rest(idle, &records, 20);
	assert_int_equal(client_read_answer(idle, 1)->status, 200);
	assert_true(client_try_send(half, "\1", 1));
	client_expect_closed(half);
	assert_int_equal(client_get(idle, "/"), 200);
	assert_int_equal(client_get(fresh, "/"), 200);
	client_close(half);
	client_close(fresh);
	client_close(idle);
	buffer_free(&records);
	daemon_finish(daemon);
}

/* A connection that is used stays, for longer than another one takes to be idle for too long. */
DAEMON_TEST(used_connections_stay, "--idle-timeout", PIECES_TIMEOUT)
{
	struct fcgi_client *idle = client_open(daemon_address(daemon));
	struct fcgi_client *used = client_open(daemon_address(daemon));

	assert_int_equal(client_get(used, "/"), 200);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(client_get(idle, "/"), 200);
		serve_until_closed(daemon, idle, used);
		client_close(idle);
		idle = client_open(daemon_address(daemon));
	}
	client_close(idle);
	client_close(used);
	daemon_finish(daemon);
}

/* ... which has its own. */
DAEMON_TEST(
	idle_connections_end, "--request-timeout", LONG_TIMEOUT, "--idle-timeout", SHORT_TIMEOUT)
{
	struct fcgi_client *idle = client_open(daemon_address(daemon));
	struct fcgi_client *fresh = client_open(daemon_address(daemon));

	assert_int_equal(client_get(idle, "/"), 200);
	client_expect_closed(idle);
	client_expect_closed(fresh);
	client_close(fresh);
	client_close(idle);
	daemon_finish(daemon);
}

/* Also after a response that came when its route had long returned. */
DAEMON_TEST(idle_connections_end_after_a_late_response, "--request-timeout", LONG_TIMEOUT,
	"--idle-timeout", SHORT_TIMEOUT)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));

	assert_int_equal(
		client_ask(client, &(struct web_request){RECORDS_CREATE_USER("username=late")})
			->status,
		303);
	client_expect_closed(client);
	client_close(client);
	daemon_finish(daemon);
}

/* Nor is it forgotten when the one before, which was earlier, has run out meanwhile. */
DAEMON_TEST(idle_connections_end_after_a_request_in_pieces, "--request-timeout", PIECES_TIMEOUT,
	"--idle-timeout", IDLE_TIMEOUT)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer records = {0};

	records_request(&records, &(struct web_request){.path = "/"});
	for (int i = 0; i < 2; i++) {
		assert_true(client_try_send(client, records.bytes, 20));
		client_expect_served(daemon_address(daemon));
		client_send_rest(client, &records, 20);
		assert_int_equal(client_read_answer(client, 1)->status, 200);
	}
	client_expect_closed(client);
	client_close(client);
	buffer_free(&records);
	daemon_finish(daemon);
}

/* How long the disk takes is not the web server's fault: while the store works, no deadline runs. A
 * later request that does pass its deadline shows that it would have been over. */
DAEMON_TEST_BARE(no_deadline_while_the_store_works)
{
	struct held_disk disk;
	struct daemon *daemon = held_disk_start(
		&disk, &(struct daemon_setup){.options = {"--request-timeout", SHORT_TIMEOUT}});
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer records = {0};

	held_disk_begin(&disk);
	records_request(&records, &(struct web_request){RECORDS_CREATE_USER("username=slow")});
	/* In two pieces, so that the deadline of a request has begun to run. */
	assert_true(client_try_send(client, records.bytes, 20));
	client_expect_served(daemon_address(daemon));
	client_send_rest(client, &records, 20);
	held_disk_wait(&disk);

	struct fcgi_client *half = client_open(daemon_address(daemon));
	assert_true(client_try_send(half, records.bytes, 20));
	client_expect_closed(half);
	client_close(half);
	assert_false(client_is_readable(client));
	held_disk_end(&disk);
	assert_int_equal(client_read_answer(client, 1)->status, 303);
	client_close(client);
	buffer_free(&records);
	daemon_finish(daemon);
	held_disk_remove(&disk);
}
