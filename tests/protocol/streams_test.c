/* GET /users/events: an answer that goes on, from its head to the record that ends it. */
#include "protocol/protocol.h"

#include <signal.h>
#include <stdio.h>

#define SHORT_HEARTBEAT "10"
#define HEARTBEATS      40
#define LONG_TIME       "600000"

/* A name as long as they get: what follows a stream that nobody reads soon fills its socket. */
#define FOUR           "𠀀𠀀𠀀𠀀"
#define SIXTEEN        FOUR FOUR FOUR FOUR
#define LONG_NAME_PART SIXTEEN SIXTEEN SIXTEEN FOUR FOUR

/* A client that follows a stream: the text so far, and how much of it was looked at. */
struct follower {
	struct fcgi_client *client;
	struct buffer text;
	size_t seen;
	unsigned heartbeats;
	unsigned long last; /* id of the last event */
};

static void ask(struct fcgi_client *client, const struct web_request *request)
{
	struct buffer records = {0};

	records_request(&records, request);
	client_send(client, &records);
	buffer_free(&records);
}

/* One more record of the stream; false if it is the end of the request. */
static bool read_part(struct follower *follower)
{
	struct record record;

	assert_true(client_read_record(follower->client, &record));
	assert_int_equal(record.id, 1);
	if (record.type == FCGI_END_REQUEST)
		return false;
	assert_int_equal(record.type, FCGI_STDOUT);
	buffer_append(&follower->text, record.content, record.length);
	assert_false(follower->text.failed);
	return true;
}

/* The next block of lines, terminated; NULL if the request ends before. */
static const char *next_block(struct follower *follower)
{
	for (;;) {
		char *bytes = follower->text.bytes + follower->seen;
		size_t length = follower->text.length - follower->seen;
		char *end = length > 0 ? memmem(bytes, length, "\n\n", 2) : NULL;
		if (end != NULL) {
			*end = '\0';
			follower->seen += (size_t)(end - bytes) + 2;
			return bytes;
		}
		if (!read_part(follower))
			return NULL;
	}
}

static bool is_sheet(const char *block)
{
	return strncmp(block, "event: sheet\n", strlen("event: sheet\n")) == 0;
}

/* The number of the user of the next event; 0 at the end. All of them follow one another. */
static unsigned long next_event(struct follower *follower)
{
	const char *block;

	while ((block = next_block(follower)) != NULL &&
		(strcmp(block, ":") == 0 || is_sheet(block)))
		follower->heartbeats += is_sheet(block) ? 0 : 1;
	if (block == NULL)
		return 0;
	char *end;
	assert_memory_equal(block, "id: ", 4);
	unsigned long id = strtoul(block + 4, &end, 10);
	assert_int_equal(id, follower->last + 1);
	follower->last = id;
	assert_int_equal(*end, '-');
	end += strcspn(end, "\n");
	assert_memory_equal(end, "\nevent: user\ndata: {", 20);
	return id;
}

/* Reads up to the event with that id. */
static void follow_to(struct follower *follower, unsigned long id)
{
	while (follower->last < id)
		assert_int_not_equal(next_event(follower), 0);
}

/* Asks, and reads the beginning: head, and when to come back. */
static void begin(struct follower *follower, struct daemon *daemon, const char *query)
{
	*follower = (struct follower){.client = client_open(daemon_address(daemon))};
	ask(follower->client,
		&(struct web_request){.id = 1, .path = "/users/events", .query = query});
	assert_true(read_part(follower));
	char *head = follower->text.bytes;
	char *end = memmem(head, follower->text.length, "\r\n\r\n", 4);
	assert_non_null(end);
	*end = '\0';
	assert_memory_equal(head, "Status: 200 OK\r\n", 16);
	assert_non_null(strstr(head, "\r\nContent-Type: text/event-stream\r\n"));
	assert_non_null(strstr(head, "\r\nX-Accel-Buffering: no\r\n"));
	assert_null(strstr(head, "Content-Length"));
	follower->seen = (size_t)(end - head) + 4;
	assert_memory_equal(next_block(follower), "retry: ", 7);
}

static void end(struct follower *follower)
{
	buffer_free(&follower->text);
	client_close(follower->client);
}

