/* Pins what the program relies on in libfcgi, and what codec.c adds to it. */
#include "fastcgi/codec.h"

#include <fastcgi.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buffer.h"
#include "fastcgi/record.h"
#include "http/response.h"
#include "support/protocol/records.h"
#include "support/test.h"
#include "support/unit/captured_log.h"

#define HEAD "Status: 200 OK\r\n\r\n"

/* codec_receiver: keeps what is delivered. */
static void keep(void *argument, const struct iovec *records, size_t count)
{
	struct buffer *kept = argument;

	assert_int_equal(kept->length, 0);
	assert_in_range(count, 1, CODEC_PIECES);
	for (size_t i = 0; i < count; i++)
		buffer_append(kept, records[i].iov_base, records[i].iov_len);
}

static int set_up(void **state)
{
	struct codec *codec = NULL;

	assert_int_equal(codec_open(&codec), RESULT_OK);
	*state = codec;
	return 0;
}

static int tear_down(void **state)
{
	codec_close(*state);
	return 0;
}

static struct gateway *decode(
	struct codec *codec, const struct web_request *request, struct buffer *kept)
{
	struct buffer records = {0};
	struct gateway *gateway = NULL;
	struct web_request bare = *request;

	bare.padding = 0; /* framing.c takes it out */
	records_request(&records, &bare);
	assert_int_equal(
		codec_decode(codec, records.bytes, records.length,
			&(struct codec_receiver){.deliver = keep, .argument = kept}, &gateway),
		RESULT_OK);
	/* Nothing may point into what was decoded. */
	memset(records.bytes, 0x55, records.length);
	buffer_free(&records);
	assert_non_null(gateway);
	assert_int_equal(gateway->refused, 0);
	return gateway;
}

static const char *param(struct gateway *gateway, const char *name)
{
	return gateway->operations->param(gateway, name);
}

static void respond(struct gateway *gateway, const char *body, size_t length)
{
	gateway->operations->respond(gateway, HEAD, strlen(HEAD), body, length);
}

static void release(struct gateway *gateway)
{
	gateway->operations->release(gateway);
}

/* Takes the records apart: STDOUT up to its empty record, then END_REQUEST, all of this id and
 * nothing else. */
static void read_stdout(const struct buffer *kept, unsigned id, struct buffer *text)
{
	const unsigned char *bytes = (const unsigned char *)kept->bytes;
	static const unsigned char complete[8] = {0};
	size_t at = 0, ends = 0;

	while (kept->length - at > FCGI_HEADER_LEN + sizeof(complete)) {
		const unsigned char *header = bytes + at;
		size_t length = (size_t)header[4] << 8 | header[5];
		assert_int_equal(header[0], FCGI_VERSION_1);
		assert_int_equal(header[1], FCGI_STDOUT);
		assert_int_equal(header[2] << 8 | header[3], id);
		at += FCGI_HEADER_LEN + length + header[6];
		assert_true(at <= kept->length);
		buffer_append(text, header + FCGI_HEADER_LEN, length);
		ends += length == 0;
	}
	assert_int_equal(ends, 1);
	assert_int_equal(kept->length - at, FCGI_HEADER_LEN + sizeof(complete));
	assert_int_equal(bytes[at + 1], FCGI_END_REQUEST);
	assert_int_equal(bytes[at + 2] << 8 | bytes[at + 3], id);
	assert_memory_equal(bytes + at + FCGI_HEADER_LEN, complete, sizeof(complete));
}

/* That the response is whole, and the one that was given. */
static void expect_response(struct buffer *kept, unsigned id, const char *body, size_t length)
{
	struct buffer text = {0};

	read_stdout(kept, id, &text);
	assert_int_equal(text.length, strlen(HEAD) + length);
	assert_memory_equal(text.bytes, HEAD, strlen(HEAD));
	if (length > 0)
		assert_memory_equal(text.bytes + strlen(HEAD), body, length);
	buffer_free(&text);
	buffer_free(kept);
}

