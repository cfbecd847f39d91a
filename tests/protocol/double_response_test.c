/* Routes that answer twice, or never: on the wire there is one answer for each request. They are in
 * tests/support/protocol/misbehaving.c. */
#include "protocol/protocol.h"

#include <stdio.h>

struct offence {
	const char *path;
	unsigned status;   /* of the one answer */
	const char *body;  /* and its body */
	const char *event; /* what the log calls it */
};

static const struct offence offences[] = {
	{"/twice", 200, "\r\n\r\nfirst\n", "second-response"},
	{"/twice-later", 200, "\r\n\r\nfirst\n", "second-response"},
	{"/never", 500, "\r\n\r\nInternal server error\n", "unanswered"},
	{"/never-later", 500, "\r\n\r\nInternal server error\n", "unanswered"},
};

#define OFFENCES (sizeof(offences) / sizeof(offences[0]))

static void expect_body(const struct answer *answer, const char *body)
{
	size_t length = strlen(body);

	assert_true(answer->length >= length);
	assert_string_equal(answer->text + answer->length - length, body);
}

/* Every request has an id of its own, so that client_read_answer() finds out a record too many in
 * front of the next answer. */
static void offend(struct fcgi_client *client, const struct offence *offence, unsigned id)
{
	char name[16];

	snprintf(name, sizeof(name), "offence-%u", id);
	const struct answer *answer = client_ask(
		client, &(struct web_request){.id = id, .path = offence->path, .request_id = name});
	assert_int_equal(answer->status, offence->status);
	assert_int_equal(answer->app_status, 0);
	assert_int_equal(answer->protocol_status, FCGI_REQUEST_COMPLETE);
	expect_body(answer, offence->body);
	assert_false(client_has_record(client));
}

static void ask_for_fine(struct fcgi_client *client, unsigned id, bool closing)
{
	const struct answer *answer = client_ask(
		client, &(struct web_request){.id = id, .path = "/fine", .closing = closing});

	assert_int_equal(answer->status, 200);
	expect_body(answer, "\r\n\r\nfine\n");
}

/* The request id and the path, in the one line about it. */
static void expect_logged(struct daemon *daemon, const struct offence *offence, unsigned id)
{
	const char *line = daemon_wait_event(daemon, offence->event);
	char text[64];

	snprintf(text, sizeof(text), " id=offence-%u path=%s", id, offence->path);
	if (strstr(line, text) == NULL)
		fail_msg("\"%s\" is not in: %s", text, line);
	assert_non_null(strstr(line, " level=error "));
}

static unsigned count_events(struct daemon *daemon, const char *event)
{
	char text[64];
	unsigned count = 0;

	snprintf(text, sizeof(text), " event=%s ", event);
	for (const char *found = strstr(daemon_log(daemon), text); found != NULL;
		found = strstr(found + 1, text))
		count++;
	return count;
}

/* Two of each kind for every offence in the table, and nothing else to complain of. */
static void finish(struct daemon *daemon, unsigned requests)
{
	assert_int_equal(daemon_stop(daemon), 0);
	assert_int_equal(count_events(daemon, "request"), requests);
	assert_int_equal(count_events(daemon, "second-response"), 2);
	assert_int_equal(count_events(daemon, "unanswered"), 2);
	assert_int_equal(count_events(daemon, "protocol-error"), 0);
	daemon_finish(daemon);
}

DAEMON_TEST(one_connection_for_all, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));

	for (unsigned i = 0; i < OFFENCES; i++) {
		offend(client, &offences[i], 2 * i + 1);
		ask_for_fine(client, 2 * i + 2, i + 1 == OFFENCES);
		expect_logged(daemon, &offences[i], 2 * i + 1);
	}
	client_expect_closed(client);
	client_close(client);
	finish(daemon, 2 * OFFENCES);
}

DAEMON_TEST(one_after_the_other, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));

	for (unsigned i = 0; i < OFFENCES; i++)
		offend(client, &offences[i], i + 1);
	ask_for_fine(client, 100, true);
	client_expect_closed(client);
	client_close(client);
	finish(daemon, OFFENCES + 1);
}

/* Nothing comes between the one END_REQUEST and the end of a connection that is not kept. */
DAEMON_TEST(not_kept, NULL)
{
	for (unsigned i = 0; i < OFFENCES; i++) {
		struct fcgi_client *client = client_open(daemon_address(daemon));
		const struct answer *answer = client_ask(
			client, &(struct web_request){.path = offences[i].path, .closing = true});
		assert_int_equal(answer->status, offences[i].status);
		expect_body(answer, offences[i].body);
		client_expect_closed(client);
		client_close(client);
	}
	finish(daemon, OFFENCES);
}

/* The web server goes while the route still has its two answers, or none, to give. */
DAEMON_TEST(aborted, NULL)
{
	for (unsigned i = 0; i < OFFENCES; i++) {
		struct fcgi_client *client = client_open(daemon_address(daemon));
		struct buffer records = {0};
		records_request(&records, &(struct web_request){.path = offences[i].path});
		client_send(client, &records);
		client_close(client);
		buffer_free(&records);
	}
	struct fcgi_client *client = client_open(daemon_address(daemon));
	ask_for_fine(client, 1, true);
	client_close(client);
	daemon_finish(daemon);
}
