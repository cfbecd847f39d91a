#include "base/json_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "support/test.h"

/* Reads a text that is followed by nothing that could be read. The fields a and b are looked for.
 */
static enum result read_text(
	const char *text, size_t length, struct json_field fields[2], struct json_object *object)
{
	char *copy = malloc(length > 0 ? length : 1);

	assert_non_null(copy);
	memcpy(copy, text, length);
	fields[0] = (struct json_field){.name = "a"};
	fields[1] = (struct json_field){.name = "b"};
	*object = (struct json_object){.fields = fields, .count = 2};
	enum result result = json_reader_read(copy, length, object);
	free(copy);
	return result;
}

static void free_fields(struct json_field fields[2])
{
	buffer_free(&fields[0].text);
	buffer_free(&fields[1].text);
}

static void expect_bytes(const char *text, size_t text_length, const char *a, size_t length)
{
	struct json_field fields[2];
	struct json_object object;

	assert_int_equal(read_text(text, text_length, fields, &object), RESULT_OK);
	assert_true(object.is_object);
	assert_int_equal(fields[0].kind, JSON_FIELD_STRING);
	assert_int_equal(fields[0].text.length, length);
	if (length > 0)
		assert_memory_equal(fields[0].text.bytes, a, length);
	free_fields(fields);
}

static void expect_text(const char *text, const char *a)
{
	expect_bytes(text, strlen(text), a, strlen(a));
}

TEST(strings)
{
	expect_text("{\"a\":\"x\"}", "x");
	expect_text(" \t\r\n{ \"a\" :\n\"x\"\t,\"c\" : 1 } \r\n", "x");
	expect_text("{\"a\":\"\"}", "");
	expect_text("{\"c\":\"y\",\"a\":\"Zo\\u00eb\"}", "Zo\u00eb");
	expect_text("{\"\\u0061\":\"Zo\u00eb\"}", "Zo\u00eb");
	expect_text("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\x7f\"}", "\"\\/\b\f\n\r\t\x7f");
	expect_text("{\"a\":\"\\uD83d\\uDe00\\uffff\"}", "\U0001f600\uffff");
	expect_bytes("{\"a\":\"x\\u0000y\"}", 16, "x\0y", 3);
}

/* Section 8.2 of RFC 8259: no character, but JSON. */
TEST(surrogates_alone)
{
	expect_text("{\"a\":\"\\ud800\"}", "\ufffd");
	expect_text("{\"a\":\"\\udfffx\"}", "\ufffdx");
	expect_text("{\"a\":\"\\ud800\\ud800\\udc00\"}", "\ufffd\U00010000");
	expect_text("{\"a\":\"\\ud800\\n\"}", "\ufffd\n");
	expect_text("{\"a\":\"\\ud800\\u0041\"}", "\ufffdA");
	expect_text("{\"a\":\"\\udc00\\ud800\"}", "\ufffd\ufffd");
	expect_text("{\"a\":\"\\ud800\\ue000\"}", "\ufffd\ue000");
	expect_text("{\"a\":\"\\ud800\\udbff\"}", "\ufffd\ufffd");
	expect_text("{\"a\":\"\\udbff\\udfff\"}", "\U0010ffff");
	expect_text("{\"a\":\"\\ud7ff\\ue000\"}", "\xed\x9f\xbf\ue000");
}

/* Whatever is not asked for is none of our business, as long as it is JSON. */
TEST(members_that_are_not_looked_at)
{
	static const char *const others[] = {"\"x\\u0000y\":1", "\"\\ud800\":\"\\udc00\"",
		"\"c\":1,\"c\":2", "\"c\":{\"a\":1,\"a\":[]}", "\"c\":1e999",
		"\"c\":-0.0E+10,\"d\":123456789012345678901234567890",
		"\"\":[[],{},[{\"a\":\"z\"}]]", "\"c\":[true,false,null,\"\\\"]\"]",
		"\"A\":\"z\",\"a \":\"z\",\"a\\u0000\":\"z\""};

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		char text[128];
		snprintf(text, sizeof(text), "{%s,\"a\":\"x\"}", others[i]);
		expect_text(text, "x");
		snprintf(text, sizeof(text), "{\"a\":\"x\",%s}", others[i]);
		expect_text(text, "x");
	}
}

static void expect_kinds(
	const char *text, enum json_field_kind a, enum json_field_kind b, bool has_others)
{
	struct json_field fields[2];
	struct json_object object;

	assert_int_equal(read_text(text, strlen(text), fields, &object), RESULT_OK);
	assert_true(object.is_object);
	assert_int_equal(fields[0].kind, a);
	assert_int_equal(fields[1].kind, b);
	assert_int_equal(object.has_others, has_others);
	free_fields(fields);
}

