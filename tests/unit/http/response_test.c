#include "http/response.h"

#include <string.h>

#include "base/meters/loop_span.h"
#include "support/test.h"
#include "support/unit/captured_log.h"
#include "support/unit/memory_gateway.h"
#include "support/unit/stopped_clock.h"

/* A response and what is around it. */
struct fixture {
	struct captured_log log;
	struct memory_gateway *memory;
	struct response *response;
	unsigned abandoned;
	unsigned drained;
};

static void open_with(struct fixture *fixture, const struct memory_request *asked)
{
	*fixture = (struct fixture){0};
	captured_log_open(&fixture->log, LOG_DEBUG);
	fixture->memory = memory_gateway_open(asked);
	struct gateway *gateway = memory_gateway_of(fixture->memory);
	fixture->response = response_open(gateway, request_open(gateway), fixture->log.log);
}

static void open_fixture(struct fixture *fixture)
{
	open_with(fixture, &(struct memory_request){.method = "GET", .path = "/p", .id = "id-1"});
}

static void close_fixture(struct fixture *fixture)
{
	memory_gateway_close(fixture->memory);
	captured_log_close(&fixture->log);
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

static void expect_events(struct fixture *fixture, const char *event, size_t count)
{
	assert_int_equal(captured_log_count(&fixture->log, event), count);
}

static void expect_field(const struct fixture *fixture, const char *name, const char *value)
{
	const char *actual = memory_gateway_field(fixture->memory, name);

	if (actual == NULL)
		fail_msg("no header field %s", name);
	assert_string_equal(actual, value);
}

static void expect_security_headers(const struct fixture *fixture)
{
	expect_field(fixture, "Content-Security-Policy",
		"default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
		"connect-src 'self'; form-action 'self'; "
		"base-uri 'none'; frame-ancestors 'none'");
	expect_field(fixture, "X-Content-Type-Options", "nosniff");
	expect_field(fixture, "Referrer-Policy", "same-origin");
}

/* The bare 500 that stands in for an answer. */
static void expect_fallback(const struct fixture *fixture)
{
	assert_int_equal(memory_gateway_status(fixture->memory), 500);
	expect_field(fixture, "Status", "500 Internal Server Error");
	expect_field(fixture, "Content-Type", "text/plain; charset=utf-8");
	expect_field(fixture, "Cache-Control", "no-store");
	expect_field(fixture, "Content-Length", "22");
	assert_string_equal(memory_gateway_body(fixture->memory), "Internal server error\n");
	expect_security_headers(fixture);
}

FIXTURE_TEST(an_answer)
{
	response_status(fixture->response, 404);
	response_header(fixture->response, "Content-Type", "text/plain");
	response_header(fixture->response, "X-Second", "a\tb \xc3\xab");
	buffer_string(response_body(fixture->response), "gone\n");
	assert_false(response_is_sent(fixture->response));
	assert_int_equal(memory_gateway_responds(fixture->memory), 0);
	assert_true(response_send(fixture->response));
	assert_true(response_is_sent(fixture->response));
	assert_int_equal(memory_gateway_responds(fixture->memory), 1);
	assert_int_equal(memory_gateway_releases(fixture->memory), 0);
	expect_field(fixture, "Status", "404 Not Found");
	expect_field(fixture, "Content-Type", "text/plain");
	expect_field(fixture, "X-Second", "a\tb \xc3\xab");
	expect_field(fixture, "Content-Length", "5");
	expect_security_headers(fixture);
	assert_string_equal(memory_gateway_body(fixture->memory), "gone\n");
	captured_log_expect(&fixture->log,
		"level=info event=request id=id-1 method=GET path=/p status=404 bytes=5 seconds=");
	assert_true(response_release(fixture->response));
}

FIXTURE_TEST(an_answer_that_says_nothing)
{
	assert_true(response_send(fixture->response));
	expect_field(fixture, "Status", "200 OK");
	expect_field(fixture, "Content-Length", "0");
	expect_security_headers(fixture);
	assert_true(response_release(fixture->response));
	expect_events(fixture, "unanswered", 0);
}

/* The gateway fails the test if it is touched again. */
FIXTURE_TEST(a_second_answer_is_refused)
{
	buffer_string(response_body(fixture->response), "first");
	assert_true(response_send(fixture->response));
	response_status(fixture->response, 500);
	response_header(fixture->response, "X-Late", "1");
	buffer_string(response_body(fixture->response), "second");
	assert_false(response_send(fixture->response));
	assert_false(response_send(fixture->response));
	assert_int_equal(memory_gateway_responds(fixture->memory), 1);
	assert_int_equal(memory_gateway_status(fixture->memory), 200);
	assert_string_equal(memory_gateway_body(fixture->memory), "first");
	expect_events(fixture, "second-response", 2);
	expect_events(fixture, "request", 1);
	captured_log_expect(&fixture->log, "level=error event=second-response id=id-1 path=/p");
	assert_true(response_release(fixture->response));
	expect_events(fixture, "unanswered", 0);
}

FIXTURE_TEST(no_answer)
{
	response_status(fixture->response, 200);
	response_header(fixture->response, "X-Begun", "1");
	buffer_string(response_body(fixture->response), "begun");
	assert_true(response_release(fixture->response));
	assert_int_equal(memory_gateway_responds(fixture->memory), 1);
	assert_null(memory_gateway_field(fixture->memory, "X-Begun"));
	expect_fallback(fixture);
	expect_events(fixture, "unanswered", 1);
	captured_log_expect(&fixture->log, "level=error event=unanswered id=id-1 path=/p");
	captured_log_expect(&fixture->log,
		"event=request id=id-1 method=GET path=/p status=500 bytes=22 seconds=");
}

FIXTURE_TEST(holds)
{
	response_hold(fixture->response);
	response_hold(fixture->response);
	assert_false(response_release(fixture->response));
	assert_false(response_release(fixture->response));
	assert_int_equal(memory_gateway_responds(fixture->memory), 0);
	assert_true(response_send(fixture->response));
	assert_int_equal(memory_gateway_releases(fixture->memory), 0);
	assert_true(response_release(fixture->response));
}

FIXTURE_TEST(a_hold_that_ends_without_an_answer)
{
	response_hold(fixture->response);
	assert_false(response_release(fixture->response));
	assert_int_equal(memory_gateway_responds(fixture->memory), 0);
	assert_true(response_release(fixture->response));
	expect_fallback(fixture);
	expect_events(fixture, "unanswered", 1);
}

static void on_abandoned(void *argument)
{
	struct fixture *fixture = argument;

	fixture->abandoned++;
}

static void on_abandoned_release(void *argument)
{
	struct fixture *fixture = argument;

	fixture->abandoned++;
	response_release(fixture->response);
}

FIXTURE_TEST(abandoned_and_given_up)
{
	response_on_abandon(fixture->response, on_abandoned_release, fixture);
	response_abandon(fixture->response);
	assert_int_equal(fixture->abandoned, 1);
	assert_int_equal(memory_gateway_responds(fixture->memory), 0);
	assert_int_equal(memory_gateway_releases(fixture->memory), 1);
	expect_events(fixture, "request", 0);
	expect_events(fixture, "unanswered", 0);
	expect_events(fixture, "abandoned", 1);
}

FIXTURE_TEST(abandoned_and_answered_all_the_same)
{
	response_on_abandon(fixture->response, on_abandoned, fixture);
	response_abandon(fixture->response);
	response_abandon(fixture->response);
	assert_int_equal(fixture->abandoned, 1);
	buffer_string(response_body(fixture->response), "to nobody");
	assert_true(response_send(fixture->response));
	assert_true(response_is_sent(fixture->response));
	assert_false(response_send(fixture->response));
	assert_true(response_release(fixture->response));
	assert_int_equal(memory_gateway_responds(fixture->memory), 0);
	assert_int_equal(fixture->abandoned, 1);
	expect_events(fixture, "request", 0);
	expect_events(fixture, "second-response", 1);
	captured_log_expect(&fixture->log, "event=abandoned id=id-1 method=GET path=/p seconds=");
}

FIXTURE_TEST(abandoned_without_anybody_to_tell)
{
	response_abandon(fixture->response);
	assert_true(response_release(fixture->response));
	assert_int_equal(memory_gateway_responds(fixture->memory), 0);
}

FIXTURE_TEST(abandoned_after_the_answer)
{
	response_on_abandon(fixture->response, on_abandoned, fixture);
	assert_true(response_send(fixture->response));
	response_abandon(fixture->response);
	assert_int_equal(fixture->abandoned, 0);
	assert_true(response_release(fixture->response));
	assert_int_equal(memory_gateway_responds(fixture->memory), 1);
}

FIXTURE_TEST(the_wish_to_be_told_taken_back)
{
	response_on_abandon(fixture->response, on_abandoned, fixture);
	response_on_abandon(fixture->response, NULL, NULL);
	response_abandon(fixture->response);
	assert_int_equal(fixture->abandoned, 0);
	assert_true(response_release(fixture->response));
}

TEST(header_injection)
{
	static const char *const values[] = {"a\r\nSet-Cookie: x", "a\nb", "a\rb", "\n", "a\x01",
		"\x7f", "a\x1f", "/users?created=1\r\n\r\n<script>"};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct fixture f;
		open_fixture(&f);
		response_status(f.response, 303);
		response_header(f.response, "X-Fine", "fine");
		response_header(f.response, "Location", values[i]);
		buffer_string(response_body(f.response), "body");
		assert_true(response_send(f.response));
		assert_null(memory_gateway_field(f.memory, "Location"));
		assert_null(memory_gateway_field(f.memory, "Set-Cookie"));
		expect_fallback(&f);
		expect_events(&f, "bad-header", 1);
		captured_log_expect(&f.log, "level=error event=bad-header id=id-1 name=Location");
		assert_true(response_release(f.response));
		close_fixture(&f);
	}
}

