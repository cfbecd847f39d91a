#include "fastcgi/framing.h"

#include <fastcgi.h>
#include <string.h>

#include "base/limit.h"
#include "support/protocol/records.h"
#include "support/test.h"

#define PARAMS 2000
#define BODY   1000
#define DRAIN  100000
#define ID     7

static const struct framing_limits limits = {
	.params = PARAMS, .body = BODY, .connections = 1024, .drain = DRAIN};

/* A framing, what it is fed, and what comes of that. */
struct feeder {
	struct framing *framing;
	struct buffer records;
	struct buffer replies;
	unsigned requests;
	unsigned aborts;
	bool broken;
};

static void feeder_open(struct feeder *feeder)
{
	*feeder = (struct feeder){.framing = framing_open(&limits)};
}

static void feeder_close(struct feeder *feeder)
{
	framing_close(feeder->framing);
	buffer_free(&feeder->records);
	buffer_free(&feeder->replies);
}

static int set_up(void **state)
{
	static struct feeder feeder;

	feeder_open(&feeder);
	*state = &feeder;
	return 0;
}

static int tear_down(void **state)
{
	feeder_close(*state);
	return 0;
}

#define FEEDER_TEST(name) TEST_GIVEN(struct feeder, feeder, set_up, tear_down, NULL, name)

/* As a connection does. */
static void take_event(struct feeder *feeder, enum framing_event event)
{
	struct buffer *reply = framing_reply(feeder->framing);

	feeder->requests += event == FRAMING_REQUEST;
	feeder->aborts += event == FRAMING_ABORT;
	feeder->broken = event == FRAMING_ERROR;
	assert_int_equal(reply->length > 0, event == FRAMING_REPLY || event == FRAMING_ABORT);
	assert_int_equal(framing_reason(feeder->framing) != NULL, event == FRAMING_ERROR);
	buffer_append(&feeder->replies, reply->bytes, reply->length);
	buffer_clear(reply);
}

/* Bytes from an allocation of their own, so that a sanitizer sees one read beyond them. */
static void feed_bytes(struct feeder *feeder, const char *bytes, size_t length)
{
	struct buffer piece = {0};
	size_t fed = 0;

	buffer_append(&piece, bytes, length);
	while (fed < length && !feeder->broken) {
		size_t used = length + 1;
		enum framing_event event =
			framing_feed(feeder->framing, piece.bytes + fed, length - fed, &used);
		assert_true(used > 0 && used <= length - fed);
		assert_true(event != FRAMING_MORE || used == length - fed);
		fed += used;
		take_event(feeder, event);
	}
	buffer_free(&piece);
}

static void feed(struct feeder *feeder, const struct buffer *bytes)
{
	feed_bytes(feeder, bytes->bytes, bytes->length);
}

static void feed_and_clear(struct feeder *feeder, struct buffer *bytes)
{
	feed(feeder, bytes);
	buffer_clear(bytes);
}

static void append_empty(struct buffer *out, unsigned type, unsigned id)
{
	records_append(out, type, id, "", 0, 0);
}

/* A stream of name-value pairs that is `length` bytes long. */
static void make_pairs(struct buffer *pairs, size_t length)
{
	char filling[100];

	memset(filling, 'x', sizeof(filling));
	while (length > 0) {
		size_t content = length > 100 ? 50 : length - 2;
		const unsigned char lengths[2] = {1, (unsigned char)(content - 1)};
		buffer_append(pairs, lengths, 2);
		buffer_append(pairs, filling, content);
		length -= content + 2;
	}
}

/* A request with this many bytes of PARAMS and of STDIN, in records of `piece` bytes. */
static void append_request(struct buffer *out, size_t params, size_t body, size_t piece)
{
	static const char filling[1 << 17] = {0};
	struct buffer pairs = {0};

	make_pairs(&pairs, params);
	records_begin(out, ID, FCGI_RESPONDER, FCGI_KEEP_CONN);
	records_stream(out, FCGI_PARAMS, ID, pairs.bytes, pairs.length, piece, 3);
	records_stream(out, FCGI_STDIN, ID, filling, body, piece, 5);
	buffer_free(&pairs);
}

