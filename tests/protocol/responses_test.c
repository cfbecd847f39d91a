/* What comes back over FastCGI: responses of every size, whole and exactly one for each request. */
#include "protocol/protocol.h"

#include <stdio.h>

#define PAGE_SIZE 500
#define CROWD     50

static void expect_in(const struct answer *answer, const char *text)
{
	if (strstr(answer->text, text) == NULL)
		fail_msg("\"%s\" is not in: %s", text, answer->text);
}

/* The body of a response whose Content-Length is right. */
static const char *body_of(const struct answer *answer, size_t *length)
{
	const char *end = strstr(answer->text, "\r\n\r\n");
	const char *header = strstr(answer->text, "\r\nContent-Length: ");

	assert_true(end != NULL && header != NULL && header < end);
	end += 4;
	*length = strtoul(header + strlen("\r\nContent-Length: "), NULL, 10);
	assert_int_equal(answer->length - (size_t)(end - answer->text), *length);
	return end;
}

DAEMON_TEST(sign_up, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	const struct answer *answer = client_ask(
		client, &(struct web_request){RECORDS_CREATE_USER("username=Ada+Lovelace")});

	assert_int_equal(answer->status, 303);
	assert_int_equal(answer->app_status, 0);
	assert_int_equal(answer->protocol_status, FCGI_REQUEST_COMPLETE);
	expect_in(answer, "\r\nLocation: /users?created=1&claim=");
	answer = client_ask(client, &(struct web_request){.path = "/users", .query = "created=1"});
	assert_int_equal(answer->status, 200);
	expect_in(answer, "<bdi>Ada Lovelace</bdi> has signed up");
	assert_non_null(strstr(daemon_wait_event(daemon, "request"), "status=303"));
	assert_non_null(strstr(daemon_wait_event(daemon, "request"), "id=protocol-test"));
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST(head, NULL)
{
	static const char *const paths[] = {"/", "/users", "/healthz", "/nowhere"};
	struct fcgi_client *client = client_open(daemon_address(daemon));

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		size_t length;
		char line[64];
		const struct answer *answer =
			client_ask(client, &(struct web_request){.path = paths[i]});
		unsigned status = answer->status;
		body_of(answer, &length);
		assert_true(length > 0);
		snprintf(line, sizeof(line), "\r\nContent-Length: %zu\r\n", length);
		answer = client_ask(
			client, &(struct web_request){.method = "HEAD", .path = paths[i]});
		assert_int_equal(answer->status, status);
		expect_in(answer, line);
		assert_string_equal(answer->text + answer->length - 4, "\r\n\r\n");
	}
	client_close(client);
	daemon_finish(daemon);
}

/* Asks for a user on each of many connections, all before any answer is read. Their numbers go up
 * from `first`. */
static void ask_for_users(
	struct fcgi_client **clients, const char *name, unsigned first, unsigned step)
{
	for (unsigned i = 0; i < CROWD; i++) {
		struct buffer records = {0};
		records_sign_up(&records, name, first + i * step);
		client_send(clients[i], &records);
		buffer_free(&records);
	}
}

static void open_crowd(struct fcgi_client **clients, const char *address)
{
	for (unsigned i = 0; i < CROWD; i++)
		clients[i] = client_open(address);
}

static void close_crowd(struct fcgi_client **clients)
{
	for (unsigned i = 0; i < CROWD; i++)
		client_close(clients[i]);
}

static unsigned count_of(const char *text, const char *part)
{
	unsigned count = 0;

	for (const char *found = strstr(text, part); found != NULL; found = strstr(found + 1, part))
		count++;
	return count;
}

/* More than libfcgi's buffers and a record hold, and more than one write to the socket usually
 * takes. */
DAEMON_TEST(large_page, "--page-size", "500")
{
	struct fcgi_client *clients[CROWD];
	size_t length;

	open_crowd(clients, daemon_address(daemon));
	for (unsigned i = 0; i < PAGE_SIZE + CROWD; i += CROWD) {
		ask_for_users(clients, "a-name-as-long-as-one-may-well-be-with-number", i, 1);
		for (unsigned j = 0; j < CROWD; j++)
			assert_int_equal(client_read_answer(clients[j], 1)->status, 303);
	}
	const struct answer *page = client_ask(clients[0], &(struct web_request){.path = "/users"});
	const char *body = body_of(page, &length);
	assert_true(length > 65536);
	assert_int_equal(count_of(body, "<li id=\"user-"), PAGE_SIZE);
	assert_int_equal(count_of(body, "a-name-as-long-as"), PAGE_SIZE);
	assert_string_equal(body + length - strlen("</html>\n"), "</html>\n");
	close_crowd(clients);
	daemon_finish(daemon);
}

/* Many ask for one name at once: one gets it. */
DAEMON_TEST(one_name_for_many, NULL)
{
	struct fcgi_client *clients[CROWD];
	unsigned created = 0;

	open_crowd(clients, daemon_address(daemon));
	ask_for_users(clients, "Only+One", 0, 0);
	for (unsigned i = 0; i < CROWD; i++) {
		unsigned status = client_read_answer(clients[i], 1)->status;
		created += status == 303;
		assert_true(status == 303 || status == 409);
	}
	assert_int_equal(created, 1);
	close_crowd(clients);
	daemon_finish(daemon);
}

/* The log names a request by what the web server sent, and nothing in that can end the line. */
DAEMON_TEST(request_id_in_the_log, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));

	client_ask(client,
		&(struct web_request){.request_id = "a\nlevel=info event=request id=\"b\""});
	assert_int_equal(client_get(client, "/healthz"), 200);
	const char *line = daemon_wait_event(daemon, "request");
	assert_non_null(strstr(line, "status=200"));
	assert_non_null(strstr(line, "path=/ "));
	assert_non_null(strstr(daemon_wait_event(daemon, "request"), "path=/healthz "));
	client_close(client);
	daemon_finish(daemon);
}
