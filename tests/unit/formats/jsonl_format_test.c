#include <string.h>

#include "base/limit.h"
#include "formats/format.h"
#include "support/test.h"
#include "support/unit/list.h"

#define TIME "2025-11-24T16:00:00.000Z"

static void expect(const char *input, const char *expected)
{
	list_expect(&jsonl_format, input, expected);
}

TEST(members_in_any_order)
{
	expect("{\"number\":1,\"created\":\"" TIME "\",\"username\":\"alice\"}\n",
		"1:[alice] 1764000000000\n");
	expect("{ \"username\" : \"alice\" , \"created\":\"" TIME "\" }\r\n",
		"1:[alice] 1764000000000\n");
	expect("{\"username\":\"alice\"}\n{\"username\":\"bob\"}", "1:[alice]\n2:[bob]\n");
}

TEST(nothing_and_blank_lines)
{
	expect("", "");
	expect("\n \t\r\n\n{\"username\":\"bob\"}\n\n", "4:[bob]\n");
}

TEST(the_number_is_not_looked_at)
{
	expect("{\"username\":\"a\",\"number\":123456789012345678901234567890}\n"
	       "{\"username\":\"b\",\"number\":null}\n"
	       "{\"username\":\"c\",\"number\":[1e999,\"\\ud800\",{\"\\u0000\":0}]}\n",
		"1:[a]\n2:[b]\n3:[c]\n");
}

TEST(names_are_any_string)
{
	expect("{\"username\":\"Zo\\u00eb \\ud83d\\ude00 \\\"\\\\ \\n\"}", "1:[Zoë 😀 \"\\ \n]\n");
	expect("{\"username\":\"a\\u0000b\"}", "1:[a0b]\n");
	expect("{\"username\":\"\"}", "1:[]\n");
	expect("{\"username\":\"\\ud800x\"}", "1:[\ufffdx]\n");
}

TEST(what_is_not_json)
{
	expect("alice\n", "1: not JSON\n");
	expect("{\"username\":\"a\"}x\n", "1: something follows the value\n");
	expect("{\"username\":\"a\"} {\"username\":\"b\"}\n", "1: something follows the value\n");
	expect("{\"username\":\"a\"\n", "1: the value is not complete\n");
	expect("{'username':'a'}\n", "1: not JSON\n");
	expect("{\"username\":\"a\",}\n", "1: not JSON\n");
	expect("{\"username\":\"a\tb\"}\n", "1: a control character that is not escaped\n");
	expect("{\"username\":\"\xff\"}\n", "1: not UTF-8\n");
}

TEST(a_nul_in_the_text)
{
	static const char nul[] = "{\"username\":\"a\0b\"}\n{\"username\":\"a\",\"number\":1\0}\n";

	list_expect_bytes(&jsonl_format, nul, sizeof(nul) - 1,
		"1: a control character that is not escaped\n"
		"2: a control character that is not escaped\n");
}

TEST(what_is_no_user)
{
	expect("[\"alice\"]\n", "1: not a JSON object\n");
	expect("{}\n", "1: there is no member username\n");
	expect("{\"number\":1}\n", "1: there is no member username\n");
	expect("{\"username\":1}\n", "1: username: expected a string\n");
	expect("{\"username\":null}\n", "1: username: expected a string\n");
	expect("{\"username\":\"a\",\"email\":\"b\"}\n",
		"1: a member that is not number, created or username\n");
	expect("{\"Username\":\"a\"}\n", "1: a member that is not number, created or username\n");
}

TEST(members_that_are_there_twice)
{
	expect("{\"username\":\"a\",\"username\":\"b\"}\n", "1: a repeated member\n");
	expect("{\"username\":\"a\",\"\\u0075sername\":\"a\"}\n", "1: a repeated member\n");
}

TEST(times)
{
	static const char reason[] = ": created: expected a time like 2026-01-02T03:04:05.678Z\n";
	static const char *const wrong[] = {"\"\"", "\"yesterday\"", "null", "1764000000000",
		"\"" TIME " \"", "\"2026-02-30T00:00:00.000Z\""};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct buffer input = {0};
		struct buffer expected = {0};
		buffer_printf(&input, "{\"created\":%s,\"username\":\"a\"}\n", wrong[i]);
		buffer_printf(&expected, "1%s%c", reason, '\0');
		list_expect_bytes(&jsonl_format, input.bytes, input.length, expected.bytes);
		buffer_free(&input);
		buffer_free(&expected);
	}
}

TEST(a_line_that_is_too_long)
{
	struct buffer input = {0};

	for (size_t i = 0; i <= LIMIT_IMPORT_ROW; i++)
		buffer_string(&input, " ");
	buffer_string(&input, "\n{\"username\":\"bob\"}\n");
	list_expect_bytes(
		&jsonl_format, input.bytes, input.length, "1: the line is too long\n2:[bob]\n");
	buffer_free(&input);
}

TEST(depth)
{
	struct buffer input = {0};
	struct buffer expected = {0};

	for (size_t i = 0; i < LIMIT_IMPORT_ROW; i++)
		buffer_string(&input, "[");
	buffer_string(&input, "\n{\"username\":\"bob\"}\n");
	buffer_printf(&expected, "1: values that are nested too deeply\n2:[bob]\n%c", '\0');
	list_expect_bytes(&jsonl_format, input.bytes, input.length, expected.bytes);
	buffer_free(&input);
	buffer_free(&expected);
}

TEST(a_byte_order_mark)
{
	expect("\xef\xbb\xbf{\"username\":\"a\"}\n", "1:[a]\n");
	expect("\xef\xbb\xbf", "");
	expect("\xef\xbb", "1: not UTF-8\n");
}

TEST(users_are_written)
{
	const int64_t time = INT64_C(1764000000000);
	struct buffer name = {0};
	struct buffer expected = {0};

	assert_null(jsonl_format.write_head);
	list_expect_written(&jsonl_format, UINT64_MAX, time, "Zoë",
		"{\"number\":18446744073709551615,\"created\":\"" TIME
		"\",\"username\":\"Zoë\"}\n");
	list_expect_written(&jsonl_format, 1, time, "say \"hi\", \\o/\n",
		"{\"number\":1,\"created\":\"" TIME
		"\",\"username\":\"say \\\"hi\\\", \\\\o/\\n\"}\n");
	/* As much as there can be. */
	buffer_printf(&expected, "{\"number\":1,\"created\":\"" TIME "\",\"username\":\"");
	for (size_t i = 0; i < LIMIT_NAME; i++) {
		buffer_string(&name, "\x01");
		buffer_string(&expected, "\\u0001");
	}
	buffer_append(&name, "", 1);
	buffer_printf(&expected, "\"}\n%c", '\0');
	list_expect_written(&jsonl_format, 1, time, name.bytes, expected.bytes);
	buffer_free(&name);
	buffer_free(&expected);
}