static void expect_bytes(const struct buffer *actual, const struct buffer *expected)
{
	assert_int_equal(actual->length, expected->length);
	if (expected->length > 0)
		assert_memory_equal(actual->bytes, expected->bytes, expected->length);
}

static void expect_end_request(struct feeder *feeder, unsigned id, unsigned protocol_status)
{
	const unsigned char body[8] = {0, 0, 0, 0, (unsigned char)protocol_status};
	struct buffer expected = {0};

	records_append(&expected, FCGI_END_REQUEST, id, body, sizeof(body), 0);
	expect_bytes(&feeder->replies, &expected);
	buffer_free(&expected);
	buffer_clear(&feeder->replies);
}

/* What is handed to libfcgi: the same without padding, and each stream in one record. */
static void expect_request(const struct feeder *feeder, const struct web_request *request)
{
	struct web_request bare = *request;
	struct buffer expected = {0};

	bare.padding = 0;
	bare.piece = 0;
	records_request(&expected, &bare);
	assert_int_equal(feeder->requests, 1);
	assert_false(feeder->broken);
	assert_int_equal(framing_refused(feeder->framing), 0);
	expect_bytes(framing_request(feeder->framing), &expected);
	buffer_free(&expected);
}

/* Appends the contents of PARAMS and STDIN of one request. */
static void take_apart(const struct buffer *request, struct buffer *params, struct buffer *body)
{
	const unsigned char *bytes = (const unsigned char *)request->bytes;
	unsigned ends = 0;

	for (size_t i = 0; i < request->length;) {
		size_t length = (size_t)bytes[i + 4] << 8 | bytes[i + 5];
		assert_true(length <= request->length - i - FCGI_HEADER_LEN);
		if (bytes[i + 1] != FCGI_BEGIN_REQUEST)
			buffer_append(bytes[i + 1] == FCGI_PARAMS ? params : body,
				bytes + i + FCGI_HEADER_LEN, length);
		ends += length == 0;
		i += FCGI_HEADER_LEN + length;
	}
	assert_int_equal(ends, 2);
}

static const struct web_request post = {.id = ID,
	.method = "POST",
	.path = "/create-user",
	.body = "username=alice",
	.query = "a long one so that the length of a value takes four bytes, which needs more than "
		 "a hundred and twenty-seven of them in all, as these are now",
	.piece = 90,
	.padding = 11};

/* The next request on the connection is nobody's victim. */
static void expect_next_request(struct feeder *feeder)
{
	struct buffer records = {0};

	feeder->requests = 0;
	records_request(&records, &post);
	feed(feeder, &records);
	expect_request(feeder, &post);
	buffer_free(&records);
}

FEEDER_TEST(in_one_piece)
{
	records_request(&feeder->records, &post);
	feed(feeder, &feeder->records);
	expect_request(feeder, &post);
	assert_true(framing_is_kept(feeder->framing));
}

FEEDER_TEST(byte_by_byte)
{
	records_request(&feeder->records, &post);
	for (size_t i = 0; i < feeder->records.length; i++) {
		assert_int_equal(feeder->requests, 0);
		feed_bytes(feeder, feeder->records.bytes + i, 1);
		assert_false(framing_is_idle(feeder->framing));
	}
	expect_request(feeder, &post);
}

/* Cut anywhere, the first part is never a request, and never an error: it could go on. */
TEST(every_split_and_every_truncation)
{
	struct buffer records = {0};

	records_request(&records, &post);
	for (size_t cut = 0; cut < records.length; cut++) {
		struct feeder feeder;
		feeder_open(&feeder);
		feed_bytes(&feeder, records.bytes, cut);
		assert_int_equal(feeder.requests, 0);
		assert_false(feeder.broken);
		assert_int_equal(framing_is_idle(feeder.framing), cut == 0);
		feed_bytes(&feeder, records.bytes + cut, records.length - cut);
		expect_request(&feeder, &post);
		feeder_close(&feeder);
	}
	buffer_free(&records);
}