/* Every byte: the first, the eighth, the ninth and the last. */
TEST(bytes_that_a_header_can_have)
{
	static const size_t places[] = {0, 7, 8, 19};
	static const char *const names[] = {"X-First", "X-Eighth", "X-Ninth", "X-Last"};

	for (unsigned byte = 1; byte < 256; byte++) {
		bool is_fine = byte >= ' ' ? byte != 127 : byte == '\t';
		struct fixture f;
		open_fixture(&f);
		for (size_t i = 0; i < 4; i++) {
			char value[] = "a value of 20 bytes!";
			value[places[i]] = (char)byte;
			response_header(f.response, names[i], value);
		}
		assert_true(response_send(f.response));
		assert_int_equal(memory_gateway_status(f.memory), is_fine ? 200 : 500);
		expect_events(&f, "bad-header", is_fine ? 0 : 4);
		assert_true(response_release(f.response));
		close_fixture(&f);
	}
}

FIXTURE_TEST(no_memory_for_the_body)
{
	buffer_string(response_body(fixture->response), "half");
	response_body(fixture->response)->failed = true;
	assert_true(response_send(fixture->response));
	expect_fallback(fixture);
	assert_true(response_release(fixture->response));
}

FIXTURE_TEST(a_lent_body)
{
	struct buffer lent = {0};

	buffer_string(&lent, "lent");
	buffer_string(response_body(fixture->response), "its own");
	response_lend_body(fixture->response, &lent);
	assert_true(response_send(fixture->response));
	expect_field(fixture, "Content-Length", "4");
	assert_string_equal(memory_gateway_body(fixture->memory), "lent");
	assert_true(response_release(fixture->response));
	assert_memory_equal(lent.bytes, "lent", 4);
	buffer_free(&lent);
}

