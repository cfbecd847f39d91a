#include "routes/submission.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"
#include "support/unit/memory_gateway.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define FORM         "application/x-www-form-urlencoded"
#define JSON         "application/json"

/* Reads the body that such a request brings; free its username. */
static void read_from(const struct memory_request *asked, struct submission *sent)
{
	struct memory_gateway *memory = memory_gateway_open(asked);
	struct gateway *gateway = memory_gateway_of(memory);
	struct request *request = request_open(gateway);

	submission_read(request, sent);
	request_close(request);
	gateway->operations->release(gateway);
	memory_gateway_close(memory);
}

static void expect_name(const struct memory_request *asked, const char *name, size_t length)
{
	struct submission sent;

	read_from(asked, &sent);
	if (sent.status != 0)
		fail_msg("%u for %s: %s", sent.status, asked->body, sent.detail);
	assert_int_equal(sent.value.length, length);
	if (length > 0)
		assert_memory_equal(sent.value.bytes, name, length);
	buffer_free(&sent.value);
}

struct refused {
	const char *body;
	size_t length; /* 0: up to its end */
	unsigned status;
	const char *detail; /* the end of it */
	const char *pointer;
};

static void expect_refused(const struct memory_request *asked, const struct refused *expected)
{
	struct submission sent;

	read_from(asked, &sent);
	buffer_free(&sent.value);
	if (sent.status != expected->status)
		fail_msg("%u for %s", sent.status, expected->body);
	assert_string_equal(sent.pointer, expected->pointer != NULL ? expected->pointer : "");
	size_t length = strlen(sent.detail), end = strlen(expected->detail);
	assert_true(length >= end);
	assert_string_equal(sent.detail + length - end, expected->detail);
}

static void expect_all_refused(const char *type, const struct refused *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct memory_request asked = {.method = "POST",
			.content_type = type,
			.body = rows[i].body,
			.body_length = rows[i].length};
		expect_refused(&asked, &rows[i]);
	}
}

TEST(a_form)
{
	const struct memory_request ada = {.content_type = FORM, .body = "a=1&username=Ada+L"};
	const struct memory_request nobody = {.content_type = FORM, .body = "a=1"};

	expect_name(&ada, "Ada L", 5);
	expect_name(&nobody, "", 0);
}

TEST(forms_that_cannot_be_read)
{
	static const struct refused rows[] = {
		{"username=%", 0, 400, "read: a % without two hexadecimal digits after it.", NULL},
		{"username=a&username=b", 0, 400, "read: a repeated field.", NULL},
		{"username=a%00", 0, 400, "read: a NUL.", NULL},
		{"username=%FF", 0, 400, "read: not UTF-8.", NULL},
	};

	expect_all_refused(FORM, rows, COUNT(rows));
}