static void create(struct fcgi_client *client, const char *name, unsigned number)
{
	char form[512];

	snprintf(form, sizeof(form), "username=%s%u", name, number);
	assert_int_equal(
		client_ask(client, &(struct web_request){RECORDS_CREATE_USER(form), .id = 1})
			->status,
		303);
}

/* Users `from` to `to`, whose numbers are these. */
static void create_users(struct daemon *daemon, const char *name, unsigned from, unsigned to)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));

	for (unsigned i = from; i <= to; i++)
		create(client, name, i);
	client_close(client);
}

DAEMON_TEST(new_users_come, NULL)
{
	struct follower first, second;

	create_users(daemon, "user", 1, 1);
	begin(&first, daemon, NULL);
	begin(&second, daemon, "after=0");
	first.last = 1; /* users from before are not news */
	create_users(daemon, "user", 2, 5);
	follow_to(&first, 5);
	follow_to(&second, 5);
	end(&first);
	end(&second);
	daemon_finish(daemon);
}

/* More than is sent at once. */
DAEMON_TEST(nobody_is_missing, NULL)
{
	struct follower follower;

	create_users(daemon, "user", 1, 350);
	begin(&follower, daemon, "after=20");
	follower.last = 20;
	follow_to(&follower, 350);
	create_users(daemon, "user", 351, 351);
	follow_to(&follower, 351);
	end(&follower);
	daemon_finish(daemon);
}

/* Numbers that are not there yet: a backup was restored, and they will be given again. */
DAEMON_TEST(a_place_that_is_not_there_yet, NULL)
{
	struct follower follower;

	create_users(daemon, "user", 1, 2);
	begin(&follower, daemon, "after=900");
	follower.last = 2;
	create_users(daemon, "user", 3, 3);
	follow_to(&follower, 3);
	end(&follower);
	daemon_finish(daemon);
}

/* What a peer leaves unread waits in the store, not in memory; and nobody waits for that peer. */
DAEMON_TEST(somebody_who_does_not_read, "--request-timeout", LONG_TIME, "--heartbeat", LONG_TIME)
{
	struct follower slow, quick;

	begin(&slow, daemon, NULL);
	begin(&quick, daemon, NULL);
	create_users(daemon, LONG_NAME_PART, 1, 1200);
	follow_to(&quick, 1200);
	follow_to(&slow, 1200);
	end(&slow);
	end(&quick);
	daemon_finish(daemon);
}

DAEMON_TEST(a_sign_of_life_and_an_end, "--heartbeat", SHORT_HEARTBEAT)
{
	struct follower follower;

	begin(&follower, daemon, NULL);
	assert_int_equal(next_event(&follower), 0);
	assert_true(follower.heartbeats > 0 && follower.heartbeats < HEARTBEATS);
	/* The connection is as good as any other. */
	assert_int_equal(client_get(follower.client, "/users"), 200);
	end(&follower);
	daemon_finish(daemon);
}

DAEMON_TEST(aborted, NULL)
{
	struct buffer abort = {0};
	struct follower follower;

	begin(&follower, daemon, NULL);
	records_append(&abort, FCGI_ABORT_REQUEST, 1, "", 0, 0);
	client_send(follower.client, &abort);
	while (read_part(&follower)) /* the sheet may be on its way */
		;
	create_users(daemon, "user", 1, 1);
	assert_true(client_finds(follower.client, "/users", "user1"));
	buffer_free(&abort);
	end(&follower);
	daemon_finish(daemon);
}

/* The peer goes, then somebody new comes. */
DAEMON_TEST(gone, NULL)
{
	struct follower gone, stays;

	begin(&gone, daemon, NULL);
	begin(&stays, daemon, NULL);
	end(&gone);
	create_users(daemon, "user", 1, 3);
	follow_to(&stays, 3);
	end(&stays);
	daemon_finish(daemon);
}