FIXTURE_TEST(no_memory_for_a_lent_body)
{
	const struct buffer lent = {.failed = true};

	response_lend_body(fixture->response, &lent);
	assert_true(response_send(fixture->response));
	expect_fallback(fixture);
	assert_true(response_release(fixture->response));
}

TEST(head)
{
	struct fixture f;

	open_with(&f, &(struct memory_request){.method = "HEAD", .path = "/p"});
	response_header(f.response, "Content-Type", "text/plain");
	buffer_string(response_body(f.response), "not sent");
	assert_true(response_send(f.response));
	expect_field(&f, "Content-Type", "text/plain");
	expect_field(&f, "Content-Length", "8");
	assert_int_equal(memory_gateway_body_length(f.memory), 0);
	expect_security_headers(&f);
	captured_log_expect(&f.log, "id=- method=HEAD path=/p status=200 bytes=0 seconds=");
	assert_true(response_release(f.response));
	close_fixture(&f);
}

TEST(head_without_an_answer)
{
	struct fixture f;

	open_with(&f, &(struct memory_request){.method = "HEAD", .path = "/p"});
	assert_true(response_release(f.response));
	assert_int_equal(memory_gateway_status(f.memory), 500);
	assert_int_equal(memory_gateway_body_length(f.memory), 0);
	close_fixture(&f);
}

