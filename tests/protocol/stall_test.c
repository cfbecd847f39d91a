/* The program stands still past a deadline, and what it was waiting for arrives meanwhile: when it
 * goes on, its timers are over before it has looked. */
#include "protocol/protocol.h"

#include <signal.h>

#define COUNT       20
#define LONG_TIME   "600000"
#define SHORT_TIME  "1000" /* until a deadline: longer than what leads up to a stall takes */
#define STALL_MS    1500
#define LARGE_PAGE  400
#define IDLE        "--request-timeout", LONG_TIME, "--idle-timeout"
#define SHORT_IDLE  IDLE, SHORT_TIME, "--first-request-timeout", LONG_TIME
#define SHORT_FIRST IDLE, LONG_TIME, "--first-request-timeout", SHORT_TIME
#define SHORT_REQUEST                                                                              \
	"--request-timeout", SHORT_TIME, "--idle-timeout", LONG_TIME, "--first-request-timeout",   \
		LONG_TIME

static void open_all(struct daemon *daemon, struct fcgi_client *clients[COUNT])
{
	for (size_t i = 0; i < COUNT; i++)
		clients[i] = client_open(daemon_address(daemon));
	/* Accepted before: those are older in the queue. */
	client_expect_served(daemon_address(daemon));
}

/* What is left of a request on each connection comes while the program stands still. */
static void ask_while_frozen(struct daemon *daemon, struct fcgi_client *clients[COUNT], size_t sent)
{
	struct buffer records = {0};

	records_request(&records, &(struct web_request){.path = "/users"});
	daemon_freeze(daemon);
	for (size_t i = 0; i < COUNT; i++)
		client_send_rest(clients[i], &records, sent);
	patience_let_pass(STALL_MS);
	daemon_thaw(daemon);
	buffer_free(&records);
}

static void expect_all_answered(struct daemon *daemon, struct fcgi_client *clients[COUNT])
{
	for (size_t i = 0; i < COUNT; i++) {
		assert_int_equal(client_read_answer(clients[i], 1)->status, 200);
		client_close(clients[i]);
	}
	daemon_finish(daemon);
}

DAEMON_TEST(idle_connections, SHORT_IDLE)
{
	struct fcgi_client *clients[COUNT];
	open_all(daemon, clients);
	for (size_t i = 0; i < COUNT; i++)
		assert_int_equal(client_get(clients[i], "/"), 200);
	ask_while_frozen(daemon, clients, 0);
	expect_all_answered(daemon, clients);
}

DAEMON_TEST(new_connections, SHORT_FIRST)
{
	struct fcgi_client *clients[COUNT];
	open_all(daemon, clients);
	ask_while_frozen(daemon, clients, 0);
	expect_all_answered(daemon, clients);
}

/* Cut within the first record, and behind it. */
static void cut_requests(struct daemon *daemon, size_t sent)
{
	struct fcgi_client *clients[COUNT];
	struct buffer records = {0};

	records_request(&records, &(struct web_request){.path = "/users"});
	open_all(daemon, clients);
	for (size_t i = 0; i < COUNT; i++)
		assert_true(client_try_send(clients[i], records.bytes, sent));
	client_expect_served(daemon_address(daemon));
	ask_while_frozen(daemon, clients, sent);
	expect_all_answered(daemon, clients);
	buffer_free(&records);
}

DAEMON_TEST(requests_cut_in_the_first_record, SHORT_REQUEST)
{
	cut_requests(daemon, 5);
}

DAEMON_TEST(requests_cut_behind_it, SHORT_REQUEST)
{
	cut_requests(daemon, 100);
}

static size_t fill_page(struct daemon *daemon)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	size_t length = client_fill_page(client, LARGE_PAGE);

	client_close(client);
	return length;
}

/* More than the socket holds waits for the peer, which begins to read while the program stands
 * still: there is room for more then, but not for the rest. */
DAEMON_TEST(a_peer_that_reads_meanwhile, SHORT_REQUEST, "--page-size", "500")
{
	size_t length = fill_page(daemon);
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer records = {0};
	const unsigned count = 40;

	for (unsigned i = 0; i < count; i++)
		records_request(&records, &(struct web_request){.path = "/users"});
	client_send(client, &records);
	client_expect_served(daemon_address(daemon));
	daemon_freeze(daemon);
	assert_int_equal(client_read_answer(client, 1)->length, length);
	patience_let_pass(STALL_MS);
	daemon_thaw(daemon);
	for (unsigned i = 1; i < count; i++)
		assert_int_equal(client_read_answer(client, 1)->length, length);
	buffer_free(&records);
	client_close(client);
	daemon_finish(daemon);
}

/* The deadline of the stop is one like the others. */
DAEMON_TEST(requests_while_it_stops, SHORT_IDLE, "--stop-timeout", SHORT_TIME)
{
	struct fcgi_client *clients[COUNT];
	struct buffer records = {0};
	struct record record;

	records_request(&records, &(struct web_request){.path = "/users"});
	open_all(daemon, clients);
	struct fcgi_client *idle = client_open(daemon_address(daemon));
	assert_int_equal(client_get(idle, "/"), 200);
	for (size_t i = 0; i < COUNT; i++)
		assert_true(client_try_send(clients[i], records.bytes, 100));
	client_expect_served(daemon_address(daemon));
	daemon_signal(daemon, SIGTERM);
	/* The farewell: the deadline runs. */
	assert_true(client_read_record(idle, &record));
	client_close(idle);
	ask_while_frozen(daemon, clients, 100);
	expect_all_answered(daemon, clients);
	buffer_free(&records);
}