TEST(every_padding)
{
	for (unsigned padding = 0; padding < 256; padding++) {
		struct web_request padded = post;
		struct feeder feeder;
		padded.padding = padding;
		feeder_open(&feeder);
		records_request(&feeder.records, &padded);
		feed_bytes(&feeder, feeder.records.bytes, feeder.records.length - padding);
		assert_int_equal(feeder.requests, padding == 0);
		feed_bytes(
			&feeder, feeder.records.bytes + feeder.records.length - padding, padding);
		expect_request(&feeder, &padded);
		feeder_close(&feeder);
	}
}

/* What is held of a request is its content, and not what it came in: the same of records of a byte
 * as of a single one. */
FEEDER_TEST(records_of_one_byte)
{
	append_request(&feeder->records, PARAMS, BODY, 1);
	feed(feeder, &feeder->records);
	assert_int_equal(feeder->requests, 1);
	assert_int_equal(framing_refused(feeder->framing), 0);
	assert_int_equal(framing_request(feeder->framing)->length,
		PARAMS + BODY + 5 * FCGI_HEADER_LEN + sizeof(FCGI_BeginRequestBody));
}

/* Streams longer than a record can be, in pieces that do and do not fill one. */
TEST(more_than_one_record_holds)
{
	static const size_t pieces[] = {1, 1000, 32768, 65534, 65535};
	static const struct framing_limits large = {.params = 300000, .body = 300000};

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct feeder feeder = {.framing = framing_open(&large)};
		struct buffer records = {0}, params = {0}, body = {0}, pairs = {0}, whole = {0};
		make_pairs(&pairs, 200000);
		for (size_t j = 0; j < 300000; j++)
			buffer_append(&whole, &(char){(char)(j % 251)}, 1);
		records_begin(&records, ID, FCGI_RESPONDER, FCGI_KEEP_CONN);
		records_stream(&records, FCGI_PARAMS, ID, pairs.bytes, pairs.length, pieces[i], 0);
		records_stream(&records, FCGI_STDIN, ID, whole.bytes, whole.length, pieces[i], 1);
		feed(&feeder, &records);
		assert_int_equal(feeder.requests, 1);
		take_apart(framing_request(feeder.framing), &params, &body);
		expect_bytes(&params, &pairs);
		expect_bytes(&body, &whole);
		feeder_close(&feeder);
		buffer_free(&records);
		buffer_free(&params);
		buffer_free(&body);
		buffer_free(&pairs);
		buffer_free(&whole);
	}
}

/* Kept connections are many: what an unusual request needed is not kept with them. */
TEST(memory_between_requests)
{
	static const struct framing_limits large = {.params = PARAMS, .body = 1 << 20};
	struct feeder feeder = {.framing = framing_open(&large)};
	struct buffer records = {0};

	append_request(&records, 100, 3 * (size_t)LIMIT_KEPT_BUFFER / 2, 0);
	feed(&feeder, &records);
	assert_int_equal(feeder.requests, 1);
	framing_finished(feeder.framing);
	assert_true(framing_request(feeder.framing)->capacity <= LIMIT_KEPT_BUFFER);
	expect_next_request(&feeder);
	feeder_close(&feeder);
	buffer_free(&records);
}

FEEDER_TEST(many_requests_on_one_connection)
{
	for (unsigned i = 1; i <= 100; i++) {
		const struct web_request request = {
			.id = i * 600, .path = "/users", .piece = i, .closing = i % 2 == 0};
		struct buffer records = {0};
		records_request(&records, &request);
		feeder->requests = 0;
		feed(feeder, &records);
		expect_request(feeder, &request);
		assert_int_equal(framing_is_kept(feeder->framing), i % 2 == 1);
		framing_finished(feeder->framing);
		assert_true(framing_is_idle(feeder->framing));
		buffer_free(&records);
	}
	assert_int_equal(feeder->replies.length, 0);
}