/* The codec is fit for use. */
static void expect_works(struct codec *codec)
{
	const struct web_request request = {.id = 513, .path = "/fine", .body = "abc"};
	struct buffer kept = {0};
	struct gateway *gateway = decode(codec, &request, &kept);
	char body[8];

	assert_string_equal(param(gateway, "DOCUMENT_URI"), "/fine");
	assert_int_equal(gateway->operations->read(gateway, body, sizeof(body)), 3);
	respond(gateway, "answer", 6);
	release(gateway);
	expect_response(&kept, 513, "answer", 6);
}

static void test_one_request(void **state)
{
	expect_works(*state);
}

static void test_many_requests(void **state)
{
	for (int i = 0; i < 1000; i++)
		expect_works(*state);
}

static void test_parameters(void **state)
{
	struct buffer kept = {0};
	struct gateway *gateway =
		decode(*state, &(struct web_request){.path = "/p", .query = "a=1"}, &kept);

	assert_string_equal(param(gateway, "DOCUMENT_URI"), "/p");
	assert_string_equal(param(gateway, "QUERY_STRING"), "a=1");
	assert_string_equal(param(gateway, "REQUEST_METHOD"), "GET");
	assert_string_equal(param(gateway, "CONTENT_LENGTH"), "");
	assert_null(param(gateway, "DOCUMENT"));
	assert_null(param(gateway, "DOCUMENT_URI_"));
	assert_null(param(gateway, "HTTP_ORIGIN"));
	release(gateway);
	buffer_free(&kept);
}

/* Some web servers send one for each line of a header field. */
static void test_lines_of_one_header_field(void **state)
{
	struct buffer kept = {0}, before = {0};

	records_pair(&before, "HTTP_ACCEPT", "text/plain");
	records_pair(&before, "HTTP_SEC_FETCH_SITE", "cross-site");
	records_pair(&before, "HTTP_ACCEPT", "application/json");
	struct gateway *gateway = decode(*state, &(struct web_request){.before = &before}, &kept);
	assert_string_equal(param(gateway, "HTTP_ACCEPT"), "text/plain, application/json");
	assert_string_equal(param(gateway, "HTTP_ACCEPT"), "text/plain, application/json");
	assert_string_equal(param(gateway, "HTTP_SEC_FETCH_SITE"), "cross-site, same-origin");
	assert_string_equal(param(gateway, "HTTP_HOST"), "rollcall.test");
	release(gateway);
	buffer_free(&before);
	buffer_free(&kept);
}

/* Lengths of one byte and of four, cut by records anywhere. */
static void test_parameters_of_any_length_across_records(void **state)
{
	static const size_t lengths[] = {0, 1, 126, 127, 128, 129, 255, 256, 5000, 60000};
	static const size_t pieces[] = {1, 2, 3, 5, 64, 127, 128, 4096, 8192, 0};

	for (size_t i = 0; i < 100; i++) {
		size_t length = lengths[i / 10];
		char *query = calloc(1, length + 1);
		struct buffer kept = {0};
		for (size_t j = 0; j < length; j++)
			query[j] = (char)('a' + j % 26);
		struct gateway *gateway = decode(*state,
			&(struct web_request){.query = query, .piece = pieces[i % 10]}, &kept);
		assert_string_equal(param(gateway, "QUERY_STRING"), query);
		assert_string_equal(param(gateway, "REQUEST_METHOD"), "GET");
		assert_string_equal(param(gateway, "REQUEST_ID"), "protocol-test");
		release(gateway);
		free(query);
	}
}

static void test_short_lengths_in_four_bytes(void **state)
{
	struct buffer params = {0}, kept = {0};

	records_long_pair(&params, "HTTP_ORIGIN", "https://example.org");
	records_long_pair(&params, "EMPTY", "");
	for (size_t piece = 0; piece < 60; piece++) {
		struct gateway *gateway = decode(
			*state, &(struct web_request){.before = &params, .piece = piece}, &kept);
		assert_string_equal(param(gateway, "HTTP_ORIGIN"), "https://example.org");
		assert_string_equal(param(gateway, "EMPTY"), "");
		assert_string_equal(param(gateway, "REQUEST_METHOD"), "GET");
		release(gateway);
	}
	buffer_free(&params);
}

