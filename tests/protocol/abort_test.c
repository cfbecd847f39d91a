/* ABORT_REQUEST before, while and after a request is answered. */
#include "protocol/protocol.h"

static void append_abort(struct buffer *out, unsigned id)
{
	records_append(out, FCGI_ABORT_REQUEST, id, "", 0, 0);
}

static void expect_aborted(struct fcgi_client *client, unsigned id)
{
	const struct answer *answer = client_read_answer(client, id);

	assert_int_equal(answer->protocol_status, FCGI_REQUEST_COMPLETE);
	assert_int_equal(answer->app_status, 0);
	assert_int_equal(answer->length, 0);
}

/* Where each record of these ends. */
static size_t end_of_record(const struct buffer *records, size_t start)
{
	const unsigned char *header = (const unsigned char *)records->bytes + start;

	return start + FCGI_HEADER_LEN + ((size_t)header[4] << 8 | header[5]) + header[6];
}

DAEMON_TEST(after_every_record_of_a_request, NULL)
{
	const struct web_request request = {RECORDS_CREATE_USER("username=aborted"), .piece = 20};
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer records = {0}, abort = {0};

	records_request(&records, &request);
	append_abort(&abort, 1);
	for (size_t end = end_of_record(&records, 0); end < records.length;
		end = end_of_record(&records, end)) {
		assert_true(client_try_send(client, records.bytes, end));
		client_send(client, &abort);
		expect_aborted(client, 1);
	}
	assert_false(client_finds(client, "/users", "aborted"));
	buffer_free(&abort);
	buffer_free(&records);
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST(on_a_connection_that_is_not_kept, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer records = {0};

	records_begin(&records, 7, FCGI_RESPONDER, 0);
	append_abort(&records, 7);
	client_send(client, &records);
	expect_aborted(client, 7);
	client_expect_closed(client);
	buffer_free(&records);
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST(after_the_answer, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer abort = {0};

	append_abort(&abort, 1);
	for (int i = 0; i < 10; i++) {
		assert_int_equal(client_get(client, "/"), 200);
		client_send(client, &abort);
	}
	buffer_free(&abort);
	client_close(client);
	daemon_finish(daemon);
}

/* Whether the abort overtakes the answer is a matter of time; that there is one END_REQUEST is not.
 */
DAEMON_TEST(while_the_disk_is_waited_for, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));

	for (unsigned i = 0; i < 50; i++) {
		struct buffer records = {0};
		records_sign_up(&records, "user", i);
		append_abort(&records, 1);
		client_send(client, &records);
		unsigned status = client_read_answer(client, 1)->status;
		assert_true(status == 0 || status == 303);
		assert_int_equal(client_ask(client, &(struct web_request){.id = 2})->status, 200);
		buffer_free(&records);
	}
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST(of_a_request_that_is_not_there, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer records = {0};

	append_abort(&records, 1);
	append_abort(&records, 65535);
	records_request(&records, &(struct web_request){.id = 3});
	client_send(client, &records);
	assert_int_equal(client_read_answer(client, 3)->status, 200);
	buffer_free(&records);
	client_close(client);
	daemon_finish(daemon);
}