/* What follows a request in the same bytes is left alone until it is asked for. */
FEEDER_TEST(it_stops_after_a_request)
{
	size_t used;

	records_request(&feeder->records, &post);
	size_t first = feeder->records.length;
	records_request(&feeder->records, &post);
	assert_int_equal(
		framing_feed(feeder->framing, feeder->records.bytes, feeder->records.length, &used),
		FRAMING_REQUEST);
	assert_int_equal(used, first);
}

static void append_pair_lengths(struct buffer *out, size_t name, size_t value)
{
	records_long_length(out, name);
	records_long_length(out, value);
}

static void append_value_record(struct buffer *names, unsigned type, struct buffer *out)
{
	records_append(out, type, 0, names->bytes, names->length, 0);
	buffer_clear(names);
}

static void expect_values(const char *const *asked, const char *const *answered)
{
	struct buffer pairs = {0}, expected = {0};
	struct feeder feeder;

	feeder_open(&feeder);
	for (; *asked != NULL; asked++)
		records_pair(&pairs, *asked, "");
	append_value_record(&pairs, FCGI_GET_VALUES, &feeder.records);
	for (; *answered != NULL; answered += 2)
		records_pair(&pairs, answered[0], answered[1]);
	append_value_record(&pairs, FCGI_GET_VALUES_RESULT, &expected);
	for (size_t i = 0; i < feeder.records.length; i++)
		feed_bytes(&feeder, feeder.records.bytes + i, 1);
	assert_false(feeder.broken);
	expect_bytes(&feeder.replies, &expected);
	assert_true(framing_is_idle(feeder.framing));
	feeder_close(&feeder);
	buffer_free(&pairs);
	buffer_free(&expected);
}

TEST(get_values)
{
	expect_values((const char *[]){NULL}, (const char *[]){NULL});
	expect_values((const char *[]){"FCGI_MPXS_CONNS", NULL},
		(const char *[]){"FCGI_MPXS_CONNS", "0", NULL});
	expect_values((const char *[]){"FCGI_MAX_CONNS", "X", "FCGI_MAX_REQS", "FCGI_MPXS_CONNS",
			      "FCGI_MAX_CONN", "", NULL},
		(const char *[]){"FCGI_MAX_CONNS", "1024", "FCGI_MAX_REQS", "1024",
			"FCGI_MPXS_CONNS", "0", NULL});
}

/* Names and lengths that are not there, or too long, end the search and nothing else. */
TEST(get_values_that_lies)
{
	static const char *const contents[] = {"\x0f", "\x0f\x01", "\x0f\177FCGI_MPXS_CONNS",
		"\x7f\x7f", "\xff\xff\xff\xff\xff\xff\xff\xff", "\x01\x80x"};

	for (size_t i = 0; i < sizeof(contents) / sizeof(contents[0]); i++) {
		struct buffer expected = {0};
		struct feeder feeder;
		feeder_open(&feeder);
		records_append(
			&feeder.records, FCGI_GET_VALUES, 0, contents[i], strlen(contents[i]), 1);
		records_append(&expected, FCGI_GET_VALUES_RESULT, 0, "", 0, 0);
		feed(&feeder, &feeder.records);
		assert_false(feeder.broken);
		expect_bytes(&feeder.replies, &expected);
		feeder_close(&feeder);
		buffer_free(&expected);
	}
}

TEST(get_values_at_its_limit)
{
	static const char filling[LIMIT_VALUES + 1] = {0};

	for (size_t extra = 0; extra < 2; extra++) {
		struct feeder feeder;
		feeder_open(&feeder);
		records_append(
			&feeder.records, FCGI_GET_VALUES, 0, filling, LIMIT_VALUES + extra, 0);
		feed(&feeder, &feeder.records);
		assert_int_equal(feeder.broken, extra == 1);
		feeder_close(&feeder);
	}
}