TEST(json)
{
	static const struct {
		const char *body;
		const char *name;
		size_t length;
	} rows[] = {
		{"{\"username\":\"Ada\"}", "Ada", 3},
		{" {\r\n\t\"username\" : \"Ren\\u00e9\" } \n", "Ren\u00e9", 5},
		{"{\"username\":\"\U0001f600\"}", "\U0001f600", 4},
		{"{\"username\":\"a\\u0000b\"}", "a\0b", 3},
		{"{\"username\":\"\"}", "", 0},
		{"{\"a\":[{\"username\":1}],\"username\":\"Ada\",\"b\":1e3}", "Ada", 3},
		{"{\"a\":{\"b\":1,\"b\":2},\"a\":1e999,\"\\u0000\":\"\\ud800\",\"username\":"
		 "\"Ada\"}",
			"Ada", 3},
		{"{\"username\":\"\\ud800\"}", "\ufffd", 3},
		{"{}", "", 0},
		{"{\"Username\":\"Ada\"}", "", 0},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		expect_name(&(struct memory_request){.content_type = JSON, .body = rows[i].body},
			rows[i].name, rows[i].length);
}

static char *nested(size_t depth)
{
	char *body = malloc(2 * depth + 1);

	assert_non_null(body);
	memset(body, '[', depth);
	memset(body + depth, ']', depth);
	body[2 * depth] = '\0';
	return body;
}

TEST(json_that_cannot_be_read)
{
	static const struct refused rows[] = {
		{"", 0, 400, "The body could not be read: the value is not complete.", NULL},
		{"{\"username\":\"Ada\"", 0, 400, "read: the value is not complete.", NULL},
		{"{\"username\":\"Ada\"}{}", 0, 400, "read: something follows the value.", NULL},
		{"username=Ada", 0, 400, "read: not JSON.", NULL},
		{"{username:\"Ada\"}", 0, 400, "read: not JSON.", NULL},
		{"{\"username\":\"a\tb\"}", 0, 400,
			"read: a control character that is not escaped.", NULL},
		{"{\"username\":\"a\0b\"}", 18, 400,
			"read: a control character that is not escaped.", NULL},
		{"{\"username\":\"a\",\"n\":1\0}", 23, 400,
			"read: a control character that is not escaped.", NULL},
		{"{\"username\":\"\xc3\"}", 0, 400, "read: not UTF-8.", NULL},
		{"{\"username\":\"\xed\xa0\x80\"}", 0, 400, "read: not UTF-8.", NULL},
		{"\xef\xbb\xbf{\"username\":\"Ada\"}", 0, 400, "read: not JSON.", NULL},
	};
	char *deep = nested(8000);
	const struct refused too_deep = {
		deep, 0, 400, "read: values that are nested too deeply.", NULL};

	expect_all_refused(JSON, rows, COUNT(rows));
	expect_all_refused(JSON, &too_deep, 1);
	free(deep);
}

TEST(json_of_another_shape)
{
	static const char shape[] = "not an object with the member username.";
	static const char type[] = "A username is a string.";
	static const struct refused rows[] = {
		{"[\"Ada\"]", 0, 422, shape, "#"},
		{"\"Ada\"", 0, 422, shape, "#"},
		{"null", 0, 422, shape, "#"},
		{"12", 0, 422, shape, "#"},
		{"{\"username\":1}", 0, 422, type, "#/username"},
		{"{\"username\":null}", 0, 422, type, "#/username"},
		{"{\"username\":true}", 0, 422, type, "#/username"},
		{"{\"username\":[\"Ada\"]}", 0, 422, type, "#/username"},
		{"{\"username\":{\"a\":\"b\"}}", 0, 422, type, "#/username"},
		{"{\"username\":\"a\",\"username\":\"a\"}", 0, 422, "is repeated.", "#/username"},
		{"{\"username\":1,\"\\u0075sername\":\"a\"}", 0, 422, "is repeated.", "#/username"},
	};

	expect_all_refused(JSON, rows, COUNT(rows));
}

TEST(a_body_that_was_cut_off)
{
	static const struct refused cut_off = {"{}", 0, 400, "read: it was cut off.", NULL};

	expect_refused(
		&(struct memory_request){
			.content_type = JSON, .content_length = "3", .body = cut_off.body},
		&cut_off);
	expect_refused(
		&(struct memory_request){
			.content_type = FORM, .content_length = "3", .body = cut_off.body},
		&cut_off);
}

TEST(a_length_that_is_none)
{
	static const char *const lengths[] = {
		"-1", "+2", " 2", "2 ", "2x", "0x2", "x", "-18446744073709551614"};
	static const struct refused refused = {
		"{}", 0, 400, "read: its length is not a number.", NULL};

	for (size_t i = 0; i < COUNT(lengths); i++)
		expect_refused(&(struct memory_request){.content_type = JSON,
				       .content_length = lengths[i],
				       .body = refused.body},
			&refused);
	expect_name(
		&(struct memory_request){
			.content_type = JSON, .content_length = "02", .body = refused.body},
		"", 0);
	expect_name(
		&(struct memory_request){
			.content_type = JSON, .content_length = "", .body = refused.body},
		"", 0);
}

TEST(in_single_bytes)
{
	expect_name(&(struct memory_request){.content_type = JSON,
			    .content_length = "18",
			    .chunk = 1,
			    .body = "{\"username\":\"Ada\"}"},
		"Ada", 3);
}

TEST(other_types)
{
	static const char *const types[] = {NULL, "", "text/plain", "text/json",
		"application/json5", "application/problem+json", "multipart/form-data; boundary=x",
		"application/json, text/plain", "application", "application/ json",
		"text/plain; x=application/json"};
	static const struct refused refused = {
		"{\"username\":\"Ada\"}", 0, 415, "must be a form or JSON.", NULL};

	for (size_t i = 0; i < COUNT(types); i++)
		expect_refused(
			&(struct memory_request){.content_type = types[i], .body = refused.body},
			&refused);
}

/* JSON is in UTF-8, and has no parameter that could say anything else. */
TEST(parameters_of_json)
{
	static const char *const types[] = {"Application/JSON ;charset=\"UTF-8\"",
		"application/json; charset=utf8", "application/json; charset=utf-16",
		"application/json;charset=\"\"", "application/json;", "application/json ; ;\tx=y;",
		"application/json; x=\"\\\"; charset\""};

	for (size_t i = 0; i < COUNT(types); i++)
		expect_name(&(struct memory_request){.content_type = types[i],
				    .body = "{\"username\":\"Ada\"}"},
			"Ada", 3);
}

TEST(types_that_cannot_be_read)
{
	static const char *const parameters[] = {"; x", "; x=", "; =y", "; x=y z", "; x=\"y",
		"; x=\"y\\\"", "; x=\"y\"z", "; x = y", "; x=y, text/plain", "; @=y", "; x=(y)",
		"; charset", "; charset=", "; charset=utf-8; x"};
	static const struct refused refused = {"{\"username\":\"Ada\"}", 0, 415,
		"The media type of the body could not be read.", NULL};
	char type[80];

	for (size_t i = 0; i < 2 * COUNT(parameters); i++) {
		snprintf(type, sizeof(type), "%s%s", i % 2 == 0 ? FORM : JSON, parameters[i / 2]);
		expect_refused(&(struct memory_request){.content_type = type, .body = refused.body},
			&refused);
	}
}

TEST(forms_in_other_charsets)
{
	static const char *const charsets[] = {"; charset=utf-16", "; Charset=\"ISO-8859-1\"",
		"; charset=utf-8; charset=utf-16", "; charset=utf-16; charset=utf-8",
		"; charset=\"utf-8 \"", "; charset=us-ascii", "; charset=\"\"", "; charset=utf-88"};
	static const char *const names[] = {"; charset=utf-8", "; CHARSET=\"UTF\\-8\"",
		"; charset=utf8", "; charset=unicode-1-1-utf-8", "; charset=utf-8; charset=UTF8",
		"; x=\"charset=utf-16\"; charset=utf-8", "; x=\"\\\"; charset=utf-16\"", "; ;x=y;"};
	static const struct refused refused = {
		"username=Ada", 0, 415, "A form must be in UTF-8.", NULL};
	char type[100];

	for (size_t i = 0; i < COUNT(charsets); i++) {
		snprintf(type, sizeof(type), FORM "%s", charsets[i]);
		expect_refused(&(struct memory_request){.content_type = type, .body = refused.body},
			&refused);
	}
	for (size_t i = 0; i < COUNT(names); i++) {
		snprintf(type, sizeof(type), FORM "%s", names[i]);
		expect_name(&(struct memory_request){.content_type = type, .body = refused.body},
			"Ada", 3);
	}
}

/* A body that is encoded is not taken for one that is not. */
TEST(codings)
{
	static const char *const encoded[] = {"gzip", "GZIP", "x-gzip", "br", "identity, gzip",
		"gzip, identity", "identityx", "identit", "unheard-of", "*", "identity;q=1"};
	static const char *const plain[] = {NULL, "", " ", "identity", "Identity",
		"identity, identity", ", identity ,", "\tidentity"};
	static const struct refused refused = {
		"username=Ada", 0, 415, "The body must not have a Content-Encoding.", NULL};

	for (size_t i = 0; i < COUNT(encoded); i++)
		expect_refused(&(struct memory_request){.content_type = FORM,
				       .content_encoding = encoded[i],
				       .body = refused.body},
			&refused);
	for (size_t i = 0; i < COUNT(plain); i++)
		expect_name(&(struct memory_request){.content_type = FORM,
				    .content_encoding = plain[i],
				    .body = refused.body},
			"Ada", 3);
}