/* A 304 has no body and does not say how long it would have been. */
FIXTURE_TEST(not_modified)
{
	response_status(fixture->response, 304);
	response_header(fixture->response, "ETag", "W/\"1\"");
	buffer_string(response_body(fixture->response), "not sent");
	assert_true(response_send(fixture->response));
	expect_field(fixture, "Status", "304 Not Modified");
	expect_field(fixture, "ETag", "W/\"1\"");
	assert_null(memory_gateway_field(fixture->memory, "Content-Length"));
	assert_int_equal(memory_gateway_body_length(fixture->memory), 0);
	expect_security_headers(fixture);
	assert_true(response_release(fixture->response));
}

TEST(every_status_has_the_security_headers)
{
	static const unsigned statuses[] = {
		200, 303, 304, 400, 403, 404, 405, 409, 413, 415, 422, 431, 500, 503};

	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		struct fixture f;
		open_fixture(&f);
		response_status(f.response, statuses[i]);
		assert_true(response_send(f.response));
		assert_int_equal(memory_gateway_status(f.memory), statuses[i]);
		expect_security_headers(&f);
		assert_true(response_release(f.response));
		close_fixture(&f);
	}
}

FIXTURE_TEST(bodies_of_any_bytes)
{
	char body[100000];

	for (size_t i = 0; i < sizeof(body); i++)
		body[i] = (char)(i * 31);
	buffer_append(response_body(fixture->response), body, sizeof(body));
	assert_true(response_send(fixture->response));
	expect_field(fixture, "Content-Length", "100000");
	assert_int_equal(memory_gateway_body_length(fixture->memory), sizeof(body));
	assert_memory_equal(memory_gateway_body(fixture->memory), body, sizeof(body));
	assert_true(response_release(fixture->response));
}

FIXTURE_TEST(what_it_answers)
{
	assert_string_equal(request_path(response_request(fixture->response)), "/p");
	assert_true(response_send(fixture->response));
	assert_true(response_release(fixture->response));
}

static void on_drained(void *argument)
{
	struct fixture *fixture = argument;

	fixture->drained++;
}

static void begin(struct fixture *fixture)
{
	open_fixture(fixture);
	response_header(fixture->response, "Content-Type", "text/event-stream");
	buffer_string(response_body(fixture->response), "one ");
	assert_true(response_begin(fixture->response, on_drained, fixture));
}