TEST(unknown_management_records)
{
	for (unsigned type = 0; type < 256; type++) {
		const unsigned char body[8] = {(unsigned char)type};
		struct buffer expected = {0};
		struct feeder feeder;
		if (type == FCGI_GET_VALUES)
			continue;
		feeder_open(&feeder);
		records_append(&feeder.records, type, 0, "whatever", 8, 2);
		records_append(&expected, FCGI_UNKNOWN_TYPE, 0, body, sizeof(body), 0);
		feed(&feeder, &feeder.records);
		assert_false(feeder.broken);
		expect_bytes(&feeder.replies, &expected);
		feeder_close(&feeder);
		buffer_free(&expected);
	}
}

/* Between the records of a request, management is answered and changes nothing. */
FEEDER_TEST(management_within_a_request)
{
	struct buffer records = {0}, values = {0};

	records_request(&records, &post);
	records_append(&values, FCGI_GET_VALUES, 0, "", 0, 0);
	for (size_t at = 0; at < records.length;) {
		const unsigned char *header = (const unsigned char *)records.bytes + at;
		size_t length = FCGI_HEADER_LEN + ((size_t)header[4] << 8 | header[5]) + header[6];
		feed(feeder, &values);
		feed_bytes(feeder, records.bytes + at, length);
		at += length;
	}
	expect_request(feeder, &post);
	assert_true(feeder->replies.length > 0);
	buffer_free(&records);
	buffer_free(&values);
}

TEST(roles)
{
	static const unsigned roles[] = {
		0, FCGI_AUTHORIZER, FCGI_FILTER, 4, 0x100, 0x101, 0xff01, 0xffff};

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		struct feeder feeder;
		feeder_open(&feeder);
		records_begin(&feeder.records, ID, roles[i], i % 2 == 0 ? FCGI_KEEP_CONN : 0);
		append_empty(&feeder.records, FCGI_PARAMS, ID);
		append_empty(&feeder.records, FCGI_STDIN, ID);
		feed(&feeder, &feeder.records);
		assert_false(feeder.broken);
		assert_int_equal(feeder.requests, 0);
		expect_end_request(&feeder, ID, FCGI_UNKNOWN_ROLE);
		assert_true(framing_is_idle(feeder.framing));
		assert_int_equal(framing_is_kept(feeder.framing), i % 2 == 0);
		feeder_close(&feeder);
	}
}

TEST(flags)
{
	for (unsigned flags = 0; flags < 256; flags++) {
		struct feeder feeder;
		feeder_open(&feeder);
		records_begin(&feeder.records, ID, FCGI_RESPONDER, flags);
		feed(&feeder, &feeder.records);
		assert_int_equal(framing_is_kept(feeder.framing), flags & FCGI_KEEP_CONN);
		feeder_close(&feeder);
	}
}

/* The stages that a request goes through. */
enum stage { BEGUN, IN_PARAMS, AFTER_PARAMS, IN_STDIN, WHOLE, STAGES };

static void feed_to_stage(struct feeder *feeder, enum stage stage)
{
	struct buffer records = {0};

	records_begin(&records, ID, FCGI_RESPONDER, FCGI_KEEP_CONN);
	if (stage >= IN_PARAMS)
		records_append(&records, FCGI_PARAMS, ID, "\1\1ab", 4, 0);
	if (stage >= AFTER_PARAMS)
		append_empty(&records, FCGI_PARAMS, ID);
	if (stage >= IN_STDIN)
		records_append(&records, FCGI_STDIN, ID, "body", 4, 0);
	if (stage >= WHOLE)
		append_empty(&records, FCGI_STDIN, ID);
	feed_and_clear(feeder, &records);
	assert_false(feeder->broken);
	assert_int_equal(feeder->requests, stage >= WHOLE);
	buffer_free(&records);
}

TEST(abort_in_every_stage)
{
	for (enum stage stage = BEGUN; stage < STAGES; stage++) {
		struct feeder feeder;
		feeder_open(&feeder);
		feed_to_stage(&feeder, stage);
		records_append(&feeder.records, FCGI_ABORT_REQUEST, ID, "content", 7, 3);
		feed_and_clear(&feeder, &feeder.records);
		assert_int_equal(feeder.aborts, 1);
		expect_end_request(&feeder, ID, FCGI_REQUEST_COMPLETE);
		assert_true(framing_is_idle(feeder.framing));
		/* The id is free again, and what was meant for the aborted request is nobody's. */
		feeder.requests = 0;
		append_empty(&feeder.records, FCGI_STDIN, ID);
		append_empty(&feeder.records, FCGI_ABORT_REQUEST, ID);
		records_request(&feeder.records, &post);
		feed(&feeder, &feeder.records);
		assert_int_equal(feeder.aborts, 1);
		expect_request(&feeder, &post);
		feeder_close(&feeder);
	}
}

