/* The server with routes of the test's own, over a real loop and socket: exchanges from the request
 * to the last byte of the response, and what they do when memory or room runs out. */
#include "event_loop/server.h"

#include <fastcgi.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/meters/meters.h"
#include "support/protocol/fcgi_client.h"
#include "support/temporary_directory.h"
#include "support/test.h"
#include "support/unit/captured_log.h"
#include "support/unit/seen_spans.h"
#include "support/unit/short_memory.h"

#define TIMEOUT_MS 60000
#define TURNS      8 /* of the loop: enough for all that does not wait for the client */
#define ALWAYS     SIZE_MAX
#define MEBIBYTE   ((size_t)1 << 20)

struct fixture {
	struct temporary_directory directory;
	uv_loop_t loop;
	struct captured_log log;
	struct listener listener;
	struct router router;
	struct server_settings settings;
	struct server *server;
};

struct site {
	bool goes_on_after_first; /* the response, when its first part was sent */
	bool goes_on_after_second;
};

static struct site seen;

/* The times after which the server accepts again. The test says when they are over. */
#define BACK_OFF_MS 100
#define CALM_MS     1000

struct awaited {
	uv_timer_t *timer;
	uv_timer_cb due;
	unsigned starts;
};

static struct awaited back_off, calm;
static const struct server *server; /* whose timers they are */

/* The linker puts the first in the place of uv_timer_start(), which is the second. */
int __wrap_uv_timer_start(uv_timer_t *timer, uv_timer_cb due, uint64_t timeout, uint64_t repeat);
int __real_uv_timer_start(uv_timer_t *timer, uv_timer_cb due, uint64_t timeout, uint64_t repeat);

int __wrap_uv_timer_start(uv_timer_t *timer, uv_timer_cb due, uint64_t timeout, uint64_t repeat)
{
	struct awaited *awaited = timer->data != server    ? NULL
				  : timeout == BACK_OFF_MS ? &back_off
				  : timeout == CALM_MS     ? &calm
							   : NULL;

	if (awaited != NULL) {
		awaited->timer = timer;
		awaited->due = due;
		awaited->starts++;
		timeout = TIMEOUT_MS;
	}
	return __real_uv_timer_start(timer, due, timeout, repeat);
}

static void let_pass(const struct awaited *awaited)
{
	assert_true(uv_is_active((uv_handle_t *)awaited->timer));
	uv_timer_stop(awaited->timer);
	awaited->due(awaited->timer);
}

/* Sends back what was sent, behind as many spaces as the query says. */
static void echo(struct site *site, struct request *request, struct response *response)
{
	char chunk[100];
	size_t length;
	struct buffer *body = response_body(response);

	(void)site;
	buffer_printf(body, "%*s", atoi(request_query(request)), "");
	while ((length = request_read(request, chunk, sizeof(chunk))) > 0)
		buffer_append(body, chunk, length);
	response_send(response);
}

/* Sends three parts and an end, whatever becomes of them. */
static void stream(struct site *site, struct request *request, struct response *response)
{
	(void)request;
	buffer_string(response_body(response), "one ");
	if (!response_begin(response, NULL, NULL))
		return;
	site->goes_on_after_first = response_has_to_wait(response);
	response_write(response, "two ", 4);
	site->goes_on_after_second = response_has_to_wait(response);
	response_write(response, "three", 5);
	response_end(response);
}

static void refuse(struct request *request, struct response *response, unsigned status)
{
	(void)request;
	response_status(response, status);
	response_send(response);
}

static const struct route echo_route = {.path = "/echo", .get = echo, .post = echo};
static const struct route stream_route = {.path = "/stream", .get = stream};
static const struct route *const routes[] = {&echo_route, &stream_route, NULL};

static const struct web_request echo_request = {
	.method = "POST", .path = "/echo", .query = "600", .body = "body"};
static const struct web_request stream_request = {.path = "/stream"};

static void open_fixture(struct fixture *f)
{
	char address[96];
	struct reason reason;

	*f = (struct fixture){0};
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	temporary_directory_make(&f->directory);
	captured_log_open(&f->log, LOG_DEBUG);
	assert_int_equal(uv_loop_init(&f->loop), 0);
	f->router = (struct router){
		.routes = routes, .site = &seen, .log = f->log.log, .refuse = refuse};
	f->settings = (struct server_settings){.loop = &f->loop,
		.router = &f->router,
		.log = f->log.log,
		.limits = {.params = 1000000, .body = 4 * MEBIBYTE, .drain = MEBIBYTE},
		.max_connections = 10,
		.timeouts = {.first = TIMEOUT_MS, .idle = TIMEOUT_MS, .request = TIMEOUT_MS},
		.stop_timeout = TIMEOUT_MS,
		.codec = codec_open()};
	snprintf(address, sizeof(address), "unix:%s/socket", f->directory.path);
	assert_int_equal(listener_create(&f->listener, address, &reason), RESULT_OK);
}

