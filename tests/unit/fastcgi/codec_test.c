/* Requests as the framing hands them over, and what harm none of them may do if it ever hands over
 * others; responses. */
#include "fastcgi/codec.h"

#include <fastcgi.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "fastcgi/record.h"
#include "http/meta_variable.h"
#include "support/protocol/records.h"
#include "support/test.h"

#define HEAD "Status: 200 OK\r\n\r\n"

struct fixture {
	struct codec *codec;
	struct arena arena;    /* of joined parameters */
	struct buffer records; /* what was decoded last */
	struct buffer out;     /* what was encoded last */
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	fixture->codec = codec_open();
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	codec_close(fixture->codec);
	arena_end(&fixture->arena);
	buffer_free(&fixture->records);
	buffer_free(&fixture->out);
	free(fixture);
	return 0;
}

static void decode(struct fixture *f, const struct web_request *request)
{
	buffer_clear(&f->records);
	records_request(&f->records, request);
	assert_int_equal(codec_decode(f->codec, f->records.bytes, f->records.length), RESULT_OK);
}

static const char *param(struct fixture *f, const char *name)
{
	return meta_variable(codec_params(f->codec), name, &f->arena);
}

/* Encodes a whole response, and puts its pieces together. */
static void encode(
	struct fixture *f, unsigned id, const char *body, size_t length, struct buffer *whole)
{
	struct iovec pieces[CODEC_PIECES];
	const struct iovec head = {.iov_base = HEAD, .iov_len = strlen(HEAD)};
	size_t count = codec_encode(&f->out, id, &head,
		&(struct iovec){.iov_base = (char *)body, .iov_len = length}, pieces);

	assert_in_range(count, 1, CODEC_PIECES);
	for (size_t i = 0; i < count; i++)
		buffer_append(whole, pieces[i].iov_base, pieces[i].iov_len);
}

/* Takes the records apart: STDOUT up to its empty record, then END_REQUEST, all of this id and
 * nothing else. */