/* Another request is turned away, its records are skipped, and the first goes on. */
TEST(begin_of_another_id)
{
	for (enum stage stage = BEGUN; stage < STAGES; stage++) {
		struct feeder feeder;
		feeder_open(&feeder);
		feed_to_stage(&feeder, stage);
		records_begin(&feeder.records, ID + 1, FCGI_RESPONDER, 0);
		records_append(&feeder.records, FCGI_PARAMS, ID + 1, "\1\1xy", 4, 0);
		append_empty(&feeder.records, FCGI_PARAMS, ID + 1);
		append_empty(&feeder.records, FCGI_STDIN, ID + 1);
		append_empty(&feeder.records, FCGI_ABORT_REQUEST, ID + 1);
		feed(&feeder, &feeder.records);
		assert_false(feeder.broken);
		assert_int_equal(feeder.requests, stage >= WHOLE);
		assert_int_equal(feeder.aborts, 0);
		expect_end_request(&feeder, ID + 1, FCGI_CANT_MPX_CONN);
		assert_true(framing_is_kept(feeder.framing));
		feeder_close(&feeder);
	}
}

static void expect_broken_by(enum stage stage, const struct buffer *records, const char *reason)
{
	struct feeder feeder;

	feeder_open(&feeder);
	feed_to_stage(&feeder, stage);
	feed(&feeder, records);
	assert_true(feeder.broken);
	assert_string_equal(framing_reason(feeder.framing), reason);
	feeder_close(&feeder);
}

TEST(begin_of_the_active_id)
{
	struct buffer records = {0};

	records_begin(&records, ID, FCGI_RESPONDER, FCGI_KEEP_CONN);
	for (enum stage stage = BEGUN; stage < STAGES; stage++)
		expect_broken_by(stage, &records, "BEGIN_REQUEST for a request under way");
	buffer_free(&records);
}

/* Which records a request may go on with. */
static bool is_expected(enum stage stage, unsigned type)
{
	if (type == FCGI_ABORT_REQUEST)
		return true;
	if (type == FCGI_PARAMS)
		return stage < AFTER_PARAMS;
	return type == FCGI_STDIN && stage >= AFTER_PARAMS && stage < WHOLE;
}

TEST(records_out_of_order)
{
	for (enum stage stage = BEGUN; stage < STAGES; stage++) {
		for (unsigned type = 0; type < 256; type++) {
			struct buffer records = {0};
			if (is_expected(stage, type) || type == FCGI_BEGIN_REQUEST)
				continue;
			append_empty(&records, type, ID);
			expect_broken_by(stage, &records, "record out of order");
			buffer_free(&records);
		}
	}
}

FEEDER_TEST(records_of_unknown_ids)
{
	for (unsigned type = 0; type < 256; type++) {
		if (type != FCGI_BEGIN_REQUEST)
			records_append(&feeder->records, type, 999, "some content", 12, 4);
	}
	feed_and_clear(feeder, &feeder->records);
	assert_false(feeder->broken);
	assert_int_equal(feeder->replies.length, 0);
	assert_true(framing_is_idle(feeder->framing));
	records_request(&feeder->records, &post);
	feed(feeder, &feeder->records);
	expect_request(feeder, &post);
}