static void read_body(struct gateway *gateway, size_t chunk_size, struct buffer *body)
{
	char *chunk = malloc(chunk_size);
	size_t length;

	while ((length = gateway->operations->read(gateway, chunk, chunk_size)) > 0) {
		assert_true(length <= chunk_size);
		buffer_append(body, chunk, length);
	}
	assert_int_equal(gateway->operations->read(gateway, chunk, chunk_size), 0);
	free(chunk);
}

static void test_the_body_in_chunks(void **state)
{
	static const size_t sizes[] = {1, 2, 7, 100, 4096, 100000};
	char sent[20001];

	for (size_t i = 0; i < sizeof(sent) - 1; i++)
		sent[i] = (char)('A' + i % 59);
	sent[sizeof(sent) - 1] = '\0';
	for (size_t i = 0; i < 36; i++) {
		struct buffer body = {0}, kept = {0};
		struct gateway *gateway = decode(
			*state, &(struct web_request){.body = sent, .piece = sizes[i / 6]}, &kept);
		read_body(gateway, sizes[i % 6], &body);
		assert_int_equal(body.length, sizeof(sent) - 1);
		assert_memory_equal(body.bytes, sent, body.length);
		respond(gateway, "", 0);
		release(gateway);
		expect_response(&kept, 1, "", 0);
		buffer_free(&body);
	}
}

static void test_no_body(void **state)
{
	struct buffer body = {0}, kept = {0};
	struct gateway *gateway = decode(*state, &(struct web_request){.body = ""}, &kept);

	read_body(gateway, 10, &body);
	assert_int_equal(body.length, 0);
	release(gateway);
}

static void test_an_answer_to_a_body_that_was_not_read(void **state)
{
	struct buffer kept = {0};
	struct gateway *gateway = decode(*state, &(struct web_request){.body = "unread"}, &kept);

	respond(gateway, "x", 1);
	release(gateway);
	expect_response(&kept, 1, "x", 1);
	expect_works(*state);
}

/* codec_receiver: whether the argument is one of the pieces. */
static void expect_piece(void *argument, const struct iovec *records, size_t count)
{
	bool is_found = false;

	for (size_t i = 0; i < count; i++)
		is_found |= records[i].iov_base == argument;
	assert_true(is_found);
}

static void test_a_body_is_not_copied(void **state)
{
	static char body[] = "stays where it is";
	struct buffer records = {0};
	struct gateway *gateway = NULL;

	records_request(&records, &(struct web_request){.path = "/"});
	assert_int_equal(
		codec_decode(*state, records.bytes, records.length,
			&(struct codec_receiver){.deliver = expect_piece, .argument = body},
			&gateway),
		RESULT_OK);
	respond(gateway, body, strlen(body));
	release(gateway);
	buffer_free(&records);
}

/* codec_receiver: keeps the parts, too. */
static bool keep_part(void *argument, const struct iovec *records, size_t count)
{
	assert_int_equal(count, 1);
	buffer_append(argument, records->iov_base, records->iov_len);
	return true;
}

/* codec_receiver: keeps what follows the parts. */
static void keep_rest(void *argument, const struct iovec *records, size_t count)
{
	(void)keep_part(argument, records, count);
}

/* A whole request is decoded where this one was, before it is answered. */
static void test_a_request_that_is_settled(void **state)
{
	struct buffer kept = {0};
	struct gateway *gateway =
		decode(*state, &(struct web_request){.path = "/later", .body = "abc"}, &kept);
	char body[8];

	gateway->operations->settle(gateway);
	assert_null(param(gateway, "DOCUMENT_URI"));
	assert_int_equal(gateway->operations->read(gateway, body, sizeof(body)), 0);
	expect_works(*state);
	respond(gateway, "x", 1);
	release(gateway);
	expect_response(&kept, 1, "x", 1);
}