static void open_server(struct fixture *f)
{
	assert_int_equal(server_open(&f->settings, &f->listener, &f->server), RESULT_OK);
	server = f->server;
}

/* Expects that nothing is left of it. */
static void close_fixture(struct fixture *f)
{
	if (f->server != NULL)
		server_stop(f->server);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	server_close(f->server);
	assert_int_equal(uv_loop_close(&f->loop), 0);
	codec_close(f->settings.codec);
	captured_log_close(&f->log);
	temporary_directory_remove(&f->directory);
}

static int set_up(void **state)
{
	static struct fixture made;

	open_fixture(&made);
	*state = &made;
	return 0;
}

static int tear_down(void **state)
{
	close_fixture(*state);
	return 0;
}

static void turn(struct fixture *f)
{
	for (int i = 0; i < TURNS; i++)
		uv_run(&f->loop, UV_RUN_NOWAIT);
}

static void send_request(struct fcgi_client *client, const struct web_request *request)
{
	struct buffer records = {0};

	records_request(&records, request);
	client_send(client, &records);
	buffer_free(&records);
}

static bool ends_with(const struct answer *answer, const char *text)
{
	return answer->length >= strlen(text) &&
	       strcmp(answer->text + answer->length - strlen(text), text) == 0;
}

static void expect_answer(
	struct fixture *f, const struct web_request *request, unsigned status, const char *body)
{
	struct fcgi_client *client = client_open(f->listener.address);

	send_request(client, request);
	turn(f);
	const struct answer *answer = client_read_answer(client, 1);
	assert_int_equal(answer->status, status);
	assert_true(ends_with(answer, body));
	client_close(client);
	turn(f);
}

FIXTURE_TEST(exchanges)
{
	open_server(fixture);
	expect_answer(fixture, &echo_request, 200, "   body");
	expect_answer(fixture, &stream_request, 200, "\r\n\r\none two three");
	expect_answer(fixture, &(struct web_request){.path = "/no"}, 404, "");
	assert_int_equal(captured_log_count(&fixture->log, "request"), 3);
}

/* A request is over when its response has left, also where that is the last of its connection. */
FIXTURE_TEST(the_last_response_waits_for_its_reader)
{
	struct fcgi_client *client = client_open(fixture->listener.address);

	open_server(fixture);
	send_request(client,
		&(struct web_request){.path = "/echo", .query = "4000000", .closing = true});
	turn(fixture);
	assert_int_equal(captured_log_count(&fixture->log, "request"), 0);
	client_close(client);
	turn(fixture);
	assert_int_equal(captured_log_count(&fixture->log, "request"), 1);
}

/* The first part finds out, and the rest goes nowhere. */
FIXTURE_TEST(the_peer_goes_before_a_stream_begins)
{
	struct fcgi_client *client = client_open(fixture->listener.address);

	open_server(fixture);
	send_request(client, &stream_request);
	client_close(client);
	seen = (struct site){0};
	turn(fixture);
	assert_true(seen.goes_on_after_first);
	assert_true(seen.goes_on_after_second);
	assert_int_equal(captured_log_count(&fixture->log, "request"), 1);
	expect_answer(fixture, &stream_request, 200, "\r\n\r\none two three");
	assert_false(seen.goes_on_after_first);
}

/* What the client has of a response: all, or what cannot be taken for all of it. */
static void expect_whole_or_cut_off(struct fcgi_client *client, const char *body)
{
	struct record record;

	if (client_is_hung_up(client)) {
		while (client_read_record(client, &record))
			assert_int_equal(record.type, FCGI_STDOUT);
		return;
	}
	const struct answer *answer = client_read_answer(client, 1);
	if (answer->status == 200)
		assert_true(ends_with(answer, body));
	else if (answer->status != 0 && answer->status != 500)
		assert_int_equal(answer->status, 503);
}

/* Sends both requests as one to a server that has never seen any; false if no allocation has
 * failed. The log says what became of it. */
