/* What one peer can cost, measured at the real program: memory and descriptors of connections in
 * each of their states, of streams and of those who look at the loop; lines of the log. The table
 * in docs/architecture.md has what was measured, the bounds here leave room beside it. */
#include "protocol/protocol.h"

#include <dirent.h>
#include <stdio.h>

#include "base/limit.h"
#include "base/repeats.h"

#define COUNT 100
#define PATIENT                                                                                    \
	"--request-timeout", "600000", "--first-request-timeout", "600000", "--heartbeat", "600000"
#define KIBIBYTE ((size_t)1024)

/* Of the allocator, whatever is measured: pages that are not full. */
#define ROUNDING (256 * KIBIBYTE)

/* What COUNT peers have taken. */
struct cost {
	struct daemon *daemon;
	size_t memory;
	size_t descriptors;
	struct fcgi_client *clients[COUNT];
};

static size_t memory_in_use(const struct daemon *daemon)
{
	char path[64], line[128];
	unsigned long kibibytes = 0;

	snprintf(path, sizeof(path), "/proc/%d/status", daemon_pid(daemon));
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	while (kibibytes == 0 && fgets(line, sizeof(line), file) != NULL)
		sscanf(line, "RssAnon: %lu kB", &kibibytes);
	fclose(file);
	assert_true(kibibytes > 0);
	return kibibytes * KIBIBYTE;
}

static size_t descriptors_open(const struct daemon *daemon)
{
	char path[64];
	size_t count = 0;

	snprintf(path, sizeof(path), "/proc/%d/fd", daemon_pid(daemon));
	DIR *directory = opendir(path);
	assert_non_null(directory);
	for (const struct dirent *each; (each = readdir(directory)) != NULL;)
		count += each->d_name[0] != '.';
	closedir(directory);
	return count;
}

/* The first that a test does: there is no connection yet. */
static void begin_cost(struct cost *cost, struct daemon *daemon)
{
	*cost = (struct cost){.daemon = daemon, .descriptors = descriptors_open(daemon)};
}

/* What is needed once, such as for the first page, is there by now. */
static void begin_memory(struct cost *cost)
{
	client_expect_served(daemon_address(cost->daemon));
	cost->memory = memory_in_use(cost->daemon);
}

static void open_clients(struct cost *cost)
{
	for (size_t i = 0; i < COUNT; i++)
		cost->clients[i] = client_open(daemon_address(cost->daemon));
}

/* All that they have sent is taken: each has its descriptor, and no other. */
static void wait_for_all(const struct cost *cost)
{
	int64_t until = patience_begin();

	while (descriptors_open(cost->daemon) < cost->descriptors + COUNT) {
		client_expect_served(daemon_address(cost->daemon));
		patience_check(until, "connections that are taken");
	}
	/* What came before this one was read before it. */
	client_expect_served(daemon_address(cost->daemon));
	do {
		patience_check(until, "a descriptor for each, and no more");
	} while (descriptors_open(cost->daemon) != cost->descriptors + COUNT);
}

static void expect_cost(struct cost *cost, const char *what, size_t most)
{
	wait_for_all(cost);
	size_t after = memory_in_use(cost->daemon);
	size_t each = after > cost->memory ? (after - cost->memory) / COUNT : 0;

	print_message("%s: %zu bytes\n", what, each);
	assert_in_range(after, 0, cost->memory + COUNT * most + ROUNDING);
	daemon_keep_up(cost->daemon);
}

static void end_cost(struct cost *cost)
{
	for (size_t i = 0; i < COUNT; i++)
		client_close(cost->clients[i]);
}

DAEMON_TEST(a_silent_connection, PATIENT)
{
	struct cost cost;

	begin_cost(&cost, daemon);
	begin_memory(&cost);
	open_clients(&cost);
	expect_cost(&cost, "a silent connection", 2 * KIBIBYTE);
	end_cost(&cost);
	daemon_finish(daemon);
}

/* It keeps what its last request took, unless that was much. */
DAEMON_TEST(a_kept_connection, PATIENT)
{
	char *value = records_filler(LIMIT_PARAMS - 1024);
	struct buffer before = {0};
	struct cost cost;

	records_pair(&before, "X", value);
	begin_cost(&cost, daemon);
	begin_memory(&cost);
	open_clients(&cost);
	for (size_t i = 0; i < COUNT; i++)
		assert_int_equal(client_get(cost.clients[i], "/"), 200);
	expect_cost(&cost, "a connection after a page", 4 * KIBIBYTE);
	for (size_t i = 0; i < COUNT; i++)
		assert_int_equal(
			client_ask(cost.clients[i], &(struct web_request){.before = &before})
				->status,
			200);
	expect_cost(&cost, "a connection after a large request", LIMIT_KEPT_BUFFER + 4 * KIBIBYTE);
	end_cost(&cost);
	buffer_free(&before);
	free(value);
	daemon_finish(daemon);
}

/* As large as it may be, and not whole: its bytes, in a buffer that doubles. */
DAEMON_TEST(half_a_request, PATIENT)
{
	char *value = records_filler(LIMIT_PARAMS - 1024), *body = records_filler(LIMIT_BODY);
	struct buffer before = {0}, records = {0};
	struct cost cost;

	records_pair(&before, "X", value);
	records_request(&records, &(struct web_request){.before = &before, .body = body});
	begin_cost(&cost, daemon);
	begin_memory(&cost);
	open_clients(&cost);
	for (size_t i = 0; i < COUNT; i++) {
		assert_true(client_try_send(cost.clients[i], records.bytes, records.length - 1));
		client_expect_served(daemon_address(daemon));
	}
	expect_cost(&cost, "the largest request",
		2 * (LIMIT_PARAMS + (size_t)LIMIT_BODY) + 8 * KIBIBYTE);
	end_cost(&cost);
	buffer_free(&records);
	buffer_free(&before);
	free(body);
	free(value);
	daemon_finish(daemon);
}