static void test_a_request_that_is_settled_and_not_answered(void **state)
{
	struct buffer kept = {0};
	struct gateway *gateway = decode(*state, &(struct web_request){.path = "/gone"}, &kept);

	gateway->operations->settle(gateway);
	release(gateway);
	assert_int_equal(kept.length, 0);
	expect_works(*state);
}

/* The block of a gateway has room for what such a request needs, and for its strings. */
static void test_a_create_is_settled(void **state)
{
	struct captured_log captured;
	struct buffer kept = {0};
	struct gateway *gateway = decode(*state,
		&(struct web_request){RECORDS_CREATE_USER("username=later"),
			.request_id = "0123456789abcdef0123456789abcdef"},
		&kept);

	captured_log_open(&captured, LOG_INFO);
	struct request *request = request_open(gateway);
	struct response *response = response_open(gateway, request, captured.log);
	(void)request_memory(request, 64);
	request_settle(request);
	assert_null(param(gateway, "DOCUMENT_URI"));
	assert_string_equal(request_path(request), "/create-user");
	assert_string_equal(request_id(request), "0123456789abcdef0123456789abcdef");
	response_send(response);
	assert_true(response_release(response));
	assert_true(kept.length > 0);
	captured_log_close(&captured);
	buffer_free(&kept);
}

/* Memory beside that room is freed with it, and the room serves the next request. */
static void test_memory_of_a_request(void **state)
{
	for (int i = 0; i < 3; i++) {
		struct buffer kept = {0};
		struct gateway *gateway = decode(*state, &(struct web_request){.path = "/"}, &kept);
		for (int j = 0; j < 40; j++) {
			char *taken = arena_zeroed(&gateway->arena, 100);
			assert_int_equal(taken[0] | taken[99], 0);
			memset(taken, 0xff, 100);
		}
		release(gateway);
	}
	expect_works(*state);
}

static void test_a_response_that_goes_on(void **state)
{
	struct buffer records = {0}, kept = {0};
	struct gateway *gateway = NULL;

	records_request(&records, &(struct web_request){.path = "/goes-on", .body = "abc"});
	assert_int_equal(
		codec_decode(*state, records.bytes, records.length,
			&(struct codec_receiver){
				.deliver = keep_rest, .deliver_part = keep_part, .argument = &kept},
			&gateway),
		RESULT_OK);
	assert_true(gateway->operations->stream(gateway, HEAD, strlen(HEAD)));
	gateway->operations->settle(gateway);
	assert_true(gateway->operations->stream(gateway, "more", 4));
	gateway->operations->end(gateway);
	release(gateway);
	expect_response(&kept, 1, "more", 4);
	buffer_free(&records);
	expect_works(*state);
}

/* Bytes of every kind; more than one record, and more than the file has had room for. */
static void test_large_responses(void **state)
{
	/* Head and body fill one record. */
	const size_t whole = FCGI_RECORD_CONTENT - strlen(HEAD);
	const size_t lengths[] = {0, 1, 8183, 8184, 8192, whole - 1, whole, whole + 1, 65527, 65528,
		65535, 65536, 200000, 2 << 20};
	unsigned char *body = malloc(2 << 20);

	for (size_t i = 0; i < 2 << 20; i++)
		body[i] = (unsigned char)(i * 7 + i / 251);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct buffer kept = {0};
		struct gateway *gateway =
			decode(*state, &(struct web_request){.id = 0xfffe}, &kept);
		respond(gateway, (const char *)body, lengths[i]);
		release(gateway);
		expect_response(&kept, 0xfffe, (const char *)body, lengths[i]);
	}
	free(body);
	expect_works(*state);
}