static bool try_short(size_t after, size_t times, const struct web_request *request,
	const struct web_request *next, const char *body, struct buffer *log)
{
	struct fixture f;
	struct buffer records = {0};

	open_fixture(&f);
	open_server(&f);
	struct fcgi_client *client = client_open(f.listener.address);
	records_request(&records, request);
	if (next != NULL)
		records_request(&records, next);
	client_send(client, &records);
	short_memory_begin(after, times);
	turn(&f);
	bool has_failed = short_memory_end();
	if (body != NULL)
		expect_whole_or_cut_off(client, body);
	client_close(client);
	expect_answer(&f, &echo_request, 200, "   body");
	buffer_string(log, captured_log_text(&f.log));
	close_fixture(&f);
	buffer_free(&records);
	return has_failed;
}

/* With each allocation failing once, alone or with all behind it. */
static void expect_survives(const struct web_request *request, const struct web_request *next,
	const char *body, struct buffer *log)
{
	size_t tried = 0;

	while (try_short(tried, 1, request, next, body, log))
		assert_true(try_short(tried++, ALWAYS, request, next, body, log));
	assert_true(tried > 0);
	buffer_append(log, "", 1);
}

static void expect_in(const struct buffer *log, const char *text)
{
	if (strstr(log->bytes, text) == NULL)
		fail_msg("\"%s\" is not in: %s", text, log->bytes);
}

TEST(memory_runs_out)
{
	struct buffer log = {0};

	expect_survives(&echo_request, NULL, "   body", &log);
	expect_in(&log, "event=protocol-error reason=\"out of memory\"");
	expect_in(&log, "event=protocol-error reason=\"no room to decode the request\"");
	expect_in(&log, "event=log-dropped");
	buffer_clear(&log);
	expect_survives(&stream_request, NULL, "\r\n\r\none two three", &log);
	expect_in(&log, "status=500");
	buffer_free(&log);
}

/* The response is more than the socket takes, and has to wait; so has the request behind it. */
TEST(memory_runs_out_for_what_waits)
{
	const struct web_request large = {.path = "/echo", .query = "3000000"};
	struct buffer log = {0};

	expect_survives(&large, &echo_request, NULL, &log);
	expect_in(&log, "event=protocol-error reason=\"no room for what follows the request\"");
	buffer_free(&log);
}

static void expect_no_server(struct fixture *f, int descriptor)
{
	struct listener listener = {.descriptor = descriptor};

	assert_int_equal(server_open(&f->settings, &listener, &f->server), RESULT_SYSTEM);
	assert_null(f->server);
	assert_false(uv_loop_alive(&f->loop));
}

/* The loop can be closed then: close_fixture() sees to it. */
FIXTURE_TEST(nothing_to_listen_on)
{
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	expect_no_server(fixture, -1);
	expect_no_server(fixture, ends[0]);
	close(ends[1]);
	close(fixture->listener.descriptor);
}

static uint64_t closed_connections(void)
{
	uint64_t count = 0;

	for (unsigned i = 0; i < CLOSED_CAUSES; i++)
		count += meters.connections.closed[i];
	return count;
}

FIXTURE_TEST(the_meters_have_the_connections)
{
	const struct connection_meters *connections = &meters.connections;

	meters.connections = (struct connection_meters){0};
	open_server(fixture);
	assert_int_equal(connections->limit, 10);
	struct fcgi_client *client = client_open(fixture->listener.address);
	turn(fixture);
	assert_int_equal(connections->open, 1);
	assert_int_equal(connections->idle, 1);
	send_request(client, &echo_request);
	turn(fixture);
	const struct answer *answer = client_read_answer(client, 1);
	assert_true(connections->received > strlen("body"));
	assert_true(connections->sent > answer->length);
	assert_int_equal(connections->idle, 1);
	client_close(client);
	turn(fixture);
	assert_int_equal(connections->open, 0);
	assert_int_equal(connections->idle, 0);
	assert_int_equal(connections->accepted, 1);
	assert_int_equal(connections->closed[CLOSED_BY_PEER], 1);
	assert_int_equal(closed_connections(), 1);
}

FIXTURE_TEST(a_request_under_way_is_not_idle)
{
	struct buffer records = {0};

	meters.connections = (struct connection_meters){0};
	open_server(fixture);
	struct fcgi_client *client = client_open(fixture->listener.address);
	records_request(&records, &echo_request);
	assert_true(client_try_send(client, records.bytes, 20));
	turn(fixture);
	assert_int_equal(meters.connections.open, 1);
	assert_int_equal(meters.connections.idle, 0);
	client_close(client);
	turn(fixture);
	assert_int_equal(meters.connections.open, 0);
	assert_int_equal(meters.connections.idle, 0);
	buffer_free(&records);
}