/* Between the records of a request, with content of their own: none of it gets into the request. */
FEEDER_TEST(records_of_unknown_ids_between)
{
	struct buffer records = {0}, *mixed = &feeder->records;

	records_request(&records, &post);
	for (size_t at = 0, length; at < records.length; at += length) {
		const unsigned char *header = (const unsigned char *)records.bytes + at;
		length = FCGI_HEADER_LEN + header[4] * 256U + header[5] + header[6];
		buffer_append(mixed, header, length);
		records_append(mixed, FCGI_PARAMS, 999, "\1\1ab", 4, 1);
		records_append(mixed, FCGI_STDIN, 999, "some content", 12, 4);
	}
	feed(feeder, mixed);
	assert_false(feeder->broken);
	expect_request(feeder, &post);
	buffer_free(&records);
}

TEST(versions)
{
	for (unsigned version = 0; version < 256; version++) {
		struct feeder feeder;
		feeder_open(&feeder);
		records_header(&feeder.records, version, FCGI_STDIN, 999, 0, 0);
		feed(&feeder, &feeder.records);
		assert_int_equal(feeder.broken, version != FCGI_VERSION_1);
		feeder_close(&feeder);
	}
}

TEST(begin_of_the_wrong_length)
{
	static const size_t lengths[] = {0, 1, 7, 9, 16, 65535};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct feeder feeder;
		feeder_open(&feeder);
		records_header(
			&feeder.records, FCGI_VERSION_1, FCGI_BEGIN_REQUEST, ID, lengths[i], 0);
		feed(&feeder, &feeder.records);
		assert_true(feeder.broken);
		feeder_close(&feeder);
	}
}

TEST(params_that_end_within_a_pair)
{
	static const char pairs[] = "\5\3abcdexyz\x80\0\0\1\2pqr";

	for (size_t length = 0; length < sizeof(pairs); length++) {
		struct feeder feeder;
		bool is_whole = length == 0 || length == 10 || length == sizeof(pairs) - 1;
		feeder_open(&feeder);
		records_begin(&feeder.records, ID, FCGI_RESPONDER, 0);
		records_stream(&feeder.records, FCGI_PARAMS, ID, pairs, length, 4, 0);
		append_empty(&feeder.records, FCGI_STDIN, ID);
		feed(&feeder, &feeder.records);
		assert_int_equal(feeder.broken, !is_whole);
		assert_int_equal(feeder.requests, is_whole);
		feeder_close(&feeder);
	}
}

/* A request of these sizes, and the status with which it is refused. */
static void expect_refused(size_t params, size_t body, size_t piece, unsigned status)
{
	struct feeder feeder;

	feeder_open(&feeder);
	append_request(&feeder.records, params, body, piece);
	feed(&feeder, &feeder.records);
	assert_false(feeder.broken);
	assert_int_equal(feeder.requests, 1);
	assert_int_equal(framing_refused(feeder.framing), status);
	assert_true(framing_is_kept(feeder.framing));
	framing_finished(feeder.framing);
	expect_next_request(&feeder);
	feeder_close(&feeder);
}

TEST(limits_exactly_and_one_over)
{
	static const size_t pieces[] = {0, 1, 7, 999, 1000, 1001};

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		expect_refused(PARAMS, BODY, pieces[i], 0);
		expect_refused(PARAMS + 1, BODY, pieces[i], 431);
		expect_refused(PARAMS, BODY + 1, pieces[i], 413);
		expect_refused(PARAMS + 1, BODY + 1, pieces[i], 431);
		expect_refused(3 * PARAMS, 0, pieces[i], 431);
		expect_refused(0, 20 * BODY, pieces[i], 413);
	}
}

/* Only what keeps it answerable: no parameter that might be cut off. */
static void expect_bare_request(const struct feeder *feeder)
{
	struct buffer expected = {0};

	records_begin(&expected, ID, FCGI_RESPONDER, FCGI_KEEP_CONN);
	append_empty(&expected, FCGI_PARAMS, ID);
	append_empty(&expected, FCGI_STDIN, ID);
	expect_bytes(framing_request(feeder->framing), &expected);
	buffer_free(&expected);
}

FEEDER_TEST(what_is_handed_over_of_too_many_params)
{
	append_request(&feeder->records, PARAMS + 1, 10, 0);
	feed(feeder, &feeder->records);
	expect_bare_request(feeder);
}