static void open_streams(struct cost *cost, const char *path)
{
	struct buffer records = {0};

	records_request(&records, &(struct web_request){.path = path});
	open_clients(cost);
	for (size_t i = 0; i < COUNT; i++) {
		client_send(cost->clients[i], &records);
		client_wait_readable(cost->clients[i]);
	}
	buffer_free(&records);
}

/* First without news, then with more of them than the socket takes: of that one chunk waits in
 * memory, and the rest in the store. */
DAEMON_TEST(a_live_list, PATIENT)
{
	struct fcgi_client *other;
	struct cost cost;

	begin_cost(&cost, daemon);
	begin_memory(&cost);
	open_streams(&cost, "/users/events");
	expect_cost(&cost, "a live list", 4 * KIBIBYTE);
	other = client_open(daemon_address(daemon));
	client_fill_page(other, 3000);
	client_close(other);
	expect_cost(&cost, "a live list that nobody reads", 64 * KIBIBYTE);
	end_cost(&cost);
	daemon_finish(daemon);
}

DAEMON_TEST(a_follower_of_the_loop, PATIENT)
{
	struct cost cost;

	begin_cost(&cost, daemon);
	begin_memory(&cost);
	open_streams(&cost, "/loop/events");
	expect_cost(&cost, "a follower of the loop", 4 * KIBIBYTE);
	end_cost(&cost);
	daemon_finish(daemon);
}

/* Its peer has so long to take what was sent, as with any response. */
DAEMON_TEST(a_live_list_that_is_not_read, "--request-timeout", "500", "--heartbeat", "600000")
{
	struct fcgi_client *silent = client_open(daemon_address(daemon));
	struct fcgi_client *other = client_open(daemon_address(daemon));
	struct buffer records = {0};

	records_request(&records, &(struct web_request){.path = "/users/events"});
	client_send(silent, &records);
	client_wait_readable(silent);
	client_fill_page(other, 3000);
	const char *line = daemon_wait_event(daemon, "deadline");
	assert_non_null(strstr(line, "level=warn"));
	assert_non_null(strstr(line, " waiting=peer"));
	assert_true(client_drain(silent) > 0);
	buffer_free(&records);
	client_close(other);
	client_close(silent);
	daemon_finish(daemon);
}

DAEMON_TEST(too_many_followers_of_the_loop, PATIENT)
{
	struct fcgi_client *clients[LIMIT_WATCHERS];
	struct fcgi_client *more = client_open(daemon_address(daemon));
	struct buffer records = {0};

	records_request(&records, &(struct web_request){.path = "/loop/events"});
	for (size_t i = 0; i < LIMIT_WATCHERS; i++) {
		clients[i] = client_open(daemon_address(daemon));
		client_send(clients[i], &records);
		client_wait_readable(clients[i]);
	}
	assert_int_equal(client_get(more, "/loop/events"), 503);
	assert_int_equal(client_get(more, "/loop"), 200);
	for (size_t i = 0; i < LIMIT_WATCHERS; i++)
		client_close(clients[i]);
	client_close(more);
	buffer_free(&records);
	daemon_finish(daemon);
}

/* A list as a file of which nobody reads more than the socket holds: one part of it waits. */
TEST_WITH(NULL, daemon_clean_up, a_download)
{
	static const struct daemon_setup setup = {
		.options = {PATIENT, "--public-export", "on"}, .users = 20000};
	struct daemon *daemon = daemon_start(&setup);
	struct cost cost;

	begin_cost(&cost, daemon);
	begin_memory(&cost);
	open_streams(&cost, "/users.csv");
	expect_cost(&cost, "a download that nobody reads", 64 * KIBIBYTE);
	end_cost(&cost);
	daemon_finish(daemon);
}

/* Connections without number that each break the protocol: so many lines a second, and one that
 * counts the others. */
DAEMON_TEST(lines_of_the_log, NULL)
{
	const unsigned flood = 3000;
	unsigned lines = 0, counted = 0;
	int64_t begun = patience_begin();

	for (unsigned i = 0; i < flood; i++) {
		struct fcgi_client *client = client_open(daemon_address(daemon));
		assert_true(client_try_send(client, "nonsense", 8));
		client_expect_closed(client);
		client_close(client);
		daemon_keep_up(daemon);
	}
	int64_t seconds = (patience_begin() - begun) / 1000 + 2;
	assert_int_equal(daemon_stop(daemon), 0);
	for (const char *at = daemon_log(daemon);
		(at = strstr(at, " event=protocol-error ")) != NULL; at++)
		lines++;
	for (const char *at = daemon_log(daemon);
		(at = strstr(at, " event=repeated of=protocol-error times=")) != NULL; at++)
		counted += (unsigned)strtoul(strstr(at, "times=") + 6, NULL, 10);
	assert_int_equal(lines + counted, flood);
	assert_in_range(lines, REPEATS_SHOWN, REPEATS_SHOWN * seconds);
	daemon_finish(daemon);
}