static void read_stdout(const struct buffer *kept, unsigned id, struct buffer *text)
{
	const unsigned char *bytes = (const unsigned char *)kept->bytes;
	static const unsigned char complete[8] = {0};
	size_t at = 0, ends = 0;

	assert_non_null(bytes);
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

/* That the response is whole, and the one that was sent. */
static void expect_response(struct buffer *whole, unsigned id, const char *body, size_t length)
{
	struct buffer text = {0};

	read_stdout(whole, id, &text);
	assert_int_equal(text.length, strlen(HEAD) + length);
	assert_memory_equal(text.bytes, HEAD, strlen(HEAD));
	if (length > 0)
		assert_memory_equal(text.bytes + strlen(HEAD), body, length);
	buffer_free(&text);
	buffer_free(whole);
}

static void expect_encoded(struct fixture *f, unsigned id, const char *body, size_t length)
{
	struct buffer whole = {0};

	encode(f, id, body, length, &whole);
	expect_response(&whole, id, body, length);
}

/* The codec is fit for use. */
static void expect_works(struct codec *codec)
{
	const struct web_request request = {.id = 513, .path = "/fine", .body = "abc"};
	struct fixture f = {.codec = codec};
	char body[8];

	decode(&f, &request);
	assert_string_equal(param(&f, "DOCUMENT_URI"), "/fine");
	assert_int_equal(codec_read(codec, body, sizeof(body)), 3);
	codec_forget(codec);
	buffer_free(&f.records);
}

FIXTURE_TEST(one_request)
{
	expect_works(fixture->codec);
}

FIXTURE_TEST(many_requests)
{
	for (int i = 0; i < 1000; i++)
		expect_works(fixture->codec);
}

FIXTURE_TEST(parameters)
{
	decode(fixture, &(struct web_request){.path = "/p", .query = "a=1"});
	assert_string_equal(param(fixture, "DOCUMENT_URI"), "/p");
	assert_string_equal(param(fixture, "QUERY_STRING"), "a=1");
	assert_string_equal(param(fixture, "REQUEST_METHOD"), "GET");
	assert_string_equal(param(fixture, "CONTENT_LENGTH"), "");
	assert_null(param(fixture, "DOCUMENT"));
	assert_null(param(fixture, "DOCUMENT_URI_"));
	assert_null(param(fixture, "HTTP_ORIGIN"));
}

/* They are needed for longer than the records: for the log, after the response. */
FIXTURE_TEST(parameters_are_copied)
{
	decode(fixture, &(struct web_request){.path = "/p"});
	buffer_free(&fixture->records);
	assert_string_equal(param(fixture, "DOCUMENT_URI"), "/p");
	assert_string_equal(param(fixture, "REQUEST_METHOD"), "GET");
}

FIXTURE_TEST(more_parameters_than_usual)
{
	struct buffer before = {0};

	for (int i = 0; i < 5000; i++)
		records_pair(&before, "A", "");
	decode(fixture, &(struct web_request){.before = &before, .path = "/p"});
	assert_string_equal(param(fixture, "DOCUMENT_URI"), "/p");
	codec_forget(fixture->codec);
	expect_works(fixture->codec);
	buffer_free(&before);
}

/* Some web servers send one for each line of a header field. */
FIXTURE_TEST(lines_of_one_header_field)
{
	struct buffer before = {0};

	records_pair(&before, "HTTP_ACCEPT", "text/plain");
	records_pair(&before, "HTTP_SEC_FETCH_SITE", "cross-site");
	records_pair(&before, "HTTP_ACCEPT", "application/json");
	decode(fixture, &(struct web_request){.before = &before});
	assert_string_equal(param(fixture, "HTTP_ACCEPT"), "text/plain, application/json");
	assert_string_equal(param(fixture, "HTTP_ACCEPT"), "text/plain, application/json");
	assert_string_equal(param(fixture, "HTTP_SEC_FETCH_SITE"), "cross-site, same-origin");
	assert_string_equal(param(fixture, "HTTP_HOST"), "rollcall.test");
	buffer_free(&before);
}

/* Lengths of one byte and of four, cut by records anywhere. */
FIXTURE_TEST(parameters_of_any_length_across_records)
{
	static const size_t lengths[] = {0, 1, 126, 127, 128, 129, 255, 256, 5000, 60000};
	static const size_t pieces[] = {1, 2, 3, 5, 64, 127, 128, 4096, 8192, 0};

	for (size_t i = 0; i < 100; i++) {
		size_t length = lengths[i / 10];
		char *query = calloc(1, length + 1);
		for (size_t j = 0; j < length; j++)
			query[j] = (char)('a' + j % 26);
		decode(fixture, &(struct web_request){.query = query, .piece = pieces[i % 10]});
		assert_string_equal(param(fixture, "QUERY_STRING"), query);
		assert_string_equal(param(fixture, "REQUEST_METHOD"), "GET");
		assert_string_equal(param(fixture, "REQUEST_ID"), "protocol-test");
		codec_forget(fixture->codec);
		free(query);
	}
}

FIXTURE_TEST(short_lengths_in_four_bytes)
{
	struct buffer params = {0};

	records_long_pair(&params, "HTTP_ORIGIN", "https://example.org");
	records_long_pair(&params, "EMPTY", "");
	for (size_t piece = 0; piece < 60; piece++) {
		decode(fixture, &(struct web_request){.before = &params, .piece = piece});
		assert_string_equal(param(fixture, "HTTP_ORIGIN"), "https://example.org");
		assert_string_equal(param(fixture, "EMPTY"), "");
		assert_string_equal(param(fixture, "REQUEST_METHOD"), "GET");
		codec_forget(fixture->codec);
	}
	buffer_free(&params);
}

static void read_body(struct codec *codec, size_t chunk_size, struct buffer *body)
{
	char *chunk = malloc(chunk_size);
	size_t length;

	while ((length = codec_read(codec, chunk, chunk_size)) > 0) {
		assert_true(length <= chunk_size);
		buffer_append(body, chunk, length);
	}
	assert_int_equal(codec_read(codec, chunk, chunk_size), 0);
	free(chunk);
}

FIXTURE_TEST(the_body_in_chunks)
{
	static const size_t sizes[] = {1, 2, 7, 100, 4096, 100000};
	char sent[20001];

	for (size_t i = 0; i < sizeof(sent) - 1; i++)
		sent[i] = (char)('A' + i % 59);
	sent[sizeof(sent) - 1] = '\0';
	for (size_t i = 0; i < 36; i++) {
		struct buffer body = {0};
		decode(fixture, &(struct web_request){.body = sent, .piece = sizes[i / 6]});
		read_body(fixture->codec, sizes[i % 6], &body);
		assert_int_equal(body.length, sizeof(sent) - 1);
		assert_memory_equal(body.bytes, sent, body.length);
		codec_forget(fixture->codec);
		buffer_free(&body);
	}
}

FIXTURE_TEST(no_body)
{
	struct buffer body = {0};

	decode(fixture, &(struct web_request){.body = ""});
	read_body(fixture->codec, 10, &body);
	assert_int_equal(body.length, 0);
}

FIXTURE_TEST(a_body_that_was_not_read)
{
	decode(fixture, &(struct web_request){.body = "unread"});
	codec_forget(fixture->codec);
	expect_works(fixture->codec);
}

FIXTURE_TEST(a_request_that_is_forgotten)
{
	char body[8];

	decode(fixture, &(struct web_request){.path = "/later", .body = "abc"});
	codec_forget(fixture->codec);
	assert_null(param(fixture, "DOCUMENT_URI"));
	assert_int_equal(codec_read(fixture->codec, body, sizeof(body)), 0);
	codec_forget(fixture->codec);
	expect_works(fixture->codec);
}

FIXTURE_TEST(a_body_is_not_copied)
{
	static char text[] = "stays where it is";
	const struct iovec head = {.iov_base = HEAD, .iov_len = strlen(HEAD)};
	const struct iovec body = {.iov_base = text, .iov_len = strlen(text)};
	struct iovec pieces[CODEC_PIECES];
	bool is_found = false;

	size_t count = codec_encode(&fixture->out, 1, &head, &body, pieces);
	for (size_t i = 0; i < count; i++)
		is_found |= pieces[i].iov_base == text;
	assert_true(is_found);
}

static void append_pieces(struct buffer *whole, const struct iovec *pieces, size_t count)
{
	assert_int_equal(count, 1);
	buffer_append(whole, pieces->iov_base, pieces->iov_len);
}

FIXTURE_TEST(a_response_that_goes_on)
{
	struct buffer whole = {0}, *out = &fixture->out;
	struct iovec pieces[CODEC_PIECES];

	append_pieces(&whole, pieces, codec_encode_part(out, 1, HEAD, strlen(HEAD), pieces));
	append_pieces(&whole, pieces, codec_encode_part(out, 1, "more", 4, pieces));
	append_pieces(&whole, pieces, codec_encode_end(out, 1, pieces));
	expect_response(&whole, 1, "more", 4);
}

/* Bytes of every kind; more than one record, and more than the buffer has had room for. */
FIXTURE_TEST(large_responses)
{
	/* Head and body fill one record. */
	const size_t whole = FCGI_RECORD_CONTENT - strlen(HEAD);
	const size_t lengths[] = {0, 1, 8183, 8184, 8192, whole - 1, whole, whole + 1, 65527, 65528,
		65535, 65536, 200000, 2 << 20};
	unsigned char *body = malloc(2 << 20);

	for (size_t i = 0; i < 2 << 20; i++)
		body[i] = (unsigned char)(i * 7 + i / 251);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		expect_encoded(fixture, 0xfffe, (const char *)body, lengths[i]);
	free(body);
}

FIXTURE_TEST(every_kind_of_id)
{
	static const unsigned ids[] = {1, 2, 255, 256, 257, 0x7fff, 0x8000, 0xff00, 0xffff};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		decode(fixture, &(struct web_request){.id = ids[i], .path = "/id"});
		assert_string_equal(param(fixture, "DOCUMENT_URI"), "/id");
		codec_forget(fixture->codec);
		expect_encoded(fixture, ids[i], "x", 1);
	}
}