static void test_every_kind_of_id(void **state)
{
	static const unsigned ids[] = {1, 2, 255, 256, 257, 0x7fff, 0x8000, 0xff00, 0xffff};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct buffer kept = {0};
		struct gateway *gateway =
			decode(*state, &(struct web_request){.id = ids[i]}, &kept);
		respond(gateway, "x", 1);
		release(gateway);
		expect_response(&kept, ids[i], "x", 1);
	}
}

/* libfcgi closes the descriptor of a connection that is not kept: here it is the memory file. */
static void test_requests_that_are_not_kept(void **state)
{
	for (int i = 0; i < 10; i++) {
		struct buffer kept = {0};
		struct gateway *gateway =
			decode(*state, &(struct web_request){.closing = true}, &kept);
		respond(gateway, "x", 1);
		release(gateway);
		expect_response(&kept, 1, "x", 1);
	}
	expect_works(*state);
}

static void test_two_at_once_answered_in_the_other_order(void **state)
{
	struct buffer first_kept = {0}, second_kept = {0};
	struct gateway *first =
		decode(*state, &(struct web_request){.id = 5, .path = "/first"}, &first_kept);
	struct gateway *second =
		decode(*state, &(struct web_request){.id = 6, .path = "/second"}, &second_kept);

	assert_string_equal(param(first, "DOCUMENT_URI"), "/first");
	assert_string_equal(param(second, "DOCUMENT_URI"), "/second");
	respond(second, "to the second", 13);
	expect_works(*state);
	respond(first, "to the first", 12);
	release(first);
	release(second);
	expect_response(&first_kept, 5, "to the first", 12);
	expect_response(&second_kept, 6, "to the second", 13);
}

static void test_release_without_an_answer(void **state)
{
	struct buffer kept = {0};

	for (int i = 0; i < 10; i++) {
		const struct web_request request = {.body = "b", .closing = i % 2 == 0};
		release(decode(*state, &request, &kept));
	}
	assert_int_equal(kept.length, 0);
	expect_works(*state);
}

static enum result decode_bytes(struct codec *codec, const struct buffer *records)
{
	struct gateway *gateway = NULL;
	enum result result = codec_decode(codec, records->bytes, records->length,
		&(struct codec_receiver){.deliver = keep}, &gateway);

	if (result == RESULT_OK)
		release(gateway);
	return result;
}

/* To FCGX_Accept_r() a request that is cut short in its parameters is a success. */
static void test_requests_cut_off_in_their_parameters(void **state)
{
	struct buffer records = {0};
	size_t whole = 0;

	records_request(&records, &(struct web_request){.piece = 40});
	/* Up to the length in the header of their empty record: then they are whole. */
	whole = records.length - FCGI_HEADER_LEN - 2;
	for (size_t length = 0; length < whole; length++) {
		struct buffer cut = {0};
		buffer_append(&cut, records.bytes, length);
		assert_int_equal(decode_bytes(*state, &cut), RESULT_MALFORMED);
		buffer_free(&cut);
	}
	expect_works(*state);
	buffer_free(&records);
}

static void test_abort_in_place_of_parameters(void **state)
{
	for (int with_params = 0; with_params < 2; with_params++) {
		struct buffer records = {0};
		records_begin(&records, 1, FCGI_RESPONDER, FCGI_KEEP_CONN);
		if (with_params)
			records_append(&records, FCGI_PARAMS, 1, "\1\1ab", 4, 0);
		records_append(&records, FCGI_ABORT_REQUEST, 1, "", 0, 0);
		assert_int_equal(decode_bytes(*state, &records), RESULT_MALFORMED);
		buffer_free(&records);
		expect_works(*state);
	}
}