FIXTURE_TEST(what_is_not_fastcgi_is_a_cause)
{
	meters.connections = (struct connection_meters){0};
	open_server(fixture);
	struct fcgi_client *client = client_open(fixture->listener.address);
	assert_true(client_try_send(client, "GET / HTTP/1.1\r\n\r\n", 18));
	turn(fixture);
	assert_int_equal(meters.connections.closed[CLOSED_PROTOCOL], 1);
	assert_int_equal(closed_connections(), 1);
	client_close(client);
}

static void begin_pauses(struct fixture *f)
{
	meters.connections = (struct connection_meters){0};
	back_off = calm = (struct awaited){0};
	open_server(f);
}

/* Some versions of libuv take no more than a few connections in a turn. */
static void turn_until_paused(struct fixture *f)
{
	for (int i = 0; i < 100 && !meters.connections.is_paused; i++)
		uv_run(&f->loop, UV_RUN_NOWAIT);
	assert_true(meters.connections.is_paused);
	assert_int_equal(meters.connections.pauses, 1);
}

FIXTURE_TEST(at_the_limit_accepting_pauses)
{
	struct fcgi_client *clients[11];

	begin_pauses(fixture);
	for (size_t i = 0; i < 11; i++)
		clients[i] = client_open(fixture->listener.address);
	turn_until_paused(fixture);
	assert_int_equal(meters.connections.open, 10);
	captured_log_expect(&fixture->log, "event=accept-paused reason=\"connection limit\" "
					   "connections=10");
	/* As long as one waits, it is paused, however long that is. */
	assert_int_equal(calm.starts, 1);
	let_pass(&calm);
	assert_int_equal(calm.starts, 2);
	assert_true(meters.connections.is_paused);
	client_close(clients[0]);
	turn(fixture);
	assert_int_equal(meters.connections.accepted, 11);
	assert_true(meters.connections.is_paused);
	let_pass(&calm);
	assert_false(meters.connections.is_paused);
	captured_log_expect(&fixture->log, "event=accept-resumed waited=1");
	assert_int_equal(calm.starts, 2);
	assert_int_equal(back_off.starts, 0);
	for (size_t i = 1; i < 11; i++)
		client_close(clients[i]);
	turn(fixture);
	assert_int_equal(meters.connections.open, 0);
	assert_int_equal(captured_log_count(&fixture->log, "accept-paused"), 1);
	assert_int_equal(captured_log_count(&fixture->log, "accept-resumed"), 1);
}

/* From here on one more can be opened: libuv accepts a connection, and the server has none to
 * spare. Returns the limit that was. */
static struct rlimit leave_one_descriptor(void)
{
	struct rlimit was, limit;
	int next = dup(STDIN_FILENO);

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	close(next);
	limit = was;
	limit.rlim_cur = (rlim_t)next + 1;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	return was;
}

/* It tries again until there is one. */
FIXTURE_TEST(without_a_descriptor_accepting_pauses)
{
	begin_pauses(fixture);
	struct fcgi_client *client = client_open(fixture->listener.address);
	const struct rlimit was = leave_one_descriptor();
	turn_until_paused(fixture);
	assert_int_equal(back_off.starts, 1);
	let_pass(&back_off);
	assert_int_equal(back_off.starts, 2);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
	turn(fixture);
	assert_int_equal(meters.connections.open, 0);
	let_pass(&back_off);
	turn(fixture);
	assert_int_equal(meters.connections.open, 1);
	assert_int_equal(back_off.starts, 2);
	let_pass(&calm);
	assert_false(meters.connections.is_paused);
	client_close(client);
	turn(fixture);
	assert_int_equal(meters.connections.pauses, 1);
}

/* In the tests before. */
TEST(phases)
{
	expect_seen_span(PHASE_POLL, "on_connection");
	expect_seen_span(PHASE_POLL, "on_read");
	expect_seen_span(PHASE_CLOSE, "on_handle_closed");
	expect_seen_span(PHASE_CHECK, "on_server_turn");
	expect_seen_span(PHASE_TIMERS, "on_calm");
	expect_seen_span(PHASE_TIMERS, "on_back_off_over");
}