TEST(an_answer_that_goes_on)
{
	struct fixture f;

	begin(&f);
	assert_int_equal(memory_gateway_status(f.memory), 200);
	expect_field(&f, "Content-Type", "text/event-stream");
	assert_null(memory_gateway_field(f.memory, "Content-Length"));
	expect_security_headers(&f);
	assert_string_equal(memory_gateway_body(f.memory), "one ");
	response_write(f.response, "two", 3);
	response_write(f.response, "", 0);
	assert_string_equal(memory_gateway_body(f.memory), "one two");
	assert_int_equal(memory_gateway_parts(f.memory), 2);
	assert_false(response_is_sent(f.response));
	assert_int_equal(memory_gateway_responds(f.memory), 0);
	response_end(f.response);
	response_end(f.response);
	response_write(f.response, "three", 5);
	assert_true(response_is_sent(f.response));
	assert_int_equal(memory_gateway_responds(f.memory), 1);
	assert_true(response_release(f.response));
	assert_string_equal(memory_gateway_body(f.memory), "one two");
	captured_log_expect(
		&f.log, "event=request id=id-1 method=GET path=/p status=200 bytes=7 seconds=");
	close_fixture(&f);
}

TEST(what_goes_on_ends_with_the_last_release)
{
	struct fixture f;

	begin(&f);
	assert_true(response_release(f.response));
	assert_int_equal(memory_gateway_responds(f.memory), 1);
	expect_events(&f, "unanswered", 0);
	close_fixture(&f);
}

TEST(what_goes_on_is_the_one_answer)
{
	struct fixture f;

	begin(&f);
	assert_false(response_send(f.response));
	assert_false(response_begin(f.response, NULL, NULL));
	expect_events(&f, "second-response", 2);
	response_end(f.response);
	assert_false(response_send(f.response));
	assert_true(response_release(f.response));
	assert_string_equal(memory_gateway_body(f.memory), "one ");
	close_fixture(&f);
}

TEST(what_has_to_wait)
{
	struct fixture f;

	begin(&f);
	assert_false(response_has_to_wait(f.response));
	memory_gateway_clog(f.memory, true);
	response_write(f.response, "two", 3);
	assert_true(response_has_to_wait(f.response));
	response_drained(f.response);
	assert_int_equal(f.drained, 1);
	assert_false(response_has_to_wait(f.response));
	response_end(f.response);
	response_drained(f.response);
	assert_int_equal(f.drained, 1);
	assert_true(response_release(f.response));
	close_fixture(&f);
}

TEST(nobody_is_there_any_more_to_go_on_for)
{
	struct fixture f;

	begin(&f);
	response_on_abandon(f.response, on_abandoned, &f);
	response_abandon(f.response);
	assert_int_equal(f.abandoned, 1);
	response_write(f.response, "two", 3);
	assert_int_equal(memory_gateway_parts(f.memory), 1);
	assert_true(response_release(f.response));
	assert_int_equal(memory_gateway_responds(f.memory), 0);
	close_fixture(&f);
}

FIXTURE_TEST(nobody_is_there_any_more_when_it_would_begin)
{
	response_abandon(fixture->response);
	buffer_string(response_body(fixture->response), "one ");
	assert_false(response_begin(fixture->response, on_drained, fixture));
	assert_false(response_goes_on(fixture->response));
	assert_int_equal(memory_gateway_parts(fixture->memory), 0);
	assert_true(response_release(fixture->response));
	assert_int_equal(memory_gateway_responds(fixture->memory), 0);
	expect_events(fixture, "abandoned", 1);
	expect_events(fixture, "request", 0);
}

/* What was sent before the peer went was an answer. */
TEST(a_second_answer_after_one_that_was_cut_off)
{
	struct fixture f;

	begin(&f);
	response_abandon(f.response);
	assert_false(response_goes_on(f.response));
	assert_false(response_send(f.response));
	expect_events(&f, "second-response", 1);
	assert_true(response_release(f.response));
	captured_log_expect(
		&f.log, "event=request id=id-1 method=GET path=/p status=200 bytes=4 seconds=");
	expect_events(&f, "abandoned", 0);
	close_fixture(&f);
}