/* None of these gets past framing.c; none may do harm if one ever does. */
static void test_records_that_libfcgi_does_not_take(void **state)
{
	static const char garbage[64] = "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n";
	struct buffer records = {0};

	for (int i = 0; i < 6; i++) {
		buffer_clear(&records);
		if (i == 0)
			buffer_append(&records, garbage, sizeof(garbage));
		else if (i == 1)
			records_begin(&records, 1, 9, FCGI_KEEP_CONN);
		else if (i == 2)
			records_append(&records, FCGI_BEGIN_REQUEST, 1, "short", 5, 0);
		else if (i == 3)
			records_header(&records, 2, FCGI_BEGIN_REQUEST, 1, 8, 0);
		else if (i == 4)
			records_append(&records, FCGI_PARAMS, 1, "\1\1ab", 4, 0);
		assert_int_equal(decode_bytes(*state, &records), RESULT_MALFORMED);
		expect_works(*state);
	}
	buffer_free(&records);
}

/* What libfcgi refuses makes it close the memory file. Nobody else may get hurt: not the requests
 * that are still to be answered, nor whoever gets the number of the old descriptor. */
static void test_a_new_memory_file_under_a_request(void **state)
{
	int low = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct buffer kept = {0}, nothing = {0};
	struct codec *codec = NULL;

	(void)state;
	assert_int_equal(codec_open(&codec), RESULT_OK);
	struct gateway *gateway = decode(codec, &(struct web_request){.id = 3}, &kept);
	close(low); /* the next file gets this number */
	records_header(&nothing, 9, 9, 9, 9, 9);
	assert_int_equal(decode_bytes(codec, &nothing), RESULT_MALFORMED);
	int victim = memfd_create("victim", MFD_CLOEXEC);
	respond(gateway, "private", 7);
	assert_int_equal(lseek(victim, 0, SEEK_END), 0);
	release(gateway);
	expect_response(&kept, 3, "private", 7);
	expect_works(codec);
	codec_close(codec);
	close(victim);
	buffer_free(&nothing);
}

/* Opening and closing leaves no descriptor behind. */
static void test_open_and_close(void **state)
{
	int before = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)state;
	close(before);
	for (int i = 0; i < 10; i++) {
		struct codec *codec = NULL;
		assert_int_equal(codec_open(&codec), RESULT_OK);
		expect_works(codec);
		codec_close(codec);
	}
	codec_close(NULL);
	int after = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(after, before);
	close(after);
}

/* FCGX_Init() installs handlers for these: whoever wants others has to come after it. */
static void test_handlers_that_come_after_stay(void **state)
{
	struct sigaction action;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	expect_works(*state);
	assert_int_equal(sigaction(SIGPIPE, NULL, &action), 0);
	assert_true(action.sa_handler == SIG_IGN);
}

int main(void)
{
#define CODEC_TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CODEC_TEST(test_one_request),
		CODEC_TEST(test_many_requests),
		CODEC_TEST(test_parameters),
		CODEC_TEST(test_lines_of_one_header_field),
		CODEC_TEST(test_parameters_of_any_length_across_records),
		CODEC_TEST(test_short_lengths_in_four_bytes),
		CODEC_TEST(test_the_body_in_chunks),
		CODEC_TEST(test_no_body),
		CODEC_TEST(test_an_answer_to_a_body_that_was_not_read),
		CODEC_TEST(test_a_body_is_not_copied),
		CODEC_TEST(test_a_request_that_is_settled),
		CODEC_TEST(test_a_request_that_is_settled_and_not_answered),
		CODEC_TEST(test_a_create_is_settled),
		CODEC_TEST(test_memory_of_a_request),
		CODEC_TEST(test_a_response_that_goes_on),
		CODEC_TEST(test_large_responses),
		CODEC_TEST(test_every_kind_of_id),
		CODEC_TEST(test_requests_that_are_not_kept),
		CODEC_TEST(test_two_at_once_answered_in_the_other_order),
		CODEC_TEST(test_release_without_an_answer),
		CODEC_TEST(test_requests_cut_off_in_their_parameters),
		CODEC_TEST(test_abort_in_place_of_parameters),
		CODEC_TEST(test_records_that_libfcgi_does_not_take),
		cmocka_unit_test(test_a_new_memory_file_under_a_request),
		cmocka_unit_test(test_open_and_close),
		CODEC_TEST(test_handlers_that_come_after_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
