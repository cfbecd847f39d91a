/* Connections that are used again, and those that are not. */
#include "protocol/protocol.h"

#define MANY_REQUESTS    5000
#define MANY_CONNECTIONS 400

DAEMON_TEST(thousands_of_requests, NULL)
{
	static const unsigned ids[] = {1, 255, 256, 65535};
	struct fcgi_client *client = client_open(daemon_address(daemon));

	for (unsigned i = 0; i < MANY_REQUESTS; i++) {
		const struct web_request request = {
			.id = ids[i % 4], .path = i % 2 ? "/" : "/users"};
		const struct answer *answer = client_ask(client, &request);
		assert_int_equal(answer->status, 200);
		assert_int_equal(answer->app_status, 0);
		assert_int_equal(answer->protocol_status, FCGI_REQUEST_COMPLETE);
	}
	assert_false(client_has_record(client));
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST(not_kept, NULL)
{
	const struct web_request request = {.closing = true, .id = 300};
	for (int i = 0; i < 100; i++) {
		struct fcgi_client *client = client_open(daemon_address(daemon));
		assert_int_equal(client_ask(client, &request)->status, 200);
		client_expect_closed(client);
		client_close(client);
	}
	daemon_finish(daemon);
}

/* The flag belongs to the request: the last one decides. */
DAEMON_TEST(kept_until_a_request_that_is_not, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));

	assert_int_equal(client_get(client, "/"), 200);
	assert_int_equal(client_get(client, "/"), 200);
	assert_int_equal(client_ask(client, &(struct web_request){.closing = true})->status, 200);
	client_expect_closed(client);
	client_close(client);
	daemon_finish(daemon);
}

static void open_all(struct fcgi_client *clients[MANY_CONNECTIONS], const char *address)
{
	for (size_t i = 0; i < MANY_CONNECTIONS; i++)
		clients[i] = client_open(address);
}

static void close_all(struct fcgi_client *clients[MANY_CONNECTIONS])
{
	for (size_t i = 0; i < MANY_CONNECTIONS; i++)
		client_close(clients[i]);
}

DAEMON_TEST(hundreds_open_while_others_are_served, NULL)
{
	struct fcgi_client *clients[MANY_CONNECTIONS];
	open_all(clients, daemon_address(daemon));
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < MANY_CONNECTIONS; i++)
			assert_int_equal(client_get(clients[i], "/healthz"), 200);
		client_expect_served(daemon_address(daemon));
	}
	close_all(clients);
	client_expect_served(daemon_address(daemon));
	daemon_finish(daemon);
}

DAEMON_TEST(hundreds_ask_at_once, NULL)
{
	struct fcgi_client *clients[MANY_CONNECTIONS];
	struct buffer records = {0};

	records_request(&records, &(struct web_request){.path = "/users"});
	open_all(clients, daemon_address(daemon));
	for (size_t i = 0; i < MANY_CONNECTIONS; i++)
		client_send(clients[i], &records);
	for (size_t i = MANY_CONNECTIONS; i-- > 0;)
		assert_int_equal(client_read_answer(clients[i], 1)->status, 200);
	close_all(clients);
	buffer_free(&records);
	daemon_finish(daemon);
}
