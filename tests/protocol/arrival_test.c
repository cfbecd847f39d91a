/* However a request is cut into records and its bytes into packets, it is the same request. */
#include "protocol/protocol.h"

#define CREATE(form) ((struct web_request){RECORDS_CREATE_USER(form)})

DAEMON_TEST(byte_by_byte, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer records = {0};

	records_request(&records, &CREATE("username=slow"));
	client_send_bytewise(client, &records);
	assert_int_equal(client_read_answer(client, 1)->status, 303);
	buffer_clear(&records);
	records_request(&records, &(struct web_request){.path = "/users", .padding = 3});
	client_send_bytewise(client, &records);
	const struct answer *list = client_read_answer(client, 1);
	assert_int_equal(list->status, 200);
	assert_non_null(strstr(list->text, "slow"));
	buffer_free(&records);
	client_close(client);
	daemon_finish(daemon);
}

/* The loop takes events in the order they come: when the answer to `other` is here, the first part
 * has been read. */
DAEMON_TEST(in_two_parts_cut_everywhere, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct fcgi_client *other = client_open(daemon_address(daemon));
	struct buffer records = {0};

	records_request(&records, &(struct web_request){.body = "a=b", .padding = 2});
	for (size_t cut = 1; cut < records.length; cut++) {
		assert_true(client_try_send(client, records.bytes, cut));
		assert_int_equal(client_get(other, "/healthz"), 200);
		assert_false(client_has_record(client));
		client_send_rest(client, &records, cut);
		assert_int_equal(client_read_answer(client, 1)->status, 200);
	}
	buffer_free(&records);
	client_close(other);
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST(records_of_every_size, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct web_request request = CREATE("username=in+many+pieces");

	request.piece = 1;
	assert_int_equal(client_ask(client, &request)->status, 303);
	for (request.piece = 2; request.piece < 300; request.piece++)
		assert_int_equal(client_ask(client, &request)->status, 409);
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST(every_padding, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct web_request request = CREATE("username=padded");

	assert_int_equal(client_ask(client, &request)->status, 303);
	for (request.padding = 1; request.padding < 256; request.padding++) {
		request.piece = 7 * request.padding;
		assert_int_equal(client_ask(client, &request)->status, 409);
	}
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST(records_of_other_requests_between, NULL)
{
	static const unsigned types[] = {
		FCGI_ABORT_REQUEST, FCGI_PARAMS, FCGI_STDIN, FCGI_DATA, FCGI_STDOUT, 77};
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer records = {0}, noise = {0}, params = {0};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		records_append(&noise, types[i], 9, "to nobody", 9, 5);
	records_pairs(&params, &CREATE("username=quiet"));

	buffer_append(&records, noise.bytes, noise.length);
	records_begin(&records, 1, FCGI_RESPONDER, FCGI_KEEP_CONN);
	buffer_append(&records, noise.bytes, noise.length);
	records_append(&records, FCGI_PARAMS, 1, params.bytes, params.length, 0);
	buffer_append(&records, noise.bytes, noise.length);
	records_append(&records, FCGI_PARAMS, 1, "", 0, 0);
	records_append(&records, FCGI_STDIN, 1, "user", 4, 0);
	buffer_append(&records, noise.bytes, noise.length);
	records_stream(&records, FCGI_STDIN, 1, "name=quiet", 10, 0, 0);
	client_send(client, &records);
	assert_int_equal(client_read_answer(client, 1)->status, 303);
	assert_int_equal(client_get(client, "/"), 200);

	buffer_free(&params);
	buffer_free(&noise);
	buffer_free(&records);
	client_close(client);
	daemon_finish(daemon);
}