static void on_lost(void *argument)
{
	struct fixture *fixture = argument;

	response_abandon(fixture->response);
}

/* The route gives up its hold while a part of the answer is being written: there is a response
 * until that is over. */
TEST(the_peer_goes_while_it_is_written_to)
{
	struct fixture f;

	begin(&f);
	response_on_abandon(f.response, on_abandoned_release, &f);
	memory_gateway_lose(f.memory, on_lost, &f);
	response_write(f.response, "two", 3);
	assert_int_equal(f.abandoned, 1);
	assert_int_equal(memory_gateway_releases(f.memory), 1);
	assert_int_equal(memory_gateway_responds(f.memory), 0);
	close_fixture(&f);
}

/* Its peer never takes the part for the whole: there is no end. */
TEST(what_is_broken_off)
{
	struct fixture f;

	begin(&f);
	response_on_abandon(f.response, on_abandoned_release, &f);
	response_break_off(f.response);
	assert_true(memory_gateway_is_broken(f.memory));
	assert_int_equal(f.abandoned, 1);
	assert_int_equal(memory_gateway_responds(f.memory), 0);
	close_fixture(&f);
}

FIXTURE_TEST(what_has_not_begun_is_not_broken_off)
{
	response_break_off(fixture->response);
	assert_false(memory_gateway_is_broken(fixture->memory));
	assert_true(response_send(fixture->response));
	response_release(fixture->response);
}

FIXTURE_TEST(whether_it_is_endless)
{
	response_set_endless(fixture->response);
	assert_false(response_is_endless(fixture->response));
	assert_true(response_begin(fixture->response, on_drained, fixture));
	assert_true(response_is_endless(fixture->response));
	response_end(fixture->response);
	assert_false(response_is_endless(fixture->response));
	response_release(fixture->response);
}

FIXTURE_TEST(whether_it_goes_on)
{
	assert_false(response_goes_on(fixture->response));
	assert_true(response_begin(fixture->response, on_drained, fixture));
	assert_true(response_goes_on(fixture->response));
	response_end(fixture->response);
	assert_false(response_goes_on(fixture->response));
	assert_true(response_release(fixture->response));
}

TEST(only_the_head_of_what_would_go_on)
{
	struct fixture f;

	open_with(&f, &(struct memory_request){.method = "HEAD", .path = "/p"});
	buffer_string(response_body(f.response), "one");
	assert_false(response_begin(f.response, on_drained, &f));
	assert_int_equal(memory_gateway_responds(f.memory), 1);
	assert_string_equal(memory_gateway_body(f.memory), "");
	memory_gateway_expect_field(f.memory, "Content-Length", NULL);
	assert_true(response_release(f.response));
	close_fixture(&f);
}

FIXTURE_TEST(what_cannot_be_sent_does_not_go_on)
{
	response_header(fixture->response, "X", "a\nb");
	assert_false(response_begin(fixture->response, on_drained, fixture));
	assert_int_equal(memory_gateway_status(fixture->memory), 500);
	assert_non_null(memory_gateway_field(fixture->memory, "Content-Length"));
	assert_true(response_release(fixture->response));
}

/* It comes back to the loop after a second, and takes a quarter of one there. */
static void take_a_second(struct fixture *f)
{
	stopped_clock_pass(1000 * STOPPED_CLOCK_MS);
	loop_span_begin(PHASE_CHECK, "on_turn");
	stopped_clock_pass(250 * STOPPED_CLOCK_MS);
	buffer_string(response_body(f->response), "slow");
	assert_true(response_send(f->response));
}

FIXTURE_TEST(the_log_has_its_time)
{
	stopped_clock_pass(234 * STOPPED_CLOCK_MS + 567999);
	response_send(fixture->response);
	captured_log_expect(&fixture->log, "status=200 bytes=0 seconds=0.234567\n");
	assert_true(response_release(fixture->response));
}