/* The peer goes before anything was written to it: it takes nobody's room. */
DAEMON_TEST(gone_before_it_begins, "--max-streams", "1")
{
	struct follower follower;

	daemon_freeze(daemon);
	for (int i = 0; i < 3; i++) {
		struct fcgi_client *gone = client_open(daemon_address(daemon));
		ask(gone, &(struct web_request){.id = 1, .path = "/users/events"});
		client_close(gone);
	}
	daemon_thaw(daemon);
	client_expect_served(daemon_address(daemon));
	begin(&follower, daemon, NULL);
	create_users(daemon, "user", 1, 3);
	follow_to(&follower, 3);
	end(&follower);
	daemon_finish(daemon);
}

/* All end, in the way that costs no request on a kept connection. */
DAEMON_TEST(stopped, NULL)
{
	struct follower followers[3];

	for (int i = 0; i < 3; i++)
		begin(&followers[i], daemon, NULL);
	daemon_signal(daemon, SIGTERM);
	for (int i = 0; i < 3; i++) {
		struct record record;
		assert_int_equal(next_event(&followers[i]), 0);
		assert_true(client_read_record(followers[i].client, &record));
		assert_int_equal(record.type, FCGI_STDERR);
		client_expect_closed(followers[i].client);
		end(&followers[i]);
	}
	assert_int_equal(daemon_exit_status(daemon), 0);
	daemon_finish(daemon);
}

static unsigned status_of(struct daemon *daemon, const struct web_request *request)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	const struct answer *answer = client_ask(client, request);
	unsigned status = answer->status;

	if (status == 503)
		assert_non_null(strstr(answer->text, "\r\nRetry-After: "));
	client_close(client);
	return status;
}

DAEMON_TEST(no_room_for_more, "--max-streams", "1")
{
	const struct web_request request = {.id = 1, .path = "/users/events"};
	struct follower only;

	begin(&only, daemon, NULL);
	assert_int_equal(status_of(daemon, &request), 503);
	assert_int_equal(status_of(daemon, &(struct web_request){.id = 1, .path = "/users"}), 200);
	create_users(daemon, "user", 1, 1);
	follow_to(&only, 1);
	end(&only);
	daemon_finish(daemon);
}

/* By its first record: a stream that is given all the same has no end to wait for. */
static void expect_no_stream(struct daemon *daemon)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct record record;

	ask(client, &(struct web_request){.id = 1, .path = "/users/events"});
	assert_true(client_read_record(client, &record));
	assert_int_equal(record.type, FCGI_STDOUT);
	assert_true(record.length > 11);
	assert_memory_equal(record.content, "Status: 503", 11);
	client_close(client);
}

/* However many may follow, half of the connections are for everybody else. */
DAEMON_TEST(half_of_the_connections, "--max-streams", "100", "--max-connections", "20")
{
	struct follower followers[10];

	for (int i = 0; i < 10; i++)
		begin(&followers[i], daemon, NULL);
	expect_no_stream(daemon);
	end(&followers[0]);
	create_users(daemon, "user", 1, 1);
	for (int i = 1; i < 10; i++) {
		follow_to(&followers[i], 1);
		end(&followers[i]);
	}
	daemon_finish(daemon);
}

/* Those who watch the loop may be a quarter as many, up to a limit. */
static void expect_limit(struct daemon *daemon, const char *limit)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));

	assert_true(client_finds(client, "/metrics", limit));
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST(few_watch, "--max-streams", "100", "--max-connections", "200")
{
	expect_limit(daemon, "\nrollcall_streams_limit 125\n");
}

DAEMON_TEST(a_quarter_would_be_too_many, "--max-streams", "520", "--max-connections", "1040")
{
	expect_limit(daemon, "\nrollcall_streams_limit 648\n");
}

DAEMON_TEST(not_a_number, NULL)
{
	static const char *const queries[] = {"after=", "after=x", "after=-1", "after=01",
		"after=1&after=2", "after=99999999999999999999"};
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		assert_int_equal(status_of(daemon, &(struct web_request){.id = 1,
							   .path = "/users/events",
							   .query = queries[i]}),
			400);
	daemon_finish(daemon);
}

DAEMON_TEST(only_the_head, NULL)
{
	assert_int_equal(
		status_of(daemon,
			&(struct web_request){.id = 1, .method = "HEAD", .path = "/users/events"}),
		200);
	daemon_finish(daemon);
}