/* Of what cannot be decoded nothing is left that would have to be forgotten. */
static enum result decode_bytes(struct codec *codec, const struct buffer *records)
{
	enum result result = codec_decode(codec, records->bytes, records->length);

	if (result == RESULT_OK)
		codec_forget(codec);
	return result;
}

FIXTURE_TEST(requests_cut_off_in_their_parameters)
{
	struct buffer records = {0};
	size_t whole = 0;

	records_request(&records, &(struct web_request){.piece = 40});
	/* Without the end of the body, which is not read yet, they are whole. */
	whole = records.length - FCGI_HEADER_LEN;
	for (size_t length = 0; length < whole; length++) {
		struct buffer cut = {0};
		buffer_append(&cut, records.bytes, length);
		assert_int_equal(decode_bytes(fixture->codec, &cut), RESULT_MALFORMED);
		buffer_free(&cut);
	}
	expect_works(fixture->codec);
	buffer_free(&records);
}

FIXTURE_TEST(abort_in_place_of_parameters)
{
	for (int with_params = 0; with_params < 2; with_params++) {
		struct buffer records = {0};
		records_begin(&records, 1, FCGI_RESPONDER, FCGI_KEEP_CONN);
		if (with_params)
			records_append(&records, FCGI_PARAMS, 1, "\1\1ab", 4, 0);
		records_append(&records, FCGI_ABORT_REQUEST, 1, "", 0, 0);
		assert_int_equal(decode_bytes(fixture->codec, &records), RESULT_MALFORMED);
		buffer_free(&records);
		expect_works(fixture->codec);
	}
}

/* None of these gets past framing.c; none may do harm if one ever does. */
FIXTURE_TEST(records_that_are_not_a_request)
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
		assert_int_equal(decode_bytes(fixture->codec, &records), RESULT_MALFORMED);
		expect_works(fixture->codec);
	}
	buffer_free(&records);
}

TEST(open_and_close)
{
	struct codec *codec = codec_open();

	expect_works(codec);
	codec_close(codec);
	codec_close(NULL);
}
