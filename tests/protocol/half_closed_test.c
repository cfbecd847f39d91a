/* Peers that close their sending side, and peers that go: the first get the answers they wait for,
 * and for the second nothing is begun any more. */
#include "protocol/protocol.h"

#include "support/disk/held_disk.h"

#define TCP "tcp:127.0.0.1:0"

static void send_create(struct fcgi_client *client, const char *form)
{
	struct buffer records = {0};

	records_request(&records,
		&(struct web_request){.method = "POST", .path = "/create-user", .body = form});
	client_send(client, &records);
	buffer_free(&records);
}

/* The loop takes events in the order they come: what was sent before has been seen. */
static void let_it_see(struct daemon *daemon)
{
	client_expect_served(daemon_address(daemon));
}

static void expect_listed(struct daemon *daemon, const char *name, bool is_listed)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));

	assert_int_equal(client_finds(client, "/users", name), is_listed);
	client_close(client);
}

/* The disk works on a create of somebody else; then this one comes, and its peer does that. */
static void create_behind_another(const char *listen,
	void (*leave)(struct daemon *daemon, struct held_disk *disk, struct fcgi_client *client))
{
	struct held_disk disk;
	struct daemon *daemon = held_disk_start(&disk, &(struct daemon_setup){.listen = listen});
	struct fcgi_client *first = client_open(daemon_address(daemon));
	struct fcgi_client *client = client_open(daemon_address(daemon));

	held_disk_begin(&disk);
	send_create(first, "username=first");
	held_disk_wait(&disk);
	send_create(client, "username=second");
	let_it_see(daemon);
	leave(daemon, &disk, client);
	assert_int_equal(client_read_answer(first, 1)->status, 303);
	client_close(first);
	daemon_finish(daemon);
	held_disk_remove(&disk);
}

static void half_close(struct daemon *daemon, struct held_disk *disk, struct fcgi_client *client)
{
	client_finish(client);
	let_it_see(daemon);
	held_disk_end(disk);
	assert_int_equal(client_read_answer(client, 1)->status, 303);
	client_expect_closed(client);
	client_close(client);
	expect_listed(daemon, "second", true);
}

static void go(struct daemon *daemon, struct held_disk *disk, struct fcgi_client *client)
{
	client_close(client);
	let_it_see(daemon);
	held_disk_end(disk);
	daemon_wait_event(daemon, "abandoned");
	expect_listed(daemon, "second", false);
}

/* Nothing tells yet that it does not read either. */
static void go_over_tcp(struct daemon *daemon, struct held_disk *disk, struct fcgi_client *client)
{
	client_close(client);
	let_it_see(daemon);
	held_disk_end(disk);
	while (strstr(daemon_wait_event(daemon, "request"), "status=303") == NULL)
		continue;
	while (strstr(daemon_wait_event(daemon, "request"), "status=303") == NULL)
		continue;
	expect_listed(daemon, "second", true);
}

DAEMON_TEST_BARE(a_create_of_a_half_closed_peer)
{
	create_behind_another(NULL, half_close);
}

DAEMON_TEST_BARE(the_same_over_tcp)
{
	create_behind_another(TCP, half_close);
}

DAEMON_TEST_BARE(a_create_of_a_peer_that_goes)
{
	create_behind_another(NULL, go);
}

DAEMON_TEST_BARE(a_create_of_a_peer_that_goes_over_tcp)
{
	create_behind_another(TCP, go_over_tcp);
}

/* End of file comes with the request. */
DAEMON_TEST(everything_at_once, NULL)
{
	struct fcgi_client *client;

	daemon_freeze(daemon);
	client = client_open(daemon_address(daemon));
	send_create(client, "username=quick");
	client_finish(client);
	daemon_thaw(daemon);
	assert_int_equal(client_read_answer(client, 1)->status, 303);
	client_expect_closed(client);
	client_close(client);
	expect_listed(daemon, "quick", true);
	daemon_finish(daemon);
}

/* More requests than its socket takes answers of. */
DAEMON_TEST(many_requests, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer records = {0};
	const int count = 400;

	for (int i = 0; i < count; i++)
		records_request(&records, &(struct web_request){.path = "/"});
	client_send(client, &records);
	client_finish(client);
	let_it_see(daemon);
	for (int i = 0; i < count; i++)
		assert_int_equal(client_read_answer(client, 1)->status, 200);
	client_expect_closed(client);
	buffer_free(&records);
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST(half_a_request, NULL)
{
	struct buffer records = {0};

	records_request(&records, &(struct web_request){.path = "/"});
	for (size_t length = 0; length < records.length; length += 11) {
		struct fcgi_client *client = client_open(daemon_address(daemon));
		assert_true(client_try_send(client, records.bytes, length));
		client_finish(client);
		client_expect_closed(client);
		client_close(client);
	}
	buffer_free(&records);
	daemon_finish(daemon);
}

/* Over TCP this is all that ever tells of a peer that follows no more. */
static void expect_stream_to_end(const char *listen)
{
	struct daemon *daemon = daemon_start(
		&(struct daemon_setup){.listen = listen, .options = {"--max-streams", "1"}});
	struct buffer records = {0};

	records_request(&records, &(struct web_request){.path = "/users/events"});
	for (int i = 0; i < 3; i++) {
		struct fcgi_client *client = client_open(daemon_address(daemon));
		struct record record;
		client_send(client, &records);
		assert_true(client_read_record(client, &record));
		assert_memory_equal(record.content, "Status: 200 ", 12);
		client_finish(client);
		client_drain(client);
		client_close(client);
	}
	buffer_free(&records);
	daemon_finish(daemon);
}

DAEMON_TEST_BARE(a_list_that_is_followed)
{
	expect_stream_to_end(NULL);
	expect_stream_to_end(TCP);
}