/* A NUL would end what follows it: none of the parameters is handed over, and the body is read to
 * its end. */
TEST(a_nul_in_params)
{
	static const size_t pieces[] = {0, 1, 3, 7};

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct feeder feeder;
		feeder_open(&feeder);
		records_begin(&feeder.records, ID, FCGI_RESPONDER, FCGI_KEEP_CONN);
		records_stream(&feeder.records, FCGI_PARAMS, ID, "\1\3A/\0x\1\0B", 9, pieces[i], 5);
		records_stream(&feeder.records, FCGI_STDIN, ID, "body", 4, pieces[i], 0);
		feed(&feeder, &feeder.records);
		assert_false(feeder.broken);
		assert_int_equal(feeder.requests, 1);
		assert_int_equal(framing_refused(feeder.framing), 400);
		expect_bare_request(&feeder);
		feeder_close(&feeder);
	}
}

/* The parameters are there, and of the body nothing past the limit is kept. */
FEEDER_TEST(what_is_handed_over_of_too_large_a_body)
{
	append_request(&feeder->records, 100, 50 * BODY, 400);
	feed(feeder, &feeder->records);
	assert_int_equal(framing_refused(feeder->framing), 413);
	assert_true(framing_request(feeder->framing)->length < BODY + 500);
}

/* The claim alone decides; nothing of the size is ever kept. */
TEST(claimed_lengths_of_gigabytes)
{
	static const size_t claims[][2] = {{0x7fffffff, 0}, {0, 0x7fffffff},
		{0x7fffffff, 0x7fffffff}, {PARAMS, 1}, {1, PARAMS}};

	for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
		struct feeder feeder;
		struct buffer pairs = {0};
		feeder_open(&feeder);
		append_pair_lengths(&pairs, claims[i][0], claims[i][1]);
		buffer_string(&pairs, "and a little more");
		records_begin(&feeder.records, ID, FCGI_RESPONDER, FCGI_KEEP_CONN);
		records_stream(&feeder.records, FCGI_PARAMS, ID, pairs.bytes, pairs.length, 5, 1);
		records_stream(&feeder.records, FCGI_STDIN, ID, "body", 4, 0, 0);
		for (size_t at = 0; at < feeder.records.length; at++)
			feed_bytes(&feeder, feeder.records.bytes + at, 1);
		assert_false(feeder.broken);
		assert_int_equal(feeder.requests, 1);
		assert_int_equal(framing_refused(feeder.framing), 431);
		feeder_close(&feeder);
		buffer_free(&pairs);
	}
}

/* Draining ends with the connection. */
TEST(the_limit_of_draining)
{
	static const char filling[DRAIN + 1] = {0};

	for (size_t extra = 0; extra < 2; extra++) {
		struct feeder feeder;
		feeder_open(&feeder);
		feed_to_stage(&feeder, AFTER_PARAMS);
		records_append(&feeder.records, FCGI_STDIN, ID, filling, BODY, 0);
		records_stream(&feeder.records, FCGI_STDIN, ID, filling, DRAIN + extra, 10000, 0);
		feed(&feeder, &feeder.records);
		assert_int_equal(feeder.broken, extra == 1);
		assert_int_equal(feeder.requests, extra == 0);
		feeder_close(&feeder);
	}
}

/* An abort is heard while a request is drained too, and the next one starts afresh. */
FEEDER_TEST(abort_of_a_refused_request)
{
	append_request(&feeder->records, PARAMS + 500, 0, 100);
	feeder->records.length -= 2 * FCGI_HEADER_LEN + 3 + 5; /* both ends */
	append_empty(&feeder->records, FCGI_ABORT_REQUEST, ID);
	feed_and_clear(feeder, &feeder->records);
	expect_end_request(feeder, ID, FCGI_REQUEST_COMPLETE);
	assert_int_equal(feeder->requests, 0);
	records_request(&feeder->records, &post);
	feed(feeder, &feeder->records);
	expect_request(feeder, &post);
}

TEST(nothing_to_close)
{
	framing_close(NULL);
}