TEST(kinds)
{
	static const char *const others[] = {
		"1", "-0.5e-3", "true", "false", "null", "[\"x\"]", "{\"a\":\"x\"}", "[]", "{}"};

	expect_kinds("{}", JSON_FIELD_MISSING, JSON_FIELD_MISSING, false);
	expect_kinds("{\"b\":\"x\"}", JSON_FIELD_MISSING, JSON_FIELD_STRING, false);
	expect_kinds("{\"ab\":\"x\"}", JSON_FIELD_MISSING, JSON_FIELD_MISSING, true);
	expect_kinds("{\"\":{\"a\":\"x\"}}", JSON_FIELD_MISSING, JSON_FIELD_MISSING, true);
	expect_kinds("{\"a\":\"x\",\"\\u0061\":\"y\",\"b\":1}", JSON_FIELD_REPEATED,
		JSON_FIELD_OTHER, false);
	expect_kinds("{\"a\":1,\"a\":\"y\",\"a\":\"z\"}", JSON_FIELD_REPEATED, JSON_FIELD_MISSING,
		false);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		char text[64];
		snprintf(text, sizeof(text), "{\"a\":%s,\"b\":\"\"}", others[i]);
		expect_kinds(text, JSON_FIELD_OTHER, JSON_FIELD_STRING, false);
	}
}

TEST(other_values)
{
	static const char *const texts[] = {
		"1", " \"a\" ", "null", "[]", "[{\"a\":\"x\"}]", "-1.5", "true"};
	struct json_field fields[2];
	struct json_object object;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_int_equal(read_text(texts[i], strlen(texts[i]), fields, &object), RESULT_OK);
		assert_false(object.is_object);
		assert_int_equal(fields[0].kind, JSON_FIELD_MISSING);
	}
}

static void expect_refused(const char *text, size_t length, const char *reason)
{
	struct json_field fields[2];
	struct json_object object;

	if (read_text(text, length, fields, &object) != RESULT_MALFORMED)
		fail_msg("taken: %.*s", (int)length, text);
	assert_string_equal(object.reason, reason);
	free_fields(fields);
}

TEST(what_is_not_json)
{
	static const char *const texts[] = {"{'a':1}", "NaN", "{a:1}", "{\"a\":1,}", "{,}", "[1,]",
		"[,1]", "[1 2]", "[1}", "{\"a\":1]", "{\"a\" 1}", "{\"a\"::1}", "{1:1}",
		"{\"a\":01}", "{\"a\":+1}", "{\"a\":.5}", "{\"a\":1.}", "{\"a\":1e}", "{\"a\":1e+}",
		"{\"a\":-}", "{\"a\":0x1}", "{\"a\":tru}", "{\"a\":True}", "{\"a\":nulll}",
		"{\"a\":\"\\x\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"\\u123\"}",
		"{\"a\":\"\\ud800\\u00\"}", "{\"a\":\"\\U0041\"}", "{\"a\":1/**/}",
		"\xef\xbb\xbf{}", "{\"a\":1\x7f}", "{\"a\":\u00a01}", "[\"\\\"\"x]", "}", "]"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		expect_refused(texts[i], strlen(texts[i]), "not JSON");
}

TEST(what_is_not_complete)
{
	static const char whole[] = " {\"a\":[-1.5e+3,{\"b\":\"\\ud83d\\ude00\"},true,null] }";

	for (size_t length = 0; length < sizeof(whole) - 1; length++)
		expect_refused(whole, length, "the value is not complete");
	expect_refused("{} {}", 5, "something follows the value");
	expect_refused("1 2", 3, "something follows the value");
	expect_refused("[]]", 3, "something follows the value");
}

/* Wherever it stands, within a string and outside. */
TEST(control_characters)
{
	static const char whole[] = "{\"a\":[1,\"x\\n\",true,false,null,{\"b\":{}}],\"c\":2}";
	char text[sizeof(whole)];

	for (size_t at = 0; at < sizeof(whole); at++) {
		memcpy(text, whole, at);
		memcpy(text + at + 1, whole + at, sizeof(whole) - 1 - at);
		text[at] = '\0';
		expect_refused(text, sizeof(whole), "a control character that is not escaped");
		text[at] = '\x1f';
		expect_refused(text, sizeof(whole), "a control character that is not escaped");
	}
	expect_refused("{\"a\":\"x\ty\"}", 11, "a control character that is not escaped");
	expect_refused("{\"a\":\"x\ny\"}", 11, "a control character that is not escaped");
}

TEST(what_is_not_utf8)
{
	expect_refused("\"\xff\"", 3, "not UTF-8");
	expect_refused("{\"a\":\"\xed\xa0\x80\"}", 11, "not UTF-8");
	expect_refused("{\"c\":\"\xc0\xaf\"}", 10, "not UTF-8");
	expect_refused("\xff\xfe{\0}\0", 6, "not UTF-8");
}

TEST(depth)
{
	struct json_field fields[2];
	struct json_object object;
	struct buffer text = {0};

	for (size_t depth = LIMIT_JSON_DEPTH; depth <= LIMIT_JSON_DEPTH + 1; depth++) {
		buffer_clear(&text);
		for (size_t i = 0; i < depth; i++)
			buffer_string(&text, i % 2 == 0 ? "[" : "{\"a\":");
		buffer_string(&text, "1");
		for (size_t i = depth; i > 0; i--)
			buffer_string(&text, i % 2 == 1 ? "]" : "}");
		if (depth > LIMIT_JSON_DEPTH)
			expect_refused(
				text.bytes, text.length, "values that are nested too deeply");
		else
			assert_int_equal(
				read_text(text.bytes, text.length, fields, &object), RESULT_OK);
	}
	buffer_free(&text);
}