FIXTURE_TEST(a_slow_one_is_logged_with_what_it_waited_for)
{
	response_set_timing(fixture->response, 999 * STOPPED_CLOCK_MS, false);
	response_settle(fixture->response);
	take_a_second(fixture);
	captured_log_expect(&fixture->log, "bytes=4 seconds=1.250000\n");
	captured_log_expect(&fixture->log,
		"level=warn event=slow-request id=id-1 method=GET path=/p waited=disk "
		"arriving=0.000000 "
		"queue=0.000000 route=0.250000 disk=1.000000 peer=0.000000\n");
	assert_null(memory_gateway_field(fixture->memory, "Server-Timing"));
	assert_true(response_release(fixture->response));
}

FIXTURE_TEST(one_that_is_not_slow_enough)
{
	response_set_timing(fixture->response, 1250 * STOPPED_CLOCK_MS, false);
	take_a_second(fixture);
	expect_events(fixture, "slow-request", 0);
	assert_true(response_release(fixture->response));
}

FIXTURE_TEST(nothing_is_too_slow)
{
	take_a_second(fixture);
	expect_events(fixture, "slow-request", 0);
	assert_true(response_release(fixture->response));
}

/* One that goes on until the client leaves. */
FIXTURE_TEST(an_endless_one_is_never_slow)
{
	response_set_timing(fixture->response, STOPPED_CLOCK_MS, false);
	response_set_endless(fixture->response);
	assert_true(response_begin(fixture->response, NULL, NULL));
	stopped_clock_pass(5000 * STOPPED_CLOCK_MS);
	response_end(fixture->response);
	captured_log_expect(&fixture->log, "seconds=5.000000\n");
	expect_events(fixture, "slow-request", 0);
	assert_true(response_release(fixture->response));
}

FIXTURE_TEST(server_timing)
{
	response_set_timing(fixture->response, 0, true);
	response_settle(fixture->response);
	take_a_second(fixture);
	expect_field(
		fixture, "Server-Timing", "queue;dur=0.000, route;dur=250.000, disk;dur=1000.000");
	assert_true(response_release(fixture->response));
}

/* The peer does not take all of a whole response: it is over when it has, and its route need not be
 * there any more. */
FIXTURE_TEST(a_whole_one_that_has_to_wait)
{
	response_set_timing(fixture->response, 100 * STOPPED_CLOCK_MS, false);
	memory_gateway_hold_back(fixture->memory);
	buffer_string(response_body(fixture->response), "large");
	assert_true(response_send(fixture->response));
	assert_true(response_is_sent(fixture->response));
	assert_false(response_send(fixture->response));
	assert_false(response_release(fixture->response));
	expect_events(fixture, "request", 0);
	stopped_clock_pass(300 * STOPPED_CLOCK_MS);
	response_left(fixture->response);
	assert_int_equal(memory_gateway_releases(fixture->memory), 1);
	captured_log_expect(&fixture->log, "status=200 bytes=5 seconds=0.300000\n");
	captured_log_expect(&fixture->log, "waited=peer ");
}

FIXTURE_TEST(the_end_of_one_that_goes_on_has_to_wait)
{
	assert_true(response_begin(fixture->response, NULL, NULL));
	memory_gateway_hold_back(fixture->memory);
	response_end(fixture->response);
	assert_false(response_release(fixture->response));
	expect_events(fixture, "request", 0);
	response_left(fixture->response);
	expect_events(fixture, "request", 1);
	assert_int_equal(memory_gateway_releases(fixture->memory), 1);
}

/* Nobody has answered, and the 500 that stands in for an answer has to wait. */
FIXTURE_TEST(a_fallback_that_has_to_wait)
{
	memory_gateway_hold_back(fixture->memory);
	assert_false(response_release(fixture->response));
	assert_int_equal(memory_gateway_releases(fixture->memory), 0);
	response_left(fixture->response);
	captured_log_expect(&fixture->log, "status=500 bytes=22 seconds=");
	assert_int_equal(memory_gateway_releases(fixture->memory), 1);
}
