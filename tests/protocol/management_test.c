/* Management records, roles, and a second request on a connection that carries one at a time. */
#include "protocol/protocol.h"

/* Bytes of a request up to the end of its BEGIN_REQUEST. */
#define AFTER_BEGIN sizeof(FCGI_BeginRequestRecord)

/* Sends a management record of these pairs. */
static void send_values(struct fcgi_client *client, const struct buffer *params)
{
	struct buffer records = {0};

	records_append(
		&records, FCGI_GET_VALUES, FCGI_NULL_REQUEST_ID, params->bytes, params->length, 3);
	client_send(client, &records);
	buffer_free(&records);
}

/* Appends the pairs as lines NAME=VALUE; both are shorter than 128 bytes. */
static void list_pairs(struct buffer *lines, const unsigned char *bytes, size_t length)
{
	for (size_t i = 0; i < length;) {
		assert_true(i + 2 <= length && bytes[i] < 128 && bytes[i + 1] < 128);
		size_t name = bytes[i], value = bytes[i + 1];
		assert_true(i + 2 + name + value <= length);
		buffer_append(lines, bytes + i + 2, name);
		buffer_string(lines, "=");
		buffer_append(lines, bytes + i + 2 + name, value);
		buffer_string(lines, "\n");
		i += 2 + name + value;
	}
	buffer_append(lines, "", 1);
}

static void expect_values(struct fcgi_client *client, const char *expected)
{
	struct record record;
	struct buffer lines = {0};

	assert_true(client_read_record(client, &record));
	assert_int_equal(record.type, FCGI_GET_VALUES_RESULT);
	assert_int_equal(record.id, FCGI_NULL_REQUEST_ID);
	list_pairs(&lines, record.content, record.length);
	assert_string_equal(lines.bytes, expected);
	buffer_free(&lines);
}

DAEMON_TEST(values_that_are_asked_for, "--max-connections", "7")
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer params = {0};

	records_pair(&params, FCGI_MPXS_CONNS, "");
	send_values(client, &params);
	expect_values(client, "FCGI_MPXS_CONNS=0\n");
	records_pair(&params, FCGI_MAX_CONNS, "");
	records_pair(&params, FCGI_MAX_REQS, "");
	send_values(client, &params);
	expect_values(client, "FCGI_MPXS_CONNS=0\nFCGI_MAX_CONNS=7\nFCGI_MAX_REQS=7\n");
	buffer_free(&params);
	assert_int_equal(client_get(client, "/"), 200);
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST(no_values, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	const struct buffer none = {0};

	send_values(client, &none);
	expect_values(client, "");
	assert_int_equal(client_get(client, "/"), 200);
	client_close(client);
	daemon_finish(daemon);
}

/* "The application must ignore names it does not understand", however long they are. */
DAEMON_TEST(unknown_values, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer params = {0};
	char name[201];

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	records_pair(&params, "FCGI_UNHEARD_OF", "");
	records_pair(&params, name, "");
	records_pair(&params, "", "");
	records_pair(&params, "FCGI_MPXS_CONN", "");
	send_values(client, &params);
	expect_values(client, "");
	records_long_pair(&params, FCGI_MPXS_CONNS, "");
	send_values(client, &params);
	expect_values(client, "FCGI_MPXS_CONNS=0\n");
	buffer_free(&params);
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST(values_within_a_request, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer request = {0}, params = {0};

	records_request(&request, &(struct web_request){.path = "/"});
	records_pair(&params, FCGI_MPXS_CONNS, "");
	const size_t parts[] = {AFTER_BEGIN, request.length - FCGI_HEADER_LEN};
	for (size_t i = 0; i < 2; i++) {
		assert_true(client_try_send(client, request.bytes, parts[i]));
		send_values(client, &params);
		expect_values(client, "FCGI_MPXS_CONNS=0\n");
		client_send_rest(client, &request, parts[i]);
		assert_int_equal(client_read_answer(client, 1)->status, 200);
	}
	buffer_free(&params);
	buffer_free(&request);
	client_close(client);
	daemon_finish(daemon);
}

static void expect_unknown_type(struct fcgi_client *client, unsigned type, const char *content)
{
	struct buffer records = {0};
	struct record record;

	records_append(&records, type, FCGI_NULL_REQUEST_ID, content, strlen(content), 1);
	client_send(client, &records);
	assert_true(client_read_record(client, &record));
	assert_int_equal(record.type, FCGI_UNKNOWN_TYPE);
	assert_int_equal(record.id, FCGI_NULL_REQUEST_ID);
	assert_int_equal(record.length, sizeof(FCGI_UnknownTypeBody));
	assert_int_equal(record.content[0], type);
	buffer_free(&records);
}

DAEMON_TEST(unknown_management_records, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));

	for (unsigned type = FCGI_MAXTYPE + 1; type < 256; type++)
		expect_unknown_type(client, type, type % 2 ? "" : "anything");
	assert_int_equal(client_get(client, "/"), 200);
	client_close(client);
	daemon_finish(daemon);
}

static void expect_end(struct fcgi_client *client, unsigned id, unsigned protocol_status)
{
	const struct answer *answer = client_read_answer(client, id);

	assert_int_equal(answer->protocol_status, protocol_status);
	assert_int_equal(answer->app_status, 0);
	assert_int_equal(answer->length, 0);
}

/* A whole request in a role; the web server does not wait for an answer before it sends the rest.
 */
static void send_role(struct fcgi_client *client, unsigned role, unsigned flags)
{
	struct buffer records = {0}, params = {0};

	records_pairs(&params, &(struct web_request){.path = "/"});
	records_begin(&records, 5, role, flags);
	records_stream(&records, FCGI_PARAMS, 5, params.bytes, params.length, 0, 0);
	records_append(&records, FCGI_STDIN, 5, "", 0, 0);
	records_append(&records, FCGI_DATA, 5, "", 0, 0);
	client_send(client, &records);
	buffer_free(&params);
	buffer_free(&records);
}

DAEMON_TEST(roles, NULL)
{
	static const unsigned roles[] = {0, FCGI_AUTHORIZER, FCGI_FILTER, 4, 255, 256, 257, 65535};
	struct fcgi_client *client = client_open(daemon_address(daemon));

	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++) {
		send_role(client, roles[i], FCGI_KEEP_CONN);
		expect_end(client, 5, FCGI_UNKNOWN_ROLE);
		assert_int_equal(client_get(client, "/"), 200);
	}
	send_role(client, FCGI_FILTER, 0);
	expect_end(client, 5, FCGI_UNKNOWN_ROLE);
	client_expect_closed(client);
	client_close(client);
	daemon_finish(daemon);
}

/* The second request is refused at once and its records are passed over; the first goes on. */
DAEMON_TEST(second_request_meanwhile, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer first = {0}, second = {0};

	records_request(&first, &(struct web_request){.id = 1, .path = "/users"});
	records_request(&second, &(struct web_request){.id = 2, .path = "/", .closing = true});
	const size_t parts[] = {AFTER_BEGIN, first.length - FCGI_HEADER_LEN};
	for (size_t i = 0; i < 2; i++) {
		assert_true(client_try_send(client, first.bytes, parts[i]));
		client_send(client, &second);
		expect_end(client, 2, FCGI_CANT_MPX_CONN);
		client_send_rest(client, &first, parts[i]);
		assert_int_equal(client_read_answer(client, 1)->status, 200);
	}
	assert_int_equal(client_ask(client, &(struct web_request){.id = 2})->status, 200);
	buffer_free(&second);
	buffer_free(&first);
	client_close(client);
	daemon_finish(daemon);
}
