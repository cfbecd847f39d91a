/* The name-value pairs of PARAMS: their lengths, where records cut them, and what a request must
 * have among them. */
#include "protocol/protocol.h"

/* Sends a responder's request with these pairs, in records that end at `cut` and at the end. */
static void send_cut(struct fcgi_client *client, const struct buffer *params, size_t cut)
{
	struct buffer records = {0};

	records_begin(&records, 1, FCGI_RESPONDER, FCGI_KEEP_CONN);
	if (cut > 0)
		records_append(&records, FCGI_PARAMS, 1, params->bytes, cut, 0);
	records_stream(&records, FCGI_PARAMS, 1, params->bytes + cut, params->length - cut, 0, 0);
	records_append(&records, FCGI_STDIN, 1, "", 0, 0);
	client_send(client, &records);
	buffer_free(&records);
}

static unsigned status_of_pairs(struct fcgi_client *client, const struct buffer *params)
{
	send_cut(client, params, 0);
	return client_read_answer(client, 1)->status;
}

/* A pair that must be passed over, before those that count. */
static void append_strange(struct buffer *params, size_t name_length, size_t value_length)
{
	char *name = records_filler(name_length);
	char *value = records_filler(value_length);

	records_pair(params, name, value);
	free(value);
	free(name);
}

DAEMON_TEST(long_names_and_values, NULL)
{
	static const size_t lengths[] = {0, 1, 126, 127, 128, 129, 255, 256, 257, 1000, 20000};
	const size_t count = sizeof(lengths) / sizeof(*lengths);
	struct fcgi_client *client = client_open(daemon_address(daemon));

	for (size_t i = 0; i < count * count; i++) {
		struct buffer before = {0};
		append_strange(&before, lengths[i / count], lengths[i % count]);
		const struct web_request request = {.path = "/healthz", .before = &before};
		assert_int_equal(client_ask(client, &request)->status, 200);
		buffer_free(&before);
	}
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST(a_long_value_arrives_whole, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	char *id = records_filler(300);

	assert_int_equal(client_ask(client, &(struct web_request){.request_id = id})->status, 200);
	const char *found = strstr(daemon_wait_event(daemon, "request"), " id=");
	assert_non_null(found);
	assert_memory_equal(found + 4, id, 300);
	assert_int_equal(found[4 + 300], ' ');
	free(id);
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST(short_ones_with_long_lengths, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer params = {0};

	records_long_pair(&params, "REQUEST_METHOD", "GET");
	records_long_pair(&params, "DOCUMENT_URI", "/healthz");
	assert_int_equal(status_of_pairs(client, &params), 200);
	buffer_free(&params);
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST(cut_everywhere, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer params = {0}, before = {0};

	append_strange(&before, 130, 140);
	records_pairs(&params, &(struct web_request){.path = "/healthz", .before = &before});
	for (size_t cut = 0; cut < params.length; cut++) {
		send_cut(client, &params, cut);
		assert_int_equal(client_read_answer(client, 1)->status, 200);
	}
	buffer_free(&before);
	buffer_free(&params);
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST(needs_method_and_path, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer params = {0};

	records_pair(&params, "DOCUMENT_URI", "/");
	assert_int_equal(status_of_pairs(client, &params), 400);
	buffer_clear(&params);
	records_pair(&params, "REQUEST_METHOD", "GET");
	assert_int_equal(status_of_pairs(client, &params), 400);
	buffer_clear(&params);
	assert_int_equal(status_of_pairs(client, &params), 400);
	records_pair(&params, "REQUEST_METHOD", "GET");
	records_pair(&params, "DOCUMENT_URI", "/");
	assert_int_equal(status_of_pairs(client, &params), 200);
	buffer_free(&params);
	client_close(client);
	daemon_finish(daemon);
}

/* A pair whose value, or name, has a NUL in it. */
static void append_with_nul(struct buffer *params, const char *name, size_t name_length,
	const char *value, size_t length)
{
	const char lengths[] = {(char)name_length, (char)length};

	buffer_append(params, lengths, sizeof(lengths));
	buffer_append(params, name, name_length);
	buffer_append(params, value, length);
}

/* libfcgi would end the string there: /users for /users, NUL, x. The log has no part of it either.
 */
DAEMON_TEST(a_nul, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer params[3] = {0};

	records_pair(&params[0], "REQUEST_METHOD", "GET");
	append_with_nul(&params[0], "DOCUMENT_URI", 12, "/users\0x", 8);
	records_pair(&params[1], "REQUEST_METHOD", "GET");
	records_pair(&params[1], "DOCUMENT_URI", "/users");
	append_with_nul(&params[1], "HTTP_ACCEPT\0X", 13, "text/html", 9);
	records_pairs(&params[2], &(struct web_request){RECORDS_CREATE_USER("username=alice")});
	append_with_nul(&params[2], "HTTP_X", 6, "\0", 1);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(status_of_pairs(client, &params[i]), 400);
		assert_null(strstr(daemon_wait_event(daemon, "request"), "/users"));
		buffer_free(&params[i]);
	}
	assert_int_equal(client_ask(client, &(struct web_request){.path = "/users"})->status, 200);
	client_close(client);
	daemon_finish(daemon);
}

/* A body cut short on its way to the web server must not create half a name. */
DAEMON_TEST(content_length_that_is_not_the_body, NULL)
{
	static const char *const lengths[] = {
		"0", "9", "11", "99999", "-10", "10x", "ten", "1e1", "18446744073709551626"};
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct web_request request = {RECORDS_CREATE_USER("username=x")};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		request.content_length = lengths[i];
		unsigned status = client_ask(client, &request)->status;
		if (status != 400)
			fail_msg("CONTENT_LENGTH %s: status %u", lengths[i], status);
	}
	request.content_length = "10";
	assert_int_equal(client_ask(client, &request)->status, 303);
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST(ending_within_a_pair, "--log-level", "debug")
{
	struct buffer params = {0};

	records_pair(&params, "REQUEST_METHOD", "GET");
	records_pair(&params, "DOCUMENT_URI", "/");
	size_t first_two = params.length;
	append_strange(&params, 10, 200);
	while (--params.length > first_two) {
		struct fcgi_client *client = client_open(daemon_address(daemon));
		send_cut(client, &params, 0);
		client_expect_closed(client);
		client_close(client);
		daemon_wait_event(daemon, "protocol-error");
	}
	buffer_free(&params);
	client_expect_served(daemon_address(daemon));
	daemon_finish(daemon);
}
