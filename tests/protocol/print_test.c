/* GET /users/print: a list that is sent in parts, each when the peer has taken the one before. */
#include "protocol/protocol.h"

#include <signal.h>
#include <string.h>

/* With names as long as they get: more than a socket takes. */
#define USERS     3000
#define LONG_TIME "600000"

static void ask_for_list(struct fcgi_client *client)
{
	struct buffer records = {0};

	records_request(&records, &(struct web_request){.path = "/users/print"});
	client_send(client, &records);
	buffer_free(&records);
}

static void expect_whole_list(struct fcgi_client *client)
{
	const struct answer *answer = client_read_answer(client, 1);
	unsigned rows = 0;

	assert_int_equal(answer->status, 200);
	for (const char *row = answer->text; (row = strstr(row, "<li><bdi>")) != NULL; row++)
		rows++;
	assert_int_equal(rows, USERS);
	assert_non_null(strstr(answer->text, "</html>"));
}

/* A client that has asked for the list, which fills its socket. */
static struct fcgi_client *begin_list(struct daemon *daemon)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));

	ask_for_list(client);
	client_expect_served(daemon_address(daemon));
	return client;
}

DAEMON_TEST_BARE(read_late)
{
	struct daemon *daemon = daemon_start(&(struct daemon_setup){
		.users = USERS, .options = {"--request-timeout", LONG_TIME}});
	struct fcgi_client *client = begin_list(daemon);

	expect_whole_list(client);
	ask_for_list(client);
	expect_whole_list(client);
	client_close(client);
	daemon_finish(daemon);
}

/* Unlike a live list, it reaches its end. */
DAEMON_TEST_BARE(a_half_closed_peer)
{
	struct daemon *daemon = daemon_start(&(struct daemon_setup){
		.users = USERS, .options = {"--request-timeout", LONG_TIME}});
	struct fcgi_client *client = begin_list(daemon);

	client_finish(client);
	client_expect_served(daemon_address(daemon));
	expect_whole_list(client);
	client_expect_closed(client);
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST_BARE(a_stop_meanwhile)
{
	struct daemon *daemon = daemon_start(&(struct daemon_setup){.users = USERS,
		.options = {"--request-timeout", LONG_TIME, "--stop-timeout", LONG_TIME}});
	struct fcgi_client *client = begin_list(daemon);

	daemon_signal(daemon, SIGTERM);
	daemon_wait_event(daemon, "stopping");
	expect_whole_list(client);
	assert_int_equal(daemon_exit_status(daemon), 0);
	client_close(client);
	daemon_finish(daemon);
}

/* It loses its connection, as for any response. */
DAEMON_TEST_BARE(a_peer_that_never_reads)
{
	struct daemon *daemon = daemon_start(
		&(struct daemon_setup){.users = USERS, .options = {"--request-timeout", "100"}});
	struct fcgi_client *client = begin_list(daemon);

	client_wait_hang_up(client);
	client_expect_served(daemon_address(daemon));
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST_BARE(a_peer_that_goes_away)
{
	struct daemon *daemon = daemon_start(&(struct daemon_setup){
		.users = USERS, .options = {"--request-timeout", LONG_TIME}});
	client_close(begin_list(daemon));
	client_expect_served(daemon_address(daemon));
	daemon_finish(daemon);
}
